package routing_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// unfit says in simple steps why a member must not have a filing, "" if they may.
func unfit(in routing.Input, id string) string {
	m, ok := in.Station.Member(id)
	switch {
	case !ok:
		return "foreign"
	case m.Left:
		return "gone"
	case len(m.Absences) > 0 && m.Absences[0].From == "2026-07-15":
		return "absent"
	case slices.Contains(in.Parties, id):
		return "the filer"
	case slices.Contains(in.Returned, id):
		return "one who returned it"
	case slices.Contains(routing.Accused(in.Station, in.Target, in.Filing.AboutMember, in.Filing.Against), id):
		return "accused"
	default:
		return ""
	}
}

// TestNobodyUnfitIsEverPicked: the picked member is of the station, present, not concerned and has room. If it
// was offered to anybody with room, somebody gets it.
func TestNobodyUnfitIsEverPicked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		d := routing.Decide(in)
		offered := d.Offered()
		for _, c := range offered {
			if why := unfit(in, c.Member); why != "" {
				t.Fatalf("%s is offered it and is %s", c.Member, why)
			}
		}
		pick := routing.Pick(d, in.Loads, in.LastAssigned)
		free := slices.ContainsFunc(offered, func(c casework.Candidate) bool { return in.Loads[c.Member] < c.Capacity })
		if free != (pick > 0) {
			t.Fatalf("pick %d, somebody has room: %v", pick, free)
		}
		if pick > 0 && in.Loads[offered[pick-1].Member] >= offered[pick-1].Capacity {
			t.Fatalf("%s takes it and is full", offered[pick-1].Member)
		}
	})
}

// TestAFullOneNeverKeepsItFromAFitOne: if a qualified member is fit and has room, it never goes to the pool.
func TestAFullOneNeverKeepsItFromAFitOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Station.Rules = nil
		alone := in
		for _, m := range in.Station.Members {
			roster := *in.Station
			roster.Members = []station.Member{m}
			alone.Station = &roster
			fits := len(routing.Decide(alone).Candidates) > 0 && in.Loads[m.ID] < in.Station.Capacity(m)
			// Names decide who is accused, and the others' names are missing here.
			if !fits || in.Filing.AboutMember || unfit(in, m.ID) != "" {
				continue
			}
			if routing.Pick(routing.Decide(in), in.Loads, in.LastAssigned) == 0 {
				t.Fatalf("%s is fit and has room, and the pool takes it", m.ID)
			}
		}
	})
}

// TestEqualsShareEvenly: after any number of filings, with the loads as of the first, the loads of equals
// differ by at most one.
func TestEqualsShareEvenly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "equals")
		in := ask(atStation, func(in *routing.Input) {
			in.Filing.Category, in.Station.Members = "health", nil
			for i := range n {
				in.Station.Members = append(in.Station.Members, station.Member{ID: fmt.Sprintf("m%02d", i), Name: "委员", Sector: "医药卫生"})
			}
		})
		d := routing.Decide(in)
		if len(d.Offered()) != n {
			t.Fatalf("%d equals, offered to %d", n, len(d.Offered()))
		}
		loads := map[string]int{}
		for range rapid.IntRange(0, n*station.DefaultCapacity).Draw(t, "filings") {
			pick := routing.Pick(d, loads, nil)
			if pick == 0 {
				t.Fatal("the pool takes it though somebody has room")
			}
			loads[d.Offered()[pick-1].Member]++
		}
		counts := make([]int, 0, n)
		for _, m := range in.Station.Members {
			counts = append(counts, loads[m.ID])
		}
		if slices.Max(counts)-slices.Min(counts) > 1 {
			t.Fatalf("%v", counts)
		}
	})
}

func TestAmongEqualsTheLongestNotAsked(t *testing.T) {
	t.Parallel()
	in := ask(atStation, func(in *routing.Input) {
		in.Filing.Category, in.Station.Members = "health", nil
		for _, id := range []string{"a", "b", "c"} {
			in.Station.Members = append(in.Station.Members, station.Member{ID: id, Name: "委员", Sector: "医药卫生"})
		}
		in.LastAssigned = map[string]casework.Millis{"a": casework.At(noon) - 5, "b": casework.At(noon) - 9, "c": casework.At(noon) - 7}
	})
	d := routing.Decide(in)
	if diff := cmp.Diff([]string{"b", "c", "a"}, picks(d)); diff != "" {
		t.Error(diff)
	}
	if n := routing.Pick(d, map[string]int{"b": 1}, in.LastAssigned); d.Offered()[n-1].Member != "c" {
		t.Errorf("with one in hand b gives way to c: %d", n)
	}
	if n := routing.Pick(d, map[string]int{"a": 20, "b": 20, "c": 20}, in.LastAssigned); n != 0 {
		t.Errorf("all are full: %d", n)
	}
}

// TestEveryPointIsAccountedFor: a score is the sum of the stated reasons, for and against, except for the
// minimum.
func TestEveryPointIsAccountedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		for _, c := range routing.Decide(in).Candidates {
			if len(c.Reasons) != len(c.Weights) {
				t.Fatalf("%+v: a reason without a weight", c)
			}
			sum := 0
			for _, w := range c.Weights {
				sum += w
			}
			for _, w := range c.Against {
				sum -= w.Weight
			}
			if sum != c.Score && (c.Score > 3 || sum > c.Score) {
				t.Fatalf("%+v: told %d", c, sum)
			}
		}
	})
}

func TestDefaultWeightsAreThoseOfBefore(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		station.WeighScanned: 1000, station.WeighSector: 100, station.WeighDuty: 40, station.WeighSameSector: 30,
		station.WeighRoom: 25, station.WeighVillage: 20, station.WeighExpertise: 10,
	}
	for name, w := range want {
		if station.DefaultWeights[name] != w {
			t.Errorf("%s weighs %d, and weighed %d", name, station.DefaultWeights[name], w)
		}
	}
	rest := maps.Clone(station.DefaultWeights)
	for name := range want {
		delete(rest, name)
	}
	if rest[station.WeighBusy] != 0 || rest[station.WeighAssignedLately] != 0 {
		t.Error("load and time weigh something by default")
	}
}

// TestOfManyTheBestAreFound: of hundreds, more than the maximum offered, the first is the best of the firsts of
// any two halves, equals of the first fill the rest, and if all of those are full one with room is offered it.
func TestOfManyTheBestAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(65, 200).Draw(t, "members")
		in := ask(atJetty, func(in *routing.Input) { in.Station.Members, in.Loads = nil, map[string]int{} })
		for i := range n {
			m := station.Member{ID: fmt.Sprintf("m%03d", i), Name: "委员", Sector: "经济", Village: rapid.SampledFrom(villages).Draw(t, "village")}
			in.Loads[m.ID] = rapid.IntRange(0, 20).Draw(t, "load")
			in.Station.Members = append(in.Station.Members, m)
		}
		half := func(members []station.Member) casework.Candidate {
			roster := *in.Station
			roster.Members = members
			other := in
			other.Station = &roster
			return routing.Decide(other).Candidates[0]
		}
		cut := rapid.IntRange(1, n-1).Draw(t, "cut")
		first, second := half(in.Station.Members[:cut]), half(in.Station.Members[cut:])
		d := routing.Decide(in)
		if got := d.Candidates[0].Member; got != first.Member && got != second.Member {
			t.Fatalf("%s, and of the halves %s and %s", got, first.Member, second.Member)
		}
		if len(d.Offered()) > routing.MaxOffered {
			t.Fatalf("offered to %d", len(d.Offered()))
		}
		for _, c := range d.Offered()[1:] {
			if c.Score > d.Candidates[0].Score {
				t.Fatalf("%+v stands behind a lesser one", c)
			}
		}
		for id := range in.Loads {
			in.Loads[id] = 20
		}
		last := fmt.Sprintf("m%03d", n-1)
		in.Loads[last] = 19
		d = routing.Decide(in)
		if pick := routing.Pick(d, in.Loads, nil); pick == 0 || d.Offered()[pick-1].Member != last {
			t.Fatalf("the only one with room is %s: %+v", last, picks(d))
		}
	})
}
