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
	loads, err := svc.kit.Loads(ctx, st)
	if err != nil {
		return casework.Decision{}, err
	}
	lastAssigned, err := svc.lastAssigned(ctx, st.ID)
	if err != nil {
		return casework.Decision{}, err
	}
	return routing.Decide(routing.Input{
		Station: st, Target: code.Target, Filing: f, Loads: loads, LastAssigned: lastAssigned,
		FilerMember: kit.MemberOf(c, st.ID), Contact: contactAt(c.Contact, st.ID, f), Now: now,
	}), nil
}

// lastAssigned returns the time of each member's last assignment in the station. The value is shared and must
// not be changed.
func (svc *Service) lastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error) {
	return svc.kit.Cache.LastAssigned.Get(ctx, st, func(ctx context.Context, _ map[string]casework.Millis) (map[string]casework.Millis, error) {
		return svc.store.LastAssigned(ctx, st)
	})
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
