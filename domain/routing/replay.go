package routing

import (
	"maps"

	"mashang/domain/casework"
	"mashang/domain/station"
)

// FilingOf returns the parts of the filing on which a decision depends.
func FilingOf(s casework.Submission) casework.Filing {
	return casework.Filing{
		Kind: s.Kind, Category: s.Category, Visitor: s.Visitor, Text: s.Text, Against: s.Against,
		AboutMember: s.AboutMember, OnBehalf: s.OnBehalf,
	}
}

// Snapshot is the present state for a replay, as far as no submission stores it.
type Snapshot struct {
	Station      *station.Station
	Loads        map[string]int
	LastAssigned map[string]casework.Millis
	Parties      []string
	Contact      string
}

// Replayed is the result of a replay.
type Replayed struct {
	// AtFiling and Would are who got it at filing and who would get it now; without a Member it is the pool.
	AtFiling, Now casework.Candidate
	// Same: it would go to the same member, or to one with an equal score.
	Same bool
}

// Replay makes a stored decision again with today's station, as of the time of filing. The stored loads and
// times take precedence over today's; of today's times only those before the filing count.
func Replay(s casework.Submission, k Snapshot) Replayed {
	loads, asked := maps.Clone(k.Loads), map[string]casework.Millis{}
	if loads == nil {
		loads = map[string]int{}
	}
	for id, at := range k.LastAssigned {
		if at < s.FiledAt {
			asked[id] = at
		}
	}
	for i, c := range s.Decision.Candidates {
		if s.Decision.Rule < 2 {
			break // it stored neither
		}
		loads[c.Member], asked[c.Member] = c.Open, c.LastAssigned
		if s.WasFull(i) {
			loads[c.Member] = max(c.Open, k.capacity(c.Member))
		}
	}
	d := Decide(Input{
		Station: k.Station, Target: s.Target, Filing: FilingOf(s), Loads: loads, LastAssigned: asked,
		Parties: k.Parties, Contact: k.Contact, Now: s.FiledAt.Time(),
	})
	var r Replayed
	r.AtFiling, _ = s.Picked()
	offered := d.Offered()
	if n := Pick(d, loads, asked); n > 0 {
		r.Now = offered[n-1]
	}
	r.Same = r.AtFiling.Member == r.Now.Member
	for _, c := range offered {
		if c.Member == r.AtFiling.Member && c.Score == r.Now.Score && loads[c.Member] < c.Capacity {
			r.Same = true
		}
	}
	return r
}

func (k Snapshot) capacity(member string) int {
	m, _ := k.Station.Member(member)
	return k.Station.Capacity(m)
}
