package delivery

import (
	"context"
	"encoding/json"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// topic is what an entry is about, as it is now: a submission, or a reception day.
type topic struct {
	station    *station.Station
	submission casework.Submission
	// day is nil for a submission, booking for an entry that is about no booking, or about one that is not there.
	day     *reception.Day
	booking *reception.Booking
}

// stale reports whether the entry's text would no longer be true.
func (t topic) stale(e notice.Entry, now time.Time) bool {
	if t.day != nil {
		return e.StaleDay(*t.day, t.booking, now)
	}
	return e.Stale(t.submission)
}

// until returns when the entry may be sent.
func (t topic) until(e notice.Entry, q notice.Quiet, now time.Time) time.Time {
	if t.day != nil {
		return e.UntilDay(q, *t.day, now)
	}
	return e.Until(q, now)
}

// compose writes the entry's message, which covers some others too.
func (t topic) compose(e notice.Entry, use notice.Purpose, others int) notice.Message {
	if t.day != nil {
		return notice.ComposeDay(e, use, *t.day, t.booking, t.station).WithDays(others)
	}
	m := notice.Compose(e, use, t.submission, t.station)
	page := m.Page
	if m = m.With(others); e.About == notice.AboutSquad {
		m.Page = page // the inbox shows the leader's own submissions
	}
	return m
}

// phone returns the visitor's sealed number and what it is bound to, "" for none.
func (t topic) phone() (sealed, bound string) {
	switch {
	case t.day == nil:
		return t.submission.Phone, t.submission.ID
	case t.booking != nil:
		return t.booking.Phone, notice.BookingSeal(t.station.ID, t.booking.ID)
	default:
		return "", ""
	}
}

// loadDay loads the reception day that an entry is about, and its booking. A day that is not stored is NotFound.
func (svc *Service) loadDay(ctx context.Context, st string, e notice.Entry) (topic, error) {
	roster, err := svc.kit.Roster(ctx, st)
	if err != nil {
		return topic{}, err
	}
	t := topic{station: roster}
	d, err := document[reception.Day](ctx, svc, st, record.DocumentDay, e.Day)
	if err != nil {
		return t, err
	}
	d.ID = e.Day
	t.day = &d
	if e.Booking == "" {
		return t, nil
	}
	list, err := svc.bookings(ctx, st, e.Day)
	if err != nil {
		return t, err
	}
	if i, err := list.Find(e.Booking); err == nil {
		t.booking = &list.List[i]
	}
	return t, nil
}

// DayOf returns a reception day of the undelivered list and, if named, one of its bookings, nil for one that is not
// there.
func (svc *Service) DayOf(ctx context.Context, st, day, booking string) (reception.Day, *reception.Booking, error) {
	t, err := svc.loadDay(ctx, st, notice.Entry{Day: day, Booking: booking})
	if err != nil {
		return reception.Day{}, nil, err
	}
	return *t.day, t.booking, nil
}

// bookings returns a day's bookings, none if nobody has booked.
func (svc *Service) bookings(ctx context.Context, st, day string) (reception.Bookings, error) {
	list, err := document[reception.Bookings](ctx, svc, st, record.DocumentBookings, day)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return list, err
}

// document reads a document's body.
func document[T any](ctx context.Context, svc *Service, st string, kind record.DocumentKind, id string) (value T, err error) {
	list, err := svc.documents.Documents(ctx, st, kind, id)
	if err != nil {
		return value, err
	}
	if len(list) == 0 {
		return value, fault.New(fault.NotFound, "没有找到这个接待日")
	}
	if err := json.Unmarshal(list[0].Body, &value); err != nil {
		return value, fault.Wrap(err, fault.Internal, "接待日的数据读不出")
	}
	return value, nil
}
