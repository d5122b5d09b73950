package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Close ends it with an outcome.
type Close struct {
	Outcome Outcome
	Text    string
	// Into is the submission it goes on in, with Merged.
	Into string
	// Day is the day by which what is agreed is to be carried out, as it was asked
	// for (YYYY-MM-DD). Whoever applies the act sets Promised, the end of that day;
	// 0 leaves it to the default.
	Day      string
	Promised Millis
	// Include are the assists whose answers the visitor is shown, and Without
	// confirms that some have not answered.
	Include []int
	Without bool
}

func (Close) rule() rule {
	return rule{
		name: access.Close, from: []State{Accepted, Waiting, Answered}, next: Closed,
		unbounded: true, contact: true, settles: true,
	}
}

func (a Close) words() words { return words{text: a.Text} }

func (a Close) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Close) check(c *fault.Check, s Submission, in setting) {
	c.Require(slices.Contains(Outcomes, a.Outcome), "outcome", "请选择办理结果")
	c.Require(a.Text != "", "text", "请写明办理情况，群众会看到")
	c.Require((a.Outcome == Merged) == (a.Into != ""), "into", "合并办理时请选择并入的诉求，其他结果不填")
	c.Require(a.Into != s.ID || a.Into == "", "into", "不能并入自身")
	c.Require(a.Promised == 0 || a.Outcome == Agreed, "promised", "只有“待落实”才约定日期，其他结果不填")
	if a.Promised != 0 {
		checkDay(c, a.Promised, in.now)
	}
}

func (a Close) refuse(s Submission, _ setting) error { return s.mayAnswerJointly(a.Include, a.Without) }

func (a Close) entry(s Submission, _ setting) Entry {
	return Entry{Outcome: a.Outcome, Parts: s.parts(a.Include)}
}

func (a Close) apply(s *Submission, in setting) {
	s.Outcome, s.Into, s.ClosedAt = a.Outcome, a.Into, At(in.now)
	if a.Outcome == Agreed {
		p := Promise{At: At(in.now), DueAt: a.Promised, Assumed: a.Promised == 0}
		if p.Assumed {
			p.DueAt = in.clock.usualPromise(in.now)
		}
		promise(s, p, in)
	}
	endAssists(s, EndedUnawaited, "", in, isAsked)
}

// Withdraw is by the filer and final.
type Withdraw struct {
	plain

	Reason string
}

func (Withdraw) rule() rule {
	return rule{name: access.Withdraw, from: open, next: Withdrawn, unbounded: true, filer: true, settles: true}
}

func (a Withdraw) words() words { return words{reason: a.Reason} }

func (a Withdraw) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Withdraw) apply(s *Submission, in setting) {
	s.ClosedAt, s.Lead, s.LeadEntriesSeen = At(in.now), "", 0
	endAssists(s, EndedUnawaited, "", in, isAsked)
}

// Rate is the filer's judgement of the end it has.
type Rate struct {
	plain

	Solved bool
	// Attitude and Speed are 1 to 5.
	Attitude, Speed int
	Reason          string
}

func (Rate) rule() rule {
	return rule{name: access.Rate, from: []State{Closed}, unbounded: true, filer: true}
}

func (a Rate) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Rate) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Attitude >= 1 && a.Attitude <= 5, "attitude", "态度评分为 1 至 5")
	c.Require(a.Speed >= 1 && a.Speed <= 5, "speed", "速度评分为 1 至 5")
	c.Require(Runes(a.Reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
}

func (Rate) refuse(s Submission, _ setting) error {
	if s.Judged() {
		return fault.New(fault.WrongState, "您已经评价过了，谢谢")
	}
	return nil
}

func (a Rate) entry(_ Submission, in setting) Entry {
	r := a.rating(in)
	r.Reason = "" // it is the text
	return Entry{Text: a.Reason, Rating: r}
}

func (a Rate) apply(s *Submission, in setting) { s.Rating = a.rating(in) }

func (a Rate) rating(in setting) *Rating {
	return &Rating{Solved: a.Solved, Attitude: a.Attitude, Speed: a.Speed, Reason: a.Reason, At: At(in.now)}
}

// Reopen is by the filer, for whom it is not settled.
type Reopen struct {
	plain

	Reason string
}

func (Reopen) rule() rule {
	return rule{name: access.Reopen, from: []State{Closed}, next: Assigned, filer: true}
}

func (a Reopen) words() words { return words{reason: a.Reason} }

func (a Reopen) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Reopen) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Reopen) refuse(s Submission, in setting) error {
	if s.reopenExpired(in.now) {
		return fault.New(fault.WrongState, "办结已超过 %d 天，请重新提交一件诉求", ReopenDays)
	}
	return nil
}

func (a Reopen) apply(s *Submission, in setting) {
	s.Outcome, s.Into, s.ClosedAt, s.Rating, s.Promise = "", "", 0, nil, nil
	s.Lead, s.LeadEntriesSeen = "", 0
	if s.Assignee == "" {
		s.State = Pooled
	}
	*s = in.clock.begin(*s, in.now)
}
