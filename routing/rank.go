package routing

import (
	"cmp"
	"slices"

	"mashang/casework"
	"mashang/station"
)

// used is the share of a member's room that is used, in thousandths.
func used(open, capacity int) int { return 1000 * open / max(capacity, 1) }

// equals compares two of one score: who has the smaller share of their room
// used, then the smaller load, then who was given something longest ago.
func equals(a, b casework.Candidate) int {
	return cmp.Or(
		cmp.Compare(used(a.Open, a.Capacity), used(b.Open, b.Capacity)),
		cmp.Compare(a.Open, b.Open),
		cmp.Compare(a.Asked, b.Asked),
	)
}

// better sorts best first. Ids come last, so that the order never depends on
// chance.
func better(a, b casework.Candidate) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), equals(a, b), cmp.Compare(a.Member, b.Member))
}

func (j *judge) rank(list []casework.Candidate) { slices.SortFunc(list, better) }

// Settle returns who of those a decision is offered to takes it, from 1, when
// the members hold what loads says; 0 when all are full. It is the rule of
// store/scripts/admit.lua.
func Settle(d casework.Decision, loads map[string]int, asked map[string]casework.Millis) int {
	pick := 0
	var best casework.Candidate
	for i, c := range d.Offered() {
		c.Open, c.Asked = loads[c.Member], asked[c.Member]
		if c.Open >= c.Capacity {
			continue
		}
		if pick == 0 || cmp.Or(cmp.Compare(best.Score, c.Score), equals(c, best)) < 0 {
			pick, best = i+1, c
		}
	}
	return pick
}

// standIn lets the substitutes of those who are away be candidates: right below
// others for whom as much speaks, unless more speaks for themselves.
func (j *judge) standIn(list []casework.Candidate, away []station.Member) []casework.Candidate {
	slices.SortFunc(away, func(a, b station.Member) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range away {
		sub, ok := j.fitSubstitute(m.ID)
		if !ok {
			continue
		}
		j.score(&m)
		weight := max(j.candidate(m).Score-1, leastScore)
		j.score(&sub)
		c := j.candidate(sub)
		if len(c.Reasons) == 0 {
			c.Score = 0
		}
		if c.Score >= weight {
			continue
		}
		c.Reasons = append(c.Reasons, casework.Substitute.With(m.Name))
		c.Weights = append(c.Weights, weight-c.Score)
		c.Score = weight
		if i := slices.IndexFunc(list, func(o casework.Candidate) bool { return o.Member == c.Member }); i >= 0 {
			if better(c, list[i]) < 0 {
				list[i] = c
			}
			continue
		}
		list = append(list, c)
	}
	return list
}

// fitSubstitute is who stands in for the member, if they may have this matter.
func (j *judge) fitSubstitute(member string) (station.Member, bool) {
	id, ok := j.in.Station.Substitute(member, j.in.Now)
	if !ok {
		return station.Member{}, false
	}
	m, _ := j.in.Station.Member(id)
	return m, j.bars(m) == ""
}

// shorten keeps the best few, and beside them the further equals of the first:
// who of equals takes it is settled where their loads are known. When all of
// those are known to be full, the best member with room takes the last place of
// the few: in a holiday's rush a matter shall not wait in the pool while
// somebody who fits is free.
func (j *judge) shorten(list []casework.Candidate) ([]casework.Candidate, []casework.Equal) {
	n := min(len(list), MaxCandidates)
	best, rest := list[:n:n], list[n:]
	peers := 0
	for peers < min(len(rest), MaxOffered-MaxCandidates) && rest[peers].Score == list[0].Score {
		peers++
	}
	free := func(c casework.Candidate) bool { return c.Open < c.Capacity }
	var others []casework.Equal
	for _, c := range rest[:peers] {
		e := casework.Equal{Member: c.Member, Name: c.Name, Capacity: c.Capacity}
		if !slices.Equal(c.Reasons, list[0].Reasons) {
			e.Reasons = c.Reasons
		}
		others = append(others, e)
	}
	if !slices.ContainsFunc(best, free) && !slices.ContainsFunc(rest[:peers], free) {
		if i := slices.IndexFunc(rest, free); i >= 0 {
			best[n-1] = rest[i]
		}
	}
	best = slices.Clone(best)
	if len(best) > 1 && best[0].Score == best[1].Score && best[0].Open < best[1].Open {
		best[0].Reasons = append(slices.Clip(best[0].Reasons), casework.MostRoom)
		best[0].Weights = append(slices.Clip(best[0].Weights), 0)
	}
	return best, others
}

// fallBack adds, while there is place, who is asked when nobody else can: the
// keepers of the room here, then the leaders of the squads in charge. Their
// substitutes stand in for those who are away.
func (j *judge) fallBack(list []casework.Candidate) []casework.Candidate {
	var keepers, leaders []casework.Candidate
	add := func(to *[]casework.Candidate, id string, score int, r casework.Reason) {
		m, ok := j.in.Station.Member(id)
		var stands []casework.Reason
		if ok && j.bars(m) == casework.Away {
			stands = []casework.Reason{casework.Substitute.With(m.Name)}
			m, ok = j.fitSubstitute(id)
		}
		has := func(c casework.Candidate) bool { return c.Member == m.ID }
		if !ok || j.bars(m) != "" || slices.ContainsFunc(slices.Concat(list, keepers, leaders), has) {
			return
		}
		c := j.blank(m)
		stands = append(stands, r)
		c.Score, c.Reasons, c.Weights = score, stands, make([]int, len(stands))
		*to = append(*to, c)
	}
	if rooms := j.in.Station.RoomsOf(j.in.Target); len(rooms) > 0 && len(list) < MaxCandidates {
		for _, m := range j.in.Station.Members {
			if slices.ContainsFunc(m.Rooms, func(r string) bool { return slices.Contains(rooms, r) }) {
				add(&keepers, m.ID, keeperScore, casework.NearRoom)
			}
		}
	}
	for _, q := range j.squads {
		if q.Leader != "" && len(list) < MaxCandidates {
			add(&leaders, q.Leader, leaderScore, casework.Leader.With(q.Name))
		}
	}
	j.rank(keepers)
	j.rank(leaders)
	list = slices.Concat(list, keepers, leaders)
	return list[:min(len(list), MaxCandidates)]
}
