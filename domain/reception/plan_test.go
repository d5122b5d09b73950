package reception_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/reception"
	"mashang/domain/station"
)

// year is the plan of 2026.
func year(t *testing.T, s *station.Station) []reception.Day {
	t.Helper()
	return reception.Plan(s, shipped(t), nil, "2026-01-01", "2026-12-31").Days
}

// TestReach: fifty members cannot each sit once a month on the Fridays of 2026.
func TestReach(t *testing.T) {
	t.Parallel()
	days := year(t, court(50, fridays()))
	if len(days) != 46 {
		t.Fatalf("%d days", len(days))
	}
	possible, wanted, each := 0, 0, map[int][]string{}
	for _, m := range reception.Reach(days, 50, 1, 6) {
		possible, wanted = possible+m.Possible, wanted+m.Wanted
		each[m.Each] = append(each[m.Each], m.Month)
		if m.Possible != 6*m.Days {
			t.Errorf("%+v", m)
		}
	}
	if possible != 276 || wanted != 600 {
		t.Errorf("%d of %d", possible, wanted)
	}
	if got := each[17]; !slices.Equal(got, []string{"2026-02", "2026-06", "2026-09"}) {
		t.Errorf("17 on each day in %v", got)
	}
	delete(each, 17)
	for _, m := range reception.Reach(days, 50, 1, 0) {
		if want := (50 + m.Days - 1) / m.Days; m.Each != want || m.Possible != 50*m.Days {
			t.Errorf("%+v", m)
		}
		if m.Days == 4 && m.Each != 13 {
			t.Errorf("%+v", m)
		}
	}
	// A day's own bound counts, and a cancelled day does not.
	days[0].Terms.Max, days[1].State = 2, reception.Cancelled
	if first := reception.Reach(days, 50, 1, 6)[0]; first.Possible != 2+6*(first.Days-1) || first.Month != days[0].Date[:7] {
		t.Errorf("%+v", first)
	}
}

// take carries proposals out.
func take(t tester, b reception.Book, list []reception.Proposal) []reception.Day {
	t.Helper()
	days := slices.Clone(b.Days)
	for _, p := range list {
		d := find(days, p.Day)
		*d = must[reception.Day](t, "proposal")(
			reception.Book{Station: b.Station, Days: days}.SetRoster(*d, append(d.Members(), p.Adds...), "", when("2025-12-31 09:00")))
	}
	return days
}

// loads counts who sits how often.
func loads(s *station.Station, days []reception.Day) map[string]int {
	n := map[string]int{}
	for _, m := range s.Members {
		if !m.Left {
			n[m.ID] = 0
		}
	}
	for _, d := range days {
		if d.State != reception.Cancelled {
			for _, id := range d.Members() {
				n[id]++
			}
		}
	}
	return n
}

// spread is the difference between the greatest and the least load.
func spread(n map[string]int) int {
	list := slices.Collect(maps.Values(n))
	return slices.Max(list) - slices.Min(list)
}

// TestAYearIsFilledFairly: thirteen of fifty on each Friday.
func TestAYearIsFilledFairly(t *testing.T) {
	t.Parallel()
	s := court(50, fridays())
	b := book(s, year(t, s)...)
	now := when("2025-12-31 09:00")
	list := b.Fill(now, nil, nil, 13)
	if again := b.Fill(now, nil, nil, 13); fmt.Sprint(again) != fmt.Sprint(list) {
		t.Error("another proposal for the same")
	}
	days := take(t, b, list)
	for _, d := range days {
		if len(d.Members()) != 13 {
			t.Errorf("%s: %d", d.ID, len(d.Members()))
		}
	}
	if n := loads(s, days); spread(n) > 1 {
		t.Errorf("loads %v", n)
	}
	if more := book(s, days...).Fill(now, nil, nil, 13); len(more) != 0 {
		t.Errorf("a filled year is filled again: %v", more)
	}
	// Who sat much before sits less.
	sat := map[string]int{"m01": 5, "m02": 5}
	n := loads(s, take(t, b, b.Fill(now, sat, nil, 13)))
	for id, k := range sat {
		n[id] += k
	}
	if spread(n) > 1 {
		t.Errorf("loads with those of before %v", n)
	}
}

// TestFillKeepsToWhatIsNeeded: nobody sits who is away, or who declines while somebody else fits; what a day needs is
// there whenever somebody free has it.
func TestFillKeepsToWhatIsNeeded(t *testing.T) {
	t.Parallel()
	room := station.Reception{ID: "j02", Name: "一号室", Room: "r01", Repeat: "每周五", From: 9 * 60, To: 12 * 60, Sectors: []string{"教育界"}, Max: 3}
	rule := fridays()
	rule.Expertise, rule.Min = []string{"法律咨询"}, 2
	cal := shipped(t)
	now := when("2025-12-31 09:00")
	rapid.Check(t, func(t *rapid.T) {
		s := court(rapid.IntRange(1, 16).Draw(t, "members"), rule, room)
		days := reception.Plan(s, cal, nil, "2026-03-01", "2026-04-30").Days
		date := rapid.Custom(func(t *rapid.T) string { return days[rapid.IntRange(0, len(days)-1).Draw(t, "day")].Date })
		wishes := map[string]reception.Wish{}
		for i := range s.Members {
			m := &s.Members[i]
			for range rapid.IntRange(0, 3).Draw(t, "absences") {
				away := date.Draw(t, "away")
				m.Absences = append(m.Absences, station.Absence{From: away, To: away})
			}
			wishes[m.ID] = reception.Wish{}
			for _, d := range days {
				wishes[m.ID][d.ID] = rapid.SampledFrom([]reception.Preference{"", "", reception.Wants, reception.Declines}).Draw(t, "prefers")
			}
		}
		b := book(s, days...)
		list := b.Fill(now, nil, wishes, rapid.IntRange(0, 5).Draw(t, "aim"))
		filled := book(s, take(t, b, list)...)
		short := map[string]reception.Proposal{}
		for _, p := range list {
			short[p.Day] = p
		}
		for _, d := range filled.Days {
			for _, id := range d.Members() {
				m, _ := s.Member(id)
				if _, double := filled.Busy(id, d); double || m.Away(d.Start()) {
					t.Fatalf("%s sits on %s", id, d.ID)
				}
				if wishes[id].Of(d.ID) != reception.Declines {
					continue
				}
				for _, o := range s.Members {
					if wishes[o.ID].Of(d.ID) != reception.Declines && filled.Free(o.ID, d) && replaces(filled, d, id, o) {
						t.Fatalf("%s declined %s and sits on it, and %s is free", id, d.ID, o.ID)
					}
				}
			}
			h, p := filled.Hole(d, now), short[d.ID]
			if h.Few != p.Short || !slices.Equal(h.Sectors, p.Sectors) || !slices.Equal(h.Expertise, p.Expertise) {
				t.Fatalf("%s: %+v is proposed, and lacks %+v", d.ID, p, h)
			}
			if len(h.Sectors)+len(h.Expertise)+h.Few == 0 || d.Terms.Max > 0 && len(d.Members()) >= d.Terms.Max {
				continue
			}
			for _, m := range s.Members {
				if !filled.Free(m.ID, d) {
					continue
				}
				if slices.Contains(h.Sectors, m.Sector) || len(h.Expertise) > 0 && len(m.Expertise) > 0 || h.Few > 0 {
					t.Fatalf("%s lacks %+v and %s is free", d.ID, h, m.ID)
				}
			}
		}
	})
}

// TestWhoIsNeededIsNotUsedUp by another day at the same time that only needs somebody.
func TestWhoIsNeededIsNotUsedUp(t *testing.T) {
	t.Parallel()
	s := court(2, fridays(), station.Reception{
		ID: "j02", Name: "一号室", Room: "r01", Repeat: "每周五", From: 9 * 60, To: 12 * 60, Expertise: []string{"法律咨询"},
	})
	b := book(s, reception.Plan(s, shipped(t), nil, "2026-12-04", "2026-12-04").Days...)
	got := b.Fill(early, map[string]int{"m02": 9}, nil, 0)
	if len(got) != 2 || !slices.Equal(got[0].Adds, []string{"m02"}) || !slices.Equal(got[1].Adds, []string{"m01"}) {
		t.Errorf("%+v", got)
	}
}

// TestWhoBecomesFreeIsAskedAgain: m02 gives the seat at the station to m03, who sits less, and the room needs them.
func TestWhoBecomesFreeIsAskedAgain(t *testing.T) {
	t.Parallel()
	rule := fridays()
	rule.Expertise = []string{"法律咨询"}
	s := court(3, rule, station.Reception{
		ID: "j02", Name: "一号室", Room: "r01", Repeat: "2026-12-04", From: 9 * 60, To: 12 * 60, Sectors: []string{"教育界"},
	})
	s.Members[0].Expertise, s.Members[1].Expertise, s.Members[2].Expertise = nil, rule.Expertise, rule.Expertise
	away(s, "m03", "2026-12-11", "2026-12-11")
	b := book(s, reception.Plan(s, shipped(t), nil, "2026-12-04", "2026-12-11").Days...)
	got := map[string][]string{}
	for _, p := range b.Fill(early, nil, nil, 0) {
		got[p.Day] = p.Adds
	}
	if want := "map[20261204-j01:[m03] 20261204-j02:[m01 m02] 20261211-j01:[m02]]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// replaces reports whether the day lacks no more with one in the place of another.
func replaces(b reception.Book, d reception.Day, from string, to station.Member) bool {
	coming := b.Coming(d)
	s1, e1 := d.Lacking(coming)
	others := slices.DeleteFunc(slices.Clone(coming), func(m station.Member) bool { return m.ID == from })
	s2, e2 := d.Lacking(append(others, to))
	return len(s2) <= len(s1) && len(e2) <= len(e1)
}

// TestWishes: whoever declines a day sits on it once nobody else can; who wants it comes before who sat as often, and
// not before who sat less.
func TestWishes(t *testing.T) {
	t.Parallel()
	const day = "20261204-j01"
	s := court(3, fridays())
	b := book(s, friday(t, s))
	wishes := map[string]reception.Wish{"m01": {day: reception.Declines}, "m03": {day: reception.Wants}, "gone": {day: reception.Wants}}
	for _, x := range []struct {
		aim  int
		sat  map[string]int
		want []string
	}{
		{1, nil, []string{"m03"}},
		{1, map[string]int{"m03": 1}, []string{"m02"}},
		{1, map[string]int{"m02": 9, "m03": 9}, []string{"m03"}},
		{3, nil, []string{"m03", "m02", "m01"}},
	} {
		got := b.Fill(early, x.sat, wishes, x.aim)
		if len(got) != 1 || !slices.Equal(got[0].Adds, x.want) || !slices.Equal(got[0].Wanting, []string{"m03"}) {
			t.Errorf("%d: %+v", x.aim, got)
		}
	}
	// Somebody who is out is not proposed for the same day.
	out := must[reception.Day](t, "out")(friday(t, s, "m03").Confirm("m03", true, early))
	if got := book(s, out).Fill(early, nil, wishes, 1); len(got) != 1 || !slices.Equal(got[0].Adds, []string{"m02"}) {
		t.Errorf("%+v", got)
	}
	away(s, "m02", "2026-12-04", "2026-12-04")
	if got := book(s, out).Fill(early, nil, wishes, 1); len(got) != 1 || !slices.Equal(got[0].Adds, []string{"m01"}) {
		t.Errorf("%+v", got)
	}
}

// TestWishesOfSeveralDays: who would be taken for the first day by their number is left for the one they want, and
// loads stay as even as they are without wishes.
func TestWishesOfSeveralDays(t *testing.T) {
	t.Parallel()
	s := court(2, fridays())
	b := book(s, reception.Plan(s, shipped(t), nil, "2026-12-04", "2026-12-11").Days...)
	got := b.Fill(early, nil, map[string]reception.Wish{"m01": {"20261211-j01": reception.Wants}}, 1)
	if len(got) != 2 || !slices.Equal(got[0].Adds, []string{"m02"}) || !slices.Equal(got[1].Adds, []string{"m01"}) {
		t.Errorf("%+v", got)
	}
	s = court(50, fridays())
	b = book(s, year(t, s)...)
	wishes := map[string]reception.Wish{}
	r := rand.New(rand.NewPCG(3, 4))
	for _, m := range s.Members {
		wishes[m.ID] = reception.Wish{}
		for _, d := range b.Days {
			switch r.IntN(5) {
			case 0:
				wishes[m.ID][d.ID] = reception.Wants
			case 1:
				wishes[m.ID][d.ID] = reception.Declines
			}
		}
	}
	days := take(t, b, b.Fill(when("2025-12-31 09:00"), nil, wishes, 6))
	if n := loads(s, days); spread(n) > 1 {
		t.Errorf("loads %v", n)
	}
	met := map[reception.Preference]int{}
	for _, d := range days {
		for _, id := range d.Members() {
			met[wishes[id].Of(d.ID)]++
		}
	}
	if all := len(days) * 6; met[reception.Declines] > 0 || met[reception.Wants] < all*9/10 {
		t.Errorf("of %d seats %v", all, met)
	}
}

// TestCandidatesWithWishes: who does not fit stays behind who fits, whatever they prefer.
func TestCandidatesWithWishes(t *testing.T) {
	t.Parallel()
	const day = "20261204-j01"
	list := []reception.Candidate{{Member: "m01", Fits: true}, {Member: "m02", Fits: true}, {Member: "m03", Fits: true, Sat: 1}, {Member: "m04"}}
	got := reception.WithWishes(list, day, map[string]reception.Wish{
		"m01": {day: reception.Declines}, "m03": {day: reception.Wants}, "m04": {day: reception.Wants},
	})
	var order []string
	for _, c := range got {
		order = append(order, c.Member+string(c.Prefers))
	}
	if want := "[m02 m03wants m01declines m04wants]"; fmt.Sprint(order) != want {
		t.Errorf("%v, want %s", order, want)
	}
	if list[0].Prefers != "" {
		t.Error("the caller's list was changed")
	}
}

// big is a station of fifty members, with weekly slots, days at the station and in ten rooms.
func big() *station.Station {
	s := court(50)
	for i := range 11 {
		r := station.Reception{
			ID: fmt.Sprintf("j%02d", i), Name: fmt.Sprintf("议事室%02d", i), Repeat: "每周五", From: 9 * 60, To: 12 * 60, Min: 2,
			Sectors: []string{s.Sectors[i%4].Name},
		}
		if i > 0 {
			r.Room = fmt.Sprintf("r%02d", i)
			s.Rooms = append(s.Rooms, station.Room{ID: r.Room})
		}
		s.Receptions = append(s.Receptions, r)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 476 {
		s.Duty = append(s.Duty, station.DutySlot{
			Member: s.Members[r.IntN(50)].ID, Room: fmt.Sprintf("r%02d", 1+i%10), Weekday: 1 + i%6, From: 9 * 60, To: 12 * 60,
		})
	}
	return s
}

// spans runs a benchmark over the days of eight weeks and of a year.
func spans(b *testing.B, s *station.Station, run func(b *testing.B, days []reception.Day)) {
	b.Helper()
	for name, to := range map[string]string{"8 weeks": "2026-04-25", "a year": "2027-02-28"} {
		b.Run(name, func(b *testing.B) { run(b, reception.Plan(s, shipped(b), nil, "2026-03-01", to).Days) })
	}
}

var march = when("2026-03-01 00:00")

func BenchmarkHoles(b *testing.B) {
	s := big()
	spans(b, s, func(b *testing.B, days []reception.Day) {
		b.Helper()
		full := book(s, take(b, book(s, days...), book(s, days...).Fill(march, nil, nil, 3))...)
		for b.Loop() {
			full.Holes(march)
		}
	})
}

func BenchmarkPlan(b *testing.B) {
	s, cal := big(), shipped(b)
	for b.Loop() {
		reception.Plan(s, cal, nil, "2026-03-01", "2026-04-25")
	}
}

func BenchmarkFill(b *testing.B) {
	s := big()
	spans(b, s, func(b *testing.B, days []reception.Day) {
		b.Helper()
		sat := map[string]int{"m01": 60, "m02": 40} // much is to be levelled
		for b.Loop() {
			book(s, days...).Fill(march, sat, nil, 3)
		}
	})
}

// BenchmarkFillWithWishes has every member say something of every day of three months, as far as they can.
func BenchmarkFillWithWishes(b *testing.B) {
	s := big()
	spans(b, s, func(b *testing.B, days []reception.Day) {
		b.Helper()
		wishes := map[string]reception.Wish{}
		for i, m := range s.Members {
			wishes[m.ID] = reception.Wish{}
			for j, d := range days[:min(len(days), 143)] {
				wishes[m.ID][d.ID] = []reception.Preference{"", "", reception.Wants, "", reception.Declines}[(i*7+j*3)%5]
			}
		}
		for b.Loop() {
			book(s, days...).Fill(march, nil, wishes, 3)
		}
	})
}
