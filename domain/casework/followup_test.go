package casework_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/followup"
	"mashang/domain/rating"
)

var (
	ringing = casework.Actor{Role: access.Liaison, ID: "l", Name: "赵六"}
	author  = casework.Actor{Role: access.Visitor, ID: "u1"}
	// notSolved is a rating that asks for a call.
	notSolved = casework.Rate{Verdict: rating.Not, Reason: "没有人来修"}
)

// ratedLow is a closed matter whose filer says that it is not solved.
func ratedLow(t *testing.T) casework.Submission {
	t.Helper()
	return apply(t, in(casework.Closed), doing{notSolved, author}, noon)
}

func TestACallSettlesALowRating(t *testing.T) {
	t.Parallel()
	for result, needs := range map[rating.FollowUp]bool{rating.Reached: false, rating.NowSatisfied: false, rating.NotReached: true} {
		s := ratedLow(t)
		if !followup.Needed(s, noon) {
			t.Fatal("nobody is to be called")
		}
		s = apply(t, s, doing{casework.Cleaned(casework.FollowUp{Result: result, Text: " 讲清了 "}), ringing}, noon)
		if followup.Needed(s, noon) != needs || s.State != casework.Closed || s.Rating == nil {
			t.Errorf("%s: needs a call %v, %s, %v", result, followup.Needed(s, noon), s.State, s.Rating)
		}
		e := s.Last()
		if _, shown := e.ForVisitor(); shown || e.FollowUp != result || e.Text != "讲清了" || e.Reopens() {
			t.Errorf("%s: the entry %+v, shown %v", result, e, shown)
		}
	}
	unreachable := ratedLow(t)
	unreachable.Phone, unreachable.OnBehalf = "", nil
	if followup.Needed(unreachable, noon) {
		t.Error("somebody without a number is to be called")
	}
	s := ratedLow(t)
	for range 3 {
		if !followup.Needed(s, noon) {
			t.Error("given up before the third call")
		}
		s = apply(t, s, doing{casework.FollowUp{Result: rating.NotReached}, ringing}, noon)
	}
	if followup.Needed(s, noon) {
		t.Error("a fourth call is asked for")
	}
}

func TestACallReopensWhatIsNotSettled(t *testing.T) {
	t.Parallel()
	late := noon.AddDate(0, 2, 0) // the filer themselves could not any more
	s := apply(t, ratedLow(t), doing{casework.FollowUp{Result: rating.ToReopen, Text: "路灯又不亮了"}, ringing}, late)
	if s.State != casework.Assigned || s.Assignee != "a" || s.Rating != nil || s.Outcome != "" || s.ClosedAt != 0 || followup.Needed(s, noon) {
		t.Errorf("reopened %+v", s)
	}
	if s.DueAt <= casework.At(late) {
		t.Error("the term does not begin anew")
	}
	// The visitor learns that it goes on, and not what the staff wrote.
	e, shown := s.Last().ForVisitor()
	if !shown || e.Text != "" || !s.Last().Reopens() {
		t.Errorf("shown %v: %+v", shown, e)
	}
}

func TestWhatACallIsRefusedFor(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		act   casework.FollowUp
		wrong []string
	}{
		{casework.FollowUp{}, []string{"result", "text"}},
		{casework.FollowUp{Result: rating.Reached}, []string{"text"}},
		{casework.FollowUp{Result: rating.ToReopen}, []string{"text"}},
		{casework.FollowUp{Result: rating.NowSatisfied, Text: strings.Repeat("长", 501)}, []string{"text"}},
		{casework.FollowUp{Result: rating.NowSatisfied, Text: strings.Repeat("长", 500)}, nil},
	} {
		_, err := try(ratedLow(t), doing{x.act, ringing}, clock, noon)
		same(t, string(x.act.Result), x.wrong, wrong(t, err))
	}
	if _, err := try(in(casework.Closed), doing{casework.FollowUp{Result: rating.NowSatisfied}, ringing}, clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("without a rating: %v", err)
	}
	good := apply(t, in(casework.Closed), does(access.Rate), noon)
	if _, err := try(good, doing{casework.FollowUp{Result: rating.NowSatisfied}, ringing}, clock, noon); !fault.Is(err, fault.WrongState) || followup.Needed(good, noon) {
		t.Errorf("of a good rating: %v, needs a call %v", err, followup.Needed(good, noon))
	}
}

// TestCallsOfAnyMatter: whatever happens to a matter, a call is asked for exactly while its last rating is low, fewer
// than three calls were in vain, and none reached its filer.
func TestCallsOfAnyMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, now := in(casework.Closed), noon
		s.Version = 1
		low, vain := false, 0
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			now = now.Add(time.Hour)
			act := does(access.Close)
			switch s.State {
			case casework.Closed:
				act = rapid.SampledFrom([]doing{
					{notSolved, author},
					does(access.Rate), does(access.Reopen),
					{casework.FollowUp{Result: rating.NotReached}, ringing},
					{casework.FollowUp{Result: rating.Reached, Text: "说了"}, ringing},
					{casework.FollowUp{Result: rating.ToReopen, Text: "还没好"}, ringing},
				}).Draw(t, "act")
			case casework.Assigned:
				act = does(access.Accept)
			}
			next, err := try(s, act, clock, now)
			if err != nil {
				continue
			}
			s = next
			sound(t, s)
			switch a := act.Act.(type) {
			case casework.Rate:
				low, vain = a == notSolved, 0
			case casework.Reopen:
				low = false
			case casework.FollowUp:
				if a.Result == rating.NotReached {
					vain++
				} else {
					low = false
				}
			}
			if got := followup.Needed(s, noon); got != (low && vain < 3) {
				t.Fatalf("needs a call %v after %+v", got, s.Thread)
			}
		}
	})
}

// Nobody rings somebody who had their data erased, and nothing opens their matter again.
func TestAnErasedFilerIsNotRung(t *testing.T) {
	t.Parallel()
	s := ratedLow(t)
	s.Filer = casework.ErasedFiler
	if followup.Needed(s, noon) {
		t.Error("they are to be rung")
	}
	for _, r := range rating.FollowUps {
		if _, err := try(s, doing{casework.FollowUp{Result: r, Text: "还没好"}, ringing}, clock, noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s: %v", r, err)
		}
	}
}
