package desk

import (
	"context"

	"mashang/access"
	"mashang/notice"
)

// Grant is what a person answered when asked for a template's consent.
type Grant struct {
	Template string
	Accepted bool
}

// maxGrants is how many templates one call of the client can ask for: the
// platform's own limit is five.
const maxGrants = 10

// Subscribe counts consents the client reports. They are a hint: the platform
// has the last word when a message is sent.
func (d *Desk) Subscribe(ctx context.Context, c access.Caller, grants []Grant) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if len(grants) > maxGrants {
		return field("grants", "一次最多 10 项")
	}
	purposes := make([]notice.Purpose, len(grants))
	for i, g := range grants {
		p, ok := d.platform.PurposeOf(g.Template)
		if !ok {
			return field("grants", "没有这个消息模板")
		}
		purposes[i] = p
	}
	for i, g := range grants {
		if !g.Accepted {
			continue
		}
		if err := d.store.AddConsents(ctx, c.Person, purposes[i], 1); err != nil {
			return err
		}
	}
	return nil
}

// Template is a message template of the platform and what it is for.
type Template struct {
	ID      string
	Purpose notice.Purpose
}

// Templates lists the templates a client can ask consent for, most worth
// having first. A purpose without a template is left out.
func (d *Desk) Templates() []Template {
	var list []Template
	for _, p := range notice.Purposes {
		if id := d.platform.Template(p); id != "" {
			list = append(list, Template{ID: id, Purpose: p})
		}
	}
	return list
}
