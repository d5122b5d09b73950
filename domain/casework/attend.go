package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// Attend is the liaison's: they have seen to the danger it speaks of. What it
// changes, any act of a liaison changes; see Submission.alarmed.
type Attend struct {
	plain

	Reason string
}

func (Attend) rule() rule { return rule{name: access.Attend, from: States, unbounded: true} }

func (a Attend) words() words { return words{reason: a.Reason} }

func (a Attend) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Attend) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Reason != "", "reason", "请写明怎样处置的")
}

func (Attend) refuse(s Submission, _ setting) error {
	if !s.Alarming() {
		return fault.New(fault.WrongState, "这件诉求没有待处置的险情")
	}
	return nil
}

func (a Attend) entry(Submission, setting) Entry { return Entry{Private: true} }
