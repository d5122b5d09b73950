package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/rating"
)

// Outcomes that need a condition.
var (
	// workedStates are the states in which somebody has taken the matter on. Before them only a liaison can close it.
	workedStates = []State{Accepted, Waiting, Answered}
	// unworkedOutcomes are how a liaison can close a matter on which nobody has worked.
	unworkedOutcomes = []Outcome{Explained, Referred, Invalid}
)

// invalidText is what the filer reads if a matter was closed as Invalid without other words.
const invalidText = "这件没有作为诉求办理：看不出要反映的事，或者是试填、重复的内容。" +
	"如果您确实遇到了困难，请点“没解决，要求重办”，写明时间、地点和事情，15 天内都可以；也可以打工作站的电话。"

// Close closes a submission with an outcome.
type Close struct {
	Outcome Outcome
	Text    string
	// Photos show what was done.
	Photos []string
	// Reason is why it is Invalid. Members and staff read it, the filer does not.
	Reason string
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
		name: access.Close, fromStates: openStates, next: Closed,
		whenFull: true, contacts: true, endsCover: true,
	}
}

func (a Close) content() content { return content{text: a.Text, reason: a.Reason, photos: a.Photos} }

func (a Close) cleaned() Act {
	a.Text, a.Reason = Clean(a.Text), Clean(a.Reason)
	if a.Outcome == Invalid && a.Text == "" {
		a.Text = invalidText
	}
	return a
}

func (a Close) check(c *fault.Check, s Submission, in actContext) {
	c.Require(slices.Contains(Outcomes, a.Outcome), "outcome", "请选择办理结果")
	c.Require(a.Text != "", "text", "请写明办理情况，群众会看到")
	c.Require((a.Outcome == Invalid) == (a.Reason != ""), "reason", "不予受理的请写明原因（群众看不到，会留下记录），其他结果不填")
	c.Require((a.Outcome == Merged) == (a.Into != ""), "into", "合并办理时请选择并入的诉求，其他结果不填")
	c.Require(a.Into != s.ID || a.Into == "", "into", "不能并入自身")
	c.Require(a.Promised == 0 || a.Outcome == Agreed, "promised", "只有“待落实”才约定日期，其他结果不填")
	if a.Promised != 0 {
		checkPromiseDay(c, a.Promised, in.now)
	}
}

func (a Close) refuse(s Submission, in actContext) error {
	liaison, worked := in.by.Role == access.Liaison, slices.Contains(workedStates, s.State)
	if !liaison && !worked {
		return fault.New(fault.WrongState, "这件诉求现在是“%s”，请先受理再办结", s.State.Chinese())
	}
	var c fault.Check
	c.Require(liaison || a.Outcome != Invalid, "outcome", "“不予受理”由联络员决定：请退回，并写明原因")
	c.Require(a.Outcome != Invalid || !s.Leads() && !s.Follows(), "outcome", "它和别的诉求一起办理，不能不予受理：请先分开“单独办理”")
	c.Require(worked || slices.Contains(unworkedOutcomes, a.Outcome), "outcome",
		"还没有人办理，只能以“已解释”“已转办”或“不予受理”办结；其他结果请先分派")
	if err := c.Err(); err != nil {
		return err
	}
	return s.checkAssists(a.Include, a.Without)
}

func (a Close) entry(s Submission, _ actContext) Entry {
	return Entry{Outcome: a.Outcome, Parts: s.parts(a.Include), Reason: a.Reason}
}

func (a Close) apply(s *Submission, in actContext) {
	s.Outcome, s.Into, s.ClosedAt, s.Hold = a.Outcome, a.Into, At(in.now), ""
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

	Verdict rating.Verdict
	// Satisfaction may be "".
	Satisfaction rating.Satisfaction
	Reason       string
}

func (Rate) rule() rule {
	return rule{name: access.Rate, fromStates: []State{Closed}, whenFull: true, asFiler: true}
}

func (a Rate) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Rate) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(slices.Contains(rating.Verdicts, a.Verdict), "solved", "请选一项：解决了没有；说不好也可以")
	c.Require(a.Satisfaction == "" || slices.Contains(rating.Satisfactions, a.Satisfaction), "satisfaction", "请选满意、一般或不满意，也可以不选")
	c.Require(Runes(a.Reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
}

func (Rate) refuse(s Submission, _ actContext) error {
	switch {
	case s.Outcome == Invalid:
		return fault.New(fault.WrongState, "这件没有作为诉求办理，不用评价；有不同意见可以要求重新办理")
	case s.EndRated():
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

func (a Rate) rating(in actContext) *rating.Rating {
	return &rating.Rating{Verdict: a.Verdict, Satisfaction: a.Satisfaction, Reason: a.Reason, At: int64(At(in.now))}
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

// FollowUp is the liaison's call to the filer of a closed matter whose rating was low.
type FollowUp struct {
	Result rating.FollowUp
	Text   string
}

func (FollowUp) rule() rule         { return rule{name: access.FollowUp, fromStates: []State{Closed}} }
func (a FollowUp) content() content { return content{text: a.Text} }
func (a FollowUp) cleaned() Act     { a.Text = Clean(a.Text); return a }
func (a FollowUp) entry(Submission, actContext) Entry {
	return Entry{FollowUp: a.Result, Private: a.Result != rating.ToReopen}
}

func (a FollowUp) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(slices.Contains(rating.FollowUps, a.Result), "result", "请选择回访的结果")
	c.Require(a.Text != "" || a.Result == rating.NowSatisfied || a.Result == rating.NotReached, "text", "请写明回访时说了什么")
	c.Require(Runes(a.Text) <= MaxReason, "text", "回访情况最多 %d 字", MaxReason)
}

func (FollowUp) refuse(s Submission, _ actContext) error {
	if s.Filer == ErasedFiler {
		return fault.New(fault.WrongState, "提交的人已删除个人信息，不用回访，也不能重新办理")
	}
	if s.Rating == nil || !s.Rating.IsLow() {
		return fault.New(fault.WrongState, "这件诉求没有不满意的评价，不用回访")
	}
	return nil
}

func (a FollowUp) apply(s *Submission, in actContext) {
	if a.Result == rating.ToReopen {
		s.State = Assigned
		Reopen{}.apply(s, in)
	}
}

// Reopens reports whether the matter was handled again from this entry on.
func (e Entry) Reopens() bool { return e.What == access.Reopen || e.FollowUp == rating.ToReopen }
