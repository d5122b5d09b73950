package casework

import (
	"cmp"
	"slices"

	"mashang/domain/fault"
)

// Covered reports whether a member has it in place of one who is away and will get it back.
func (s Submission) Covered() bool {
	return s.CoverFor != "" && slices.Contains(unansweredStates, s.State)
}

// Cover is the system's: another member replaces one who is away.
type Cover struct {
	basicAct

	To, ToName string
	Reason     string
}

func (Cover) rule() rule { return rule{name: Covered, fromStates: unansweredStates, whenFull: true} }

func (a Cover) content() content { return content{reason: a.Reason} }

func (a Cover) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Cover) check(c *fault.Check, s Submission, _ actContext) { checkReceiver(c, s, a.To, a.Reason) }

func (a Cover) entry(Submission, actContext) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Cover) apply(s *Submission, in actContext) {
	s.CoverFor = cmp.Or(s.CoverFor, s.Assignee)
	assignTo(s, a.To, in)
}

// Resume is the system's: a member who was away gets it back.
type Resume struct {
	basicAct

	To, ToName string
	Reason     string
}

func (Resume) rule() rule {
	return rule{name: Resumed, fromStates: unansweredStates, whenFull: true, endsCover: true}
}

func (a Resume) content() content { return content{reason: a.Reason} }

func (a Resume) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Resume) check(c *fault.Check, s Submission, _ actContext) {
	checkReceiver(c, s, a.To, a.Reason)
}

func (a Resume) entry(Submission, actContext) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Resume) apply(s *Submission, in actContext) { assignTo(s, a.To, in) }
