package matters

import (
	"context"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// Decide ranks the candidates for a filing.
func (svc *Service) Decide(ctx context.Context, st *station.Station, code station.Code, c access.Caller, f casework.Filing, now time.Time) (casework.Decision, error) {
	in, err := routingInput(ctx, svc.kit, svc.store, st)
	if err != nil {
		return casework.Decision{}, err
	}
	in.Target, in.Filing, in.Now = code.Target, f, now
	in.Contact = contactAt(c.Contact, st.ID, f)
	if m := kit.MemberOf(c, st.ID); m != "" {
		in.Parties = []string{m}
	}
	return routing.Decide(in), nil
}

// contactAt returns the resident's household contact at the station, "" for none. A filing for somebody else
// does not use it.
func contactAt(contact, st string, f casework.Filing) string {
	at, member, _ := strings.Cut(contact, " ")
	if at != st || f.OnBehalf != nil || f.Visitor != "" && f.Visitor != casework.Resident {
		return ""
	}
	return member
}
