package routing

import (
	"cmp"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// load decides among members of equal score.
type load struct {
	open, capacity int
	lastAssigned   casework.Millis
}

// used is the used part of the capacity, in thousandths.
func (s load) used() int { return 1000 * s.open / max(s.capacity, 1) }

// compare compares two members of equal score: first by the used part of their capacity, then by the load, then
// by who got an assignment longest ago.
func (s load) compare(o load) int {
	if n := cmp.Compare(s.used(), o.used()); n != 0 {
		return n
	}
	return cmp.Or(cmp.Compare(s.open, o.open), cmp.Compare(s.lastAssigned, o.lastAssigned))
}

func (s *contender) load() load { return load{s.open, s.capacity, s.lastAssigned} }

// compareContenders orders best first. The id decides last, so that the order is deterministic.
func compareContenders(a, b contender) int {
	if n := cmp.Compare(b.score, a.score); n != 0 {
		return n
	}
	if n := a.load().compare(b.load()); n != 0 {
		return n
	}
	return cmp.Compare(a.member.ID, b.member.ID)
}

// topContenders returns the best MaxOffered, sorted, followed by the best one with room if none of those has
// any. The others need no order.
func topContenders(list []contender) []contender {
	best := make([]contender, 0, min(len(list), MaxOffered)+1)
	free := -1
	for i, s := range list {
		if s.open < s.capacity && (free < 0 || compareContenders(s, list[free]) < 0) {
			free = i
		}
		if len(best) == MaxOffered {
			if compareContenders(s, best[MaxOffered-1]) > 0 {
				continue
			}
			best = best[:MaxOffered-1]
		}
		at, _ := slices.BinarySearchFunc(best, s, compareContenders)
		best = slices.Insert(best, at, s)
	}
	if free >= 0 && !slices.ContainsFunc(best, func(s contender) bool { return s.open < s.capacity }) {
		best = append(best, list[free])
	}
	return best
}

// Pick returns which of the members to whom a decision is offered gets it, from 1, given the loads; 0 when all
// are full. It is the rule of store/scripts/admit.lua.
func Pick(d casework.Decision, loads map[string]int, asked map[string]casework.Millis) int {
	pick, score, best := 0, 0, load{}
	for i, c := range d.Offered() {
		s := load{loads[c.Member], c.Capacity, asked[c.Member]}
		if s.open >= s.capacity {
			continue
		}
		if pick == 0 || c.Score > score || c.Score == score && s.compare(best) < 0 {
			pick, score, best = i+1, c.Score, s
		}
	}
	return pick
}

// addSubstitutes adds the substitutes of members who are away. They rank directly below others with the same score,
// unless their own score is higher.
func (j *scorer) addSubstitutes(list []contender, away []*station.Member) []contender {
	if len(away) == 0 {
		return list
	}
	slices.SortFunc(away, func(a, b *station.Member) int { return cmp.Compare(a.ID, b.ID) })
	stand := map[string]contender{}
	for _, m := range away {
		sub, ok := j.substituteFor(m.ID)
		if !ok {
			continue
		}
		sum := max(j.score(m)-1, minScore)
		own := j.score(sub)
		if own >= sum {
			continue
		}
		s := j.contender(sub, sum)
		s.substituteFor, s.substituteBonus = m.Name, sum-own
		if before, twice := stand[sub.ID]; !twice || s.score > before.score {
			stand[sub.ID] = s
		}
	}
	for i := range list {
		if s, ok := stand[list[i].member.ID]; ok {
			list[i] = s // this score is greater, or they would not replace anyone
			delete(stand, s.member.ID)
		}
	}
	for _, s := range stand {
		list = append(list, s)
	}
	return list
}

// substituteFor returns the member's substitute, if they may have this matter.
func (j *scorer) substituteFor(member string) (*station.Member, bool) {
	if j.byID == nil {
		j.byID = make(map[string]*station.Member, len(j.in.Station.Members))
		for i := range j.in.Station.Members {
			m := &j.in.Station.Members[i]
			j.byID[m.ID] = m
		}
	}
	id, ok := station.Substitute(func(id string) *station.Member { return j.byID[id] }, member, j.in.Now)
	if !ok {
		return nil, false
	}
	m := j.byID[id]
	return m, j.exclusion(m) == ""
}

// offer keeps the best few, and the further members whose score equals the first's: the store decides among
// equals, as it knows their loads. If all of those are known to be full, the best member with room replaces the
// last of the few, so that in a rush a matter does not wait in the pool while a suitable member is free.
func (j *scorer) offer(list []contender) ([]casework.Candidate, []casework.Tie) {
	if len(list) == 0 {
		return nil, nil
	}
	n := min(len(list), MaxCandidates)
	best, rest := slices.Clone(list[:n]), list[n:]
	peers := 0
	for peers < min(len(rest), MaxOffered-MaxCandidates) && rest[peers].score == list[0].score {
		peers++
	}
	free := func(s contender) bool { return s.open < s.capacity }
	if !slices.ContainsFunc(best, free) && !slices.ContainsFunc(rest[:peers], free) {
		if i := slices.IndexFunc(rest, free); i >= 0 {
			best[n-1] = rest[i]
		}
	}
	few := make([]casework.Candidate, n)
	for i, s := range best {
		few[i] = j.candidate(s)
	}
	var others []casework.Tie
	for _, s := range rest[:peers] {
		c := j.candidate(s)
		e := casework.Tie{Member: c.Member, Name: c.Name, Capacity: c.Capacity}
		if !slices.Equal(c.Reasons, few[0].Reasons) {
			e.Reasons = c.Reasons
		}
		others = append(others, e)
	}
	if n > 1 && few[0].Score == few[1].Score && few[0].Open < few[1].Open {
		few[0].Reasons, few[0].Weights = append(few[0].Reasons, reason.MostRoom), append(few[0].Weights, 0)
	}
	return few, others
}

// excluded is a member with reasons for them who may not have it.
type excluded struct {
	member *station.Member
	sum    int
	why    reason.Reason
}

// bestExcluded returns the best MaxRuledOut of them.
func bestExcluded(list []excluded) (out []casework.PassedOver) {
	slices.SortFunc(list, func(a, b excluded) int {
		return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.member.ID, b.member.ID))
	})
	for _, b := range list[:min(len(list), MaxRuledOut)] {
		out = append(out, casework.PassedOver{Member: b.member.ID, Name: b.member.Name, Why: b.why})
	}
	return out
}

// addByOffice adds candidates by office, as long as there is place: the keepers of the room here, then the leaders
// of the squads in charge. Substitutes replace those who are away.
func (j *scorer) addByOffice(list []casework.Candidate) []casework.Candidate {
	if len(list) >= MaxCandidates {
		return list
	}
	var found []contender
	why := map[string][]reason.Reason{}
	add := func(m *station.Member, score int, r reason.Reason) {
		reasons := []reason.Reason{r}
		if j.exclusion(m) == reason.Away {
			sub, ok := j.substituteFor(m.ID)
			if !ok {
				return
			}
			reasons, m = []reason.Reason{reason.Substitute.With(m.Name), r}, sub
		}
		in := slices.ContainsFunc(list, func(c casework.Candidate) bool { return c.Member == m.ID })
		if j.exclusion(m) != "" || in || why[m.ID] != nil {
			return
		}
		s := j.contender(m, 0)
		s.score, why[m.ID] = score, reasons
		found = append(found, s)
	}
	for _, m := range j.keepers() {
		add(m, keeperScore, reason.NearRoom)
	}
	for _, q := range j.squads {
		if m, ok := j.in.Station.Member(q.Leader); ok {
			add(&m, leaderScore, reason.Leader.With(q.Name))
		}
	}
	slices.SortFunc(found, compareContenders)
	for _, s := range found[:min(len(found), MaxCandidates-len(list))] {
		c := newCandidate(s)
		c.Reasons, c.Weights = why[c.Member], make([]int, len(why[c.Member]))
		list = append(list, c)
	}
	return list
}

// keepers returns the keepers of the rooms here; those who are away come last.
func (j *scorer) keepers() []*station.Member {
	rooms := j.in.Station.RoomsOf(j.in.Target)
	if len(rooms) == 0 {
		return nil
	}
	var list []*station.Member
	for i := range j.in.Station.Members {
		m := &j.in.Station.Members[i]
		if slices.ContainsFunc(m.Rooms, func(r string) bool { return slices.Contains(rooms, r) }) {
			list = append(list, m)
		}
	}
	away := func(m *station.Member) int {
		if m.Away(j.in.Now) {
			return 1
		}
		return 0
	}
	slices.SortFunc(list, func(a, b *station.Member) int {
		return cmp.Or(cmp.Compare(away(a), away(b)), cmp.Compare(a.ID, b.ID))
	})
	return list
}
