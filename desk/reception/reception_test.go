package reception_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk/desktest"
	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// friday is the id of the first day of the court's rule after the tests' noon of Wednesday.
const friday = "20260724-j01"

// court is a desk whose station receives on Friday mornings: two members, three seats every half-hour, one of them for
// those who come without a booking.
func court(t *testing.T) *desktest.Bundle {
	t.Helper()
	b := desktest.Setup(t)
	b.PutEntry(b.Admin(), "j01", station.Reception{
		Name: "委员接待日", Repeat: "每周五", From: 9 * 60, To: 12 * 60, Min: 2, Seats: 3, SlotMinutes: 30, WalkIns: 1,
	})
	return b
}

// published is the court's Friday with m01 and m03, published.
func published(t *testing.T, b *desktest.Bundle) deskreception.DayView {
	t.Helper()
	d := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t)
	d = desktest.Must1(b.Reception.SetRoster(t.Context(), b.Liaison(), friday, d.Version, []string{"m01", "m03"}, ""))(t)
	if d.State == reception.Published {
		return d
	}
	return desktest.Must1(b.Reception.Publish(t.Context(), b.Liaison(), friday, d.Version))(t)
}

// TestDaysOfARule are there as drafts, with what they lack, until somebody changes them.
func TestDaysOfARule(t *testing.T) {
	t.Parallel()
	b := court(t)
	p := desktest.Must1(b.Reception.Days(t.Context(), b.Liaison(), "", ""))(t)
	if len(p.Days) != 8 || p.Days[0].ID != friday || p.Days[0].State != reception.Draft || !p.Days[0].Hole.Nobody || !p.Edits {
		t.Fatalf("%d days, the first %+v", len(p.Days), p.Days[0])
	}
	v := published(t, b)
	if v.Hole.Open() || v.Version != 2 {
		t.Errorf("%+v", v.Hole)
	}
	if _, err := b.Reception.Cancel(t.Context(), b.Liaison(), friday, 1, "停电"); !fault.Is(err, fault.Conflict) {
		t.Errorf("with an old revision: %v", err)
	}
	// The code's page, and whoever asks who is on duty, read this roster.
	noon := b.Clock.Now()
	b.Clock.Set(time.Date(2026, 7, 24, 10, 0, 0, 0, station.Zone))
	var on []string
	for _, d := range desktest.Must1(b.Codes.Sign(t.Context(), b.Key(station.ForStation, "")))(t).OnDuty {
		on = append(on, d.Member.ID)
	}
	b.Clock.Set(noon)
	desktest.Same(t, "on duty", slices.Sorted(slices.Values(on)), []string{"m01", "m03"})
	// A rule that changes moves no day that is published; the others follow.
	b.PutEntry(b.Admin(), "j01", station.Reception{Name: "委员接待日", Repeat: "每周四", From: 9 * 60, To: 12 * 60})
	p = desktest.Must1(b.Reception.Days(t.Context(), b.Liaison(), "", ""))(t)
	if p.Days[0].Date != "2026-07-23" || p.Days[1].ID != friday || !p.Days[1].Stray || p.Days[2].Date != "2026-07-30" {
		t.Errorf("%+v", p.Days[:3])
	}
}

// TestLastSeat: of two hundred who book at once exactly as many get a seat as there are, and whoever sends their
// request again finds their booking.
func TestLastSeat(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	const callers = 200
	people := make([]access.Caller, callers)
	for i := range people {
		people[i] = b.Visitor(fmt.Sprintf("visitor%d", i))
	}
	var wg sync.WaitGroup
	states := make([]string, callers)
	for i, c := range people {
		wg.Go(func() {
			v, err := b.Reception.Book(t.Context(), c, "first-try", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 1})
			switch {
			case err == nil:
				states[i] = string(v.State)
			case fault.Is(err, fault.Conflict):
				states[i] = "full"
			default:
				states[i] = err.Error()
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for _, s := range states {
		count[s]++
	}
	if count["booked"] != 2 || count["full"] != callers-2 {
		t.Fatalf("%v", count)
	}
	i := slices.Index(states, "booked")
	again := desktest.Must1(b.Reception.Book(t.Context(), people[i], "first-try", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 1}))(t)
	mine := desktest.Must1(b.Reception.MyBookings(t.Context(), people[i], desktest.Here))(t)
	if len(mine) != 1 || mine[0].ID != again.ID {
		t.Errorf("%+v", mine)
	}
}

// TestAPhoneCodeTakesThePlaceOfANumber, once; the same request sent again needs it no more.
func TestAPhoneCodeTakesThePlaceOfANumber(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	li, code := b.Visitor("villager"), b.Emu.PhoneCode("13900000001")
	p := deskreception.Party{Slot: 9 * 60, Persons: 1, PhoneCode: code}
	first := desktest.Must1(b.Reception.Book(t.Context(), li, "by-one-tap", desktest.Here, friday, p))(t)
	desktest.Same(t, "phone", first.Phone, "13900000001")
	again := desktest.Must1(b.Reception.Book(t.Context(), li, "by-one-tap", desktest.Here, friday, p))(t)
	desktest.Same(t, "booking", again.ID, first.ID)
	if _, err := b.Reception.Book(t.Context(), b.Visitor("other"), "by-one-tap", desktest.Here, friday, p); !fault.Is(err, fault.Invalid) {
		t.Errorf("another's code: %v", err)
	}
}

// TestABookingIsItsMakersAlone, is moved, and called off until two hours before; what becomes free is offered.
func TestABookingIsItsMakersAlone(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	li, wang, zhao := b.Visitor("villager"), b.Visitor("tourist"), b.Visitor("neighbour")
	book := func(c access.Caller, slot int, wait bool) (deskreception.BookingView, error) {
		return b.Reception.Book(t.Context(), c, "key-of-"+c.Person, desktest.Here, friday, deskreception.Party{
			Slot: slot, Persons: 2, Words: "宅基地", Phone: "13900000001", Wait: wait,
		})
	}
	first := desktest.Must1(book(li, 9*60, false))(t)
	desktest.Must1(book(wang, 9*60, false))(t)
	waiting := desktest.Must1(book(zhao, 9*60, true))(t)
	if first.Number != "A001" || first.Phone != "13900000001" || first.Words != "宅基地" || waiting.State != reception.Waiting {
		t.Errorf("%+v, %+v", first, waiting)
	}
	if _, err := b.Reception.MyBooking(t.Context(), wang, desktest.Here, friday, first.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's: %v", err)
	}
	moved := desktest.Must1(b.Reception.ChangeMine(t.Context(), li, desktest.Here, friday, first.ID, 10*60))(t)
	if moved.Slot != 10*60 || moved.Number != first.Number {
		t.Errorf("%+v", moved)
	}
	offered := desktest.Must1(b.Reception.MyBooking(t.Context(), zhao, desktest.Here, friday, waiting.ID))(t)
	if offered.State != reception.Offered {
		t.Errorf("%+v", offered)
	}
	if v := desktest.Must1(b.Reception.AcceptMine(t.Context(), zhao, desktest.Here, friday, waiting.ID))(t); v.State != reception.Booked {
		t.Errorf("%+v", v)
	}
	b.Clock.Set(time.Date(2026, 7, 24, 8, 30, 0, 0, station.Zone))
	if _, err := b.Reception.CallOffMine(t.Context(), li, desktest.Here, friday, first.ID); !fault.Is(err, fault.WrongState) {
		t.Errorf("an hour and a half before: %v", err)
	}
	// What was said and the number are sealed where they are stored.
	for _, key := range desktest.Must1(b.Server.Client(t).HGetAll(t.Context(), "{"+desktest.Here+"}:d:bookings").Result())(t) {
		if strings.Contains(key, "13900000001") || strings.Contains(key, "宅基地") {
			t.Error("a number or what was said lies open")
		}
	}
}

// TestASwap: asked, agreed to, approved; everybody reads the same roster, and the audit has the approval.
func TestASwap(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	m1, m2 := b.Member("m01"), b.Member("m02")
	list, _, err := b.Reception.Candidates(t.Context(), m1, friday, "")
	if err != nil || len(list) == 0 || slices.ContainsFunc(list, func(c reception.Candidate) bool { return c.Member == "m05" || c.Member == "m03" }) {
		t.Fatalf("%+v, %v", list, err)
	}
	v := desktest.Must1(b.Reception.AskSwap(t.Context(), m1, "swap-0001", friday, deskreception.AskedSwap{To: "m02", Reason: "生病"}))(t)
	if len(v.Swaps) != 1 || len(v.Hole.Swapping) != 1 {
		t.Fatalf("%+v", v)
	}
	mine := desktest.Must1(b.Reception.Mine(t.Context(), m2))(t)
	if len(mine.Asked) != 1 {
		t.Fatalf("%+v", mine)
	}
	desktest.Must1(b.Reception.Agree(t.Context(), m2, friday, v.Swaps[0].ID))(t)
	if _, err := b.Reception.Approve(t.Context(), m2, friday, v.Swaps[0].ID, ""); !fault.Is(err, fault.Denied) {
		t.Errorf("a member approves: %v", err)
	}
	v = desktest.Must1(b.Reception.Approve(t.Context(), b.Liaison(), friday, v.Swaps[0].ID, ""))(t)
	desktest.Same(t, "who sits", v.Members(), []string{"m02", "m03"})
	if trail := b.AuditTrail(); !slices.ContainsFunc(trail, func(l string) bool { return strings.HasPrefix(l, "swap-approve liaison l01 "+friday) }) {
		t.Errorf("%q", trail)
	}
}

// TestWhatIsDueIsDone: a day is published in time, its hole is told of, whoever has booked is reminded the evening
// before, the day ends by itself, and what was kept for it alone is gone a month later.
func TestWhatIsDueIsDone(t *testing.T) {
	t.Parallel()
	b := court(t)
	sweep := func(at time.Time) {
		t.Helper()
		b.Clock.Set(at)
		if err := b.Reception.Sweep(t.Context(), desktest.Here); err != nil {
			t.Fatal(err)
		}
	}
	day := func() deskreception.DayView {
		t.Helper()
		return desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t)
	}
	sweep(b.Clock.Now()) // Wednesday: within the seven days
	if d := day(); d.State != reception.Published || d.ToldHoles == 0 || !d.Hole.Nobody {
		t.Fatalf("%+v", d.Day)
	}
	b.Deliver()
	if !slices.ContainsFunc(b.NoticeOutcomes(), func(o string) bool { return strings.HasPrefix(o, "liaison_urge liaison") }) {
		t.Errorf("the liaison was not told: %q", b.NoticeOutcomes())
	}
	published(t, b)
	urged := func() (n int) {
		b.Deliver()
		for _, o := range b.NoticeOutcomes() {
			if strings.HasPrefix(o, "liaison_urge liaison") {
				n++
			}
		}
		return n
	}
	sweep(b.Clock.Now())
	desktest.Same(t, "told once of the hole", urged(), 1)
	desktest.Must1(b.Reception.Confirm(t.Context(), b.Member("m03"), friday, true))(t)
	sweep(b.Clock.Now())
	desktest.Same(t, "told at once of another", urged(), 2)
	sweep(b.Clock.Now().Add(time.Hour))
	desktest.Same(t, "and once", urged(), 2)
	v := desktest.Must1(b.Reception.Book(t.Context(), b.Visitor("villager"), "book-0001", desktest.Here, friday, deskreception.Party{
		Slot: 9 * 60, Persons: 3, Words: "宅基地", Phone: "13900000001",
	}))(t)
	count := func() (n int) {
		for _, o := range b.NoticeOutcomes() {
			if strings.HasPrefix(o, "visitor_booking") {
				n++
			}
		}
		return n
	}
	sweep(time.Date(2026, 7, 23, 16, 59, 0, 0, station.Zone))
	b.Deliver()
	desktest.Same(t, "before the evening", count(), 0)
	sweep(time.Date(2026, 7, 23, 17, 0, 0, 0, station.Zone))
	sweep(time.Date(2026, 7, 23, 17, 1, 0, 0, station.Zone))
	b.Deliver()
	desktest.Same(t, "in the evening", count(), 1)
	b.Clock.Set(time.Date(2026, 7, 24, 9, 5, 0, 0, station.Zone))
	h := desktest.Must1(b.Reception.Desk.Arrive(t.Context(), b.Liaison(), friday, v.ID))(t)
	if !slices.Equal(h.Queue, []string{v.ID}) || h.Bookings[0].Phone != "" || h.Bookings[0].PhoneTail == "" {
		t.Errorf("%+v", h)
	}
	h = desktest.Must1(b.Reception.Desk.Receive(t.Context(), b.Liaison(), friday, v.ID, reception.Result{Outcome: reception.OnTheSpot, By: "m01"}))(t)
	desktest.Same(t, "person-times", h.Figures.PersonTimes, 3)
	sweep(time.Date(2026, 7, 24, 12, 1, 0, 0, station.Zone))
	if d := day(); d.State != reception.Held {
		t.Errorf("%+v", d.Day)
	}
	sweep(time.Date(2026, 8, 24, 12, 1, 0, 0, station.Zone))
	h = desktest.Must1(b.Reception.Desk.Hour(t.Context(), b.Liaison(), friday))(t)
	if h.Bookings[0].Words != "" || h.Bookings[0].PhoneTail != "" || h.Figures.PersonTimes != 3 {
		t.Errorf("a month later: %+v", h.Bookings[0])
	}
}

// TestACancelledDay: everybody who sits or has booked is told, or stands on the list of the untold.
func TestACancelledDay(t *testing.T) {
	t.Parallel()
	b := court(t)
	d := published(t, b)
	desktest.Must1(b.Reception.Book(t.Context(), b.Visitor("villager"), "book-0001", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 1}))(t)
	if _, err := b.Reception.Cancel(t.Context(), b.Liaison(), friday, d.Version, " "); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	desktest.Must1(b.Reception.Cancel(t.Context(), b.Liaison(), friday, d.Version, "停电"))(t)
	b.Deliver()
	var told []string
	for _, o := range b.NoticeOutcomes() {
		if strings.HasPrefix(o, "visitor_booking") || strings.HasPrefix(o, "member_duty") {
			told = append(told, o)
		}
	}
	if len(told) < 3 {
		t.Errorf("%q", told)
	}
	open := desktest.Must1(b.Reception.OpenDays(t.Context(), b.Key(station.ForStation, "")))(t)
	if len(open) == 0 || !open[0].Cancelled || open[0].Reason != "停电" {
		t.Errorf("%+v", open)
	}
}

// TestErasureTakesBookings: what was open is called off, and nothing that was said stays.
func TestErasureTakesBookings(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	c := b.Visitor("villager")
	v := desktest.Must1(b.Reception.Book(t.Context(), c, "book-0001", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 2, Words: "宅基地", Phone: "13900000001"}))(t)
	data := desktest.Must1(b.Privacy.MyData(t.Context(), c))(t)
	if len(data.Bookings) != 1 || data.Bookings[0].Phone != "13900000001" {
		t.Errorf("%+v", data.Bookings)
	}
	if err := b.Privacy.Erase(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	h := desktest.Must1(b.Reception.Desk.Hour(t.Context(), b.Liaison(), friday))(t)
	if n := desktest.Must1(b.Server.Client(t).HLen(t.Context(), "{"+desktest.Here+"}:d:booker").Result())(t); n != 0 {
		t.Errorf("%d lists of bookings are left", n)
	}
	if x := h.Bookings[0]; x.ID != v.ID || x.Person != "" || x.Words != "" || x.PhoneTail != "" || x.State != reception.CalledOff || h.Slots[0].Taken != 0 {
		t.Errorf("%+v", h.Bookings[0])
	}
}

// TestAPartyBecomesASubmission: the desk files for them, and the party names what it became, which must be the
// station's own; the result is then the submission's.
func TestAPartyBecomesASubmission(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	b.Clock.Set(time.Date(2026, 7, 24, 9, 5, 0, 0, station.Zone))
	h := desktest.Must1(b.Reception.Desk.Enter(t.Context(), b.Liaison(), "walk-0001", friday, deskreception.Party{WalkIn: true, Persons: 3, Name: "王大爷", Words: "路灯不亮"}))(t)
	party := h.Bookings[0].ID
	id := b.File(b.Visitor("villager"), b.Key(station.ForStation, "")).ID
	file := func(c access.Caller, submission string) error {
		_, err := b.Reception.Desk.Receive(t.Context(), c, friday, party, reception.Result{Outcome: reception.Filed, Submission: submission})
		return err
	}
	for _, other := range []string{"", "lj-none", "xx-none"} {
		if err := file(b.Liaison(), other); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := file(b.Liaison(), id); err != nil {
		t.Fatal(err)
	}
	h = desktest.Must1(b.Reception.Desk.Hour(t.Context(), b.Liaison(), friday))(t)
	if x := h.Bookings[0]; x.Outcome != reception.Filed || x.Submission != id || h.Figures.PersonTimes != 3 {
		t.Errorf("%+v", x.Booking)
	}
	if _, err := b.Reception.Desk.Unreceive(t.Context(), b.Liaison(), friday, party); !fault.Is(err, fault.WrongState) {
		t.Errorf("taken back: %v", err)
	}
}

// TestWhatTheStationDoesIsInNobodysWay: a day that is published and told of by itself meanwhile takes the edit of who saw
// it before.
func TestWhatTheStationDoesIsInNobodysWay(t *testing.T) {
	t.Parallel()
	b := court(t)
	seen := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t)
	if err := b.Reception.Sweep(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	if err := b.Reception.Accept(t.Context(), b.Liaison(), []deskreception.Filled{{Day: friday, Revision: seen.Version, Members: []string{"m01", "m03"}}}); err != nil {
		t.Fatal(err)
	}
	v := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t)
	if v.State != reception.Published || v.Hole.Open() {
		t.Errorf("%+v", v.Day)
	}
	if err := b.Reception.Accept(t.Context(), b.Liaison(), []deskreception.Filled{{Day: friday, Revision: seen.Version, Members: nil}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("over somebody's act: %v", err)
	}
}

// outcomes counts the notices that were delivered or listed, by how their line begins.
func outcomes(b *desktest.Bundle, prefix string) (n int) {
	b.Deliver()
	for _, o := range b.NoticeOutcomes() {
		if strings.HasPrefix(o, prefix) {
			n++
		}
	}
	return n
}

// TestWhoeverBookedIsToldOfEachChange: of a cancellation, that it is taken back, and of a slot that the station changed.
func TestWhoeverBookedIsToldOfEachChange(t *testing.T) {
	t.Parallel()
	b := court(t)
	d := published(t, b)
	x := desktest.Must1(b.Reception.Book(t.Context(), b.Visitor("villager"), "book-0001", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 1}))(t)
	d = desktest.Must1(b.Reception.Cancel(t.Context(), b.Liaison(), friday, d.Version, "停电"))(t)
	desktest.Same(t, "of the cancellation", outcomes(b, "visitor_booking"), 1)
	desktest.Must1(b.Reception.Restore(t.Context(), b.Liaison(), friday, d.Version))(t)
	desktest.Same(t, "that it is taken back", outcomes(b, "visitor_booking"), 2)
	desktest.Must1(b.Reception.Desk.ChangeFor(t.Context(), b.Liaison(), friday, x.ID, 10*60))(t)
	desktest.Same(t, "of another slot", outcomes(b, "visitor_booking"), 3)
	if trail := b.AuditTrail(); !slices.ContainsFunc(trail, func(l string) bool { return strings.HasPrefix(l, "booking-change liaison l01 "+friday) }) {
		t.Errorf("%q", trail)
	}
}

// TestASwapThatNobodyAnswers is told of once, at the day's lock, and can still be answered.
func TestASwapThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	m1 := b.Member("m01")
	v := desktest.Must1(b.Reception.AskSwap(t.Context(), m1, "swap-0001", friday, deskreception.AskedSwap{To: "m02", Reason: "公务"}))(t)
	again := desktest.Must1(b.Reception.AskSwap(t.Context(), m1, "swap-0001", friday, deskreception.AskedSwap{To: "m02", Reason: "公务"}))(t)
	if len(again.Swaps) != 1 || again.Swaps[0].ID != v.Swaps[0].ID {
		t.Errorf("sent again: %+v", again.Swaps)
	}
	told := func() bool {
		return desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t).Swaps[0].ToldLate
	}
	for _, at := range []struct {
		when time.Time
		want bool
	}{{time.Date(2026, 7, 23, 8, 59, 0, 0, station.Zone), false}, {time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone), true}} {
		b.Clock.Set(at.when)
		if err := b.Reception.Sweep(t.Context(), desktest.Here); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != at.want {
			t.Errorf("at %v: %v", at.when, got)
		}
	}
	desktest.Must1(b.Reception.Agree(t.Context(), b.Member("m02"), friday, v.Swaps[0].ID))(t)
}

// TestADamagedDayKeepsNoOtherFromWhatIsDue.
func TestADamagedDayKeepsNoOtherFromWhatIsDue(t *testing.T) {
	t.Parallel()
	b := court(t)
	b.PutEntry(b.Admin(), "j02", station.Reception{Name: "周四接待", Repeat: "每周四", From: 9 * 60, To: 12 * 60, Seats: 2})
	for id, member := range map[string]string{"20260723-j02": "m01", friday: "m03"} {
		d := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), id))(t)
		desktest.Must1(b.Reception.SetRoster(t.Context(), b.Liaison(), id, d.Version, []string{member}, ""))(t)
	}
	thursday := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), "20260723-j02"))(t)
	desktest.Must1(b.Reception.Publish(t.Context(), b.Liaison(), thursday.ID, thursday.Version))(t)
	desktest.Must1(b.Reception.Book(t.Context(), b.Visitor("villager"), "book-0001", desktest.Here, thursday.ID, deskreception.Party{Slot: 9 * 60, Persons: 1}))(t)
	if err := b.Server.Client(t).HSet(t.Context(), "{"+desktest.Here+"}:d:bookings", thursday.ID, "broken").Err(); err != nil {
		t.Fatal(err)
	}
	if err := b.Reception.Sweep(t.Context(), desktest.Here); !fault.Is(err, fault.Internal) {
		t.Errorf("the damage is not said: %v", err)
	}
	if d := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), friday))(t); d.State != reception.Published {
		t.Errorf("%+v", d.Day)
	}
}

// TestNobodyIsInTwoPlaces also when two processes put the same member on two days at one time: the second has read the
// days before the first wrote, and is refused nevertheless.
func TestNobodyIsInTwoPlaces(t *testing.T) {
	t.Parallel()
	b := court(t)
	b.PutEntry(b.Admin(), "j02", station.Reception{Name: "周五议事室", Room: "r1", Repeat: "每周五", From: 9 * 60, To: 12 * 60})
	const room = "20260724-j02"
	liaison := b.Liaison()
	put := map[string]func(*deskreception.Service) error{
		"one day": func(svc *deskreception.Service) error {
			_, err := svc.SetRoster(t.Context(), liaison, room, 0, []string{"m01"}, "")
			return err
		},
		"several": func(svc *deskreception.Service) error {
			return svc.Accept(t.Context(), liaison, []deskreception.Filled{{Day: room, Members: []string{"m01"}}})
		},
	}
	others := map[string]*deskreception.Service{}
	for what := range put {
		others[what] = b.SecondDesk().Reception
		desktest.Must1(others[what].Days(t.Context(), liaison, "", ""))(t) // its cache, on a clock that stands still
	}
	published(t, b)
	for what, act := range put {
		if err := act(others[what]); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "陈一那时在") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestAKeptDay strays no more until its rule says something else again, and nobody but who may edit it keeps it.
func TestAKeptDay(t *testing.T) {
	t.Parallel()
	b := court(t)
	v := published(t, b)
	if _, err := b.Reception.Keep(t.Context(), b.Liaison(), friday, v.Version); !fault.Is(err, fault.WrongState) {
		t.Errorf("a day that is its rule's: %v", err)
	}
	rule := station.Reception{Name: "委员接待日", Repeat: "每周四", From: 9 * 60, To: 12 * 60}
	b.PutEntry(b.Admin(), "j01", rule)
	stray := func() bool {
		for _, d := range desktest.Must1(b.Reception.Days(t.Context(), b.Liaison(), "", ""))(t).Days {
			if d.ID == friday {
				return d.Stray
			}
		}
		t.Fatal("the day is gone")
		return false
	}
	if !stray() {
		t.Error("the rule has another day and nobody is asked")
	}
	if _, err := b.Reception.Keep(t.Context(), b.Member("m01"), friday, v.Version); !fault.Is(err, fault.Denied) {
		t.Errorf("a member kept it: %v", err)
	}
	kept := desktest.Must1(b.Reception.Keep(t.Context(), b.Liaison(), friday, v.Version))(t)
	if kept.Stray || stray() {
		t.Error("a kept day strays")
	}
	rule.Repeat, rule.From = "每周五", 10*60
	b.PutEntry(b.Admin(), "j01", rule)
	if !stray() {
		t.Error("the rule was changed again and nobody is asked")
	}
}

// TestReport: the sums are those of the days, which are those that took place.
func TestReport(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	l := b.Liaison()
	b.Clock.Set(time.Date(2026, 7, 24, 9, 5, 0, 0, station.Zone))
	for i, persons := range []int{3, 1, 2} {
		h := desktest.Must1(b.Reception.Desk.Enter(t.Context(), l, desktest.Fresh(), friday, deskreception.Party{WalkIn: true, Persons: persons}))(t)
		id := h.Bookings[slices.IndexFunc(h.Bookings, func(x deskreception.BookingView) bool { return x.State == reception.Arrived })].ID
		if i == 2 {
			break // nobody received them
		}
		desktest.Must1(b.Reception.Desk.Receive(t.Context(), l, friday, id, reception.Result{Outcome: []reception.Outcome{reception.OnTheSpot, reception.Referred}[i], To: "社保所"}))(t)
	}
	empty := desktest.Must1(b.Reception.Report(t.Context(), l, "", ""))(t)
	if len(empty.Days) != 0 {
		t.Errorf("a day that has not ended counts: %+v", empty)
	}
	b.Clock.Set(time.Date(2026, 7, 24, 12, 30, 0, 0, station.Zone))
	if err := b.Reception.Sweep(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	d := desktest.Must1(b.Reception.Day(t.Context(), l, friday))(t)
	desktest.Must1(b.Reception.Close(t.Context(), l, friday, d.Version, []string{"m01"}))(t)
	r := desktest.Must1(b.Reception.Report(t.Context(), b.Member("m02"), "2026-07-01", "2026-07-31"))(t)
	if len(r.Days) != 1 || r.Sat != 1 || r.Whole.Received != 2 || r.Whole.PersonTimes != 4 || r.Whole.WalkIns != 3 || r.Days[0].PersonTimes != 4 ||
		r.Whole.Outcomes[reception.OnTheSpot] != 1 || r.Whole.Outcomes[reception.Referred] != 1 {
		t.Errorf("%+v", r)
	}
	if other := desktest.Must1(b.Reception.Report(t.Context(), l, "2026-07-25", "2026-12-31"))(t); len(other.Days) != 0 || other.Whole.PersonTimes != 0 {
		t.Errorf("another span: %+v", other)
	}
	if _, err := b.Reception.Report(t.Context(), b.Visitor("somebody"), "", ""); err == nil {
		t.Error("a visitor reads it")
	}
}
