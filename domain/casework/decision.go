package casework

import (
	"slices"

	"mashang/domain/reason"
)

// Decision is why a submission was assigned as it was. Package routing makes it; casework only stores it.
type Decision struct {
	// Candidates are in order of fitness. Of those with equal score the one with most room gets it, then the
	// one with the oldest assignment. Those with a lower score get it when all before them are full.
	Candidates []Candidate `json:"c,omitempty"`
	// Ties are further members with the score of the first candidate; it was offered to them too.
	Ties []Tie `json:"e,omitempty"`
	// Passed are members who would have come first but could not have it.
	Passed []PassedOver `json:"p,omitempty"`
	// RuledOut are the best of the other members who qualified but could not have it; for the liaison.
	RuledOut []PassedOver `json:"x,omitempty"`
	// Rule, Rules and Roster are versions: of the program's rule, of the station's rules, and of its roster.
	Rule   int `json:"r"`
	Rules  int `json:"rv,omitempty"`
	Roster int `json:"v"`
}

// Candidate is one member with the reasons for and against.
type Candidate struct {
	Member   string          `json:"m"`
	Name     string          `json:"n"`
	Score    int             `json:"s"`
	Capacity int             `json:"k,omitempty"`
	Reasons  []reason.Reason `json:"r,omitempty"`
	// Weights are those of Reasons, in the same order; older decisions have none.
	Weights []int `json:"w,omitempty"`
	// Against are the reasons against, which did not rule the member out.
	Against []WeightedReason `json:"a,omitempty"`
	// Open is how many open submissions they had, and LastAssigned when they last got one, as far as known.
	Open         int    `json:"o,omitempty"`
	LastAssigned Millis `json:"q,omitempty"`
}

// WeightedReason is a reason against with the points that it cost.
type WeightedReason struct {
	Reason reason.Reason `json:"r"`
	Weight int           `json:"w,omitempty"`
}

// Tie is a member with the first candidate's score. Nil Reasons means the first candidate's.
type Tie struct {
	Member   string          `json:"m"`
	Name     string          `json:"n"`
	Capacity int             `json:"k,omitempty"`
	Reasons  []reason.Reason `json:"r,omitempty"`
}

// Offered lists all members to whom it was offered, candidates first. A submission's Pick is a position in this
// list, from 1.
func (d Decision) Offered() []Candidate {
	if len(d.Ties) == 0 {
		return d.Candidates
	}
	list := slices.Clone(d.Candidates)
	for _, e := range d.Ties {
		c := Candidate{Member: e.Member, Name: e.Name, Capacity: e.Capacity, Score: d.Candidates[0].Score, Reasons: e.Reasons}
		if c.Reasons == nil {
			c.Reasons = slices.DeleteFunc(slices.Clone(d.Candidates[0].Reasons), func(r reason.Reason) bool { return r == reason.MostRoom })
		}
		list = append(list, c)
	}
	return list
}

// PassedOver is a member who was passed over, and why.
type PassedOver struct {
	Member string        `json:"m"`
	Name   string        `json:"n"`
	Why    reason.Reason `json:"w"`
}

// Picked returns the candidate who got it at filing; ok is false if nobody did, or without a decision (views
// omit it).
func (s Submission) Picked() (c Candidate, ok bool) {
	offered := s.Decision.Offered()
	if s.Pick < 1 || s.Pick > len(offered) {
		return Candidate{}, false
	}
	return offered[s.Pick-1], true
}

// RunnerUp returns the candidate who would have got it if the picked one were not there: the best of the others
// with room; ok is false without one.
func (s Submission) RunnerUp() (c Candidate, ok bool) {
	for i, c := range s.Decision.Offered() {
		if i != s.Pick-1 && !s.WasFull(i) {
			return c, true
		}
	}
	return Candidate{}, false
}

// WasFull reports whether the i-th member to whom it was offered, from 0, had no room at filing.
func (s Submission) WasFull(i int) bool {
	if s.Decision.Rule < tieRuleVersion {
		// The first with room got it: all before were full.
		return i < len(s.Decision.Candidates) && (s.Pick == 0 || i < s.Pick-1)
	}
	return s.Full&(1<<i) != 0
}

// tieRuleVersion is the version of the program's rule since which the store decides among equals and records
// who was full.
const tieRuleVersion = 2

// fullCandidates are the candidates before the picked one who had no room.
func (s Submission) fullCandidates() []Candidate {
	pick, _ := s.Picked()
	var list []Candidate
	for i, c := range s.Decision.Candidates {
		if i != s.Pick-1 && s.WasFull(i) && (c.Score > pick.Score || i < s.Pick-1) {
			list = append(list, c)
		}
	}
	return list
}
