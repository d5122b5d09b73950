package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Close closes a submission with an outcome.
type Close struct {
	Outcome Outcome
	Text    string
	// Into is the submission that continues it, with Merged.
	Into string
	// Day is the promised day of an Agreed outcome as requested (YYYY-MM-DD). The caller of Apply sets
	// Promised, the end of that day; 0 means the default.
	Day      string
	Promised Millis
	// Include are the assists whose answers the visitor also gets. Without confirms that unanswered assists are
	// ignored.
	Include []int
	Without bool
}

func (Close) rule() rule {
	return rule{
		name: access.Close, fromStates: []State{Accepted, Waiting, Answered}, next: Closed,
		whenFull: true, contacts: true, endsCover: true,
	}
}

func (a Close) content() content { return content{text: a.Text} }

func (a Close) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Close) check(c *fault.Check, s Submission, in actContext) {
	c.Require(slices.Contains(Outcomes, a.Outcome), "outcome", "请选择办理结果")
	c.Require(a.Text != "", "text", "请写明办理情况，群众会看到")
	c.Require((a.Outcome == Merged) == (a.Into != ""), "into", "合并办理时请选择并入的诉求，其他结果不填")
	c.Require(a.Into != s.ID || a.Into == "", "into", "不能并入自身")
	c.Require(a.Promised == 0 || a.Outcome == Agreed, "promised", "只有“待落实”才约定日期，其他结果不填")
	if a.Promised != 0 {
		checkPromiseDay(c, a.Promised, in.now)
	}
}

func (a Close) refuse(s Submission, _ actContext) error { return s.checkAssists(a.Include, a.Without) }

func (a Close) entry(s Submission, _ actContext) Entry {
	return Entry{Outcome: a.Outcome, Parts: s.parts(a.Include)}
}

func (a Close) apply(s *Submission, in actContext) {
	s.Outcome, s.Into, s.ClosedAt = a.Outcome, a.Into, At(in.now)
	if a.Outcome == Agreed {
		p := Promise{At: At(in.now), DueAt: a.Promised, Assumed: a.Promised == 0}
		if p.Assumed {
			p.DueAt = in.clock.defaultPromiseDay(in.now)
		}
		setPromise(s, p, in)
	}
	endAssists(s, EndedUnawaited, "", in, isAsked)
}

// Withdraw is the filer's; it is final.
type Withdraw struct {
	basicAct

	Reason string
}

func (Withdraw) rule() rule {
	return rule{name: access.Withdraw, fromStates: openStates, next: Withdrawn, whenFull: true, asFiler: true, endsCover: true}
}

func (a Withdraw) content() content { return content{reason: a.Reason} }

func (a Withdraw) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Withdraw) apply(s *Submission, in actContext) {
	s.ClosedAt, s.Lead, s.LeadEntriesSeen = At(in.now), "", 0
	endAssists(s, EndedUnawaited, "", in, isAsked)
}

// Rate is the filer's rating of how it ended.
type Rate struct {
	basicAct

	Solved bool
	// Attitude and Speed are 1 to 5.
	Attitude, Speed int
	Reason          string
}

func (Rate) rule() rule {
	return rule{name: access.Rate, fromStates: []State{Closed}, whenFull: true, asFiler: true}
}

func (a Rate) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Rate) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Attitude >= 1 && a.Attitude <= 5, "attitude", "态度评分为 1 至 5")
	c.Require(a.Speed >= 1 && a.Speed <= 5, "speed", "速度评分为 1 至 5")
	c.Require(Runes(a.Reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
}

func (Rate) refuse(s Submission, _ actContext) error {
	if s.EndRated() {
		return fault.New(fault.WrongState, "您已经评价过了，谢谢")
	}
	return nil
}

func (a Rate) entry(_ Submission, in actContext) Entry {
	r := a.rating(in)
	r.Reason = "" // the entry has it as Text
	return Entry{Text: a.Reason, Rating: r}
}

func (a Rate) apply(s *Submission, in actContext) { s.Rating = a.rating(in) }

func (a Rate) rating(in actContext) *Rating {
	return &Rating{Solved: a.Solved, Attitude: a.Attitude, Speed: a.Speed, Reason: a.Reason, At: At(in.now)}
}

// Reopen is the filer's, if the matter is not settled for them.
type Reopen struct {
	basicAct

	Reason string
}

func (Reopen) rule() rule {
	return rule{name: access.Reopen, fromStates: []State{Closed}, next: Assigned, asFiler: true}
}

func (a Reopen) content() content { return content{reason: a.Reason} }

func (a Reopen) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Reopen) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Reopen) refuse(s Submission, in actContext) error {
	if s.reopenExpired(in.now) {
		return fault.New(fault.WrongState, "办结已超过 %d 天，请重新提交一件诉求", ReopenDays)
	}
	return nil
}

func (a Reopen) apply(s *Submission, in actContext) {
	s.Outcome, s.Into, s.ClosedAt, s.Rating, s.Promise = "", "", 0, nil, nil
	s.Lead, s.LeadEntriesSeen = "", 0
	if s.Assignee == "" {
		s.State = Pooled
	}
	*s = in.clock.startTerm(*s, in.now)
}
