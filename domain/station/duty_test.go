package station_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/station"
)

// at is a local moment; 2026-05-01 is a Friday.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", s, station.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func dutyStation(slots ...station.DutySlot) *station.Station {
	return &station.Station{
		ID:      "hexi",
		Rooms:   []station.Room{{ID: "r1"}},
		Places:  []station.Place{{ID: "p1"}},
		Members: []station.Member{{ID: "m1"}, {ID: "m2"}, {ID: "m3", Left: true}},
		Duty:    slots,
	}
}

func members(list []station.OnDuty) (ids []string) {
	for _, o := range list {
		ids = append(ids, o.Member)
	}
	return ids
}

var atStation = station.Target{Kind: station.ForStation}

func TestDutyAtEdges(t *testing.T) {
	t.Parallel()
	morning := station.DutySlot{Member: "m1", Weekday: 5, From: 8 * 60, To: 12 * 60}
	night := station.DutySlot{Member: "m1", Weekday: 5, From: 0, To: 24 * 60}
	sunday := station.DutySlot{Member: "m1", Weekday: 7, From: 22 * 60, To: 24 * 60}
	labour := station.DutySlot{Member: "m1", Date: "2026-05-01", From: 0, To: 60}
	for _, c := range []struct {
		name string
		slot station.DutySlot
		at   string
		want bool
	}{
		{"a second early", morning, "2026-05-01 07:59:59", false},
		{"begins", morning, "2026-05-01 08:00:00", true},
		{"last second", morning, "2026-05-01 11:59:59", true},
		{"ends", morning, "2026-05-01 12:00:00", false},
		{"another day", morning, "2026-05-02 09:00:00", false},
		{"a week later", morning, "2026-05-08 09:00:00", true},
		{"thursday's last second", night, "2026-04-30 23:59:59", false},
		{"midnight begins the day", night, "2026-05-01 00:00:00", true},
		{"24:00 reaches the end", night, "2026-05-01 23:59:59", true},
		{"midnight ends the day", night, "2026-05-02 00:00:00", false},
		{"sunday is seven", sunday, "2026-05-03 23:59:59", true},
		{"monday is not", sunday, "2026-05-04 00:00:00", false},
		{"date", labour, "2026-05-01 00:59:59", true},
		{"date is no weekday", labour, "2026-05-08 00:30:00", false},
	} {
		on := dutyStation(c.slot).DutyAt(atStation, at(t, c.at))
		if (len(on) == 1) != c.want {
			t.Errorf("%s: %v", c.name, on)
		}
	}
}

func TestDutyAtUsesLocalDays(t *testing.T) {
	t.Parallel()
	st := dutyStation(station.DutySlot{Member: "m1", Weekday: 5, From: 0, To: 60})
	// 16:30 on Thursday in UTC is half past midnight on Friday here.
	on := st.DutyAt(atStation, time.Date(2026, 4, 30, 16, 30, 0, 0, time.UTC))
	want := []station.OnDuty{{Member: "m1", From: at(t, "2026-05-01 00:00:00"), To: at(t, "2026-05-01 01:00:00")}}
	if diff := cmp.Diff(want, on); diff != "" {
		t.Error(diff)
	}
}

func TestDutyAtTargets(t *testing.T) {
	t.Parallel()
	st := dutyStation(
		station.DutySlot{Member: "m1", Weekday: 5, To: 1440},
		station.DutySlot{Member: "m2", Room: "r1", Weekday: 5, To: 1440},
		station.DutySlot{Member: "m2", Place: "p1", Weekday: 5, To: 1440},
		station.DutySlot{Member: "m3", Weekday: 5, To: 1440},
		station.DutySlot{Member: "unknown", Weekday: 5, To: 1440},
	)
	for target, want := range map[station.Target][]string{
		atStation:                           {"m1"},
		{Kind: station.ForRoom, ID: "r1"}:   {"m2"},
		{Kind: station.ForRoom, ID: "r2"}:   nil,
		{Kind: station.ForPlace, ID: "p1"}:  {"m2"},
		{Kind: station.ForMember, ID: "m1"}: {"m1"},
		{Kind: station.ForMember, ID: "m2"}: {"m2"},
		{Kind: station.ForMember, ID: "m3"}: nil,
	} {
		if diff := cmp.Diff(want, members(st.DutyAt(target, at(t, "2026-05-01 09:00:00")))); diff != "" {
			t.Errorf("%+v: %s", target, diff)
		}
	}
}

func TestDutyAtOrderAndOverlap(t *testing.T) {
	t.Parallel()
	st := dutyStation(
		station.DutySlot{Member: "m1", Weekday: 5, From: 480, To: 720},
		station.DutySlot{Member: "m2", Weekday: 5, From: 480, To: 600},
		station.DutySlot{Member: "m1", Weekday: 5, From: 420, To: 540},
		station.DutySlot{Member: "m1", Date: "2026-05-01", From: 500, To: 780},
	)
	want := []station.OnDuty{
		{Member: "m2", From: at(t, "2026-05-01 08:00:00"), To: at(t, "2026-05-01 10:00:00")},
		{Member: "m1", From: at(t, "2026-05-01 07:00:00"), To: at(t, "2026-05-01 13:00:00")},
	}
	if diff := cmp.Diff(want, st.DutyAt(atStation, at(t, "2026-05-01 08:30:00"))); diff != "" {
		t.Error(diff)
	}
}

func TestAwayEdges(t *testing.T) {
	t.Parallel()
	m := station.Member{ID: "m1", Absences: []station.Absence{
		{From: "2026-05-01", To: "2026-05-03"}, {From: "2026-06-01", To: "2026-06-01"},
	}}
	for moment, want := range map[string]bool{
		"2026-04-30 23:59:59": false, "2026-05-01 00:00:00": true, "2026-05-03 23:59:59": true,
		"2026-05-04 00:00:00": false, "2026-06-01 12:00:00": true, "2026-06-02 00:00:00": false,
	} {
		if got := m.Away(at(t, moment)); got != want {
			t.Errorf("%s: %v", moment, got)
		}
		if got := m.Away(at(t, moment).UTC()); got != want {
			t.Errorf("%s in UTC: %v", moment, got)
		}
	}
	if (station.Member{}).Away(at(t, "2026-05-01 00:00:00")) {
		t.Error("away without an absence")
	}
	st := dutyStation(station.DutySlot{Member: "m1", Weekday: 5, To: 1440}, station.DutySlot{Member: "m2", Weekday: 5, To: 1440})
	st.Members[0].Absences = m.Absences
	if diff := cmp.Diff([]string{"m2"}, members(st.DutyAt(atStation, at(t, "2026-05-01 09:00:00")))); diff != "" {
		t.Errorf("the absent are on duty: %s", diff)
	}
}

// TestDutyAtAgreesWithSlots compares with the plain reading of any duty sheet.
func TestDutyAtAgreesWithSlots(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var slots []station.DutySlot
		for range rapid.IntRange(0, 6).Draw(t, "slots") {
			from := rapid.IntRange(0, 1439).Draw(t, "from")
			slots = append(slots, station.DutySlot{
				Member:  rapid.SampledFrom([]string{"m1", "m2"}).Draw(t, "member"),
				Weekday: rapid.IntRange(1, 7).Draw(t, "weekday"),
				From:    from, To: rapid.IntRange(from+1, 1440).Draw(t, "to"),
			})
		}
		day, minute := rapid.IntRange(0, 6).Draw(t, "day"), rapid.IntRange(0, 1439).Draw(t, "minute")
		moment := time.Date(2026, 5, 4+day, 0, minute, 0, 0, station.Zone) // the fourth is a Monday
		want := map[string]bool{}
		for _, s := range slots {
			if s.Weekday == day+1 && s.From <= minute && minute < s.To {
				want[s.Member] = true
			}
		}
		got := map[string]bool{}
		for _, o := range dutyStation(slots...).DutyAt(atStation, moment) {
			if got[o.Member] {
				t.Fatalf("%s stands twice", o.Member)
			}
			got[o.Member] = true
			if moment.Before(o.From) || !moment.Before(o.To) {
				t.Fatalf("%v is outside %v", moment, o)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
