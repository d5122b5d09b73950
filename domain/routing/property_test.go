package routing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/routing"
	"mashang/domain/station"
)

var (
	sectors  = []string{"文化旅游", "医药卫生", "经济", "教育"}
	villages = []string{"", "河口村", "龙湾村"}
	names    = []string{"张三", "李四", "王五", "赵六"}
)

func drawInput(t *rapid.T) routing.Input {
	pick := func(label string, list ...string) string { return rapid.SampledFrom(list).Draw(t, label) }
	st := town()
	st.Members = nil
	loads := map[string]int{}
	for i := range rapid.IntRange(0, 12).Draw(t, "members") {
		m := station.Member{
			ID: fmt.Sprintf("m%02d", i), Name: pick("name", names...), Sector: pick("sector", sectors...),
			Village: pick("village", villages...), Left: rapid.IntRange(0, 5).Draw(t, "gone") == 0,
			Capacity: rapid.IntRange(0, 4).Draw(t, "capacity"),
		}
		if rapid.IntRange(0, 4).Draw(t, "away") == 0 {
			away(&m)
			if sub := rapid.IntRange(0, 13).Draw(t, "substitute"); sub < 13 {
				m.Absences[0].Substitute = fmt.Sprintf("m%02d", sub)
			}
		}
		if rapid.Bool().Draw(t, "keeper") {
			m.Rooms = []string{"r1"}
		}
		if rapid.Bool().Draw(t, "expert") {
			m.Expertise = []string{"医保"}
		}
		loads[m.ID] = rapid.IntRange(0, 5).Draw(t, "load")
		st.Members = append(st.Members, m)
	}
	some := func(label string) string { return fmt.Sprintf("m%02d", rapid.IntRange(0, 12).Draw(t, label)) }
	for i := range rapid.IntRange(0, 2).Draw(t, "squads") {
		st.Squads = append(st.Squads, station.Squad{
			ID: fmt.Sprint("s", i), Name: "专班", Leader: some("leader"), Members: []string{some("in squad"), some("in squad")},
			Categories: []string{pick("squad's category", "health", "tourism")},
		})
	}
	if rapid.Bool().Draw(t, "rules") {
		st.Rules = &station.Rules{
			Version: 3, Capacity: rapid.IntRange(0, 3).Draw(t, "usual capacity"),
			Categories: []station.CategoryOwners{{Category: "other", Sectors: []string{pick("in charge", sectors...)}}},
			Places:     []station.PlaceRooms{{Place: "jetty", Rooms: []string{"r1"}}},
			Weights: map[string]int{
				pick("weight", station.WeighVillage, station.WeighDuty, station.WeighSector, station.WeighBusy, station.WeighAssignedLately): rapid.IntRange(0, 300).Draw(t, "weighs"),
			},
		}
	}
	asked := map[string]casework.Millis{}
	for range rapid.IntRange(0, 6).Draw(t, "asked") {
		asked[some("asked")] = casework.At(noon) - casework.Millis(rapid.IntRange(1, 200_000_000).Draw(t, "ago"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "slots") {
		st.Duty = append(st.Duty, station.DutySlot{
			Member: fmt.Sprintf("m%02d", rapid.IntRange(0, 12).Draw(t, "on duty")), Weekday: rapid.IntRange(2, 4).Draw(t, "weekday"),
			From: 8 * 60, To: rapid.IntRange(9, 20).Draw(t, "to") * 60,
			Room: pick("duty room", "", "r1"),
		})
	}
	in := routing.Input{
		Station: st, Loads: loads, LastAssigned: asked, Now: noon, Contact: pick("contact", "", "m02", "m05", "m99"),
		Target: rapid.SampledFrom([]station.Target{atStation, atRoom, atJetty, at("m00"), at("m03"), at("m99")}).Draw(t, "target"),
		Filing: casework.Filing{
			Kind: casework.Complaint, Category: pick("category", "", "health", "tourism", "other"), Text: pick("text", "医保", "路灯"),
			Visitor:     rapid.SampledFrom([]casework.Visitor{casework.Resident, casework.Tourist}).Draw(t, "visitor"),
			AboutMember: rapid.IntRange(0, 3).Draw(t, "about") == 0,
		},
		Parties: rapid.SampledFrom([][]string{nil, nil, {"m00"}, {"m01"}, {"m00", "m01"}}).Draw(t, "parties"),
	}
	if rapid.IntRange(0, 3).Draw(t, "returned") == 0 {
		in.Returned = []string{some("returned by"), some("returned by")}
	}
	if rapid.IntRange(0, 2).Draw(t, "against") == 0 {
		in.Filing.Against = &casework.Against{Name: pick("against", append(names, "红旗农家乐", "村里的张三")...)}
	}
	return in
}

func TestWhoeverIsPickedMayHaveIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Station.Rules = nil // other weights may let somebody else come before the scanned member
		d := routing.Decide(in)
		if len(d.Candidates) > routing.MaxCandidates {
			t.Fatalf("%d candidates", len(d.Candidates))
		}
		seen := map[string]bool{}
		for i, c := range d.Candidates {
			m, ok := in.Station.Member(c.Member)
			about := in.Filing.Against != nil && in.Filing.Against.Name == m.Name ||
				in.Filing.AboutMember && in.Target == at(m.ID) && in.Filing.Against == nil
			switch {
			case !ok || m.Left || m.Away(in.Now) || slices.Contains(in.Parties, m.ID) || about || seen[m.ID]:
				t.Fatalf("candidate %+v: gone %v, away %v, about them %v", c, m.Left, m.Away(in.Now), about)
			case c.Score <= 0 || len(c.Reasons) == 0 || c.Name != m.Name || c.Capacity != in.Station.Capacity(m):
				t.Fatalf("candidate %+v of %+v", c, m)
			case i > 0 && d.Candidates[i-1].Score < c.Score:
				t.Fatalf("%+v stands behind a lesser one", c)
			case i > 0 && in.Target == at(m.ID):
				t.Fatalf("the scanned member stands at %d", i)
			}
			seen[m.ID] = true
		}
		for _, p := range d.Passed {
			if in.Target != at(p.Member) || seen[p.Member] || p.Name == "" || p.Why == "" {
				t.Fatalf("passed over %+v", p)
			}
		}
		if m, ok := in.Station.Member(in.Target.ID); ok && in.Target.Kind == station.ForMember && !seen[m.ID] && len(d.Passed) != 1 {
			t.Fatalf("the scanned member is neither first nor passed over: %+v", d)
		}
	})
}

func TestTheOrderOfTheRosterDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		want := routing.Decide(in)
		if diff := cmp.Diff(want, routing.Decide(in)); diff != "" {
			t.Fatalf("asked twice: %s", diff)
		}
		roster := *in.Station
		roster.Members = rapid.Permutation(roster.Members).Draw(t, "members in another order")
		roster.Duty = rapid.Permutation(roster.Duty).Draw(t, "slots in another order")
		in.Station = &roster
		if diff := cmp.Diff(want, routing.Decide(in)); diff != "" {
			t.Fatalf("another order: %s", diff)
		}
	})
}

func TestDecidingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		members, duty, loads := slices.Clone(in.Station.Members), slices.Clone(in.Station.Duty), fmt.Sprint(in.Loads)
		routing.Decide(in)
		if diff := cmp.Diff(members, in.Station.Members) + cmp.Diff(duty, in.Station.Duty); diff != "" || loads != fmt.Sprint(in.Loads) {
			t.Fatal(diff)
		}
	})
}

// TestRoomDecidesOnlyAmongEquals: with the same station, other loads may reorder equals and replace the last of
// a full list, and nothing else.
func TestRoomDecidesOnlyAmongEquals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		d := routing.Decide(in)
		for i := 1; i < len(d.Candidates); i++ {
			a, b := d.Candidates[i-1], d.Candidates[i]
			if a.Score != b.Score {
				continue
			}
			// load/capacity of a must not exceed b's by a thousandth or more
			if over := in.Loads[a.Member]*b.Capacity - in.Loads[b.Member]*a.Capacity; 1000*over >= a.Capacity*b.Capacity {
				t.Fatalf("%s (%d of %d) before %s (%d of %d)", a.Member, in.Loads[a.Member], a.Capacity, b.Member, in.Loads[b.Member], b.Capacity)
			}
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{31, 10_000} {
		b.Run(fmt.Sprintf("%d members", n), func(b *testing.B) {
			st := town()
			st.Members = nil
			loads := make(map[string]int, n)
			for i := range n {
				m := station.Member{
					ID: fmt.Sprintf("m%05d", i), Name: fmt.Sprintf("委员%05d", i), Sector: sectors[i%len(sectors)],
					Village: fmt.Sprintf("%d村", i%11), Expertise: []string{"医保", "法律援助"},
				}
				loads[m.ID] = i % station.DefaultCapacity
				st.Members = append(st.Members, m)
			}
			for i := range 20 {
				st.Duty = append(st.Duty, station.DutySlot{Member: fmt.Sprintf("m%05d", i), Weekday: 3, To: 24 * 60})
			}
			in := routing.Input{
				Station: st, Target: atStation, Loads: loads, Now: noon.Add(time.Hour),
				Filing: casework.Filing{
					Kind: casework.Complaint, Category: "health", Text: "请问医保怎么报销，已经跑了三趟还没有办好",
					Against: &casework.Against{Name: "某某诊所"},
				},
			}
			b.ReportAllocs()
			for b.Loop() {
				if d := routing.Decide(in); len(d.Candidates) != routing.MaxCandidates {
					b.Fatal(d)
				}
			}
		})
	}
}

// TestATouristGoesToWhoIsThereNow: while a fit member is on duty where a tourist scanned, no other member gets
// it, except the one whose code it is.
func TestATouristGoesToWhoIsThereNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Station.Rules = nil
		in.Filing.Visitor, in.Filing.AboutMember, in.Contact = casework.Tourist, false, ""
		there := map[string]bool{}
		if in.Target.Kind != station.ForMember {
			for _, d := range in.Station.DutyAt(in.Target, in.Now) {
				there[d.Member] = true
			}
		}
		d := routing.Decide(in)
		fit := false
		for _, m := range in.Station.Members {
			about := in.Filing.Against != nil && in.Filing.Against.Name == m.Name
			fit = fit || there[m.ID] && !m.Left && !m.Away(in.Now) && !slices.Contains(in.Parties, m.ID) && !about &&
				!slices.Contains(in.Returned, m.ID) && in.Loads[m.ID] < in.Station.Capacity(m)
		}
		pick := routing.Pick(d, in.Loads, in.LastAssigned)
		if !fit {
			return
		}
		if pick == 0 || !there[d.Offered()[pick-1].Member] {
			// A substitute of a member on duty has that member's rank.
			if pick > 0 && slices.ContainsFunc(d.Offered()[pick-1].Reasons, func(r reason.Reason) bool {
				return strings.HasPrefix(string(r), string(reason.Substitute))
			}) {
				return
			}
			t.Fatalf("pick %d of %+v; there are %v", pick, d.Offered(), there)
		}
	})
}
