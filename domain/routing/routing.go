// Package routing decides which member a submission goes to, and why.
//
// Decide is pure: the same station, target, filing, loads and moment give the
// same ranked list, so a decision can be explained and run again. It ranks;
// who of equals takes it, and whether they still have room, is settled by the
// store in the same step that queues the submission, because only there can two
// filings not both take the last place. Pick says the same of loads that are
// known.
package routing

import (
	"time"

	"mashang/domain/casework"
	"mashang/domain/station"
)

// RuleVersion is stored with each decision; it is raised when the rules here
// change what would be decided.
const RuleVersion = 3

// MaxCandidates bounds the ranked list that is stored, MaxOffered how many
// members one submission is offered to, equals of the first counted, and MaxRuledOut
// how many are kept of those who could not have it.
const (
	MaxCandidates = 5
	MaxOffered    = 64
	MaxRuledOut   = 5
)

// Input is everything a decision depends on.
type Input struct {
	Station *station.Station
	Target  station.Target
	Filing  casework.Filing
	// Loads are the open submissions each member holds, by id.
	Loads map[string]int
	// LastAssigned is when each member was last given something, by id.
	LastAssigned map[string]casework.Millis
	// FilerMember is the member id of the filer, if the filer is a member of
	// this station: nobody handles their own matter.
	FilerMember string
	// Contact is the member id of the filer's household contact at this station.
	Contact string
	// Returned are the members who returned the matter as not theirs; nobody at
	// filing.
	Returned []string
	Now      time.Time
}

// Category returns the category a filing is routed by: its own, or the
// tourist's default when a tourist names none. ok is false without one.
func Category(st *station.Station, f casework.Filing) (station.Category, bool) {
	if f.Category != "" {
		return st.Category(f.Category)
	}
	if f.Visitor == casework.Tourist {
		return st.TouristCategory()
	}
	return station.Category{}, false
}

// Decide ranks the members of the station. A member who is gone, away, or
// concerned by the matter, or who returned it, is never a candidate; one whom nothing but free time
// speaks for is none either. Who is away is stood in for by their substitute,
// who then ranks right below whom as much speaks for.
//
// Behind those the matter fits come the keepers of the room here and then the
// leaders of the squads in charge: they are asked when nobody fits, or when all
// who do are full. With nobody at all the liaison's pool takes it, as it does
// what is about a member when nobody can tell which: it must never reach the
// one it is about (信访工作条例 §30).
func Decide(in Input) casework.Decision {
	d := casework.Decision{Rule: RuleVersion, Rules: in.Station.RulesVersion(), Roster: in.Station.Version}
	j := newScorer(in)
	if j.nobody {
		return d
	}
	var list []contender
	var away []*station.Member
	var out []excluded
	for i := range in.Station.Members {
		m := &in.Station.Members[i]
		sum := j.score(m)
		if sum == 0 {
			continue
		}
		if why := j.exclusion(m); why != "" {
			if j.scanned(m) {
				d.Passed = append(d.Passed, casework.PassedOver{Member: m.ID, Name: m.Name, Why: why})
			} else if why != casework.Left {
				out = append(out, excluded{m, sum, why})
			}
			if why == casework.Away {
				away = append(away, m)
			}
			continue
		}
		list = append(list, j.contender(m, sum))
	}
	list = j.standIn(list, away)
	d.Candidates, d.Ties = j.offer(topContenders(list))
	d.Candidates = j.fallBack(d.Candidates)
	d.RuledOut = outOf(out)
	for i := range d.Candidates {
		j.explain(&d.Candidates[i])
	}
	return d
}
