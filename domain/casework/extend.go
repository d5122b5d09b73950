package casework

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

// MaxExtension is by how many working days a matter can be extended, once
// (山东省12345热线工作规则: at most ten).
const MaxExtension = 10

// Extend gives more working days for the final answer, once.
type Extend struct {
	Days   int
	Reason string
}

func (Extend) rule() rule { return rule{name: access.Extend, from: unanswered, unbounded: true} }

func (a Extend) words() words { return words{reason: a.Reason} }

func (a Extend) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Extend) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Days >= 1 && a.Days <= MaxExtension, "days", "延期须为 1 至 %d 个工作日", MaxExtension)
	c.Require(a.Reason != "", "reason", "请写明延期的原因，群众会看到")
}

func (Extend) refuse(s Submission, in setting) error {
	switch {
	case s.clocks().Extended > 0:
		return fault.New(fault.WrongState, "这件诉求已经延期过一次，不能再延；请尽快答复并说明情况")
	case s.PausedAt == 0 && At(in.now) >= s.DueAt, s.PausedAt != 0 && s.PausedAt >= s.DueAt:
		return fault.New(fault.WrongState, "办理期限已过，不能再延期；请尽快答复并说明情况")
	}
	return nil
}

func (a Extend) entry(Submission, setting) Entry { return Entry{Days: a.Days} }

func (a Extend) apply(s *Submission, in setting) { *s = in.clock.extended(*s, a.Days, in.now) }

// Recount is the system's: a deadline that was provisional is certain, since the
// holidays of its year are known.
type Recount struct{ plain }

func (Recount) rule() rule { return rule{name: Recounted, from: open, unbounded: true} }

func (a Recount) cleaned() Act { return a }

func (Recount) refuse(s Submission, in setting) error {
	if _, certain := in.clock.FinalizeDeadline(s, in.now); !certain {
		return fault.New(fault.WrongState, "这件诉求的期限没有变化")
	}
	return nil
}

func (Recount) apply(s *Submission, in setting) { *s, _ = in.clock.FinalizeDeadline(*s, in.now) }
