package reception_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mashang/adapters/holidays"
	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// when reads a local time, 2026-12-04 09:00.
func when(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, station.Zone)
	if err != nil {
		panic(err)
	}
	return at
}

// tester is testing.TB and rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// must fails unless an act was done.
func must[T any](t tester, what string) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return x
	}
}

// refused fails unless the error has the code.
func refused(t tester, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// people are n members m01, m02, …: in turn of four sectors, every fifth of them a lawyer.
func people(n int) []station.Member {
	sectors := []string{"农业界", "教育界", "医药卫生界", "工商联界"}
	list := make([]station.Member, n)
	for i := range list {
		list[i] = station.Member{ID: fmt.Sprintf("m%02d", i+1), Name: fmt.Sprintf("委员%02d", i+1), Sector: sectors[i%len(sectors)]}
		if i%5 == 0 {
			list[i].Expertise = []string{"法律咨询"}
		}
	}
	return list
}

// fridays is a court's rule: every Friday morning, none on a holiday.
func fridays() station.Reception {
	return station.Reception{
		ID: "j01", Name: "法院接待日", Repeat: "每周五", Holidays: recurrence.Skip, From: 9 * 60, To: 12 * 60, Seats: 3, WalkIns: 1,
	}
}

// court is a station of n members with rules.
func court(n int, rules ...station.Reception) *station.Station {
	s := &station.Station{ID: "lz", Members: people(n), Receptions: rules, Rooms: []station.Room{{ID: "r01"}, {ID: "r02"}}}
	for _, m := range s.Members[:min(n, 4)] {
		s.Sectors = append(s.Sectors, station.Sector{Name: m.Sector})
	}
	return s
}

// shipped is the calendar that the product has.
func shipped(tb testing.TB) *calendar.Calendar {
	tb.Helper()
	list, err := holidays.Shipped()
	if err != nil {
		tb.Fatal(err)
	}
	return calendar.New(station.Zone, list...)
}

// friday is the court's published day of 2026-12-04 with a roster.
func friday(t *testing.T, s *station.Station, members ...string) reception.Day {
	t.Helper()
	d, ok := reception.FindRules(s, shipped(t), "20261204-j01")
	if !ok {
		t.Fatal("no day on 2026-12-04")
	}
	d = must[reception.Day](t, "publish")(d.Publish(when("2026-11-27 09:00")))
	return must[reception.Day](t, "roster")(reception.Book{Station: s}.SetRoster(d, members, "", when("2026-11-27 09:00")))
}

// book is a station's book of days.
func book(s *station.Station, days ...reception.Day) reception.Book {
	return reception.Book{Station: s, Days: days}
}

func find(days []reception.Day, id string) *reception.Day {
	i := slices.IndexFunc(days, func(d reception.Day) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	return &days[i]
}

func away(s *station.Station, member, from, to string) {
	for i := range s.Members {
		if s.Members[i].ID == member {
			s.Members[i].Absences = append(slices.Clone(s.Members[i].Absences), station.Absence{From: from, To: to})
		}
	}
}
