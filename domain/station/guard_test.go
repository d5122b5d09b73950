package station_test

import (
	"testing"

	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	st := dutyStation()
	if g := st.Guarded(); g.RevealsHour != station.DefaultRevealsHour || g.RevealsDay != station.DefaultRevealsDay || g.Second {
		t.Errorf("by default %+v", g)
	}
	st.Guard = &station.Guard{RevealsHour: 5}
	if g := st.Guarded(); g.RevealsHour != 5 || g.RevealsDay != station.DefaultRevealsDay {
		t.Errorf("with one set %+v", g)
	}
	if m := station.Merge(st, dutyStation()); m.Guard != st.Guard {
		t.Error("an import takes the guard away")
	}
	st.Liaisons = []station.Liaison{{ID: "l1"}, {ID: "a1", Admin: true}, {ID: "a2", Admin: true, Gone: true}}
	if err := st.CheckGuard(station.Guard{Second: true}); err != nil {
		t.Errorf("two on the staff: %v", err)
	}
	if !st.Administered("l1") || st.Administered("a1") {
		t.Error("who can be asked")
	}
	st.Liaisons = st.Liaisons[1:]
	if err := st.CheckGuard(station.Guard{Second: true}); !fault.Is(err, fault.Invalid) {
		t.Errorf("one on the staff: %v", err)
	}
}
