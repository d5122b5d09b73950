package station_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/station"
)

func TestNextDuty(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone) // a Wednesday
	s := &station.Station{
		Members: []station.Member{
			{ID: "a", Name: "甲"},
			{ID: "b", Name: "乙"},
			{ID: "away", Name: "丙", Absences: []station.Absence{{From: "2026-07-16", To: "2026-07-16"}}},
			{ID: "gone", Name: "丁", Left: true},
		},
		Duty: []station.DutySlot{
			{Member: "a", Weekday: 3, From: 9 * 60, To: 11 * 60}, // over today
			{Member: "away", Weekday: 4, From: 9 * 60, To: 11 * 60},
			{Member: "gone", Weekday: 4, From: 9 * 60, To: 11 * 60},
			{Member: "b", Weekday: 4, From: 9 * 60, To: 11 * 60, Surge: true},
			{Member: "a", Date: "2026-07-17", From: 9 * 60, To: 24 * 60},
			{Member: "b", Weekday: 5, From: 9 * 60, To: 11 * 60},
			{Member: "b", Date: "2026-07-17", From: 9 * 60, To: 12 * 60},
			{Member: "b", Weekday: 5, From: 15 * 60, To: 17 * 60, Room: "r"},
		},
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 7, day, hour, 0, 0, 0, station.Zone) }
	list := s.NextShifts(station.Target{Kind: station.ForStation}, noon, 3)
	if len(list) != 2 || list[0].Member != "b" || !list[0].From.Equal(at(17, 9)) || list[1].Member != "a" || !list[1].To.Equal(at(18, 0)) {
		t.Errorf("%+v", list)
	}
	if list := s.NextShifts(station.Target{Kind: station.ForStation}, noon, 1); len(list) != 1 {
		t.Errorf("%+v", list)
	}
	if list := s.NextShifts(station.Target{Kind: station.ForRoom, ID: "r"}, noon, 3); len(list) != 1 || !list[0].From.Equal(at(17, 15)) {
		t.Errorf("%+v", list)
	}
	if list := s.NextShifts(station.Target{Kind: station.ForPlace, ID: "p"}, noon, 3); list != nil {
		t.Errorf("%+v", list)
	}
	own := s.ShiftsOf("b", noon, 28)
	if len(own) != 9 || own[2].Target != (station.Target{Kind: station.ForRoom, ID: "r"}) {
		t.Errorf("%d turns, %+v", len(own), own)
	}
}

// What is said to come is what is there when it has come.
func TestDutyAheadComesTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &station.Station{Members: []station.Member{{ID: "a"}, {ID: "b", Absences: []station.Absence{{From: "2026-07-17", To: "2026-07-20"}}}}}
		for range rapid.IntRange(1, 6).Draw(t, "slots") {
			from := rapid.IntRange(0, 1438).Draw(t, "from")
			s.Duty = append(s.Duty, station.DutySlot{
				Member:  rapid.SampledFrom([]string{"a", "b"}).Draw(t, "member"),
				Weekday: rapid.IntRange(1, 7).Draw(t, "weekday"), From: from, To: rapid.IntRange(from+1, 1440).Draw(t, "to"),
			})
		}
		at := time.UnixMilli(1_784_000_000_000 + rapid.Int64Range(0, 864_000_000).Draw(t, "at"))
		here := station.Target{Kind: station.ForStation}
		list := s.UpcomingShifts(func(station.DutySlot) bool { return true }, at, 14)
		for i, x := range list {
			if !x.To.After(at) || i > 0 && x.From.Before(list[i-1].From) {
				t.Fatalf("%v: %+v", at, list)
			}
			found := false
			for _, on := range s.DutyAt(here, x.From) {
				found = found || on.Member == x.Member
			}
			if !found {
				t.Fatalf("%+v is said to come and does not", x)
			}
		}
	})
}
