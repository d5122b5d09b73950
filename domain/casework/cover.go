package casework

import "cmp"

// coverable are the states in which a matter is in a member's hands and not
// answered: what is answered stays with who answered.
var coverable = []State{Assigned, Accepted, Waiting}

// Covered reports whether somebody has it for a member who is away, and it is
// to go back to them.
func (s Submission) Covered() bool {
	return s.CoverFor != "" && (s.State == Assigned || s.State == Accepted || s.State == Waiting)
}

// coverAfter is for whom it is held after the step. A person's decision, an
// answer and an end make it the holder's own.
func (s Submission) coverAfter(act Act) string {
	switch act {
	case Cover:
		return cmp.Or(s.CoverFor, s.Assignee)
	case Resume, Reply, Close, Withdraw, Transfer, Assign, Return, Release:
		return ""
	default:
		return s.CoverFor
	}
}
