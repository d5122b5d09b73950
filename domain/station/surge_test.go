package station_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/station"
)

func TestSurging(t *testing.T) {
	t.Parallel()
	began, ends := at(t, "2026-05-01 08:00:00"), at(t, "2026-05-06 00:00:00")
	st := &station.Station{Surge: &station.Surge{Since: began.UnixMilli(), Until: ends.UnixMilli()}}
	for moment, want := range map[time.Time]bool{
		began.Add(-time.Millisecond): false, began: true, ends.Add(-time.Millisecond): true, ends: false,
	} {
		if st.Surging(moment) != want {
			t.Errorf("%v: %v", moment, !want)
		}
	}
	if (&station.Station{}).Surging(began) {
		t.Error("a surge that nobody set")
	}
}

// TestExtraSlots: they double the roster in a surge and are nothing outside.
func TestExtraSlots(t *testing.T) {
	t.Parallel()
	st := dutyStation(
		station.DutySlot{Member: "m1", Place: "p1", Weekday: 5, From: 8 * 60, To: 18 * 60},
		station.DutySlot{Member: "m2", Place: "p1", Weekday: 5, From: 8 * 60, To: 18 * 60, Surge: true},
	)
	noon := at(t, "2026-05-01 12:00:00")
	p1 := station.Target{Kind: station.ForPlace, ID: "p1"}
	if got := st.DutyAt(p1, noon); len(got) != 1 || got[0].Member != "m1" {
		t.Errorf("on a usual day: %+v", got)
	}
	st.Surge = &station.Surge{Since: noon.UnixMilli(), Until: noon.Add(time.Hour).UnixMilli()}
	if got := st.DutyAt(p1, noon); len(got) != 2 {
		t.Errorf("in a surge: %+v", got)
	}
	if got := st.DutyAt(p1, noon.Add(time.Hour)); len(got) != 1 {
		t.Errorf("after it: %+v", got)
	}
}

func TestASurgeOutlivesAnImport(t *testing.T) {
	t.Parallel()
	stored := dutyStation()
	stored.Surge = &station.Surge{Since: 1, Until: 2, By: "l01"}
	if m := station.Merge(stored, dutyStation()); m.Surge != stored.Surge {
		t.Errorf("%+v", m.Surge)
	}
}

func TestRush(t *testing.T) {
	t.Parallel()
	for in, want := range map[station.Arrivals]bool{
		{LastHour: 5, PerHour: 0}:   false, // too few to speak of
		{LastHour: 6, PerHour: 0}:   true,
		{LastHour: 6, PerHour: 2}:   true,
		{LastHour: 6, PerHour: 2.1}: false,
		{LastHour: 30, PerHour: 10}: true,
		{LastHour: 29, PerHour: 10}: false,
	} {
		if in.Rush() != want {
			t.Errorf("%+v: %v", in, !want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := station.Arrivals{LastHour: rapid.IntRange(0, 500).Draw(t, "last"), PerHour: rapid.Float64Range(0, 200).Draw(t, "usual")}
		more := a
		more.LastHour++
		if a.Rush() && !more.Rush() {
			t.Fatalf("%+v is a rush and one more is none", a)
		}
	})
}
