package overview

import (
	"context"
	"time"

	"mashang/desk/codes"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// MemberPage is all that the staff see of one member.
type MemberPage struct {
	// View is the roster around the member.
	roster.View

	Member   station.Member
	Capacity int
	// Month and Year are figures of what was filed in the present month and year.
	Month, Year figures.Tally
	Absences    []roster.AbsenceView
	// Slots are the member's planned duty, Shifts the shifts of the next four weeks.
	Slots  []station.DutySlot
	Shifts []roster.Shift
	Squads []station.Squad
	Codes  []codes.StaffCode
}

// MemberPage returns the page of a member, also of a former one.
func (svc *Service) MemberPage(ctx context.Context, c access.Caller, id string) (MemberPage, error) {
	v, err := svc.roster.Roster(ctx, c)
	if err != nil {
		return MemberPage{}, err
	}
	m, ok := v.Station.Member(id)
	if !ok {
		return MemberPage{}, access.Missing()
	}
	st, now := v.Station, svc.kit.Now().In(station.Zone)
	p := MemberPage{
		View: v, Member: m, Capacity: st.Capacity(m), Absences: []roster.AbsenceView{}, Shifts: svc.roster.ShiftsOf(st, id),
	}
	if !m.Left {
		if p.Absences, err = svc.roster.Absences(ctx, c, id); err != nil {
			return MemberPage{}, err
		}
	}
	for _, x := range st.Duty {
		if x.Member == id {
			p.Slots = append(p.Slots, x)
		}
	}
	for _, q := range st.Squads {
		if q.Has(id) {
			p.Squads = append(p.Squads, q)
		}
	}
	keys, err := svc.store.Codes(ctx, st.ID)
	if err != nil {
		return MemberPage{}, err
	}
	for _, x := range keys {
		if x.Target == (station.Target{Kind: station.ForMember, ID: id}) {
			p.Codes = append(p.Codes, codes.NewStaffCode(st, x))
		}
	}
	if err := svc.codes.WithUses(ctx, st.ID, p.Codes); err != nil {
		return MemberPage{}, err
	}
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, station.Zone)
	if p.Month, err = svc.memberFigures(ctx, st, id, first); err != nil {
		return MemberPage{}, err
	}
	p.Year, err = svc.memberFigures(ctx, st, id, time.Date(now.Year(), 1, 1, 0, 0, 0, 0, station.Zone))
	return p, err
}

// memberFigures returns a member's figures of what was filed since a day.
func (svc *Service) memberFigures(ctx context.Context, st *station.Station, id string, from time.Time) (figures.Tally, error) {
	f, err := svc.FiguresOf(ctx, st, from, time.Time{}, figures.ByMember)
	for _, r := range f.Rows {
		if r.Key == id {
			return r.Tally, err
		}
	}
	return figures.Tally{}, err
}
