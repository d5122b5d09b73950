package reception_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/reception"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// season is a station whose year goes by, day by day.
type season struct {
	t      *testing.T
	name   string
	st     *station.Station
	cal    *calendar.Calendar
	stored []reception.Day
	chance *rand.Rand
	aim    int
	// said are the holes that somebody was shown before the day began.
	said map[string]bool
	// met are what was seen.
	held, swapped, unfilled, ill int
}

// book is what the station knows at the time: eight weeks ahead, and what is stored of the days before.
func (s *season) book(now time.Time) reception.Book {
	from, to := now.AddDate(0, 0, -1).Format(time.DateOnly), now.AddDate(0, 0, 56).Format(time.DateOnly)
	return reception.Book{Station: s.st, Days: reception.Plan(s.st, s.cal, s.stored, from, to).Days}
}

func (s *season) store(d reception.Day) {
	d.Revision++
	if old := find(s.stored, d.ID); old != nil {
		*old = d
		return
	}
	s.stored = append(s.stored, d)
}

// sat counts the days before a date, as fairness looks at them.
func (s *season) sat(date string) map[string]int {
	n := map[string]int{}
	for _, d := range s.stored {
		if d.Date < date && d.State != reception.Cancelled {
			for _, id := range d.Members() {
				n[id]++
			}
		}
	}
	return n
}

// morning is what the station's own clock does each day, and its liaison on Mondays: in between holes stay.
func (s *season) morning(now time.Time) {
	for i, d := range s.stored {
		if next, over := d.Finish(now); over {
			s.stored[i] = must[reception.Day](s.t, "close")(next.Close(next.Members(), now))
			s.held++
		}
	}
	b := s.book(now)
	var list []reception.Proposal
	if now.Weekday() == time.Monday || now.YearDay() == 1 {
		list = b.Fill(now, s.sat(b.Days[0].Date), nil, s.aim)
	}
	for _, p := range list {
		b = s.book(now)
		d := *find(b.Days, p.Day)
		s.store(must[reception.Day](s.t, "fill")(b.SetRoster(d, append(d.Members(), p.Adds...), "", now)))
	}
	for _, d := range s.book(now).Days {
		if d.DueToPublish(now) {
			s.store(must[reception.Day](s.t, "publish")(d.Publish(now)))
		}
	}
}

// noon is what members do: fall ill, and ask others to take their seat.
func (s *season) noon(now time.Time) {
	if s.chance.IntN(2) == 0 {
		m := &s.st.Members[s.chance.IntN(len(s.st.Members))]
		last := now.AddDate(0, 0, s.chance.IntN(9))
		m.Absences = append(m.Absences, station.Absence{From: now.Format(time.DateOnly), To: last.Format(time.DateOnly)})
		s.ill++
	}
	b := s.book(now)
	for _, d := range b.Days {
		if d.State != reception.Published || !now.Before(d.Start()) || len(d.Members()) == 0 || s.chance.IntN(4) > 0 {
			continue
		}
		from := d.Members()[s.chance.IntN(len(d.Members()))]
		list := b.Candidates(d, from, s.sat(d.Date))
		x := reception.Swap{ID: fmt.Sprint("s", len(d.Swaps)), From: from, Reason: "公务"}
		d, err := b.AskSwap(d, x, nil, now)
		if err != nil || len(list) == 0 {
			continue
		}
		d = must[reception.Day](s.t, "agree")(b.Agree(d, x.ID, list[0].Member, now))
		if s.chance.IntN(5) == 0 { // nobody looks at it
			s.store(d)
			continue
		}
		d, _, err = b.Approve(d, x.ID, "没有别人", nil, true, now)
		s.store(must[reception.Day](s.t, "approve")(d, err))
		s.swapped++
		b = s.book(now)
	}
}

// check looks at the day before it begins: whatever it lacks was said, and nobody is in two places.
func (s *season) check(now time.Time) {
	b := s.book(now)
	date := now.Format(time.DateOnly)
	for _, h := range b.Holes(now) {
		s.said[h.Day] = true
	}
	for i, d := range b.Days {
		if d.Date == date && d.State != reception.Published {
			s.t.Errorf("%s: %s is %s on its day", s.name, d.ID, d.State)
		}
		coming := 0
		for _, id := range d.Members() {
			if m, _ := s.st.Member(id); !m.Away(d.Start()) {
				coming++
			}
		}
		if d.Date == date && coming < d.Terms.Min {
			if s.unfilled++; !s.said[d.ID] {
				s.t.Errorf("%s: nobody was told that %s has %d", s.name, d.ID, coming)
			}
		}
		for _, o := range b.Days[:i] {
			if o.Overlaps(d) && slices.ContainsFunc(d.Members(), func(id string) bool { return o.Sits(id) >= 0 }) {
				s.t.Errorf("%s: somebody is on %s and on %s", s.name, o.ID, d.ID)
			}
		}
	}
}

// TestAYearOfThreeStations: days are published when they are due, members fall ill and swap, and at the end everybody
// sat about as often as the others.
func TestAYearOfThreeStations(t *testing.T) {
	t.Parallel()
	town := station.Reception{ID: "j01", Name: "镇接待日", Repeat: "每月10日、20日", Holidays: recurrence.Move, From: 9 * 60, To: 11 * 60, Min: 2}
	village := town
	village.ID, village.Room, village.Min = "j02", "r01", 1
	for _, x := range []struct {
		name    string
		members int
		aim     int
		days    int
		rules   []station.Reception
	}{
		{"court", 50, 6, 46, []station.Reception{fridays()}},
		{"county", 20, 2, 52, []station.Reception{{ID: "j01", Name: "青年接待日", Repeat: "每周六", Holidays: recurrence.Keep, From: 9 * 60, To: 12 * 60, Min: 2}}},
		{"town", 31, 2, 48, []station.Reception{town, village}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := &season{t: t, name: x.name, st: court(x.members, x.rules...), cal: shipped(t), aim: x.aim, said: map[string]bool{}}
			s.chance = rand.New(rand.NewPCG(2026, uint64(x.members)))
			for now := when("2026-01-01 07:00"); now.Year() == 2026; now = now.AddDate(0, 0, 1) {
				s.morning(now)
				s.check(now.Add(90 * time.Minute))
				s.noon(now.Add(6 * time.Hour))
			}
			s.morning(when("2027-01-01 07:00"))
			if s.held != x.days || s.swapped == 0 || s.ill == 0 {
				t.Errorf("%d days were held, %d swaps, %d ill", s.held, s.swapped, s.ill)
			}
			var last []reception.Day
			for _, d := range s.stored {
				if d.State == reception.Closed {
					last = append(last, d)
				}
			}
			n, all := loads(s.st, last), 0
			for _, k := range n {
				all += k
			}
			fair := float64(all) / float64(len(n))
			for id, k := range n {
				if math.Abs(float64(k)-fair) >= 2 {
					t.Errorf("%s sat %d times, fair is %.1f", id, k, fair)
				}
			}
			if x.name == "county" && s.unfilled == 0 {
				t.Error("no day lacked anybody: nothing was asked of the holes")
			}
			t.Logf("%d swaps, %d ill, %d days too few; spread %d", s.swapped, s.ill, s.unfilled, spread(n))
		})
	}
}
