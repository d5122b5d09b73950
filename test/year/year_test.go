package year_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	deskreception "mashang/desk/reception"
	"mashang/desk/roster"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// season is a station whose year goes by through its desk.
type season struct {
	*desktest.Bundle

	t            *testing.T
	members, aim int
	chance       *rand.Rand
	// persons is how many are received on the n-th day.
	persons func(n int) int
	// told are the notices that may go out once, with the day on which they did.
	told map[string]time.Time
	// holes is what each day lacked when the liaison was told of it last, and seats whether a member was told last
	// that they sit on a day.
	holes map[string]string
	seats map[string]bool
	// received are the persons of each day as they were received.
	received map[string]int
	// closed are who sat on each day that is closed.
	closed map[string][]string
	// swapped, ill and short are what was seen.
	swapped, ill, short int
}

// newSeason is a station of members with one rule, on the first of January.
func newSeason(t *testing.T, members, aim int, rule station.Reception) *season {
	t.Helper()
	s := &season{
		Bundle: desktest.Setup(t), t: t, members: members, aim: aim, chance: rand.New(rand.NewPCG(2026, uint64(members))),
		told: map[string]time.Time{}, holes: map[string]string{}, seats: map[string]bool{}, received: map[string]int{}, closed: map[string][]string{},
	}
	st := desktest.Town()
	st.Members, st.Duty, st.Receptions = nil, nil, []station.Reception{rule}
	for i := range members {
		st.Members = append(st.Members, station.Member{
			ID: fmt.Sprintf("m%02d", i+1), Name: fmt.Sprintf("委员%02d", i+1), Sector: st.Sectors[i%len(st.Sectors)].Name,
		})
	}
	s.Put(st, 1)
	s.Clock.Set(time.Date(2026, 1, 1, 7, 0, 0, 0, station.Zone))
	return s
}

// days returns the days of a span of time.
func (s *season) days(from, to time.Time) []deskreception.DayView {
	s.t.Helper()
	p, err := s.Reception.Days(s.t.Context(), s.Liaison(), from.Format(time.DateOnly), to.Format(time.DateOnly))
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Days
}

// sweep does what is due at a time, and looks at what it tells.
func (s *season) sweep(at time.Time) {
	s.t.Helper()
	s.Clock.Set(at)
	if err := s.Reception.Sweep(s.t.Context(), desktest.Here); err != nil {
		s.t.Fatal(err)
	}
	s.hear(at)
}

// hear reads the notices that wait, takes them out, and fails for one that says again what was said.
func (s *season) hear(at time.Time) {
	s.t.Helper()
	c := s.Server.Client(s.t)
	data, index := "{"+desktest.Here+"}:ob:d", "{"+desktest.Here+"}:ob"
	lines, err := c.HGetAll(s.t.Context(), data).Result()
	if err != nil {
		s.t.Fatal(err)
	}
	var list []notice.Entry
	for _, line := range lines {
		_, text, _ := strings.Cut(line, "\n")
		var e notice.Entry
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			s.t.Fatal(err)
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b notice.Entry) int { return int(a.At - b.At) })
	days := map[string]deskreception.DayView{}
	if len(list) > 0 {
		for _, d := range s.days(at.AddDate(0, 0, -10), at.AddDate(0, 0, 60)) {
			days[d.ID] = d
		}
		if err := c.Del(s.t.Context(), data, index).Err(); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, e := range list {
		s.once(e, days[e.Day], at)
	}
}

// once fails for a notice that says again what its receiver has been told.
func (s *season) once(e notice.Entry, d deskreception.DayView, at time.Time) {
	s.t.Helper()
	what := fmt.Sprintf("%s %s%s%s of %s %s%s", e.About, e.Member, e.Liaison, e.Person, e.Day, e.Swap, e.Booking)
	before, again := s.told[what]
	s.told[what] = at
	seat := e.Member + " " + e.Day
	switch {
	case e.About == notice.AboutHole:
		// Of the same hole again after two days.
		if again && s.holes[e.Day] == d.Hole.Key() && at.Sub(before) < 48*time.Hour {
			s.t.Errorf("%v: told again after %v: %s, which lacks %+v", at, at.Sub(before), what, d.Hole)
		}
		s.holes[e.Day] = d.Hole.Key()
	case e.About == notice.AboutRosterChanged:
		sits := d.Sits(e.Member) >= 0
		if was, told := s.seats[seat]; told && was == sits || !told && !sits {
			s.t.Errorf("%v: told again: %s", at, what)
		}
		s.seats[seat] = sits
	case again:
		s.t.Errorf("%v: told again: %s", at, what)
	case e.About == notice.AboutSwapApproved:
		s.seats[seat] = d.Sits(e.Member) >= 0
	}
}

// monday is the liaison's: all days of eight weeks are filled.
func (s *season) monday(at time.Time) {
	s.t.Helper()
	list, _, err := s.Reception.Fill(s.t.Context(), s.Liaison(), "", "", s.aim)
	if err != nil {
		s.t.Fatal(err)
	}
	var accepted []deskreception.Filled
	for _, p := range list {
		if len(p.Adds) > 0 {
			accepted = append(accepted, deskreception.Filled{Day: p.Day, Revision: p.View.Version, Members: append(p.View.Members(), p.Adds...)})
		}
	}
	if len(accepted) > 0 {
		if err := s.Reception.Accept(s.t.Context(), s.Liaison(), accepted); err != nil {
			s.t.Fatal(err)
		}
	}
	s.hear(at)
}

// noon is the members': they fall ill, and ask others to take their seat. One swap in five lies.
func (s *season) noon(at time.Time, coming []deskreception.DayView) {
	s.t.Helper()
	s.Clock.Set(at)
	if s.chance.IntN(3) == 0 {
		m := fmt.Sprintf("m%02d", 1+s.chance.IntN(s.members))
		last := at.AddDate(0, 0, s.chance.IntN(9))
		s.absent(m, at, last)
		s.ill++
	}
	for _, d := range coming {
		if d.State != reception.Published || !at.Before(d.Start()) || len(d.Members()) == 0 || s.chance.IntN(4) > 0 {
			continue
		}
		from := d.Members()[s.chance.IntN(len(d.Members()))]
		ctx, asks := s.t.Context(), s.Member(from)
		list, _, err := s.Reception.Candidates(ctx, asks, d.ID, "")
		if err != nil {
			s.t.Fatal(err)
		}
		if len(list) == 0 || slices.ContainsFunc(d.Swaps, func(x reception.Swap) bool { return x.Open() && x.From == from }) {
			continue
		}
		to := list[0].Member
		v := desktest.Must1(s.Reception.AskSwap(ctx, asks, fmt.Sprintf("swap-%s-%d", d.ID, at.Unix()), d.ID, deskreception.AskedSwap{To: to, Reason: "公务"}))(s.t)
		swap := v.Swaps[len(v.Swaps)-1].ID
		desktest.Must1(s.Reception.Agree(ctx, s.Member(to), d.ID, swap))(s.t)
		if s.chance.IntN(5) > 0 {
			desktest.Must1(s.Reception.Approve(ctx, s.Liaison(), d.ID, swap, "没有别人"))(s.t)
			s.swapped++
		}
	}
	s.hear(at)
}

// absent reports an absence.
func (s *season) absent(member string, from, to time.Time) {
	s.t.Helper()
	r := roster.AbsenceRequest{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}
	desktest.Must1(s.Roster.ReportAbsence(s.t.Context(), s.Liaison(), member, r))(s.t)
}

// book is a villager's, two days before.
func (s *season) book(day string, n int) string {
	s.t.Helper()
	c := s.Visitor(fmt.Sprintf("villager%d", n%7))
	p := deskreception.Party{Slot: 9*60 + 30*(n%4), Persons: 3}
	return desktest.Must1(s.Reception.Book(s.t.Context(), c, "book-"+day, desktest.Here, day, p))(s.t).ID
}

// receive is the morning itself: whoever booked, and a walk-in party with the rest of the persons.
func (s *season) receive(d deskreception.DayView, booking string, n int) {
	s.t.Helper()
	ctx, liaison := s.t.Context(), s.Liaison()
	s.Clock.Set(d.Start().Add(5 * time.Minute))
	desktest.Must1(s.Reception.Desk.Arrive(ctx, liaison, d.ID, booking))(s.t)
	h := desktest.Must1(s.Reception.Desk.Enter(ctx, liaison, "walk-"+d.ID, d.ID, deskreception.Party{WalkIn: true, Persons: s.persons(n) - 3}))(s.t)
	for _, x := range h.Bookings {
		desktest.Must1(s.Reception.Desk.Receive(ctx, liaison, d.ID, x.ID, reception.Result{Outcome: reception.OnTheSpot}))(s.t)
		s.received[d.ID] += x.Persons
	}
}

// close is the liaison's, after the day ended by itself.
func (s *season) close(d deskreception.DayView) {
	s.t.Helper()
	s.sweep(d.End().Add(time.Minute))
	v := desktest.Must1(s.Reception.Day(s.t.Context(), s.Liaison(), d.ID))(s.t)
	if v.State != reception.Held {
		s.t.Errorf("%s is %s after its end", d.ID, v.State)
	}
	v = desktest.Must1(s.Reception.Close(s.t.Context(), s.Liaison(), d.ID, v.Version, v.Members()))(s.t)
	s.closed[d.ID] = v.Members()
}

// run lets the year go by.
func (s *season) run() {
	s.t.Helper()
	bookings := map[string]string{}
	for at := s.Clock.Now(); at.Year() == 2026; at = at.AddDate(0, 0, 1) {
		s.sweep(at)
		if at.Weekday() == time.Monday || at.YearDay() == 1 {
			s.monday(at)
		}
		s.noon(at.Add(time.Hour), s.days(at, at.AddDate(0, 0, 7)))
		if len(s.days(at, at.AddDate(0, 0, 2))) == 0 {
			continue
		}
		s.sweep(at.Add(90 * time.Minute)) // before a day begins
		for _, d := range s.days(at, at.AddDate(0, 0, 2)) {
			n := len(s.closed)
			if bookings[d.ID] == "" {
				bookings[d.ID] = s.book(d.ID, n)
			}
			if d.Date == at.Format(time.DateOnly) {
				s.check(d)
				s.receive(d, bookings[d.ID], n)
				s.close(d)
			}
		}
		// In the evening, when visitors are reminded.
		s.sweep(at.Add(10*time.Hour + time.Minute))
	}
}

// check looks at a day before it begins: whatever it lacks the liaison was told.
func (s *season) check(d deskreception.DayView) {
	s.t.Helper()
	if d.State != reception.Published {
		s.t.Errorf("%s is %s on its day", d.ID, d.State)
	}
	if !d.Hole.Open() {
		return
	}
	s.short++
	if s.holes[d.ID] != d.Hole.Key() {
		s.t.Errorf("%s lacks %+v, and the liaison was not told", d.ID, d.Hole)
	}
}

// TestAYearThroughTheDesk: the days of a court and of a county station are published, filled, swapped, held and closed by
// the desk. Every hole was told, nobody is told anything twice, everybody sits about as often as the others, and the
// figures of the days are the persons who were received.
func TestAYearThroughTheDesk(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		members, aim, days int
		rule               station.Reception
		persons            func(n int) int
	}{
		"court": {50, 6, 46, station.Reception{Repeat: "每周五", Holidays: recurrence.Skip, Min: 2}, func(n int) int {
			if n < 30 { // 46 days with 260 persons in all
				return 6
			}
			return 5
		}},
		"county": {20, 2, 52, station.Reception{Repeat: "每周六", Holidays: recurrence.Keep, Min: 2}, func(int) int { return 5 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x.rule.ID, x.rule.Name, x.rule.From, x.rule.To, x.rule.Seats, x.rule.WalkIns = "j01", "委员接待日", 9*60, 12*60, 3, 1
			s := newSeason(t, x.members, x.aim, x.rule)
			s.persons = x.persons
			s.run()
			desktest.Same(t, "days", len(s.closed), x.days)
			if s.swapped == 0 || s.ill == 0 || name == "county" && s.short == 0 {
				t.Errorf("%d swaps, %d ill, %d days short: too little to say anything", s.swapped, s.ill, s.short)
			}
			sum, received := 0, 0
			for id := range s.closed {
				sum += desktest.Must1(s.Reception.Desk.Hour(t.Context(), s.Liaison(), id))(t).Figures.PersonTimes
				received += s.received[id]
			}
			desktest.Same(t, "person-times of all days", sum, 260)
			desktest.Same(t, "persons received", received, 260)
			loads := map[string]int{}
			all := 0
			for _, list := range s.closed {
				for _, id := range list {
					loads[id]++
					all++
				}
			}
			fair := float64(all) / float64(x.members)
			for i := range x.members {
				id := fmt.Sprintf("m%02d", i+1)
				if math.Abs(float64(loads[id])-fair) >= 2 {
					t.Errorf("%s sat %d times, fair is %.1f", id, loads[id], fair)
				}
			}
			t.Logf("%d swaps, %d ill, %d days short, loads around %.1f", s.swapped, s.ill, s.short, fair)
		})
	}
}
