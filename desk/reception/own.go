package reception

import (
	"context"
	"slices"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// Erase takes a person out of the bookings of a station: what is open is called off, and nothing that they said or gave
// stays. A link to a calendar that they made as a member goes too. A repeated call completes an interrupted one.
func Erase(ctx context.Context, svc *Service, w audit.Written, c access.Caller, stationID string) error {
	if err := w.Of(audit.Erase); err != nil {
		return err
	}
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return err
	}
	if _, err := svc.docs.changeFeed(ctx, st.ID, feedID(c.Person), func(f *feed) { f.erased = true }); err != nil {
		return err
	}
	p, err := svc.docs.booker(ctx, stationID, c.Person)
	if err != nil || p.Revision == 0 {
		return err
	}
	for _, x := range p.Open {
		if err := svc.forgetIn(ctx, c, st, x.Day); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	p.Open = nil
	ok, err := svc.docs.commit(ctx, stationID, change{bookers: []booker{p}})
	if err == nil && !ok {
		err = busy()
	}
	return err
}

// forgetIn takes a person out of the bookings of one day.
func (svc *Service) forgetIn(ctx context.Context, c access.Caller, st *station.Station, day string) error {
	for range kit.MaxConflictRetries {
		d, b, err := svc.docs.dayWith(ctx, st, day)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(b.List, func(x reception.Booking) bool { return x.Person == c.Person }) {
			return nil
		}
		var ch change
		ch.event(access.Caller{}, "booking.erased", "day/"+day, map[string]string{"date": d.Date})
		ch.offer(svc, d, b.Forget(c.Person, svc.kit.Now()))
		if ok, err := svc.docs.commit(ctx, st.ID, ch); ok || err != nil {
			return err
		}
	}
	return busy()
}
