package casework

import "slices"

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

// VisitorReason returns one sentence for its visitor about who has it and why. It names no other member.
func (s Submission) VisitorReason() string {
	list := s.Reasons()
	text := list[len(list)-1] + "。"
	if slices.ContainsFunc(s.Decision.Passed, func(p PassedOver) bool { return p.Member != s.Assignee }) {
		text = "您扫码的委员暂时不便办理这件事，" + text
	}
	return text
}
