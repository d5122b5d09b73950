package roster_test

import (
	"sync"
	"testing"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestRulesAreSetSeenAndUndone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	rules, st, err := b.Roster.Rules(t.Context(), l)
	if err != nil || rules.Version != 0 || st.PreviousRules != nil {
		t.Fatalf("%+v, %v", rules, err)
	}
	if _, _, err := b.Roster.UndoRules(t.Context(), l, 0); !fault.Is(err, fault.WrongState) {
		t.Errorf("undone before anything was done: %v", err)
	}
	school := func(r *filing.Request) { r.Filing.Category = "school" }
	if s := b.File(v, b.Key(station.ForStation, ""), school); s.Assignee != "m04" {
		t.Fatalf("by default %q", s.Assignee)
	}
	set := station.Rules{Categories: []station.CategoryOwners{{Category: "school", Sectors: []string{"科技"}}}}
	if rules, _, err = b.Roster.SetRules(t.Context(), l, set); err != nil || rules.Version != 1 {
		t.Fatalf("%+v, %v", rules, err)
	}
	s := b.File(v, b.Key(station.ForStation, ""), school) // at once, in this process
	if stored := b.Load(s.ID); s.Assignee != "m07" || stored.Decision.Rules != 1 || stored.Decision.Roster != 2 {
		t.Errorf("by the rules %q, %+v", s.Assignee, stored.Decision)
	}
	if _, _, err := b.Roster.SetRules(t.Context(), l, set); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a version not seen: %v", err)
	}
	set.Version = 1
	set.Categories[0].Category = "none"
	if _, _, err := b.Roster.SetRules(t.Context(), l, set); len(desktest.FieldsOf(err)) != 1 || desktest.FieldsOf(err)[0] != "categories.0.category" {
		t.Errorf("wrong rules: %v", err)
	}
	if rules, st, err = b.Roster.UndoRules(t.Context(), l, 1); err != nil || rules.Version != 2 || len(rules.Categories) != 0 || st.Version != 3 {
		t.Errorf("undone: %+v, %v", rules, err)
	}
	if rules, _, err = b.Roster.UndoRules(t.Context(), l, 2); err != nil || rules.Version != 3 || len(rules.Categories) != 1 {
		t.Errorf("undone again: %+v, %v", rules, err)
	}
	for _, c := range []access.Caller{v, b.Member("m01"), b.Bound(desktest.Here, access.Department, "d01")} {
		if _, _, err := b.Roster.SetRules(t.Context(), c, station.Rules{Version: 3}); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
		if _, _, err := b.Roster.Rules(t.Context(), c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
	}
	audit := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:audit", "-", "+").Val()
	if len(audit) != 3 || audit[0].Values["what"] != "rules" || audit[1].Values["what"] != "rules-undo" || audit[0].Values["id"] != "l01" {
		t.Errorf("written down: %v", audit)
	}
}

// TestOfTwoWhoSetRulesOneWins: and nobody's absence is lost by it.
func TestOfTwoWhoSetRulesOneWins(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, m := b.Liaison(), b.Member("m01")
	other := b.SecondDesk()
	var mu sync.Mutex
	won := 0
	var wg sync.WaitGroup
	for _, d := range []*desk.Desk{b.Desk, other, b.Desk, other} {
		wg.Go(func() {
			_, _, err := d.Roster.SetRules(t.Context(), l, station.Rules{Capacity: 9})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Go(func() {
		if _, err := other.Roster.ReportAbsence(t.Context(), m, "", roster.AbsenceRequest{From: "2026-08-01", To: "2026-08-02"}); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	st, err := b.Store.Station(t.Context(), desktest.Here)
	if err != nil || won != 1 || st.RulesVersion() != 1 || len(st.Members[0].Absences) != 1 {
		t.Errorf("%d won; %+v, %v", won, st, err)
	}
}
