package casework_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/rating"
	"mashang/domain/reason"
)

// callers are one of every kind, and strangers of the same kinds.
var callers = []access.Caller{
	{Person: "u1", Role: access.Visitor},
	{Person: "u2", Role: access.Visitor},
	{Person: "u3", Role: access.Member, Station: "hh", ID: "a", Name: "张三"},
	{Person: "u4", Role: access.Member, Station: "hh", ID: "b", Name: "李四"},
	{Person: "u5", Role: access.Member, Station: "other", ID: "a", Name: "王五"},
	{Person: "u6", Role: access.Liaison, Station: "hh", ID: "l", Name: "赵六"},
	{Person: "u7", Role: access.Liaison, Station: "other", ID: "l", Name: "孙七"},
	{Person: "u8", Role: access.Department, Station: "hh", ID: "d", Name: "文旅局"},
	{Person: "u9", Role: access.Admin, Station: "hh", ID: "m", Name: "管理"},
	{},
}

// mayDo is the contract's column “who”, written independently of access.
func mayDo(c access.Caller, act access.Action, s casework.Submission) bool {
	filer := c.Person != "" && c.Person == s.Filer
	member := c.Role == access.Member && c.Station == "hh" && c.ID == s.Assignee && s.State != casework.Held
	liaison := c.Role == access.Liaison && c.Station == "hh"
	switch act {
	case access.Accept, access.Ask, access.Reply, access.Return, access.AskCall:
		return member
	case access.Reveal: // the number of somebody who wants to stay unknown to the member is the liaison's
		return liaison || member && !s.Anonymous && s.State.Open()
	case access.Transfer, access.Close, access.Fulfil, access.Promise:
		return member || liaison
	case access.Assign:
		return liaison
	default:
		return filer
	}
}

// drawAct draws an act with valid or invalid data.
func drawAct(t *rapid.T, name access.Action, now time.Time) casework.Act {
	maybe := func(label string, values ...string) string {
		return rapid.SampledFrom(append(values, "")).Draw(t, label)
	}
	text, reason := maybe("text", "好的", "请补充"), maybe("reason", "属地不符", "没有解决")
	to, into := maybe("to", "a", "b", "c"), maybe("into", "hh-2", "hh-0123456789abcdef")
	outcome := casework.Outcome(maybe("outcome", "solved", "agreed", "merged", "explained", "withdrawn", "invalid"))
	var promised casework.Millis
	if rapid.Bool().Draw(t, "a day") {
		promised = casework.EndOfDay(now.AddDate(0, 0, rapid.IntRange(-1, casework.MaxPromiseDays+1).Draw(t, "days")))
	}
	var photos []string
	if rapid.Bool().Draw(t, "photo") {
		photos = []string{"f1"}
	}
	switch name {
	case access.Accept:
		return casework.Accept{}
	case access.Ask:
		return casework.Ask{Text: text}
	case access.Reply:
		return casework.Reply{Text: text, Photos: photos}
	case access.Transfer:
		return casework.Transfer{To: to, Reason: reason}
	case access.Return:
		return casework.Return{Reason: reason}
	case access.Close:
		return casework.Close{Text: text, Outcome: outcome, Into: into, Promised: promised, Photos: photos, Reason: maybe("why", "试填")}
	case access.Reveal:
		return casework.ViewPhone{Reason: reason}
	case access.AskCall:
		return casework.AskCall{Reason: reason}
	case access.Message:
		return casework.Message{Text: text, Photos: photos}
	case access.Withdraw:
		return casework.Withdraw{Reason: reason}
	case access.Rate:
		return casework.Rate{
			Verdict: rating.Verdict(maybe("verdict", "solved", "unknown", "yes")), Satisfaction: rating.Satisfaction(maybe("satisfaction", "neutral", "5")),
			Reason: reason,
		}
	case access.Reopen:
		return casework.Reopen{Reason: reason}
	case access.Assign:
		return casework.Assign{To: to, Reason: reason}
	case access.Fulfil:
		return casework.Fulfil{Text: text, Photos: photos}
	case access.Promise:
		return casework.Redate{Promised: promised, Reason: reason}
	default:
		t.Fatalf("no act %s", name)
		return nil
	}
}

// drawFiled draws a freshly filed submission.
func drawFiled(t *rapid.T) casework.Submission {
	s := in(casework.Pooled)
	s.Version, s.Anonymous = 1, rapid.Bool().Draw(t, "anonymous")
	s.Visitor = rapid.SampledFrom([]casework.Visitor{casework.Resident, casework.Tourist}).Draw(t, "visitor")
	s.Decision.Candidates = append(s.Decision.Candidates, casework.Candidate{
		Member: "b", Name: "李四", Score: 20, Capacity: 5, Reasons: []reason.Reason{reason.Village.With("河口村")},
	})[:rapid.IntRange(0, 2).Draw(t, "candidates")]
	if rapid.Bool().Draw(t, "passed") {
		s.Decision.Passed = []casework.PassedOver{{Member: "c", Name: "周八", Why: reason.Away}}
	}
	switch s.Pick = rapid.IntRange(0, len(s.Decision.Candidates)).Draw(t, "pick"); {
	case s.Pick > 0:
		s.State, s.Assignee = casework.Assigned, s.Decision.Candidates[s.Pick-1].Member
	case rapid.Bool().Draw(t, "held"):
		s.State, s.Hold = casework.Held, casework.HoldReview
	}
	return s
}

// sound fails for an inconsistent submission.
func sound(t *rapid.T, s casework.Submission) {
	withMember := []casework.State{casework.Assigned, casework.Accepted, casework.Waiting, casework.Answered, casework.Closed}
	for what, ok := range map[string]bool{
		"a known state": s.State.Chinese() != "",
		"a member in hand and no member in the pool":       slices.Contains(withMember, s.State) == (s.Assignee != "") || s.State == casework.Withdrawn || endedUnworked(s),
		"nobody judges what is no matter":                  s.Outcome != casework.Invalid || s.Rating == nil,
		"a reason of each that is no matter, and no other": s.State != casework.Closed || (s.Outcome == casework.Invalid) == (lastClosing(s).Reason != "" && lastClosing(s).By.Role == access.Liaison),
		"numbers of whom the member may know":              !s.Anonymous || !slices.ContainsFunc(s.Thread, func(e casework.Entry) bool { return e.What == access.Reveal && e.By.Role == access.Member }),
		"looked up once by each":                           lookedUpOnce(s),
		"an outcome exactly when closed":                   (s.State == casework.Closed) == (s.Outcome != ""),
		"no end but that of an ended matter":               s.State.Open() == (s.ClosedAt == 0),
		"a rating of what is closed":                       s.Rating == nil || s.State == casework.Closed,
		"the clock stands exactly while waiting":           (s.State == casework.Waiting) == (s.PausedAt != 0),
		"merged into something and nothing else":           (s.Outcome == casework.Merged) == (s.Into != ""),
		"never merged into itself":                         s.Into != s.ID,
		"held for a reason, which ends with the hold":      (s.State == casework.Held) == (s.Hold != "") || s.State == casework.Withdrawn,
		"former members once each":                         len(s.Past) == len(slices.Compact(slices.Sorted(slices.Values(s.Past)))),
		"a version for each step":                          s.Version == 1+len(s.Thread),
		"at least one reason, and each a sentence":         len(s.Reasons()) > 0 && !slices.ContainsFunc(s.Reasons(), func(r string) bool { return casework.Runes(r) < 6 }),
		"returns and calls are not for the visitor, all else is": !slices.ContainsFunc(s.Thread, func(e casework.Entry) bool {
			return e.Private != (e.What == access.Return || e.What == access.AskCall || e.What == access.FollowUp && !e.Reopens())
		}),
		"the newest entry belongs to whoever may do it":    len(s.Thread) == 0 || s.Last().By.ID != "" || s.Last().By.Role == access.System,
		"returned as often as counted, and not too often":  s.Returns <= casework.MaxReturns && s.Returns == len(s.ReturnedBy()),
		"handed on by members not too often":               s.Transfers() <= casework.MaxTransfers,
		"a promise of what was agreed, and kept once":      (s.Promise != nil) == (s.Owed() || s.Fulfilled()),
		"carried out is solved":                            !s.Fulfilled() || s.Outcome == casework.Solved && s.Promise.DoneAt >= s.ClosedAt,
		"reminded of while owed and not after":             s.State != casework.Closed || s.HasReminders() == s.Owed() && s.HasReminders() == (s.Promise != nil && s.Promise.NextAt != 0),
		"a day within a year of the word":                  !s.Owed() || s.Promise.DueAt > s.Promise.At && s.Promise.DueAt <= casework.EndOfDay(s.Promise.At.Time().AddDate(0, 0, casework.MaxPromiseDays)),
		"judged once for each end":                         judgedTwice(s) == "",
		"never given by a member to who returned it":       !returnedTo(s),
		"held for somebody else while it is not answered":  s.CoverFor == "" || s.Covered() && s.CoverFor != s.Assignee || slices.Contains(s.Past, s.CoverFor),
		"nothing but the deadline depends on when it came": s.FiledAt == casework.At(noon) && s.ID != "" && s.Filer == "u1" && s.Text == "路灯不亮",
	} {
		if !ok {
			t.Fatalf("%s: broken in %+v", what, s)
		}
	}
}

// endedUnworked reports whether a liaison closed it before a member had it, with an outcome that needs no member.
func endedUnworked(s casework.Submission) bool {
	return s.State == casework.Closed && slices.Contains([]casework.Outcome{casework.Explained, casework.Referred, casework.Invalid}, s.Outcome) &&
		lastClosing(s).By.Role == access.Liaison
}

// lastClosing is the newest closing of the thread.
func lastClosing(s casework.Submission) casework.Entry {
	for _, e := range slices.Backward(s.Thread) {
		if e.What == access.Close {
			return e
		}
	}
	return casework.Entry{}
}

// lookedUpOnce reports whether no member looked up the number twice.
func lookedUpOnce(s casework.Submission) bool {
	seen := map[string]bool{}
	for _, e := range s.Thread {
		if e.What == access.Reveal && e.By.Role == access.Member {
			if seen[e.By.ID] {
				return false
			}
			seen[e.By.ID] = true
		}
	}
	return true
}

// returnedTo reports whether a member handed it to one who had returned it, or handed it on after the liaison's
// final assignment.
func returnedTo(s casework.Submission) bool {
	returned := map[string]bool{}
	for _, e := range s.Thread {
		switch e.What {
		case access.Return:
			returned[e.By.ID] = true
		case access.Transfer:
			if e.By.Role == access.Member && (returned[e.To] || len(returned) > 0 && countReturns(s, e.At) >= casework.MaxReturns) {
				return true
			}
		}
	}
	return false
}

// judgedTwice returns the end that was rated more than once.
func judgedTwice(s casework.Submission) access.Action {
	end, n := access.Action(""), 0
	for _, e := range s.Thread {
		switch e.What {
		case access.Close, access.Fulfil, access.Reopen:
			end, n = e.What, 0
		case access.Rate:
			if n++; n > 1 {
				return end
			}
		}
	}
	return ""
}

// countReturns counts the returns before a time.
func countReturns(s casework.Submission, at casework.Millis) (n int) {
	for _, e := range s.Thread {
		if e.What == access.Return && e.At < at {
			n++
		}
	}
	return n
}

func TestNoSequenceOfActsReachesAForbiddenState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawFiled(t)
		now := noon
		sound(t, s)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { sound(t, s) },
			"absence": func(t *rapid.T) {
				to := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "stands in")
				step := cover(to, "委员")
				if s.CoverFor != "" && rapid.Bool().Draw(t, "back") {
					to = s.CoverFor
					step = resume(to, "委员")
				}
				next, err := try(s, step, clock, now)
				if err != nil {
					return
				}
				if next.State != s.State || next.DueAt != s.DueAt || next.Assignee != to {
					t.Fatalf("%s changed more than who has it: %+v", step.name(), next)
				}
				s = next
			},
			"act": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "minutes")) * time.Minute)
				c := rapid.SampledFrom(callers).Draw(t, "caller")
				act := rapid.SampledFrom(acts).Draw(t, "act")
				refused := access.May(c, act, s.AccessResource())
				if (refused == nil) != mayDo(c, act, s) {
					t.Fatalf("%+v, %s in %s: %v", c, act, s.State, refused)
				}
				if refused != nil {
					return
				}
				before := deep(t, s)
				next, err := s.Apply(drawAct(t, act, now), casework.ActorFor(c, act), clock, now)
				if diff := cmp.Diff(before, s, cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s changed what it acted on:\n%s", act, diff)
				}
				if err != nil {
					if code := fault.CodeOf(err); code != fault.Invalid && code != fault.WrongState {
						t.Fatalf("refused with %v", err)
					}
					if diff := cmp.Diff(before, next, cmpopts.EquateEmpty()); diff != "" {
						t.Fatalf("a refused %s changed:\n%s", act, diff)
					}
					return
				}
				want := table[s.State][act]
				if act == access.Close && c.Role == access.Liaison {
					want = casework.Closed
				}
				if act == access.Reopen && s.Assignee == "" {
					want = casework.Pooled // a liaison ended what nobody had
				}
				if act == access.Fulfil || act == access.Promise {
					want = casework.Closed // of what is owed, which the table does not tell apart
					if !s.Owed() || next.Owed() != (act == access.Promise) {
						t.Fatalf("%s of %s leads to %s", act, s.Outcome, next.Outcome)
					}
				}
				if next.State != want {
					t.Fatalf("%s in %s leads to %q, want %q", act, s.State, next.State, want)
				}
				if next.Version != s.Version+1 || len(next.Thread) != len(s.Thread)+1 {
					t.Fatalf("version %d after %d, thread %d after %d", next.Version, s.Version, len(next.Thread), len(s.Thread))
				}
				if diff := cmp.Diff(before.Thread, next.Thread[:len(s.Thread)], cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s rewrote history:\n%s", act, diff)
				}
				s = next
			},
		})
	})
}
