package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// HandleDanger says that the liaison takes care of the danger, or what they did about it: the first ends the alarm,
// and each is in the thread. Any act of a liaison ends the alarm as well; see Submission.updateDangers.
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
	switch {
	case len(s.Dangers) == 0:
		return fault.New(fault.WrongState, "这件诉求没有提到险情")
	case len(s.Thread) >= MaxThread && !s.HasOpenDanger():
		return fault.New(fault.WrongState, "这件诉求往来已达上限，险情已有人接手")
	}
	return nil
}

func (a HandleDanger) entry(Submission, actContext) Entry { return Entry{Private: true} }
