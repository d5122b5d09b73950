package casework

import (
	"cmp"
	"slices"

	"mashang/domain/fault"
)

// Covered reports whether somebody has it for a member who is away, and it is
// to go back to them.
func (s Submission) Covered() bool { return s.CoverFor != "" && slices.Contains(unanswered, s.State) }

// Cover is the system's: somebody stands in for a member who is away.
type Cover struct {
	plain

	To, ToName string
	Reason     string
}

func (Cover) rule() rule { return rule{name: Covered, from: unanswered, unbounded: true} }

func (a Cover) words() words { return words{reason: a.Reason} }

func (a Cover) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Cover) check(c *fault.Check, s Submission, _ setting) { checkReceiver(c, s, a.To, a.Reason) }

func (a Cover) entry(Submission, setting) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Cover) apply(s *Submission, in setting) {
	s.CoverFor = cmp.Or(s.CoverFor, s.Assignee)
	give(s, a.To, in)
}

// Resume is the system's: a member who was away has it back.
type Resume struct {
	plain

	To, ToName string
	Reason     string
}

func (Resume) rule() rule {
	return rule{name: Resumed, from: unanswered, unbounded: true, settles: true}
}

func (a Resume) words() words { return words{reason: a.Reason} }

func (a Resume) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Resume) check(c *fault.Check, s Submission, _ setting) { checkReceiver(c, s, a.To, a.Reason) }

func (a Resume) entry(Submission, setting) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Resume) apply(s *Submission, in setting) { give(s, a.To, in) }
