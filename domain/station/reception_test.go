package station_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/station"
)

// friday is 2026-12-04, 10:00.
var friday = time.Date(2026, 12, 4, 10, 0, 0, 0, station.Zone)

// sitting is a station with weekly slots on Friday mornings, at the station and in a room.
func sitting() *station.Station {
	return &station.Station{
		ID: "lj", Members: []station.Member{{ID: "m01"}, {ID: "m02"}, {ID: "m03", Convenes: []string{"r01"}}, {ID: "m04", Convener: true}},
		Rooms: []station.Room{{ID: "r01"}},
		Duty: []station.DutySlot{
			{Member: "m01", Weekday: 5, From: 9 * 60, To: 12 * 60},
			{Member: "m02", Weekday: 5, From: 14 * 60, To: 17 * 60},
			{Member: "m02", Room: "r01", Weekday: 5, From: 9 * 60, To: 12 * 60},
			{Member: "m04", Weekday: 5, From: 9 * 60, To: 12 * 60, Surge: true},
		},
	}
}

func onDuty(s *station.Station, t station.Target, at time.Time) (list []string) {
	for _, d := range s.DutyAt(t, at) {
		list = append(list, d.Member)
	}
	return list
}

// TestADaysRosterTakesThePlaceOfTheWeeklySlots that overlap it at its own target, on its own day, and of nothing else.
func TestADaysRosterTakesThePlaceOfTheWeeklySlots(t *testing.T) {
	t.Parallel()
	s := sitting()
	here, room := station.Target{Kind: station.ForStation}, station.Target{Kind: station.ForRoom, ID: "r01"}
	s.Days = []station.DayRoster{{Date: "2026-12-04", Target: here, From: 9 * 60, To: 12 * 60, Members: []string{"m03"}}}
	for _, x := range []struct {
		what   string
		target station.Target
		at     time.Time
		want   string
	}{
		{"on the day", here, friday, "m03"},
		{"in the afternoon", here, friday.Add(5 * time.Hour), "m02"},
		{"in the room", room, friday, "m02"},
		{"a week later", here, friday.AddDate(0, 0, 7), "m01"},
		{"on their own code", station.Target{Kind: station.ForMember, ID: "m03"}, friday, "m03"},
		{"on the code of whom they replace", station.Target{Kind: station.ForMember, ID: "m01"}, friday, ""},
	} {
		if got := strings.Join(onDuty(s, x.target, x.at), " "); got != x.want {
			t.Errorf("%s: %q is on duty, want %q", x.what, got, x.want)
		}
	}
	if next := s.NextShifts(here, friday.Add(-12*time.Hour), 3); len(next) != 1 || next[0].Member != "m03" {
		t.Errorf("next: %+v", next)
	}
	if mine := s.ShiftsOf("m01", friday.Add(-12*time.Hour), 9); len(mine) != 1 || mine[0].From.Day() != 11 {
		t.Errorf("their own: %+v", mine)
	}
	// A roster without anybody is a hole, which no weekly slot fills.
	s.Days[0].Members = nil
	if got := onDuty(s, here, friday); got != nil {
		t.Errorf("a hole: %v", got)
	}
}

func TestConveners(t *testing.T) {
	t.Parallel()
	s := sitting()
	room := station.Target{Kind: station.ForRoom, ID: "r01"}
	for member, want := range map[int][2]bool{0: {false, false}, 2: {false, true}, 3: {true, true}} {
		m := s.Members[member]
		if got := [2]bool{m.Convening(station.Target{Kind: station.ForStation}), m.Convening(room)}; got != want {
			t.Errorf("%s: %v", m.ID, got)
		}
	}
	left := s.Members[3]
	left.Left = true
	if left.Convening(room) {
		t.Error("who has left convenes")
	}
}

// TestReceptionRulesAreChecked, each fault at its field.
func TestReceptionRulesAreChecked(t *testing.T) {
	t.Parallel()
	good := station.Reception{ID: "j01", Name: "接待日", Repeat: "每周五", From: 9 * 60, To: 12 * 60}
	for field, change := range map[string]func(*station.Reception){
		"":         func(*station.Reception) {},
		"repeat":   func(r *station.Reception) { r.Repeat = "每两周" },
		"place":    func(r *station.Reception) { r.Room, r.Place = "r01", "p01" },
		"from":     func(r *station.Reception) { r.To = 8 * 60 },
		"max":      func(r *station.Reception) { r.Min, r.Max = 3, 2 },
		"walk_ins": func(r *station.Reception) { r.Seats, r.WalkIns = 1, 2 },
		"slot":     func(r *station.Reception) { r.Seats, r.SlotMinutes = 1, 240 },
		"valid_to": func(r *station.Reception) { r.ValidFrom, r.ValidTo = "2026-12-02", "2026-12-01" },
		"holidays": func(r *station.Reception) { r.Holidays = "sometimes" },
	} {
		s := sitting()
		s.Places = []station.Place{{ID: "p01"}}
		r := good
		change(&r)
		s.Receptions = []station.Reception{r}
		var fields []string
		for _, f := range s.Check() {
			if f.Table == station.TableReception {
				fields = append(fields, f.Field)
			}
		}
		want := []string{field}
		if field == "" {
			want = nil
		}
		if !slices.Equal(fields, want) {
			t.Errorf("%q: faults at %q", field, fields)
		}
	}
}
