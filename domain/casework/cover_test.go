package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/language"
	"mashang/domain/reason"
)

var system = casework.Actor{Role: access.System}

func cover(to, name string) doing {
	return doing{casework.Cover{To: to, ToName: name, Reason: "张三委员外出"}, system}
}

func resume(to, name string) doing {
	return doing{casework.Resume{To: to, ToName: name, Reason: "张三委员已返回"}, system}
}

func TestCoverKeepsTheStateAndForWhom(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		s := in(state)
		next, err := try(s, cover("b", "李四"), clock, noon)
		may := state == casework.Assigned || state == casework.Accepted || state == casework.Waiting
		if (err == nil) != may {
			t.Errorf("%s: %v", state, err)
		}
		if !may {
			continue
		}
		if next.State != state || next.Assignee != "b" || next.CoverFor != "a" || !next.Covered() || next.DueAt != s.DueAt || next.PausedAt != s.PausedAt {
			t.Errorf("%s: %+v", state, next)
		}
		if e := next.Last(); e.To != "b" || e.Private || e.Text == "" {
			t.Errorf("%s: %+v", state, e)
		}
		same(t, "why", []string{"由李四委员办理：原办理委员外出，代为办理"}, next.Reasons())
		further := apply(t, next, cover("c", "周八"), noon)
		if further.CoverFor != "a" || further.Assignee != "c" {
			t.Errorf("a substitute's substitute: %+v", further)
		}
		back := apply(t, further, resume("a", "张三"), noon)
		if back.CoverFor != "" || back.Assignee != "a" || back.State != state || back.Covered() {
			t.Errorf("back: %+v", back)
		}
		same(t, "why", []string{"由张三委员办理：外出已回，继续办理"}, back.Reasons())
		if diff := cmp.Diff([]string{"a", "b", "c"}, back.Past); diff != "" {
			t.Error(diff)
		}
	}
}

// TestWhatEndsACover: an answer, a person's decision and the end of the matter end it; messages do not.
func TestWhatEndsACover(t *testing.T) {
	t.Parallel()
	covered := apply(t, in(casework.Accepted), cover("b", "李四"), noon)
	for _, act := range append(acts, casework.Released) {
		step := doing{casework.Release{Reason: "x"}, holder}
		if act != casework.Released {
			step = handed(act, "a", "c")
		}
		next, err := try(covered, step, clock, noon.Add(time.Hour))
		if err != nil {
			continue // not from this state
		}
		stays := slices.Contains([]access.Action{access.Ask, access.Message, access.Reveal, access.AskCall}, act)
		if (next.CoverFor == "a") != stays {
			t.Errorf("%s: held for %q", act, next.CoverFor)
		}
	}
	answered := apply(t, covered, doing{casework.Reply{Text: "已修好"}, casework.Actor{Role: access.Member, ID: "b"}}, noon)
	again := apply(t, answered, doing{casework.Message{Text: "又坏了"}, casework.Actor{Role: access.Visitor, ID: "u1"}}, noon)
	if again.Covered() || again.Assignee != "b" {
		t.Errorf("what was answered stays with who answered: %+v", again)
	}
	if _, err := try(covered, cover("b", "李四"), clock, noon); err == nil {
		t.Error("covered by who has it")
	}
	full := covered
	full.Thread = make([]casework.Entry, casework.MaxThread)
	apply(t, full, resume("a", "张三"), noon)
}

// decidedAs is a submission whose candidates are equals except the last; those in full had no room.
func decidedAs(pick int, full uint64) casework.Submission {
	s := in(casework.Pooled)
	s.Decision = casework.Decision{
		Rule: 2,
		Candidates: []casework.Candidate{
			{Member: "a", Name: "张三", Score: 40, Capacity: 5, Reasons: []reason.Reason{reason.OnDuty, reason.MostRoom}},
			{Member: "b", Name: "李四", Score: 40, Capacity: 5, Reasons: []reason.Reason{reason.SectorIn.With("科技")}},
		},
		Ties: []casework.Tie{
			{Member: "c", Name: "周八", Capacity: 3},
			{Member: "d", Name: "吴九", Capacity: 3, Reasons: []reason.Reason{reason.Village.With("河口村")}},
		},
	}
	if s.Pick, s.Full = pick, full; pick > 0 {
		s.State, s.Assignee = casework.Assigned, s.Decision.Offered()[pick-1].Member
	}
	return s
}

func TestEqualsAreNotCalledFull(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		s    casework.Submission
		want []string
		next string
	}{
		"the first":                 {decidedAs(1, 0), []string{"由张三委员办理：此刻正在值班，目前手上待办较少"}, "b"},
		"an equal with more room":   {decidedAs(2, 0), []string{"由李四委员办理：所在的科技界别负责这类事项"}, "a"},
		"the first was full":        {decidedAs(2, 1), []string{"张三委员待办已满，未作分派", "由李四委员办理：所在的科技界别负责这类事项"}, "c"},
		"one further down was full": {decidedAs(1, 2), []string{"由张三委员办理：此刻正在值班，目前手上待办较少"}, "c"},
		"one like the first":        {decidedAs(3, 0), []string{"由周八委员办理：此刻正在值班"}, "a"},
		"one of its own reasons":    {decidedAs(4, 0b111), []string{"张三委员待办已满，未作分派", "李四委员待办已满，未作分派", "由吴九委员办理：就近联系河口村"}, ""},
		"all were full":             {decidedAs(0, 0b1111), []string{"张三委员待办已满，未作分派", "李四委员待办已满，未作分派", "暂时没有合适的委员，由本站联络员尽快分派"}, ""},
	} {
		same(t, name, tc.want, tc.s.Reasons())
		if c, ok := tc.s.RunnerUp(); c.Member != tc.next || ok != (tc.next != "") {
			t.Errorf("%s: next is %q, want %q", name, c.Member, tc.next)
		}
	}
	old := filedTo(2) // before equals were told apart: who stood before had no room
	if !old.WasFull(0) || old.WasFull(1) {
		t.Error("an older decision")
	}
	out := decidedAs(1, 0)
	out.Pick = 9
	if _, ok := out.Picked(); ok {
		t.Error("a pick that is not there")
	}
}

// TestPlainlyNamesNobodyElse: what a visitor is told about a decision.
func TestPlainlyNamesNobodyElse(t *testing.T) {
	t.Parallel()
	handed := apply(t, filedTo(1), doing{casework.Transfer{To: "b", ToName: "李四", Reason: "x"}, casework.Actor{}}, noon)
	for want, s := range map[string]casework.Submission{
		"由李四委员办理：所在的科技界别负责这类事项。":                decidedAs(2, 1),
		"您扫码的委员暂时不便办理这件事，由李四委员办理：就近联系河口村，熟悉法律。": filedTo(2),
		"您扫码的委员暂时不便办理这件事，由李四委员办理：前一位委员或联络员转来。":  handed,
		"暂时没有合适的委员，由本站联络员尽快分派。":                 decidedAs(0, 15),
		"内容需要联络员先核对，核对后马上分派。":                   in(casework.Held),
	} {
		if got := s.VisitorReason(language.Chinese); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got, want := filedTo(2).VisitorReason(language.English), "The member whose code you scanned cannot look after it just now. "+
		"Member 李四 looks after it: they are the contact for 河口村, they know about such matters."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, other := range []string{"张三", "周八"} {
		if text := filedTo(2).VisitorReason(language.Chinese); strings.Contains(text, other) {
			t.Errorf("%s names %s", text, other)
		}
	}
}
