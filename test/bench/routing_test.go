package bench_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// decideMembers is how many members the routing is measured with: those of a
// province (千站千室万名委员) in one station.
const decideMembers = 10_000

// BenchmarkDecisions measures routing decisions with 10,000 members, in turns
// with a plain loop over the same members that sums the same weights, and gives
// neither reasons nor who may not have it.
func BenchmarkDecisions(b *testing.B) {
	in := province()
	plain := func() string { return plainly(in) }
	ours := func() string { return routing.Decide(in).Candidates[0].Member }
	if plain() != ours() {
		b.Fatalf("the baseline picks %s, routing %s", plain(), ours())
	}
	for b.Loop() {
		var rates [2][]float64
		for range rounds {
			for i, decide := range []func() string{ours, plain} {
				n, start := 0, time.Now()
				for time.Since(start) < roundSpan/3 {
					decide()
					n++
				}
				rates[i] = append(rates[i], float64(n)/time.Since(start).Seconds())
			}
		}
		var ratios []float64
		for i := range rounds {
			ratios = append(ratios, rates[0][i]/rates[1][i])
		}
		figure(b, middle(rates[0]), "decisions/s")
		figure(b, middle(rates[1]), "plain/s")
		figure(b, middle(ratios), "of-plain")
		aim(b, "share of a plain loop's rate", middle(ratios), ">=", .5)
	}
}

func middle(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// province is a filing at a station of 10,000 members with squads, rules, duty
// and absences.
func province() routing.Input {
	sectors := []string{"文化旅游", "医药卫生", "经济", "教育", "科技", "农业", "青联", "特邀"}
	st := &station.Station{
		ID: "gs", Name: "省站", Version: 1,
		Categories: []station.Category{{Key: "health", Name: "看病就医", Sectors: []string{"医药卫生"}}},
		Rooms:      []station.Room{{ID: "r1", Name: "议事室", Village: "3村"}},
		Squads:     []station.Squad{{ID: "s1", Name: "专班", Leader: "m00009", Members: []string{"m00017"}, Categories: []string{"health"}}},
		Rules:      &station.Rules{Version: 1, Weights: map[string]int{station.WeighVillage: 22}},
	}
	loads, asked := map[string]int{}, map[string]casework.Millis{}
	now := time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)
	for i := range decideMembers {
		m := station.Member{
			ID: fmt.Sprintf("m%05d", i), Name: fmt.Sprintf("委员%05d", i), Sector: sectors[i%len(sectors)],
			Village: fmt.Sprintf("%d村", i%11), Expertise: []string{"法律援助", "医保"},
		}
		if i%20 == 3 {
			m.Absences = []station.Absence{{From: "2026-07-01", To: "2026-07-31", Substitute: fmt.Sprintf("m%05d", i+1)}}
		}
		loads[m.ID], asked[m.ID] = i%station.DefaultCapacity, casework.At(now)-casework.Millis(i)
		st.Members = append(st.Members, m)
	}
	for i := range 20 {
		st.Duty = append(st.Duty, station.DutySlot{Member: fmt.Sprintf("m%05d", i), Room: "r1", Weekday: 3, To: 24 * 60})
	}
	return routing.Input{
		Station: st, Target: station.Target{Kind: station.ForRoom, ID: "r1"}, Loads: loads, LastAssigned: asked, Now: now,
		Filing: casework.Filing{
			Kind: casework.Complaint, Visitor: casework.Resident, Category: "health",
			Text: "请问医保怎么报销，已经跑了三趟还没有办好", Against: &casework.Against{Name: "某某诊所"},
		},
	}
}

// plainly is the shortest loop that finds whom the decision finds.
func plainly(in routing.Input) string {
	type scored struct {
		id          string
		score, load int
	}
	duty := map[string]bool{}
	for _, d := range in.Station.Duty {
		duty[d.Member] = true
	}
	squad := in.Station.Squads[0]
	var list []scored
	for _, m := range in.Station.Members {
		score := 0
		if squad.Has(m.ID) {
			score += 120
		}
		if m.Sector == "医药卫生" {
			score += 100
		}
		if duty[m.ID] {
			score += 40
		}
		if m.Village == "3村" {
			score += 22
		}
		for _, e := range m.Expertise {
			if strings.Contains(in.Filing.Text, e) {
				score += 10
				break
			}
		}
		if score > 0 && !m.Away(in.Now) {
			list = append(list, scored{m.ID, score, in.Loads[m.ID]})
		}
	}
	slices.SortFunc(list, func(a, b scored) int {
		if a.score != b.score {
			return b.score - a.score
		}
		if a.load != b.load {
			return a.load - b.load
		}
		return strings.Compare(a.id, b.id)
	})
	return list[0].id
}
