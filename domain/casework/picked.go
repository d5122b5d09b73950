package casework

import "slices"

// Picked returns the candidate who took it at filing; ok is false when nobody
// did, or the decision is not there (views leave it out).
func (s Submission) Picked() (c Candidate, ok bool) {
	offered := s.Decision.Offered()
	if s.Pick < 1 || s.Pick > len(offered) {
		return Candidate{}, false
	}
	return offered[s.Pick-1], true
}

// RunnerUp returns who would have had it without the one who took it: the best
// of the others, those who were full left out; ok is false without any.
func (s Submission) RunnerUp() (c Candidate, ok bool) {
	for i, c := range s.Decision.Offered() {
		if i != s.Pick-1 && !s.WasFull(i) {
			return c, true
		}
	}
	return Candidate{}, false
}

// WasFull reports whether the i-th of those it was offered to, from 0, had no
// room at that moment.
func (s Submission) WasFull(i int) bool {
	if s.Decision.Rule < tieRuleVersion {
		// The first with room took it: all before were full.
		return i < len(s.Decision.Candidates) && (s.Pick == 0 || i < s.Pick-1)
	}
	return s.Full&(1<<i) != 0
}

// tieRuleVersion is the program's rule since which equals are told apart by the
// store, which writes down who was full.
const tieRuleVersion = 2

// fullCandidates are those who would have come before the one who took it and had no
// room.
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

// VisitorReason says in one sentence for its visitor who has it and why. It names
// nobody but the one who has it.
func (s Submission) VisitorReason() string {
	list := s.Reasons()
	text := list[len(list)-1] + "。"
	if slices.ContainsFunc(s.Decision.Passed, func(p PassedOver) bool { return p.Member != s.Assignee }) {
		text = "您扫码的委员暂时不便办理这件事，" + text
	}
	return text
}
