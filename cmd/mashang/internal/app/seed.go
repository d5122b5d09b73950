package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"mashang/cmd/mashang/internal/demo"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// demoGrants is the number of consents of each kind of a seeded member or department.
const demoGrants = 20

// seed fills an empty store with the made-up station, binds its cast to emulated phones and gives the members
// consents. A store with a station stays as it is, unless a crash interrupted a seeding.
func seed(ctx context.Context, p *product) error {
	st, err := demo.Station()
	if err != nil {
		return err
	}
	ids, err := p.back.StationIDs(ctx)
	if err != nil {
		return err
	}
	if len(ids) > 0 && (len(ids) > 1 || ids[0] != st.ID) {
		p.log.InfoContext(ctx, "the store has stations already; nothing seeded")
		return nil
	}
	if _, err := p.desk.Roster.ImportListed(ctx, st); err != nil {
		return err
	}
	for _, l := range st.Liaisons {
		in := record.Invite{Station: st.ID, Role: string(access.Liaison), Ref: l.ID}
		if err := bindCast(ctx, p, demo.LiaisonOpenID(l.ID), in); err != nil {
			return err
		}
	}
	for _, m := range st.Members {
		in := record.Invite{Station: st.ID, Role: string(access.Member), Ref: m.ID}
		if err := bindCast(ctx, p, demo.MemberOpenID(m.ID), in); err != nil {
			return err
		}
	}
	for _, d := range st.Departments {
		in := record.Invite{Station: st.ID, Role: string(access.Department), Ref: d.ID}
		if err := bindCast(ctx, p, demo.DepartmentOpenID(d.ID), in); err != nil {
			return err
		}
	}
	p.log.InfoContext(ctx, "demo station is there", slog.String("station", st.ID), slog.Int("members", len(st.Members)))
	return nil
}

// bindCast binds an emulated person to a role unless somebody is bound already. A member or department gets
// consents first, so that after a crash in between nobody is bound without them.
func bindCast(ctx context.Context, p *product, openid string, in record.Invite) error {
	bound, err := p.back.Bound(ctx, in)
	if err != nil {
		return err
	}
	if bound != "" {
		// A crash may have come between the binding and the person's role.
		has, err := p.back.Person(ctx, bound)
		if err != nil || has.Role != "" {
			return err
		}
		return p.back.Bind(ctx, bound, in)
	}
	id, err := randomHex(10)
	if err != nil {
		return err
	}
	person, err := p.back.PersonByOpenID(ctx, openid, "u"+id)
	if err != nil {
		return err
	}
	if in.Role == string(access.Member) || in.Role == string(access.Department) {
		if err := grant(ctx, p, openid, person.ID, in.Role); err != nil {
			return err
		}
	}
	return p.back.Bind(ctx, person.ID, in)
}

// grant gives the consents of an emulated person for their role's notices to both sides directly. Pushing each,
// as a tap on "allow" does, would put two thousand events into the queue before a visitor's first one.
func grant(ctx context.Context, p *product, openid, person, role string) error {
	for _, purpose := range notice.Purposes {
		if purpose.Audience() != role {
			continue
		}
		if err := p.host.Emulator.GrantQuietly(ctx, openid, p.host.Client.TemplateID(purpose), demoGrants); err != nil {
			return fmt.Errorf("emulated grant for a demo %s: %w", role, err)
		}
		if err := p.back.AddConsents(ctx, person, record.Grant{Purpose: purpose, Count: demoGrants}, time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// Cast is who can be played and what can be scanned, for /_emulator/cast.
type Cast struct {
	Members   []CastMember   `json:"members"`
	Liaisons  []CastPerson   `json:"liaisons"`
	Codes     []CastCode     `json:"codes"`
	Templates []CastTemplate `json:"templates"`
	// Departments are those that can be asked to assist.
	Departments []CastPerson `json:"departments"`
}

// The rows of a Cast.
type (
	// CastMember is a member who can be played by their openid.
	CastMember struct {
		ID      string `json:"id"`
		OpenID  string `json:"openid"`
		Name    string `json:"name"`
		Sector  string `json:"sector"`
		Village string `json:"village"`
	}
	// CastPerson is a liaison, administrator or department.
	CastPerson struct {
		ID     string `json:"id"`
		OpenID string `json:"openid"`
		Name   string `json:"name"`
	}
	// CastCode is a code that can be scanned.
	CastCode struct {
		Key          string `json:"key"`
		Kind         string `json:"kind"`
		Name         string `json:"name"`
		MemberOpenID string `json:"member_openid,omitempty"`
	}
	// CastTemplate is a template with the audience whose consent it needs.
	CastTemplate struct {
		ID      string `json:"id"`
		Purpose string `json:"purpose"`
		For     string `json:"for"`
	}
)

func castOf(ctx context.Context, back *managedStore, stage *platformHost) (any, error) {
	ids, err := back.StationIDs(ctx)
	if err != nil {
		return nil, err
	}
	cast := Cast{Members: []CastMember{}, Liaisons: []CastPerson{}, Departments: []CastPerson{}, Codes: []CastCode{}}
	for _, id := range ids {
		st, err := back.Station(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range st.Members {
			if m.Left {
				continue
			}
			cast.Members = append(cast.Members, CastMember{m.ID, demo.MemberOpenID(m.ID), m.Name, m.Sector, m.Village})
		}
		for _, l := range st.Liaisons {
			if l.Left {
				continue
			}
			cast.Liaisons = append(cast.Liaisons, CastPerson{l.ID, demo.LiaisonOpenID(l.ID), l.Name})
		}
		for _, d := range st.Departments {
			cast.Departments = append(cast.Departments, CastPerson{d.ID, demo.DepartmentOpenID(d.ID), d.Name})
		}
		codes, err := back.Codes(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, c := range codes {
			name, ok := st.Resolve(c.Target)
			if !ok || c.Revoked {
				continue
			}
			row := CastCode{Key: c.Key, Kind: string(c.Target.Kind), Name: name}
			if c.Target.Kind == station.ForMember {
				row.MemberOpenID = demo.MemberOpenID(c.Target.ID)
			}
			cast.Codes = append(cast.Codes, row)
		}
	}
	for _, p := range notice.Purposes {
		cast.Templates = append(cast.Templates, CastTemplate{stage.Client.TemplateID(p), string(p), p.Audience()})
	}
	return cast, nil
}
