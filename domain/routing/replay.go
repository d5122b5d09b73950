package routing

import (
	"maps"

	"mashang/domain/casework"
	"mashang/domain/station"
)

// FilingOf is what was filed, as far as a decision depends on it. Phones and
// photos are left out: none does.
func FilingOf(s casework.Submission) casework.Filing {
	return casework.Filing{
		Kind: s.Kind, Category: s.Category, Visitor: s.Visitor, Text: s.Text, Against: s.Against,
		AboutMember: s.AboutMember, OnBehalf: s.OnBehalf,
	}
}

// Snapshot is what a decision that is made again takes from today: no submission
// keeps it.
type Snapshot struct {
	Station      *station.Station
	Loads        map[string]int
	LastAssigned map[string]casework.Millis
	FilerMember  string
	Contact      string
}

// Replayed is a decision made again.
type Replayed struct {
	// Was and Would are who took it at filing and who would now, without a
	// Member for the pool.
	Was, Would casework.Candidate
	// Same is set when it would go to the same member, or to one for whom as
	// much speaks.
	Same bool
}

// Replay makes a stored decision again with today's station, at the moment of
// filing. The loads and times the decision kept count before today's; of today's
// times only those before the filing do.
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
			break // it kept neither
		}
		loads[c.Member], asked[c.Member] = c.Open, c.LastAssigned
		if s.WasFull(i) {
			loads[c.Member] = max(c.Open, k.capacity(c.Member))
		}
	}
	d := Decide(Input{
		Station: k.Station, Target: s.Target, Filing: FilingOf(s), Loads: loads, LastAssigned: asked,
		FilerMember: k.FilerMember, Contact: k.Contact, Now: s.FiledAt.Time(),
	})
	var r Replayed
	r.Was, _ = s.Picked()
	offered := d.Offered()
	if n := Pick(d, loads, asked); n > 0 {
		r.Would = offered[n-1]
	}
	r.Same = r.Was.Member == r.Would.Member
	for _, c := range offered {
		if c.Member == r.Was.Member && c.Score == r.Would.Score && loads[c.Member] < c.Capacity {
			r.Same = true
		}
	}
	return r
}

func (k Snapshot) capacity(member string) int {
	m, _ := k.Station.Member(member)
	return k.Station.Capacity(m)
}
