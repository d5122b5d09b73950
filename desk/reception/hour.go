package reception

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// Desk is the desk of the hour: what the liaison does with those who come. It is safe for concurrent use.
type Desk struct{ svc *Service }

// Hour is the desk of the hour: a day, its bookings and who is next.
type Hour struct {
	Day      DayView
	Bookings []BookingView
	// Queue are the ids of those who are here, the next first.
	Queue   []string
	Slots   []reception.Slot
	Figures reception.Figures
}

// served returns the station whose visitors the caller, a liaison, receives.
func (desk *Desk) served(ctx context.Context, c access.Caller) (*station.Station, error) {
	st, err := desk.svc.station(ctx, c)
	if err != nil {
		return nil, err
	}
	return st, may(c, access.ServeReception, st, station.Target{})
}

// Hour returns the desk of a day, for the liaison.
func (desk *Desk) Hour(ctx context.Context, c access.Caller, day string) (Hour, error) {
	st, err := desk.served(ctx, c)
	if err != nil {
		return Hour{}, err
	}
	d, b, err := desk.svc.docs.dayWith(ctx, st, day)
	if err != nil {
		return Hour{}, err
	}
	view, err := desk.svc.view(ctx, c, st, d)
	if err != nil {
		return Hour{}, err
	}
	now := desk.svc.kit.Now()
	h := Hour{Day: view, Slots: reception.Slots(d, b, now), Figures: b.Figures(), Bookings: []BookingView{}, Queue: []string{}}
	for _, x := range b.List {
		v, err := desk.svc.bookingView(ctx, st, d, b, x)
		if err != nil {
			return h, err
		}
		v.Phone = "" // shown by an act of its own, whose line is written
		h.Bookings = append(h.Bookings, v)
	}
	slices.SortStableFunc(h.Bookings, func(a, b BookingView) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Number, b.Number))
	})
	for _, i := range b.Queue(d, now) {
		h.Queue = append(h.Queue, b.List[i].ID)
	}
	return h, nil
}

// Enter books for somebody who calls, or writes down somebody who came without a booking. The same key enters the same
// party.
func (desk *Desk) Enter(ctx context.Context, c access.Caller, key, day string, p Party) (Hour, error) {
	st, err := desk.served(ctx, c)
	if err != nil {
		return Hour{}, err
	}
	d, b, err := desk.svc.docs.dayWith(ctx, st, day)
	if err != nil {
		return Hour{}, err
	}
	x, err := desk.svc.booking(st, keyed(c, key), p)
	if err != nil {
		return Hour{}, err
	}
	x.Staff = c.ID
	if p.WalkIn {
		x.Slot = reception.SlotNow(d, desk.svc.kit.Now())
	}
	if _, err := b.Find(x.ID); err == nil {
		return desk.Hour(ctx, c, day) // this request was sent before
	}
	if _, _, err := b.Add(d, x, p.Wait, desk.svc.kit.Now()); err != nil {
		return Hour{}, err // what is refused leaves no line
	}
	if err := audit.Run(ctx, desk.svc.audit, st.ID, audit.Act{By: c, What: audit.EnterBooking, Object: day}, func(w audit.Written) error {
		return enter(ctx, desk.svc, w, c, st, day, x, p.Wait)
	}); err != nil {
		return Hour{}, err
	}
	return desk.Hour(ctx, c, day)
}

func enter(ctx context.Context, svc *Service, w audit.Written, c access.Caller, st *station.Station, day string, x reception.Booking, wait bool) error {
	if err := w.Of(audit.EnterBooking); err != nil {
		return err
	}
	_, err := svc.add(ctx, c, st, day, x, wait)
	return err
}

// serve changes a booking of the day, for the liaison; its maker is told under about, "" for not at all.
func (desk *Desk) serve(ctx context.Context, c access.Caller, day, id, event, about string,
	do func(d reception.Day, b reception.Bookings) (reception.Bookings, error),
) (Hour, error) {
	st, err := desk.served(ctx, c)
	if err != nil {
		return Hour{}, err
	}
	if err := desk.svc.changeBookings(ctx, c, st, day, id, event, about, func(d reception.Day, b reception.Bookings, _ reception.Booking) (reception.Bookings, error) {
		return do(d, b)
	}); err != nil {
		return Hour{}, err
	}
	return desk.Hour(ctx, c, day)
}

// Arrive says that a party is there.
func (desk *Desk) Arrive(ctx context.Context, c access.Caller, day, id string) (Hour, error) {
	return desk.serve(ctx, c, day, id, "booking.arrived", "", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Arrive(d, id, desk.svc.kit.Now())
	})
}

// Unarrive takes an arrival back that was a slip; seen is when it was, in UTC milliseconds, 0 for whenever.
func (desk *Desk) Unarrive(ctx context.Context, c access.Caller, day, id string, seen int64) (Hour, error) {
	return desk.serve(ctx, c, day, id, "booking.unarrived", "", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Unarrive(d, id, seen, desk.svc.kit.Now())
	})
}

// Receive writes down what came of it. With Filed the submission must be one that the caller may read.
func (desk *Desk) Receive(ctx context.Context, c access.Caller, day, id string, r reception.Result) (Hour, error) {
	if r.Outcome == reception.Filed {
		// What it became must be the station's own.
		if _, err := desk.svc.kit.Submission(ctx, c, access.Read, r.Submission); err != nil {
			return Hour{}, err
		}
	}
	return desk.serve(ctx, c, day, id, "booking.received", "", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Receive(d, id, r, desk.svc.kit.Now())
	})
}

// Unreceive takes a result back.
func (desk *Desk) Unreceive(ctx context.Context, c access.Caller, day, id string) (Hour, error) {
	return desk.serve(ctx, c, day, id, "booking.unreceived", "", func(_ reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Unreceive(id)
	})
}

// changeFor is serve for what is done to somebody's booking in their place: its line is in the audit, and they are told
// of it under about, "" for not at all.
func (desk *Desk) changeFor(ctx context.Context, c access.Caller, day, id, event, about string,
	do func(d reception.Day, b reception.Bookings) (reception.Bookings, error),
) (Hour, error) {
	st, err := desk.served(ctx, c)
	if err != nil {
		return Hour{}, err
	}
	d, b, err := desk.svc.docs.dayWith(ctx, st, day)
	if err != nil {
		return Hour{}, err
	}
	if _, err := do(d, b); err != nil {
		return Hour{}, err // what is refused leaves no line
	}
	return audit.Do(ctx, desk.svc.audit, st.ID, audit.Act{By: c, What: audit.ChangeBooking, Object: day}, func(w audit.Written) (Hour, error) {
		return changeParty(ctx, desk, w, c, day, id, event, about, do)
	})
}

func changeParty(ctx context.Context, desk *Desk, w audit.Written, c access.Caller, day, id, event, about string,
	do func(d reception.Day, b reception.Bookings) (reception.Bookings, error),
) (Hour, error) {
	if err := w.Of(audit.ChangeBooking); err != nil {
		return Hour{}, err
	}
	return desk.serve(ctx, c, day, id, event, about, do)
}

// ChangeFor moves a booking to another slot for whoever called.
func (desk *Desk) ChangeFor(ctx context.Context, c access.Caller, day, id string, slot int) (Hour, error) {
	return desk.changeFor(ctx, c, day, id, "booking.changed", notice.AboutChanged, func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Change(d, id, slot, true, desk.svc.kit.Now())
	})
}

// CallOffFor ends a booking for whoever called.
func (desk *Desk) CallOffFor(ctx context.Context, c access.Caller, day, id string) (Hour, error) {
	return desk.changeFor(ctx, c, day, id, "booking.cancelled", "", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.CallOff(d, id, true, false, desk.svc.kit.Now())
	})
}

// Phone shows the number of a booking, for the liaison; reason says what for.
func (desk *Desk) Phone(ctx context.Context, c access.Caller, day, id, reason string) (string, error) {
	st, err := desk.served(ctx, c)
	if err != nil {
		return "", err
	}
	b, err := desk.svc.docs.bookings(ctx, st.ID, day)
	if err != nil {
		return "", err
	}
	i, err := b.Find(id)
	if err != nil {
		return "", err
	}
	if b.List[i].Phone == "" {
		return "", fault.New(fault.NotFound, "这个预约没有留电话")
	}
	if err := desk.svc.reveals.TakeReveal(ctx, c, st); err != nil {
		return "", err
	}
	act := audit.Act{By: c, What: audit.ReadBooking, Object: day, Why: reason}
	return audit.Do(ctx, desk.svc.audit, st.ID, act, func(w audit.Written) (string, error) {
		return phone(desk.svc, w, notice.BookingSeal(st.ID, id), b.List[i])
	})
}

func phone(svc *Service, w audit.Written, bound string, x reception.Booking) (string, error) {
	if err := w.Of(audit.ReadBooking); err != nil {
		return "", err
	}
	return svc.sealer.Open(x.Phone, bound)
}

// Board is what the hall's screen shows of a day: numbers, and no names.
type Board struct {
	Name string
	// Now was called last; Next come after it. Waiting is how many are here.
	Now     string
	Next    []string
	Waiting int
}

// maxNext is how many numbers the hall's screen shows ahead.
const maxNext = 5

// Boards returns what the hall's screen shows of the days of today.
func (desk *Desk) Boards(ctx context.Context, c access.Caller) ([]Board, error) {
	st, err := desk.svc.station(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	today := desk.svc.kit.Now().In(station.Zone).Format(time.DateOnly)
	cal, err := desk.svc.docs.plan(ctx, st, today, today)
	if err != nil {
		return nil, err
	}
	days := slices.DeleteFunc(cal.Days, func(d reception.Day) bool { return d.State != reception.Published })
	all, err := desk.svc.docs.bookingsOf(ctx, st.ID, days)
	if err != nil {
		return nil, err
	}
	list := []Board{}
	for i, d := range days {
		b := all[i]
		board := Board{Name: d.Name, Next: []string{}}
		var last int64
		for _, x := range b.List {
			if x.State == reception.Received && x.EndedAt >= last {
				last, board.Now = x.EndedAt, x.Number
			}
		}
		queue := b.Queue(d, desk.svc.kit.Now())
		board.Waiting = len(queue)
		for _, i := range queue[:min(len(queue), maxNext)] {
			board.Next = append(board.Next, b.List[i].Number)
		}
		list = append(list, board)
	}
	return list, nil
}

// offer adds the bookings with what became free offered to those who wait, and tells them.
func (c *change) offer(svc *Service, d reception.Day, b reception.Bookings) {
	next, offered := b.Offer(d, svc.kit.Now())
	c.bookings = append(c.bookings, next)
	for _, x := range offered {
		c.event(access.Caller{}, "booking.offered", "day/"+d.ID, map[string]string{"number": x.Number, "date": d.Date})
		if x.Person != "" {
			c.tell(notice.Entry{Purpose: notice.VisitorBooking, About: notice.AboutOffered, Person: x.Person, Booking: x.ID}, d)
		}
	}
}
