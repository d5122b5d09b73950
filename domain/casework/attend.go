package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// HandleDanger is the liaison's: they have seen to the danger it speaks of. What it
// changes, any act of a liaison changes; see Submission.alarmed.
type HandleDanger struct {
	plain

	Reason string
}

func (HandleDanger) rule() rule {
	return rule{name: access.HandleDanger, from: States, unbounded: true}
}

func (a HandleDanger) words() words { return words{reason: a.Reason} }

func (a HandleDanger) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a HandleDanger) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Reason != "", "reason", "请写明怎样处置的")
}

func (HandleDanger) refuse(s Submission, _ setting) error {
	if !s.HasOpenDanger() {
		return fault.New(fault.WrongState, "这件诉求没有待处置的险情")
	}
	return nil
}

func (a HandleDanger) entry(Submission, setting) Entry { return Entry{Private: true} }
