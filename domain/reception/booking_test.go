package reception_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/fault"
	"mashang/domain/reception"
)

// hall is what happens to the bookings of one day.
type hall struct {
	day  reception.Day
	b    reception.Bookings
	now  time.Time
	made int
	// numbers are what was given, by id.
	numbers map[string]string
}

func (h *hall) keep(b reception.Bookings, err error) {
	if err == nil {
		h.b = b
	}
}

func (h *hall) booking(t *rapid.T) reception.Booking {
	if len(h.b.List) == 0 {
		t.Skip("none")
	}
	return rapid.SampledFrom(h.b.List).Draw(t, "booking")
}

func (h *hall) slot(t *rapid.T) int { return h.day.From + 30*rapid.IntRange(0, 3).Draw(t, "slot") }

// check: R3, R4, and a number is one party's for good.
func (h *hall) check(t *rapid.T) {
	open := map[string]bool{}
	taken := map[int]int{}
	for _, x := range h.b.List {
		if x.Person != "" && x.Open() {
			if open[x.Person] {
				t.Fatalf("%s has two open bookings", x.Person)
			}
			open[x.Person] = true
		}
		switch x.State {
		case reception.Booked, reception.Offered, reception.Arrived, reception.Received:
			if !x.WalkIn {
				taken[x.Slot]++
			}
		default:
		}
		if (x.State == reception.Offered) != (x.OfferedUntil > 0) {
			t.Fatalf("%+v", x)
		}
		if h.numbers[x.ID] == "" {
			h.numbers[x.ID] = x.Number
		}
		if h.numbers[x.ID] != x.Number {
			t.Fatalf("%s is called %s now", h.numbers[x.ID], x.Number)
		}
	}
	for slot, n := range taken {
		if n > h.day.Terms.Seats-h.day.Terms.WalkIns {
			t.Fatalf("%d seats of slot %d are taken", n, slot)
		}
	}
	for _, s := range reception.Slots(h.day, h.b, h.now) {
		if s.Taken != taken[s.From] || s.Left() > s.Seats-s.Taken || s.Left() < 0 {
			t.Fatalf("%+v, %d taken", s, taken[s.From])
		}
	}
	if f := h.b.Figures(); f.PersonTimes != sum(h.b) || f.Received != f.Outcomes[reception.OnTheSpot]+f.Outcomes[reception.Filed]+f.Outcomes[reception.Referred] {
		t.Fatalf("%+v", f)
	}
	if queue := h.b.Queue(h.day, h.now); slices.ContainsFunc(queue, func(i int) bool { return h.b.List[i].State != reception.Arrived }) {
		t.Fatalf("somebody who is not here waits in the hall: %v", queue)
	}
}

// sum adds the persons of the listed received bookings.
func sum(b reception.Bookings) (n int) {
	for _, x := range b.List {
		if x.State == reception.Received {
			n += x.Persons
		}
	}
	return n
}

// TestBookingsAfterAnyActs: seats are never taken twice (R3), nor has anybody two open bookings (R4).
func TestBookingsAfterAnyActs(t *testing.T) {
	t.Parallel()
	s := court(4, fridays())
	plain := friday(t, s, "m01")
	plain.To = plain.From + 120
	rapid.Check(t, func(t *rapid.T) {
		h := &hall{day: plain, now: when("2026-12-03 22:00"), numbers: map[string]string{}}
		change := func(do func(*rapid.T, reception.Booking) (reception.Bookings, error)) func(*rapid.T) {
			return func(t *rapid.T) { h.keep(do(t, h.booking(t))) }
		}
		add := func(t *rapid.T) {
			h.made++
			x := reception.Booking{ID: fmt.Sprint("b", h.made), Person: fmt.Sprint("p", rapid.IntRange(0, 5).Draw(t, "person")), Persons: rapid.IntRange(1, 3).Draw(t, "persons")}
			x.Slot, x.WalkIn = h.slot(t), rapid.IntRange(0, 4).Draw(t, "walk in") == 0
			if b, _, err := h.b.Add(h.day, x, rapid.Bool().Draw(t, "wait"), h.now); err == nil {
				h.b = b
				again, same, err := h.b.Add(h.day, x, false, h.now)
				if err != nil || len(again.List) != len(h.b.List) || same.ID != x.ID {
					t.Fatalf("a request that came twice: %v", err)
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"": h.check, "add": add, "add 2": add,
			"change": change(func(t *rapid.T, x reception.Booking) (reception.Bookings, error) {
				return h.b.Change(h.day, x.ID, h.slot(t), rapid.Bool().Draw(t, "staff"), h.now)
			}),
			"call off": change(func(t *rapid.T, x reception.Booking) (reception.Bookings, error) {
				return h.b.CallOff(h.day, x.ID, rapid.Bool().Draw(t, "staff"), rapid.Bool().Draw(t, "moved"), h.now)
			}),
			"offer": func(*rapid.T) {
				next, offered := h.b.Offer(h.day, h.now)
				for _, x := range offered {
					if start := h.day.Start().Add(time.Duration(x.Slot-h.day.From) * time.Minute); !h.now.Before(start) || x.OfferedUntil > start.UnixMilli() {
						t.Fatalf("a seat of a slot that has begun is offered: %+v", x)
					}
				}
				h.b = next
			},
			"accept": change(func(_ *rapid.T, x reception.Booking) (reception.Bookings, error) { return h.b.Accept(x.ID, h.now) }),
			"arrive": change(func(_ *rapid.T, x reception.Booking) (reception.Bookings, error) {
				return h.b.Arrive(h.day, x.ID, h.now)
			}),
			"unarrive": change(func(_ *rapid.T, x reception.Booking) (reception.Bookings, error) {
				return h.b.Unarrive(h.day, x.ID, 0, h.now)
			}),
			"receive": change(func(t *rapid.T, x reception.Booking) (reception.Bookings, error) {
				return h.b.Receive(h.day, x.ID, reception.Result{Outcome: reception.OnTheSpot, Persons: rapid.IntRange(0, 3).Draw(t, "persons")}, h.now)
			}),
			"unreceive": change(func(_ *rapid.T, x reception.Booking) (reception.Bookings, error) { return h.b.Unreceive(x.ID) }),
			"clock": func(t *rapid.T) {
				h.now = h.now.Add(time.Duration(rapid.IntRange(1, 240).Draw(t, "minutes")) * time.Minute)
				if d, over := h.day.Finish(h.now); over {
					h.day, h.b = d, h.b.Finish(h.now)
				}
			},
			"postpone": func(t *rapid.T) {
				was := h.day
				from := rapid.IntRange(16, 30).Draw(t, "from") * 30
				next, err := was.Postpone(was.Date, from, min(24*60, from+rapid.IntRange(2, 4).Draw(t, "slots")*30), "换了时间", h.now)
				if err != nil {
					return
				}
				h.b, h.day = h.b.Shift(was, next), next
				for _, x := range h.b.List {
					slot := func(s reception.Slot) bool { return s.From == x.Slot }
					if x.State == reception.Booked && !slices.ContainsFunc(reception.Slots(next, h.b, h.now), slot) {
						t.Fatalf("%+v has no slot", x)
					}
				}
			},
		})
	})
}

// booked adds parties b1, b2, … of persons p1, p2, … for one slot.
func booked(t *testing.T, d reception.Day, slot, n int, now time.Time) reception.Bookings {
	t.Helper()
	var b reception.Bookings
	for i := range n {
		x := reception.Booking{ID: fmt.Sprint("b", i+1), Person: fmt.Sprint("p", i+1), Persons: 1, Slot: slot}
		var err error
		if b, _, err = b.Add(d, x, true, now.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func states(b reception.Bookings) string {
	var list []string
	for _, x := range b.List {
		list = append(list, string(x.State))
	}
	return strings.Join(list, " ")
}

// TestAFreedSeatGoesDownTheWaitingList, half an hour each, and to nobody once its slot has begun.
func TestAFreedSeatGoesDownTheWaitingList(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	b := booked(t, d, 9*60, 4, early)
	at := early.Add(time.Hour)
	step := func(what, want string, who ...string) {
		t.Helper()
		next, offered := b.Offer(d, at)
		b = next
		var got []string
		for _, x := range offered {
			got = append(got, x.ID)
		}
		if states(b) != want || !slices.Equal(got, who) {
			t.Fatalf("%s: %s, offered %v", what, states(b), got)
		}
	}
	step("nothing is free", "booked booked waiting waiting")
	b = must[reception.Bookings](t, "call off")(b.CallOff(d, "b1", false, false, at))
	_, x, err := b.Add(d, reception.Booking{ID: "b9", Persons: 1, Slot: 9 * 60}, true, at)
	if err != nil || x.State != reception.Waiting {
		t.Errorf("somebody is let in before the waiting: %+v, %v", x, err)
	}
	step("to the first", "cancelled booked offered waiting", "b3")
	at = at.Add(reception.OfferFor - time.Millisecond)
	step("it still stands", "cancelled booked offered waiting")
	at = at.Add(time.Millisecond)
	_, err = b.Accept("b3", at)
	refused(t, "too late", err, fault.WrongState)
	step("to the next", "cancelled booked waiting offered", "b4")
	at = at.Add(reception.OfferFor)
	step("around", "cancelled booked offered waiting", "b3")
	at = at.Add(reception.OfferFor)
	step("b3 has had two", "cancelled booked waiting offered", "b4")
	at = at.Add(reception.OfferFor)
	step("both have had two", "cancelled booked waiting waiting")
	// Then it is free for whoever wants it, also one of them.
	other := must[reception.Bookings](t, "change")(b.Change(d, "b4", 9*60, false, at))
	if states(other) != "cancelled booked waiting booked" {
		t.Error(states(other))
	}
	_, x, err = b.Add(d, reception.Booking{ID: "b9", Persons: 1, Slot: 9 * 60}, false, at)
	if err != nil || x.State != reception.Booked {
		t.Errorf("%+v, %v", x, err)
	}

	b = booked(t, d, 9*60, 3, early)
	b = must[reception.Bookings](t, "call off")(b.CallOff(d, "b1", true, false, at))
	at = d.Start().Add(-10 * time.Minute)
	step("shortly before", "cancelled booked offered", "b3")
	if until := b.List[2].OfferedUntil; until != d.Start().UnixMilli() {
		t.Errorf("offered until %d", until)
	}
	taken := must[reception.Bookings](t, "accept")(b.Accept("b3", at))
	if states(taken) != "cancelled booked booked" || taken.List[2].Number != "A003" {
		t.Errorf("%+v", taken.List[2])
	}
	at = d.Start()
	step("it has begun", "cancelled booked waiting")
}

// TestMovedAndCalledOff: until two hours before by oneself, later by the liaison, with the same number.
func TestMovedAndCalledOff(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	b := booked(t, d, 9*60, 2, early)
	_, err := b.Change(d, "b1", 9*60+10, false, early)
	refused(t, "no such slot", err, fault.Invalid)
	moved := must[reception.Bookings](t, "change")(b.Change(d, "b1", 10*60, false, early))
	if x := moved.List[0]; x.Slot != 10*60 || x.Number != "A001" || x.State != reception.Booked {
		t.Errorf("%+v", x)
	}
	if b.List[0].Slot != 9*60 {
		t.Error("the bookings before were changed")
	}
	_, _, err = b.Add(d, reception.Booking{ID: "b3", Persons: 1, Slot: 9 * 60}, false, early)
	if refused(t, "full", err, fault.Conflict); !strings.Contains(fault.Message(err), "09:30") {
		t.Errorf("what is free is not said: %v", err)
	}
	soon := d.Start().Add(-reception.ChangeUntil)
	_, err = b.CallOff(d, "b1", false, false, soon)
	refused(t, "two hours before", err, fault.WrongState)
	for _, now := range []time.Time{soon.Add(-time.Millisecond), soon} {
		off := must[reception.Bookings](t, "call off")(b.CallOff(d, "b1", now.Equal(soon), true, now))
		if off.List[0].State != reception.Shifted {
			t.Error(states(off))
		}
	}
	// The day moves to the afternoon, and is shorter.
	b = must[reception.Bookings](t, "change")(b.Change(d, "b2", 11*60+30, false, early))
	next := must[reception.Day](t, "postpone")(d.Postpone("2026-12-07", 14*60, 16*60, "停电", early))
	b.List[0].RemindedAt = 1
	moved = b.Shift(d, next)
	if x := moved.List[0]; x.Slot != 14*60 || x.State != reception.Booked || x.Number != "A001" || x.RemindedAt != 0 {
		t.Errorf("%+v", x)
	}
	if x := moved.List[1]; x.Slot != 15*60+30 || x.State != reception.Booked {
		t.Errorf("%+v", x)
	}
	// On half an hour there are two seats: the others wait for them.
	next.To = 14*60 + 30
	moved = booked(t, d, 9*60+30, 4, early).Shift(d, next)
	if got := states(moved); got != "booked booked waiting waiting" || moved.List[3].Slot != 14*60 {
		t.Errorf("%s in %d", got, moved.List[3].Slot)
	}
	if next.To = 14*60 + 10; states(b.Shift(d, next)) != "booked booked" {
		t.Error(states(b.Shift(d, next)))
	}
}

// TestTheHour: who comes, waits and is received.
func TestTheHour(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	b := booked(t, d, 9*60+30, 3, early) // the third waits
	_, _, err := b.Add(d, reception.Booking{ID: "w0", Persons: 1, WalkIn: true}, false, early)
	refused(t, "walking in days before", err, fault.WrongState)
	_, err = b.Arrive(d, "b1", early)
	refused(t, "arriving days before", err, fault.WrongState)
	_, err = b.Receive(d, "b1", reception.Result{Outcome: reception.OnTheSpot}, early)
	refused(t, "receiving days before", err, fault.WrongState)
	act := func(minutes int, do func(now time.Time) (reception.Bookings, error)) {
		t.Helper()
		b = must[reception.Bookings](t, "act")(do(d.Start().Add(time.Duration(minutes) * time.Minute)))
	}
	arrive := func(minutes int, id string) {
		t.Helper()
		act(minutes, func(now time.Time) (reception.Bookings, error) { return b.Arrive(d, id, now) })
	}
	queue := func(minutes int) string {
		var list []string
		for _, i := range b.Queue(d, d.Start().Add(time.Duration(minutes)*time.Minute)) {
			list = append(list, b.List[i].ID)
		}
		return strings.Join(list, " ")
	}
	if direct, err := b.Receive(d, "b3", reception.Result{Outcome: reception.OnTheSpot}, d.Start()); err != nil || !direct.List[2].WalkIn {
		t.Errorf("who waited without a seat is received as if they had one: %v", err)
	}
	arrive(1, "b3")
	act(2, func(now time.Time) (reception.Bookings, error) {
		next, _, err := b.Add(d, reception.Booking{ID: "w1", Persons: 4, WalkIn: true}, false, now)
		return next, err
	})
	arrive(3, "b2")
	arrive(3, "b2")
	if !b.List[2].WalkIn {
		t.Error("who waited without a seat holds one")
	}
	if got := queue(5) + ", " + queue(30); got != "b3 w1 b2, b2 b3 w1" {
		t.Errorf("queues %s", got)
	}
	act(31, func(now time.Time) (reception.Bookings, error) {
		return b.Receive(d, "b2", reception.Result{Outcome: reception.Filed, Submission: "261204-0001", By: "m01"}, now)
	})
	act(40, func(now time.Time) (reception.Bookings, error) {
		return b.Receive(d, "w1", reception.Result{Outcome: reception.Referred, To: "社区", Persons: 5}, now)
	})
	end := d.End()
	held, _ := d.Finish(end)
	b = b.Finish(end)
	if got := states(b); got != "missed received arrived received" {
		t.Error(got)
	}
	// They are written up afterwards.
	for what, r := range map[string]reception.Result{
		"no outcome": {}, "nowhere": {Outcome: reception.Referred}, "no number": {Outcome: reception.Filed},
		"a crowd": {Outcome: reception.OnTheSpot, Persons: 21},
	} {
		_, err := b.Receive(held, "b3", r, end)
		refused(t, what, err, fault.Invalid)
	}
	for _, r := range []reception.Result{
		{Outcome: reception.OnTheSpot}, {Outcome: reception.OnTheSpot, Submission: "261204-0001"}, {Outcome: reception.Filed, Submission: "261204-0002"},
	} {
		_, err := b.Receive(held, "b2", r, end)
		refused(t, "what became a submission stays one", err, fault.WrongState)
	}
	act(200, func(now time.Time) (reception.Bookings, error) {
		return b.Receive(held, "w1", reception.Result{Outcome: reception.OnTheSpot, To: "社区", Submission: "x"}, now)
	})
	if w := b.List[3]; w.To != "" || w.Submission != "" || w.Persons != 5 {
		t.Errorf("%+v", w)
	}
	_, err = b.Unreceive("b2")
	refused(t, "taking a submission back", err, fault.WrongState)
	act(201, func(time.Time) (reception.Bookings, error) { return b.Unreceive("w1") })
	act(202, func(now time.Time) (reception.Bookings, error) {
		next, _, err := b.Add(held, reception.Booking{ID: "w2", Person: "p1", Persons: 1, WalkIn: true}, false, now)
		return next, err
	})
	_, err = b.Arrive(held, "b1", end)
	refused(t, "missed, and here as another", err, fault.Conflict)
	if f := b.Figures(); f.Booked != 2 || f.WalkIns != 3 || f.Received != 1 || f.Missed != 1 || f.PersonTimes != 1 {
		t.Errorf("%+v", f)
	}
	b.List[3].Phone, b.List[3].Name, b.List[3].Words, b.List[3].Needs = "13800138000", "张", "事", []string{"sign"}
	for _, x := range b.Purge().List {
		if x.Phone+x.Name+x.Words+x.Person != "" || x.Needs != nil || x.Number == "" {
			t.Errorf("%+v", x)
		}
	}
	if p := b.Purge(); !p.Purged || p.Figures().PersonTimes != 1 || b.List[3].Phone == "" {
		t.Error("the purge changes figures, or what it was made of")
	}
}

// TestWhatIsBookedIsChecked at its field.
func TestWhatIsBookedIsChecked(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	for field, change := range map[string]func(*reception.Booking){
		"persons": func(x *reception.Booking) { x.Persons = 21 },
		"needs":   func(x *reception.Booking) { x.Needs = []string{"helicopter"} },
		"":        func(x *reception.Booking) { x.Slot = 9*60 + 1 },
	} {
		x := reception.Booking{ID: "b1", Persons: 1, Slot: 9 * 60}
		change(&x)
		_, _, err := (reception.Bookings{}).Add(d, x, true, early)
		refused(t, field, err, fault.Invalid)
	}
	draft := d
	draft.State = reception.Draft
	x := reception.Booking{ID: "b1", Persons: 1, Slot: 9 * 60}
	_, _, err := (reception.Bookings{}).Add(draft, x, true, early)
	refused(t, "a draft", err, fault.WrongState)
	_, _, err = (reception.Bookings{}).Add(d, x, true, d.Start().Add(30*time.Minute))
	refused(t, "a slot that is over", err, fault.WrongState)
	b, x, err := (reception.Bookings{}).Add(d, x, true, early)
	if err != nil || x.Number != "A001" || b.Of("") >= 0 {
		t.Errorf("%+v, %v", x, err)
	}
	for len(b.List) < reception.MaxBookings {
		b.List = append(b.List, reception.Booking{ID: "old", State: reception.CalledOff})
	}
	_, _, err = b.Add(d, reception.Booking{ID: "b2", Persons: 1, Slot: 9 * 60}, true, early)
	refused(t, "too many", err, fault.TooMany)
	d.Terms.Seats = 0
	if reception.Slots(d, b, early) != nil {
		t.Error("there are slots where nothing can be booked")
	}
}

// TestPersonTimesOfAYear: 260 person-times are the sum of what is listed.
func TestPersonTimesOfAYear(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	now := d.Start()
	var b reception.Bookings
	for left, n := 260, 0; left > 0; n++ {
		id, persons := fmt.Sprint("w", n), min(left, 1+n%4)
		b, _, _ = b.Add(d, reception.Booking{ID: id, Persons: persons, WalkIn: true}, false, now)
		if n%5 == 4 {
			continue // has not been received yet
		}
		b = must[reception.Bookings](t, "receive")(b.Receive(d, id, reception.Result{Outcome: reception.OnTheSpot}, now))
		left -= persons
	}
	if f := b.Figures(); f.PersonTimes != 260 || sum(b) != 260 || f.Received >= f.WalkIns {
		t.Errorf("%+v", f)
	}
}

// TestOffersAtNight stand until the morning.
func TestOffersAtNight(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	d.Terms.Seats, d.Terms.WalkIns = 1, 0
	night := d.Start().AddDate(0, 0, -1).Add(14*time.Hour + 30*time.Minute) // 23:30
	b := reception.Bookings{List: []reception.Booking{{ID: "b1", Persons: 1, Slot: d.From + d.Terms.SlotMinutes*2, State: reception.Waiting, At: 1}}}
	next, offered := b.Offer(d, night)
	if len(offered) != 1 || next.List[0].OfferedUntil != d.Start().Add(-30*time.Minute).UnixMilli() {
		t.Errorf("%+v", offered)
	}
}

// TestASlipAtTheDesk: an arrival that was none leaves the booking as it was, and is taken back once.
func TestASlipAtTheDesk(t *testing.T) {
	t.Parallel()
	d := friday(t, court(4, fridays()), "m01")
	b := booked(t, d, 9*60+30, 3, early) // the third waits
	now := d.Start().Add(time.Minute)
	b, _, err := b.Add(d, reception.Booking{ID: "w1", Persons: 4, WalkIn: true}, false, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"b1", "b3"} {
		b = must[reception.Bookings](t, "arrive")(b.Arrive(d, id, now))
	}
	if got := states(b); got != "arrived booked arrived arrived" {
		t.Fatal(got)
	}
	received := must[reception.Bookings](t, "receive")(b.Receive(d, "b1", reception.Result{Outcome: reception.OnTheSpot}, now))
	_, err = received.Unarrive(d, "b1", 0, now)
	refused(t, "an arrival before its result", err, fault.WrongState)
	for range 2 { // also when it is sent again
		received = must[reception.Bookings](t, "unreceive")(received.Unreceive("b1"))
	}
	for range 2 {
		for _, id := range []string{"b1", "b3", "w1"} {
			b = must[reception.Bookings](t, "unarrive")(b.Unarrive(d, id, 0, now))
		}
	}
	if got := states(b); got != "booked booked waiting cancelled" || b.List[2].WalkIn || b.List[0].ArrivedAt != 0 {
		t.Errorf("%s, %+v", got, b.List[2])
	}
	b = must[reception.Bookings](t, "arrive")(b.Arrive(d, "b1", now))
	_, err = b.Unarrive(d, "b1", 0, now.AddDate(0, 0, 1))
	refused(t, "on another day", err, fault.WrongState)
	later := must[reception.Bookings](t, "unarrive")(b.Unarrive(d, "b1", now.UnixMilli()-1, now))
	if got := states(later); got != "arrived booked waiting cancelled" {
		t.Errorf("who came since is sent away: %s", got)
	}
	// What was stored before says nothing of where they came from: a booking is called off for nobody.
	old := must[reception.Bookings](t, "arrive")(b.Arrive(d, "b3", now.Add(time.Minute)))
	old = old.Copy()
	old.List[2].Came = ""
	if old = must[reception.Bookings](t, "unarrive")(old.Unarrive(d, "b3", 0, now)); old.List[2].State != reception.Waiting {
		t.Errorf("of an old record: %s", old.List[2].State)
	}
	// Who was noted as received by mistake, of those who did not come, did not come.
	over := d.End().Add(time.Hour)
	missed := b.Finish(over)
	missed = must[reception.Bookings](t, "receive")(missed.Receive(d, "b2", reception.Result{Outcome: reception.OnTheSpot}, over))
	missed = must[reception.Bookings](t, "unreceive")(missed.Unreceive("b2"))
	if f := missed.Figures(); missed.List[1].State != reception.Missed || f.Received != 0 || f.Missed != 1 {
		t.Errorf("%s, %+v", missed.List[1].State, f)
	}
}
