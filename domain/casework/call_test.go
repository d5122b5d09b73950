package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// TestAMemberSeesTheNumberOnce: for a day from the look, and not of somebody who wants to stay unknown.
func TestAMemberSeesTheNumberOnce(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	status := func(at time.Time) casework.CallStatus {
		t.Helper()
		c, ok := s.CallStatus(holder, at)
		if !ok {
			t.Fatal("there is nobody to call")
		}
		return c
	}
	if c := status(noon); !c.Allowed || c.Why != "" || c.Viewed {
		t.Errorf("before: %+v", c)
	}
	s = apply(t, s, does(access.Reveal), noon)
	shown, ok := s.Last().ForVisitor()
	if !ok || shown.Text != "" || shown.By.Name != "张三" || s.Clocks != nil && s.Clocks.ContactedAt != 0 {
		t.Errorf("the filer reads %+v", shown)
	}
	day := noon.Add(casework.ViewPhoneHours * time.Hour)
	if c := status(day); !c.Allowed || !c.Viewed {
		t.Errorf("a day later: %+v", c)
	}
	if _, err := try(s, does(access.Reveal), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("a second act for the same call: %v", err)
	}
	later := day.Add(time.Second)
	if c := status(later); c.Allowed || !strings.Contains(c.Why, "联络员") {
		t.Errorf("after that: %+v", c)
	}
	if _, err := try(s, does(access.Reveal), clock, later); !fault.Is(err, fault.WrongState) {
		t.Errorf("a second call: %v", err)
	}
	lisi := casework.Actor{Role: access.Member, ID: "b"}
	if c, _ := s.CallStatus(lisi, later); !c.Allowed {
		t.Error("the next member cannot call")
	}
	s.Anonymous = true
	if c, _ := s.CallStatus(lisi, noon); c.Allowed || s.AccessResource().AssigneeSeesPhone {
		t.Errorf("somebody unknown: %+v", c)
	}
	s.Anonymous, s.State = false, casework.Closed
	if _, ok := s.CallStatus(lisi, noon); ok || s.AccessResource().AssigneeSeesPhone {
		t.Error("of a closed one")
	}
	none := in(casework.Accepted)
	none.Phone = ""
	if _, ok := none.CallStatus(holder, noon); ok {
		t.Error("without a number")
	}
	none.OnBehalf = &casework.OnBehalf{Name: "马奶奶", Phone: "sealed"}
	if c, ok := none.CallStatus(holder, noon); !ok || !c.Allowed {
		t.Error("with the number of whom it is for")
	}
}

// TestTheLiaisonIsAskedToCall: also for somebody who wants to stay unknown; not twice in a day, and not in vain.
func TestTheLiaisonIsAskedToCall(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	s.Anonymous = true
	s = apply(t, s, does(access.AskCall), noon)
	if !s.Last().Private {
		t.Error("the filer reads what members write to the liaison")
	}
	if c, _ := s.CallStatus(holder, noon); !c.Asked || c.Allowed {
		t.Errorf("%+v", c)
	}
	if _, err := try(s, does(access.AskCall), clock, noon.Add(time.Hour)); !fault.Is(err, fault.WrongState) {
		t.Errorf("again: %v", err)
	}
	apply(t, s, does(access.AskCall), noon.Add(25*time.Hour))
	none := in(casework.Accepted)
	none.Phone = ""
	if _, err := try(none, does(access.AskCall), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("nobody to call: %v", err)
	}
}

// TestALiaisonEndsWhatNobodyWorkedOn: held, pooled or not accepted yet, by the outcomes that need no work.
func TestALiaisonEndsWhatNobodyWorkedOn(t *testing.T) {
	t.Parallel()
	for _, state := range []casework.State{casework.Held, casework.Pooled, casework.Assigned} {
		for _, o := range casework.Outcomes {
			end := casework.Close{Text: "说明", Outcome: o}
			switch o {
			case casework.Invalid:
				end.Reason = "试填"
			case casework.Merged:
				end.Into = "hh-2"
			}
			s, err := try(in(state), doing{end, liaison}, clock, noon)
			if ends := slices.Contains([]casework.Outcome{casework.Explained, casework.Referred, casework.Invalid}, o); !ends {
				same(t, string(state)+" "+string(o), []string{"outcome"}, wrong(t, err))
				continue
			}
			if err != nil || s.State != casework.Closed || s.Outcome != o || s.Hold != "" || s.AccessResource().Held {
				t.Errorf("%s %s: %+v, %v", state, o, s, err)
				continue
			}
			s = apply(t, s, doing{casework.Reopen{Reason: "真有其事"}, casework.Actor{Role: access.Visitor, ID: "u1"}}, noon)
			if want := map[bool]casework.State{true: casework.Assigned, false: casework.Pooled}[state == casework.Assigned]; s.State != want {
				t.Errorf("%s reopened: %s", state, s.State)
			}
		}
	}
}

// TestWhatIsNoMatter: the filer reads decent words, not the reason, and is not asked to rate.
func TestWhatIsNoMatter(t *testing.T) {
	t.Parallel()
	end := casework.Cleaned(casework.Close{Outcome: casework.Invalid, Reason: " 骂人的话 "})
	s := apply(t, in(casework.Held), doing{end, liaison}, noon)
	e := s.Last()
	shown, ok := e.ForVisitor()
	if e.Reason != "骂人的话" || !ok || shown.Reason != "" || !strings.Contains(shown.Text, "15 天") || strings.Contains(shown.Text, "骂") {
		t.Errorf("%+v is shown as %+v", e, shown)
	}
	if _, err := try(s, does(access.Rate), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("rated: %v", err)
	}
	own := apply(t, in(casework.Held), doing{casework.Cleaned(casework.Close{Outcome: casework.Invalid, Text: "与另一件重复", Reason: "重复"}), liaison}, noon)
	if own.Last().Text != "与另一件重复" {
		t.Errorf("%+v", own.Last())
	}
}

// TestWhatShowsTheResultGoesWithTheFiler: an erasure takes the photos of what was done for them.
func TestWhatShowsTheResultGoesWithTheFiler(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), doing{casework.Close{Text: "修好了", Outcome: casework.Solved, Photos: []string{"f1"}}, holder}, noon)
	if !s.HasUpload("f1") {
		t.Fatal("the photo is not there")
	}
	s, err := s.WithoutPersonalData(noon)
	if err != nil || s.HasUpload("f1") {
		t.Errorf("%v: %+v", err, s.Thread)
	}
}

// TestAnAssistIsNotDueAfterTheMatter, unless that is late already.
func TestAnAssistIsNotDueAfterTheMatter(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	s.DueAt = casework.At(noon.Add(20 * time.Hour))
	if got := apply(t, s, asks(market), noon).Assists[0].DueAt; got != s.DueAt {
		t.Errorf("due %s, the matter %s", got.Time(), s.DueAt.Time())
	}
	s.DueAt = casework.At(noon.Add(-time.Hour))
	if got := apply(t, s, asks(market), noon).Assists[0].DueAt; got <= casework.At(noon) {
		t.Errorf("of a late matter: due %s", got.Time())
	}
}
