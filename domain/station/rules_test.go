package station_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/fault"
	"mashang/domain/station"
)

// ruled is right with a squad and rules.
func ruled() *station.Station {
	s := right()
	s.Squads = []station.Squad{
		{ID: "s1", Name: "用水专班", Leader: "m2", Members: []string{"m1"}, Categories: []string{"water"}},
		{ID: "s2", Name: "旅游专班", Leader: "m1", Sectors: []string{"文化旅游"}},
	}
	s.Rules = &station.Rules{
		Version: 2, Capacity: 8, Weights: map[string]int{station.WeighDuty: 150},
		Categories: []station.CategoryOwners{{Category: "tourism", Sectors: []string{"农业"}, Squads: []string{"s1"}}},
		Places:     []station.PlaceRooms{{Place: "p1", Rooms: []string{"r2"}}},
	}
	return s
}

func TestRulesSayWhoIsInCharge(t *testing.T) {
	t.Parallel()
	s, plain := ruled(), ruled()
	plain.Rules = nil
	tourism, _ := s.Category("tourism")
	water, _ := s.Category("water")
	names := func(list []station.Squad) (ids []string) {
		for _, q := range list {
			ids = append(ids, q.ID)
		}
		return ids
	}
	for name, tc := range map[string]struct{ got, want []string }{
		"by the rules":             {s.InCharge(tourism), []string{"农业"}},
		"by the roster":            {plain.InCharge(tourism), []string{"文化旅游"}},
		"without an entry":         {s.InCharge(water), nil},
		"squads by the rules":      {names(s.SquadsInCharge("tourism", s.InCharge(tourism))), []string{"s1"}},
		"squads by their sector":   {names(plain.SquadsInCharge("tourism", plain.InCharge(tourism))), []string{"s2"}},
		"squads by their category": {names(plain.SquadsInCharge("water", nil)), []string{"s1"}},
		"no category":              {names(s.SquadsInCharge("", nil)), nil},
		"rooms of a room":          {s.RoomsOf(station.Target{Kind: station.ForRoom, ID: "r1"}), []string{"r1"}},
		"rooms by the rules":       {s.RoomsOf(station.Target{Kind: station.ForPlace, ID: "p1"}), []string{"r2"}},
		"rooms of no village":      {plain.RoomsOf(station.Target{Kind: station.ForPlace, ID: "p1"}), nil},
		"rooms of a member":        {s.RoomsOf(station.Target{Kind: station.ForMember, ID: "m1"}), nil},
	} {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	plain.Places[0].Village = "甲村"
	if got := plain.RoomsOf(station.Target{Kind: station.ForPlace, ID: "p1"}); !slices.Equal(got, []string{"r1"}) {
		t.Errorf("rooms of the village: %v", got)
	}
	for what, got := range map[string][2]int{
		"a weight of the rules":   {s.Weight(station.WeighDuty), 150},
		"a weight by default":     {s.Weight(station.WeighSector), 100},
		"the rules' capacity":     {s.Capacity(s.Members[1]), 8},
		"a member's own capacity": {s.Capacity(s.Members[0]), 5},
		"no rules":                {plain.Capacity(plain.Members[1]), station.DefaultCapacity},
		"version":                 {s.RulesVersion(), 2},
		"version without rules":   {plain.RulesVersion(), 0},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d, want %d", what, got[0], got[1])
		}
	}
}

func TestCheckRules(t *testing.T) {
	t.Parallel()
	if err := ruled().CheckRules(*ruled().Rules); err != nil {
		t.Fatal(err)
	}
	long := make([]string, 101)
	for field, spoil := range map[string]func(*station.Rules){
		"categories.0.category": func(r *station.Rules) { r.Categories[0].Category = "x" },
		"categories.1.category": func(r *station.Rules) {
			r.Categories = append(r.Categories, station.CategoryOwners{Category: "tourism"})
		},
		"categories.0.sectors.0": func(r *station.Rules) { r.Categories[0].Sectors = []string{"科技"} },
		"categories.0.squads.1":  func(r *station.Rules) { r.Categories[0].Squads = []string{"s1", "s1"} },
		"categories": func(r *station.Rules) {
			r.Categories = []station.CategoryOwners{{Category: "tourism"}, {Category: "water"}, {Category: "x"}}
		},
		"places.0.place":   func(r *station.Rules) { r.Places[0].Place = "p9" },
		"places.0.rooms.0": func(r *station.Rules) { r.Places[0].Rooms = []string{"r9"} },
		"places":           func(r *station.Rules) { r.Places = append(r.Places, station.PlaceRooms{Place: "p9"}) },
		"weights":          func(r *station.Rules) { r.Weights["luck"] = 1 },
		"weights.duty":     func(r *station.Rules) { r.Weights[station.WeighDuty] = -1 },
		"weights.sector":   func(r *station.Rules) { r.Weights[station.WeighSector] = station.MaxWeight + 1 },
		"capacity":         func(r *station.Rules) { r.Capacity = station.MaxCapacity + 1 },
	} {
		s := ruled()
		spoil(s.Rules)
		e, ok := errors.AsType[*fault.Error](s.CheckRules(*s.Rules))
		if !ok || e.Code != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != field {
			t.Errorf("%s: %+v", field, e)
		}
	}
	s := ruled()
	s.Rules.Places[0].Rooms = long
	e, _ := errors.AsType[*fault.Error](s.CheckRules(*s.Rules))
	if e == nil || e.Fields[0].Field != "places.0.rooms" {
		t.Errorf("too long a list: %+v", e)
	}
}

func TestAnImportLeavesTheRules(t *testing.T) {
	t.Parallel()
	stored, listed := ruled(), ruled()
	listed.Rules = nil
	stored.PreviousRules = &station.Rules{Version: 1}
	merged := station.Merge(stored, listed)
	if merged.Rules != stored.Rules || merged.PreviousRules != stored.PreviousRules {
		t.Errorf("%+v", merged.Rules)
	}
	listed.Squads, listed.Rooms, listed.Categories = nil, listed.Rooms[:1], listed.Categories[:1]
	merged = station.Merge(stored, listed)
	want := &station.Rules{
		Version: 3, Capacity: 8, Weights: stored.Rules.Weights,
		Categories: []station.CategoryOwners{{Category: "tourism", Sectors: []string{"农业"}, Squads: []string{}}},
		Places:     []station.PlaceRooms{{Place: "p1", Rooms: []string{}}},
	}
	if diff := cmp.Diff(want, merged.Rules); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(ruled().Rules, stored.Rules); diff != "" || merged.PreviousRules != stored.Rules {
		t.Errorf("the rules before: %s", diff)
	}
	listed.Places, listed.Categories = nil, nil
	if merged = station.Merge(stored, listed); merged.Rules.Categories != nil || merged.Rules.Places != nil {
		t.Errorf("%+v", merged.Rules)
	}
}

func TestCheckOfSquadsAndSubstitutes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		table, field string
		spoil        func(s *station.Station)
	}{
		"no name":             {station.TableSquad, "name", func(s *station.Station) { s.Squads[0].Name = "" }},
		"a bad id":            {station.TableSquad, "id", func(s *station.Station) { s.Squads[0].ID = "S" }},
		"an unknown leader":   {station.TableSquad, "leader", func(s *station.Station) { s.Squads[0].Leader = "m9" }},
		"a leader who left":   {station.TableSquad, "leader", func(s *station.Station) { s.Squads[0].Leader = "m3" }},
		"an unknown member":   {station.TableSquad, "members", func(s *station.Station) { s.Squads[0].Members = []string{"m9"} }},
		"no leader":           {station.TableSquad, "leader", func(s *station.Station) { s.Squads[1].Leader, s.Squads[1].Members = "", []string{"m1"} }},
		"an unknown sector":   {station.TableSquad, "sectors", func(s *station.Station) { s.Squads[1].Sectors = []string{"科技"} }},
		"an unknown category": {station.TableSquad, "categories", func(s *station.Station) { s.Squads[0].Categories = []string{"x"} }},
		"an unknown substitute": {station.TableMember, "substitute", func(s *station.Station) {
			s.Members[0].Absences[0].Substitute = "m9"
		}},
		"oneself": {station.TableMember, "substitute", func(s *station.Station) { s.Members[0].Absences[0].Substitute = "m1" }},
		"a loop": {station.TableMember, "substitute", func(s *station.Station) {
			s.Members[0].Absences[0].Substitute = "m2"
			s.Members[1].Absences = []station.Absence{{From: "2026-05-01", To: "2026-05-09", Substitute: "m1"}}
		}},
	} {
		s := ruled()
		tc.spoil(s)
		faults := s.Check()
		if len(faults) != 1 || faults[0].Table != tc.table || faults[0].Field != tc.field {
			t.Errorf("%s: %+v", name, faults)
		}
	}
	if faults := ruled().Check(); len(faults) > 0 {
		t.Error(faults)
	}
	q, _ := ruled().Squad("s1")
	if !q.Has("m1") || !q.Has("m2") || q.Has("m3") {
		t.Error("who is of the squad")
	}
	listed := ruled()
	listed.Squads[0] = station.Squad{ID: "s1", Name: "x"}
	listed.Squads = listed.Squads[:1]
	want := []station.Change{
		{Table: "squads", ID: "s1", Name: "x", Kind: station.Changed, Fields: []string{"name", "leader", "members", "categories"}},
		{Table: "squads", ID: "s2", Name: "旅游专班", Kind: station.Removed},
	}
	if diff := cmp.Diff(want, station.Diff(ruled(), listed, nil)); diff != "" {
		t.Error(diff)
	}
}
