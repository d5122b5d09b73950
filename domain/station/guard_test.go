package station_test

import (
	"testing"

	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	st := dutyStation()
	if g := st.EffectiveRevealPolicy(); g.MaxPerHour != station.DefaultRevealsHour || g.MaxPerDay != station.DefaultRevealsDay || g.NeedsSecondPerson {
		t.Errorf("by default %+v", g)
	}
	st.RevealPolicy = &station.RevealPolicy{MaxPerHour: 5}
	if g := st.EffectiveRevealPolicy(); g.MaxPerHour != 5 || g.MaxPerDay != station.DefaultRevealsDay {
		t.Errorf("with one set %+v", g)
	}
	if m := station.Merge(st, dutyStation()); m.RevealPolicy != st.RevealPolicy {
		t.Error("an import takes the guard away")
	}
	st.Liaisons = []station.Liaison{{ID: "l1"}, {ID: "a1", Admin: true}, {ID: "a2", Admin: true, Left: true}}
	if err := st.CheckRevealPolicy(station.RevealPolicy{NeedsSecondPerson: true}); err != nil {
		t.Errorf("two on the staff: %v", err)
	}
	if !st.HasOtherAdmin("l1") || st.HasOtherAdmin("a1") {
		t.Error("who can be asked")
	}
	st.Liaisons = st.Liaisons[1:]
	if err := st.CheckRevealPolicy(station.RevealPolicy{NeedsSecondPerson: true}); !fault.Is(err, fault.Invalid) {
		t.Errorf("one on the staff: %v", err)
	}
}
