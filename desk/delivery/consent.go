package delivery

import (
	"context"
	"slices"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Grant is a person's answer to a template's consent request.
type Grant struct {
	Template string
	Accepted bool
}

// maxGrants is how many answers one call may carry. The platform asks for at most five templates at once.
const maxGrants = 10

// Subscribe counts the consents that the client reports. They are a hint: the platform decides when a message
// is sent.
func (svc *Service) Subscribe(ctx context.Context, c access.Caller, grants []Grant) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if len(grants) > maxGrants {
		return kit.Field("grants", "一次最多 10 项")
	}
	if ok, err := svc.reachable(ctx, c.Person); err != nil || !ok {
		return err // nothing can be sent to them, whatever a client reports
	}
	purposes := make([]notice.Purpose, len(grants))
	for i, g := range grants {
		p, ok := svc.platform.PurposeOf(g.Template)
		if !ok {
			return kit.Field("grants", "没有这个消息模板")
		}
		purposes[i] = p
	}
	for i, g := range grants {
		if !g.Accepted {
			continue
		}
		one := record.Grant{Purpose: purposes[i], Count: 1, Source: record.Reported}
		if err := svc.store.AddConsents(ctx, c.Person, one, svc.kit.Now()); err != nil {
			return err
		}
	}
	return nil
}

// Template is a message template of the platform with its purpose.
type Template struct {
	ID      string
	Purpose notice.Purpose
}

// Question is a template to ask consent for, with the reason shown.
type Question struct {
	Template

	Why string
}

// Questions lists the templates, at most three, to ask the person's consent for when they tap. At filing
// and booking everybody is asked as a visitor, whatever other role they have.
func (svc *Service) Questions(ctx context.Context, c access.Caller, m notice.Moment) ([]Question, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	if !slices.Contains(notice.Moments, m) {
		return nil, kit.Field("moment", "moment 须为 filing、replying、inbox、booking 或 duty")
	}
	if ok, err := svc.reachable(ctx, c.Person); err != nil || !ok {
		return nil, err
	}
	left, err := svc.store.ConsentsLeft(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	audience := "visitor"
	if m != notice.Filing && m != notice.Booking && (c.Role == access.Member || c.Role == access.Liaison || c.Role == access.Department) {
		audience = string(c.Role)
	}
	var list []Question
	for _, q := range notice.Ask(m, audience, left) {
		if id := svc.platform.Template(q.Purpose); id != "" {
			list = append(list, Question{Template{ID: id, Purpose: q.Purpose}, q.Why})
		}
	}
	return list, nil
}

// Templates lists the templates to ask consent for, most useful first. Purposes without a template are left
// out.
func (svc *Service) Templates() []Template {
	var list []Template
	for _, p := range notice.Purposes {
		if id := svc.platform.Template(p); id != "" {
			list = append(list, Template{ID: id, Purpose: p})
		}
	}
	return list
}
