package roster

import (
	"context"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Colleague is a member as members and staff of the same station see them when they choose an assignee.
type Colleague struct {
	codes.MemberCard
	// Away is set while the member is absent.
	Away bool
	// Open is how many submissions the member has, of Capacity; for staff only.
	Open, Capacity int
}

// Members lists the members of the caller's station in the roster's order, for
// its members, liaison and administrator.
func (svc *Service) Members(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[Colleague], error) {
	p := kit.PageOf[Colleague]{Items: []Colleague{}}
	if err := RequireColleague(c); err != nil {
		return p, err
	}
	after, limit, err := kit.PageBounds(cursor, limit)
	if err != nil {
		return p, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return p, err
	}
	var loads map[string]int
	if c.Role != access.Member {
		if loads, err = svc.kit.Loads(ctx, st); err != nil {
			return p, err
		}
	}
	for i, m := range st.Members {
		if m.Left || float64(i) < after.Score {
			continue
		}
		if len(p.Items) == limit {
			p.Next = kit.EncodeCursor(record.Cursor{Score: float64(i), ID: m.ID})
			break
		}
		row := Colleague{MemberCard: codes.CardOf(m), Away: m.Away(svc.kit.Now())}
		if c.Role != access.Member {
			row.Open, row.Capacity = loads[m.ID], st.Capacity(m)
		}
		p.Items = append(p.Items, row)
	}
	return p, nil
}

// RequireColleague refuses callers who are neither member nor staff of a station.
func RequireColleague(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if c.Role != access.Member && access.RequireStaff(c, true) != nil {
		return fault.New(fault.Denied, "委员名单只对本站委员和联络员开放")
	}
	return nil
}
