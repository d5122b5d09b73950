package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// MaxExtension is the maximum extension in working days; a matter is extended at most once (山东省12345热线工作规则: at
// most ten).
const MaxExtension = 10

// Extend adds working days to the deadline of the final answer, once.
type Extend struct {
	Days   int
	Reason string
}

func (Extend) rule() rule {
	return rule{name: access.Extend, fromStates: unansweredStates, whenFull: true}
}

func (a Extend) content() content { return content{reason: a.Reason} }

func (a Extend) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Extend) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Days >= 1 && a.Days <= MaxExtension, "days", "延期须为 1 至 %d 个工作日", MaxExtension)
	c.Require(a.Reason != "", "reason", "请写明延期的原因，群众会看到")
}

func (Extend) refuse(s Submission, in actContext) error {
	switch {
	case s.clocks().Extended > 0:
		return fault.New(fault.WrongState, "这件诉求已经延期过一次，不能再延；请尽快答复并说明情况")
	case s.PausedAt == 0 && At(in.now) >= s.DueAt, s.PausedAt != 0 && s.PausedAt >= s.DueAt:
		return fault.New(fault.WrongState, "办理期限已过，不能再延期；请尽快答复并说明情况")
	}
	return nil
}

func (a Extend) entry(Submission, actContext) Entry { return Entry{Days: a.Days} }

func (a Extend) apply(s *Submission, in actContext) { *s = in.clock.extend(*s, a.Days, in.now) }

// Recount is the system's: a provisional deadline becomes final, since the holidays of its year are known.
type Recount struct{ basicAct }

func (Recount) rule() rule { return rule{name: Recounted, fromStates: openStates, whenFull: true} }

func (a Recount) cleaned() Act { return a }

func (Recount) refuse(s Submission, in actContext) error {
	if _, certain := in.clock.FinalizeDeadline(s, in.now); !certain {
		return fault.New(fault.WrongState, "这件诉求的期限没有变化")
	}
	return nil
}

func (Recount) apply(s *Submission, in actContext) { *s, _ = in.clock.FinalizeDeadline(*s, in.now) }
