// Package routing decides which member a submission goes to, and why.
//
// Decide is pure: the same station, target, filing, loads and time give the same ranking, so a decision can be
// explained and replayed. It only ranks. The store decides among equals, and whether they still have room, in
// the step that queues the submission, because only there two concurrent filings cannot both take the last
// place. Pick is the same rule for known loads.
package routing

import (
	"time"

	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// RuleVersion is stored with each decision. Raise it when a change of the rules here changes decisions.
const RuleVersion = 3

// MaxCandidates is the maximum length of the stored ranking, MaxOffered the maximum number of members to whom
// one submission is offered, including the equals of the first, and MaxRuledOut the maximum number of stored
// members who could not have it.
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
	// Loads are the members' numbers of open submissions, by id.
	Loads map[string]int
	// LastAssigned is when each member last got a submission, by id.
	LastAssigned map[string]casework.Millis
	// Parties are the member ids of the filer and of who filed it for them, as far as they are members of this
	// station: nobody handles their own matter.
	Parties []string
	// Contact is the member id of the filer's household contact at this station.
	Contact string
	// Returned are the members who returned the matter as not theirs; empty at filing.
	Returned []string
	Now      time.Time
}

// Category returns the category for routing: the filing's own, or the tourist's default if a tourist chose
// none; ok is false without one.
func Category(st *station.Station, f casework.Filing) (station.Category, bool) {
	if f.Category != "" {
		return st.Category(f.Category)
	}
	if f.Visitor == casework.Tourist {
		return st.TouristCategory()
	}
	return station.Category{}, false
}

// Decide ranks the members of the station. A member who has left, is away, is concerned by the matter or
// returned it is never a candidate; nor is one with no reason but free time. The substitute of a member who is
// away is ranked directly below members with that score.
//
// After those follow the keepers of the room here and the leaders of the squads in charge, for the case that
// nobody fits or all who fit are full. Without any candidate it goes to the liaison's pool. So does a matter
// about a member if nobody can tell which: it must never reach the member it is about (信访工作条例 §30).
func Decide(in Input) casework.Decision {
	d := casework.Decision{Rule: RuleVersion, Rules: in.Station.RulesVersion(), Roster: in.Station.Version}
	j := newScorer(in)
	if j.accusedUnknown {
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
			} else if why != reason.Left {
				out = append(out, excluded{m, sum, why})
			}
			if why == reason.Away {
				away = append(away, m)
			}
			continue
		}
		list = append(list, j.contender(m, sum))
	}
	list = j.addSubstitutes(list, away)
	d.Candidates, d.Ties = j.offer(topContenders(list))
	d.Candidates = j.addByOffice(d.Candidates)
	d.RuledOut = bestExcluded(out)
	for i := range d.Candidates {
		j.addAgainst(&d.Candidates[i])
	}
	return d
}
