package routing_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/routing"
	"mashang/domain/station"
)

func rules(in *routing.Input, r station.Rules) {
	r.Version = 4
	in.Station.Rules = &r
}

func TestRulesDecide(t *testing.T) {
	t.Parallel()
	squad := station.Squad{ID: "law", Name: "法律援助专班", Leader: "plain", Members: []string{"trade"}, Categories: []string{"health"}}
	health := func(in *routing.Input) { in.Filing.Category = "health" }
	for name, tc := range map[string]struct {
		target station.Target
		change func(*routing.Input)
		want   []string
	}{
		"a squad in charge, before the sector": {atStation, func(in *routing.Input) {
			health(in)
			in.Station.Squads = []station.Squad{squad}
		}, []string{"plain", "trade", "doctor"}},
		"a squad for a sector": {atStation, func(in *routing.Input) {
			health(in)
			in.Station.Squads = []station.Squad{{ID: "s", Name: "专班", Members: []string{"tour"}, Sectors: []string{"医药卫生"}}}
		}, []string{"tour", "doctor"}},
		"a squad by the rules": {atStation, func(in *routing.Input) {
			in.Filing.Category = "other"
			in.Station.Squads = []station.Squad{squad}
			rules(in, station.Rules{Categories: []station.CategoryOwners{{Category: "other", Squads: []string{"law"}}}})
		}, []string{"plain", "trade"}},
		"another sector in charge": {atStation, func(in *routing.Input) {
			health(in)
			rules(in, station.Rules{Categories: []station.CategoryOwners{{Category: "health", Sectors: []string{"经济"}}}})
		}, []string{"trade"}},
		"no sector in charge any more": {atStation, func(in *routing.Input) {
			health(in)
			rules(in, station.Rules{Categories: []station.CategoryOwners{{Category: "health"}}})
		}, nil},
		"another weight": {atRoom, func(in *routing.Input) {
			rules(in, station.Rules{Weights: map[string]int{station.WeighVillage: 26}})
		}, []string{"doctor", "keeper"}},
		"a weight of nothing": {atRoom, func(in *routing.Input) {
			rules(in, station.Rules{Weights: map[string]int{station.WeighVillage: 0}})
		}, []string{"keeper"}},
		"load weighs": {atRoom, func(in *routing.Input) {
			in.Loads = map[string]int{"keeper": 10}
			rules(in, station.Rules{Weights: map[string]int{station.WeighBusy: 20}})
		}, []string{"doctor", "keeper"}},
		"just asked weighs": {atRoom, func(in *routing.Input) {
			in.LastAssigned = map[string]casework.Millis{"keeper": casework.At(noon) - 1000}
			rules(in, station.Rules{Weights: map[string]int{station.WeighAssignedLately: 20}})
		}, []string{"doctor", "keeper"}},
		"asked long ago does not": {atRoom, func(in *routing.Input) {
			in.LastAssigned = map[string]casework.Millis{"keeper": casework.At(noon.AddDate(0, 0, -2))}
			rules(in, station.Rules{Weights: map[string]int{station.WeighAssignedLately: 20}})
		}, []string{"keeper", "doctor"}},
		"the household's contact": {atRoom, func(in *routing.Input) { in.Contact = "tour" }, []string{"tour", "keeper", "doctor"}},
		"a contact who left":      {atRoom, func(in *routing.Input) { in.Contact = "gone" }, []string{"keeper", "doctor"}},
		"the contact before duty": {atRoom, func(in *routing.Input) {
			in.Contact = "tour"
			onDuty(in, station.DutySlot{Member: "plain", Room: "r1"})
		}, []string{"tour", "plain", "keeper", "doctor"}},
		"nobody fits: the keeper of a place's room": {station.Target{Kind: station.ForPlace, ID: "park"}, func(in *routing.Input) {
			rules(in, station.Rules{Places: []station.PlaceRooms{{Place: "park", Rooms: []string{"r1"}}}})
		}, []string{"keeper"}},
		"behind those it fits": {atJetty, func(in *routing.Input) {
			rules(in, station.Rules{Places: []station.PlaceRooms{{Place: "jetty", Rooms: []string{"r1"}}}})
		}, []string{"trade", "tour", "keeper"}},
		"a place without rooms by the rules": {station.Target{Kind: station.ForPlace, ID: "park"}, func(in *routing.Input) {
			rules(in, station.Rules{Places: []station.PlaceRooms{{Place: "park"}}})
		}, nil},
		"rooms of the place's village": {station.Target{Kind: station.ForPlace, ID: "park"}, func(in *routing.Input) {
			in.Station.Places[1].Village = "河口村"
			edit(in, "doctor", func(m *station.Member) { m.Village = "" })
		}, []string{"keeper"}},
		"all of the squad away: its leader's substitute": {atStation, func(in *routing.Input) {
			health(in)
			in.Station.Squads = []station.Squad{{ID: "s", Name: "专班", Leader: "plain", Categories: []string{"health"}}}
			rules(in, station.Rules{
				Weights:    map[string]int{station.WeighSquad: 0},
				Categories: []station.CategoryOwners{{Category: "health"}},
			})
			edit(in, "plain", away)
			edit(in, "plain", func(m *station.Member) { m.Absences[0].Substitute = "tour" })
		}, []string{"tour"}},
	} {
		d := routing.Decide(ask(tc.target, tc.change))
		if diff := cmp.Diff(tc.want, picks(d)); diff != "" {
			t.Errorf("%s: %s\n%+v", name, diff, d)
		}
		if in := ask(tc.target, tc.change); d.Rules != in.Station.RulesVersion() {
			t.Errorf("%s: decided by rules %d", name, d.Rules)
		}
	}
}

func TestTheSubstitute(t *testing.T) {
	t.Parallel()
	sub := func(id string) func(*station.Member) {
		return func(m *station.Member) {
			away(m)
			m.Absences[0].Substitute = id
		}
	}
	for name, tc := range map[string]struct {
		change func(*routing.Input)
		want   string // "" is neither the doctor nor a substitute
	}{
		"of the scanned member": {func(in *routing.Input) { edit(in, "doctor", sub("trade")) }, "trade"},
		"of a substitute": {func(in *routing.Input) {
			edit(in, "doctor", sub("trade"))
			edit(in, "trade", sub("tour"))
		}, "tour"},
		"is accused": {func(in *routing.Input) {
			edit(in, "doctor", sub("trade"))
			in.Filing.Against = &casework.Against{Name: "王五"}
		}, ""},
		"filed it":             {func(in *routing.Input) { edit(in, "doctor", sub("trade")); in.Parties = []string{"trade"} }, ""},
		"has left":             {func(in *routing.Input) { edit(in, "doctor", sub("gone")) }, ""},
		"of an accused member": {func(in *routing.Input) { edit(in, "doctor", sub("trade")); in.Filing.AboutMember = true }, ""},
		"a chain that loops": {func(in *routing.Input) {
			edit(in, "doctor", sub("trade"))
			edit(in, "trade", sub("doctor"))
		}, ""},
	} {
		d := routing.Decide(ask(at("doctor"), tc.change))
		got := picks(d)
		if tc.want != "" && (len(got) == 0 || got[0] != tc.want) {
			t.Errorf("%s: %v, want %s", name, got, tc.want)
		}
		if tc.want == "" && slices.ContainsFunc(got, func(id string) bool { return id == "doctor" || id == "trade" || id == "gone" }) {
			t.Errorf("%s: %v", name, got)
		}
		if len(d.Passed) != 1 || d.Passed[0].Member != "doctor" {
			t.Errorf("%s: %+v", name, d.Passed)
		}
	}
	d := routing.Decide(ask(at("doctor"), func(in *routing.Input) { edit(in, "doctor", sub("trade")) }))
	if c := d.Candidates[0]; c.Score != 999 || !slices.Contains(c.Reasons, reason.Substitute.With("李四")) {
		t.Errorf("%+v", c)
	}
	// A colleague with the same score comes before the substitute.
	d = routing.Decide(ask(atStation, func(in *routing.Input) {
		in.Filing.Category = "health"
		edit(in, "plain", func(m *station.Member) { m.Sector = "医药卫生" })
		edit(in, "doctor", sub("trade"))
	}))
	if diff := cmp.Diff([]string{"plain", "trade"}, picks(d)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatSpeaksAgainst(t *testing.T) {
	t.Parallel()
	d := routing.Decide(ask(atJetty, func(in *routing.Input) {
		onDuty(in, station.DutySlot{Member: "plain", Place: "jetty"})
		in.Loads = map[string]int{"tour": 3}
		in.LastAssigned = map[string]casework.Millis{"tour": casework.At(noon) - 1}
	}))
	want := []casework.WeightedReason{
		{Reason: reason.OtherSector}, {Reason: reason.OffDuty}, {Reason: reason.Busy.With("3/20")}, {Reason: reason.AssignedLately},
	}
	for _, c := range d.Candidates {
		if c.Member == "tour" {
			if diff := cmp.Diff(want, c.Against); diff != "" || c.Open != 3 {
				t.Errorf("%s %+v", diff, c)
			}
		}
		if c.Member == "plain" && len(c.Against) != 1 {
			t.Errorf("%+v", c.Against)
		}
	}
}

func TestWhoCouldNotHaveItIsKept(t *testing.T) {
	t.Parallel()
	d := routing.Decide(ask(atRoom, func(in *routing.Input) {
		in.Filing.Category = "health"
		in.Filing.Against = &casework.Against{Name: "赵六"}
		edit(in, "doctor", away)
		edit(in, "tour", away) // nothing speaks for them
	}))
	want := []casework.PassedOver{
		{Member: "doctor", Name: "李四", Why: reason.Away}, {Member: "keeper", Name: "赵六", Why: reason.Concerned},
	}
	if diff := cmp.Diff(want, d.RuledOut); diff != "" || len(d.Passed) != 0 {
		t.Errorf("%s %+v", diff, d.Passed)
	}
	if d = routing.Decide(ask(at("doctor"), func(in *routing.Input) { edit(in, "doctor", away) })); len(d.RuledOut) != 0 || len(d.Passed) != 1 {
		t.Errorf("the scanned one stands twice: %+v", d)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	in := ask(atStation, func(in *routing.Input) { in.Filing.Category = "health" })
	in.Station.Members[0].Sector = "医药卫生" // tour and doctor are equals
	stored := func(d casework.Decision, pick int) casework.Submission {
		s := casework.Submission{
			Decision: d, Pick: pick, FiledAt: casework.At(noon), Target: in.Target, Kind: in.Filing.Kind,
			Category: in.Filing.Category, Visitor: in.Filing.Visitor, Text: in.Filing.Text,
		}
		return s
	}
	s := stored(routing.Decide(in), 1)
	known := routing.Snapshot{Station: in.Station, Loads: map[string]int{"doctor": 20, "tour": 20, "trade": 1}}
	if r := routing.Replay(s, known); !r.Same || r.Now.Member != "doctor" {
		t.Errorf("nothing changed, today's loads do not count: %+v", r)
	}
	if r := routing.Replay(stored(s.Decision, 2), known); !r.Same {
		t.Errorf("an equal took it: %+v", r)
	}
	full := s
	full.Pick, full.Full = 2, 1
	if r := routing.Replay(full, known); !r.Same || r.Now.Member != "tour" {
		t.Errorf("the first was full then: %+v", r)
	}
	other := *in.Station
	other.Rules = &station.Rules{Categories: []station.CategoryOwners{{Category: "health", Sectors: []string{"经济"}}}}
	known.Station = &other
	if r := routing.Replay(s, known); r.Same || r.AtFiling.Member != "doctor" || r.Now.Member != "trade" {
		t.Errorf("other rules: %+v", r)
	}
	other.Rules.Categories[0].Sectors = nil
	if r := routing.Replay(s, known); r.Same || r.Now.Member != "" {
		t.Errorf("rules that lead to the pool: %+v", r)
	}
	old := stored(casework.Decision{Rule: 1, Candidates: []casework.Candidate{{Member: "doctor", Name: "李四", Score: 100}}}, 1)
	known.Station, known.LastAssigned = in.Station, map[string]casework.Millis{"doctor": casework.At(noon) + 5}
	known.Loads = nil
	if r := routing.Replay(old, known); !r.Same {
		t.Errorf("an older decision: %+v", r)
	}
}
