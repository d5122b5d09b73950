package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// HandleDanger says that the liaison has dealt with the danger. Any act of a liaison has the same effect; see
// Submission.alarmed.
type HandleDanger struct {
	basicAct

	Reason string
}

func (HandleDanger) rule() rule {
	return rule{name: access.HandleDanger, fromStates: States, whenFull: true}
}

func (a HandleDanger) content() content { return content{reason: a.Reason} }

func (a HandleDanger) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a HandleDanger) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明怎样处置的")
}

func (HandleDanger) refuse(s Submission, _ actContext) error {
	if !s.HasOpenDanger() {
		return fault.New(fault.WrongState, "这件诉求没有待处置的险情")
	}
	return nil
}

func (a HandleDanger) entry(Submission, actContext) Entry { return Entry{Private: true} }
