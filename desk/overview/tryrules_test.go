package overview_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// A trial shows the results of other rules and changes nothing.
func TestRulesAreTried(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	school := b.File(v, b.Key(station.ForStation, ""), desktest.Category("school"))
	spam := b.File(v, b.Key(station.ForStation, ""), desktest.Category("school"))
	b.Act(l, spam.ID, casework.Close{Outcome: casework.Invalid, Reason: "广告"})
	b.Clock.Advance(time.Hour)
	b.File(v, b.Key(station.ForMember, "m01"))
	b.Clock.Advance(time.Hour)
	other := station.Rules{Categories: []station.CategoryOwners{{Category: "school", Sectors: []string{"科技"}}}}
	try := func(r station.Rules, from, to time.Time) overview.Trial {
		t.Helper()
		got, err := b.Overview.TryRules(t.Context(), l, r, from, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := try(other, time.Time{}, time.Time{})
	if got.Total != 2 || got.Changed != 1 || got.Partial || got.OtherRosters != 0 || len(got.Sample) != 1 || len(got.Categories) != 2 {
		t.Fatalf("%+v", got)
	}
	if !got.From.Equal(got.To.AddDate(0, -1, 0)) {
		t.Errorf("from %v to %v", got.From, got.To)
	}
	if x := got.Sample[0]; x.ID != school.ID || x.Number != school.Number || x.Was.ID != "m04" || x.Would.ID != "m07" || x.Would.Name == "" || x.Why == "" {
		t.Errorf("%+v", x)
	}
	if c := got.Categories[0]; c.Key != "school" || c.Name == "school" || c.Total != 1 || c.Changed != 1 {
		t.Errorf("most changed first: %+v", got.Categories)
	}
	if got := try(station.Rules{}, time.Time{}, time.Time{}); got.Total != 2 || got.Changed != 0 || len(got.Sample) != 0 {
		t.Errorf("the rules as they are: %+v", got)
	}
	if got := try(other, desktest.Start.Add(time.Minute), desktest.Start.Add(90*time.Minute)); got.Total != 1 || got.Changed != 0 {
		t.Errorf("only the second: %+v", got)
	}
	// Without a responsible member with room it would go to the pool.
	none := station.Rules{Weights: map[string]int{}}
	for name := range station.DefaultWeights {
		none.Weights[name] = 0
	}
	if got := try(none, time.Time{}, time.Time{}); got.Changed != 2 || got.Sample[0].Would.ID != "" || got.Sample[0].Would.Name != "待分派" {
		t.Errorf("no weight at all: %+v", got)
	}
	if st, err := b.Store.Station(t.Context(), desktest.Here); err != nil || st.Version != 1 || st.Rules != nil {
		t.Errorf("a trial changed the station: %+v, %v", st, err)
	}
	for name, err := range map[string]error{
		"weights":               trialError(t, b, l, station.Rules{Weights: map[string]int{"luck": 1}}, time.Time{}),
		"from":                  trialError(t, b, l, other, desktest.Start.AddDate(0, 0, 9)),
		"categories.0.category": trialError(t, b, l, station.Rules{Categories: []station.CategoryOwners{{Category: "none"}}}, time.Time{}),
	} {
		if f := desktest.FieldsOf(err); len(f) != 1 || f[0] != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []access.Caller{v, b.Member("m01"), b.Bound(desktest.Here, access.Department, "d01")} {
		if err := trialError(t, b, c, other, time.Time{}); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
	}
}

func trialError(t *testing.T, b *desktest.Bundle, c access.Caller, r station.Rules, from time.Time) error {
	t.Helper()
	_, err := b.Overview.TryRules(t.Context(), c, r, from, time.Time{}, nil)
	return err
}

// A trial that takes too long returns what it has.
func TestATrialEndsInTime(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	for range 102 {
		b.File(v, b.Key(station.ForStation, ""), desktest.Category("school"))
	}
	b.Clock.Advance(time.Minute)
	told := 0
	got, err := b.Overview.TryRules(t.Context(), b.Liaison(), station.Rules{}, time.Time{}, time.Time{}, func(done int) {
		told = done
		b.Clock.Advance(11 * time.Second)
	})
	if err != nil || !got.Partial || got.Total != 100 || told != 100 {
		t.Errorf("%+v, told of %d, %v", got, told, err)
	}
}
