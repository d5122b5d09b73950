package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

var (
	market = casework.Actor{Role: access.Department, ID: "d", Name: "市场监管所"}
	lisi   = casework.Actor{Role: access.Member, ID: "b", Name: "李四"}
)

// asks is the assignee's request to a body, for two working days.
func asks(body casework.Actor, change ...func(*casework.AskAssist)) doing {
	act := casework.AskAssist{Name: body.Name, Days: 2, Text: "请核实价格"}
	if body.Role == access.Department {
		act.Department = body.ID
	} else {
		act.Member = body.ID
	}
	for _, c := range change {
		c(&act)
	}
	return doing{act, holder}
}

func answers(body casework.Actor, text string, photos ...string) doing {
	return doing{casework.Contribute{Text: text, Photos: photos}, body}
}

func declines(body casework.Actor) doing {
	return doing{casework.Decline{Reason: "不归我们管"}, body}
}

func recalls(id int) doing {
	return doing{casework.Recall{Assist: id, Reason: "已经清楚"}, holder}
}

func replies(change ...func(*casework.Reply)) doing {
	act := casework.Reply{Text: "已核实"}
	for _, c := range change {
		c(&act)
	}
	return doing{act, holder}
}

func include(ids ...int) func(*casework.Reply) {
	return func(a *casework.Reply) { a.Include = ids }
}

func without(a *casework.Reply) { a.Without = true }

// closes is a closing that does, or does not, confirm unanswered assists.
func closes(without bool) doing {
	return doing{casework.Close{Text: "已经修好", Outcome: casework.Solved, Without: without}, holder}
}

// states returns the states of a submission's assists, in their order.
func states(s casework.Submission) (list []casework.AssistState) {
	for _, a := range s.Assists {
		list = append(list, a.State)
	}
	return list
}

// reads reports whether the body may read the submission.
func reads(s casework.Submission, body casework.Actor) bool {
	c := access.Caller{Person: "p-" + body.ID, Role: body.Role, Station: "hh", ID: body.ID}
	return access.May(c, access.Read, s.AccessResource()) == nil
}

// TestJointAnswer: one lead, two assistants, one answer that includes one of theirs.
func TestJointAnswer(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	s.DueAt = casework.At(noon.AddDate(0, 0, 10))
	due := s.DueAt
	s = apply(t, s, asks(market), noon)
	s = apply(t, s, asks(lisi, func(a *casework.AskAssist) { a.Days = 4 }), noon)
	if s.State != casework.Accepted || s.Assignee != "a" || s.DueAt != due {
		t.Errorf("asking changed more than who takes part: %+v", s)
	}
	if due, ok := s.AssistDue(); !ok || !due.Time().Equal(time.Date(2026, 7, 17, 18, 0, 0, 0, station.Zone)) {
		t.Errorf("due %s", due.Time())
	}
	if !reads(s, market) || !reads(s, lisi) || reads(s, casework.Actor{Role: access.Member, ID: "d"}) || reads(s, casework.Actor{Role: access.Department, ID: "b"}) {
		t.Error("who was asked cannot read it, or somebody else can")
	}
	_, err := try(s, replies(), clock, noon)
	if !slices.Equal(wrong(t, err), []string{"without"}) || !strings.Contains(err.Error(), "市场监管所（7月17日18:00前）、李四（7月21日18:00前）") {
		t.Errorf("answered over their heads: %v", err)
	}
	s = apply(t, s, answers(market, "价签不符"), noon)
	s = apply(t, s, answers(market, "已责令改正", "f1"), noon)
	s = apply(t, s, answers(lisi, "已劝说"), noon)
	_, err = try(s, replies(include(3)), clock, noon)
	same(t, "what is not there", []string{"include"}, wrong(t, err))
	s = apply(t, s, replies(include(1)), noon)
	same(t, "the joint answer", []casework.Part{
		{Assist: 1, Role: access.Department, Name: "市场监管所", Text: "价签不符\n已责令改正", Photos: []string{"f1"}},
		{Assist: 2, Role: access.Member, Name: "李四"},
	}, s.Last().Parts)
	if s.Last().Private || !reads(s, market) || len(s.Answers(1)) != 2 {
		t.Errorf("%+v", s.Last())
	}
	for _, e := range s.Thread[:len(s.Thread)-1] {
		if !e.Private || e.Assist == 0 {
			t.Errorf("the visitor reads %+v", e)
		}
	}
	s = apply(t, s, does(access.Close), noon)
	if !reads(s, market) {
		t.Error("who answered sees it no more when it is closed")
	}
	if _, err := try(s, answers(market, "再补充"), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("an answer after the end: %v", err)
	}
}

func TestAnsweringWithoutThem(t *testing.T) {
	t.Parallel()
	asked := apply(t, in(casework.Accepted), asks(market), noon)
	s := apply(t, asked, replies(without), noon)
	same(t, "still asked", []casework.AssistState{casework.Asked}, states(s))
	same(t, "took part", []casework.Part(nil), s.Last().Parts)
	if _, err := try(s, closes(false), clock, noon); !slices.Equal(wrong(t, err), []string{"without"}) {
		t.Error(err)
	}
	s = apply(t, s, closes(true), noon)
	same(t, "closed", []casework.AssistState{casework.EndedUnawaited}, states(s))
	if _, ok := s.AssistDue(); ok || s.Assists[0].EndAt != casework.At(noon) {
		t.Error("a closed matter still waits")
	}
	s = apply(t, asked, does(access.Withdraw), noon)
	same(t, "withdrawn", []casework.AssistState{casework.EndedUnawaited}, states(s))
}

func TestDeclining(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), asks(market), noon)
	late := s.Assists[0].DueAt.Time().Add(time.Second)
	if _, err := try(s, declines(market), clock, late); !fault.Is(err, fault.WrongState) {
		t.Errorf("late: %v", err)
	}
	apply(t, s, answers(market, "迟到的答复"), late)
	if _, err := try(s, declines(lisi), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("who was not asked: %v", err)
	}
	s = apply(t, s, declines(market), noon)
	if reads(s, market) || s.Assists[0].Reason == "" || !s.Last().Private {
		t.Errorf("%+v", s.Assists[0])
	}
	apply(t, s, replies(), noon) // nobody is waited for
	s = apply(t, s, asks(market), noon)
	if _, err := try(s, declines(market), clock, noon); !fault.Is(err, fault.WrongState) || !strings.Contains(err.Error(), "推辞过一次") {
		t.Errorf("twice: %v", err)
	}
	s = apply(t, s, answers(market, "已办"), noon)
	if a := s.Answers(2); len(a) != 1 || len(s.Answers(1)) != 0 {
		t.Errorf("%+v", a)
	}
	if _, err := try(s, declines(market), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("after the answer: %v", err)
	}
}

// TestRecallShutsTheDoor: a recall ends every assist of the body, answered ones too.
func TestRecallShutsTheDoor(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), asks(market), noon)
	s = apply(t, s, answers(market, "已核实"), noon)
	s = apply(t, s, asks(market), noon)
	s = apply(t, s, recalls(2), noon)
	same(t, "both", []casework.AssistState{casework.Recalled, casework.Recalled}, states(s))
	if reads(s, market) {
		t.Error("recalled and still reading")
	}
	for _, step := range []doing{answers(market, "x"), declines(market), recalls(1)} {
		if _, err := try(s, step, clock, noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s: %v", step.name(), err)
		}
	}
	if _, err := try(s, recalls(9), clock, noon); !slices.Equal(wrong(t, err), []string{"assist"}) {
		t.Error(err)
	}
	if s = apply(t, s, replies(), noon); len(s.Last().Parts) != 0 {
		t.Error("a recalled answer is in the joint one")
	}
	full := apply(t, in(casework.Accepted), asks(market), noon)
	full.Thread = make([]casework.Entry, casework.MaxThread)
	apply(t, full, recalls(1), noon)
	apply(t, full, declines(market), noon)
}

func TestWhatAskingNeeds(t *testing.T) {
	t.Parallel()
	with := func(change func(*casework.AskAssist)) doing { return asks(market, change) }
	busy := apply(t, in(casework.Accepted), asks(market), noon)
	phoned := in(casework.Accepted)
	phoned.Phone = "sealed"
	silent := in(casework.Accepted)
	silent.Phone = ""
	unnamed := phoned
	unnamed.Anonymous = true
	for name, tc := range map[string]struct {
		s    casework.Submission
		step doing
		want []string
	}{
		"nobody":            {phoned, doing{casework.AskAssist{Text: "请核实价格"}, holder}, []string{"days", "department"}},
		"no task":           {phoned, with(func(a *casework.AskAssist) { a.Text = "" }), []string{"text"}},
		"a long task":       {phoned, with(func(a *casework.AskAssist) { a.Text = strings.Repeat("长", 501) }), []string{"text"}},
		"no time":           {phoned, with(func(a *casework.AskAssist) { a.Days = 0 }), []string{"days"}},
		"too long":          {phoned, with(func(a *casework.AskAssist) { a.Days = 21 }), []string{"days"}},
		"both":              {phoned, with(func(a *casework.AskAssist) { a.Member = "c" }), []string{"department"}},
		"who leads":         {phoned, asks(holder), []string{"member"}},
		"who is asked":      {busy, asks(market), []string{"department"}},
		"no number":         {silent, with(func(a *casework.AskAssist) { a.Contact = true }), []string{"contact"}},
		"of an unnamed one": {unnamed, with(func(a *casework.AskAssist) { a.Contact = true }), []string{"contact"}},
		"well":              {phoned, with(func(a *casework.AskAssist) { a.Contact = true }), nil},
	} {
		_, err := try(tc.s, tc.step, clock, noon)
		same(t, name, tc.want, wrong(t, err))
	}
	for _, state := range []casework.State{casework.Held, casework.Pooled, casework.Closed, casework.Withdrawn} {
		if _, err := try(in(state), asks(market), clock, noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s: %v", state, err)
		}
	}
	s := in(casework.Accepted)
	for i := range casework.MaxAssists {
		s = apply(t, s, asks(market), noon)
		s = apply(t, s, recalls(i+1), noon)
	}
	if _, err := try(s, asks(market), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("without end: %v", err)
	}
	s = apply(t, in(casework.Accepted), asks(market), noon)
	for range casework.MaxAnswers {
		s = apply(t, s, answers(market, "x"), noon)
	}
	if _, err := try(s, answers(market, "x"), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("answers without end: %v", err)
	}
	if _, err := try(busy, answers(market, ""), clock, noon); !slices.Equal(wrong(t, err), []string{"text"}) {
		t.Error(err)
	}
}

// TestTheAssistsStayWithTheMatter: assists survive a new lead, and an assistant who becomes the lead no longer
// assists.
func TestTheAssistsStayWithTheMatter(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), asks(market), noon)
	s = apply(t, s, asks(lisi), noon)
	covered := apply(t, s, cover("c", "周八"), noon)
	same(t, "covered", []casework.AssistState{casework.Asked, casework.Asked}, states(covered))
	same(t, "given back", s.Assists, apply(t, covered, resume("a", "张三"), noon).Assists)
	back := apply(t, s, handed(access.Return, "a", ""), noon)
	same(t, "in the pool", s.Assists, back.Assists)
	apply(t, back, answers(market, "已核实"), noon)

	led := apply(t, s, handed(access.Transfer, "a", "b"), noon)
	same(t, "who leads it", []casework.AssistState{casework.Asked, casework.Recalled}, states(led))
	if !reads(led, lisi) {
		t.Error("who leads it cannot read it")
	}
	own := apply(t, apply(t, s, answers(lisi, "已劝说"), noon), handed(access.Transfer, "a", "b"), noon)
	if _, err := try(own, replies(include(2), without), clock, noon); !slices.Equal(wrong(t, err), []string{"include"}) {
		t.Errorf("quotes themselves: %v", err)
	}
	same(t, "beside themselves", []casework.Part(nil), apply(t, own, replies(without), noon).Last().Parts)
	if on := apply(t, led, handed(access.Transfer, "b", "c"), noon); reads(on, lisi) {
		t.Error("who led it still reads it")
	}
}

// TestContact: assistants with permission see the number while they assist.
func TestContact(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	s.Phone = "sealed"
	calls := func(s casework.Submission) bool {
		c := access.Caller{Person: "p", Role: access.Department, Station: "hh", ID: "d"}
		return access.May(c, access.Reveal, s.AccessResource()) == nil
	}
	if calls(apply(t, s, asks(market), noon)) {
		t.Error("without being asked to")
	}
	s = apply(t, s, asks(market, func(a *casework.AskAssist) { a.Contact = true }), noon)
	if !calls(s) || !calls(apply(t, s, answers(market, "x"), noon)) {
		t.Error("asked to call and may not")
	}
	for _, over := range []casework.Submission{apply(t, s, closes(true), noon), apply(t, s, declines(market), noon), apply(t, s, recalls(1), noon)} {
		if calls(over) {
			t.Errorf("still calling: %+v", over.Assists)
		}
	}
	open := apply(t, apply(t, s, closes(true), noon), does(access.Reopen), noon)
	if calls(open) {
		t.Error("a reopening lets old assistants call")
	}
}

// TestNoSequenceOfJointHandlingLeavesADoorOpen: after any acts, a body that declined or was recalled cannot
// read the submission, no assist of a finished one is pending, each assist has one state, and the history is
// kept.
func TestNoSequenceOfJointHandlingLeavesADoorOpen(t *testing.T) {
	t.Parallel()
	bodies := []casework.Actor{market, {Role: access.Department, ID: "e", Name: "文旅局"}, lisi, {Role: access.Member, ID: "c", Name: "周八"}}
	rapid.Check(t, func(t *rapid.T) {
		s, now := in(casework.Accepted), noon
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
			body := rapid.SampledFrom(bodies).Draw(t, "body")
			member := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "member")
			end := closes(rapid.Bool().Draw(t, "without"))
			step := rapid.SampledFrom([]doing{
				asks(body), asks(body), answers(body, "已核实"), declines(body), recalls(rapid.IntRange(1, 4).Draw(t, "assist")),
				replies(without, include(1)), replies(), end, does(access.Reopen), handed(access.Assign, "", member),
				handed(access.Transfer, s.Assignee, member), handed(access.Return, s.Assignee, ""),
				cover(member, "委员"), does(access.Message), does(access.Ask),
			}).Draw(t, "step")
			before := deep(t, s)
			next, err := try(s, step, clock, now)
			if diff := cmp.Diff(before, s, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s changed what it acted on:\n%s", step.name(), diff)
			}
			if err != nil {
				if code := fault.CodeOf(err); code != fault.Invalid && code != fault.WrongState {
					t.Fatal(err)
				}
				continue
			}
			if len(next.Assists) < len(s.Assists) {
				t.Fatal("an assist is gone")
			}
			for i, a := range s.Assists {
				if b := next.Assists[i]; b.DueAt != a.DueAt || b.Who != a.Who || b.ID != i+1 || b.Task != a.Task {
					t.Fatalf("%s moved an assist: %+v, %+v", step.name(), a, b)
				}
			}
			s = next
			for _, body := range bodies {
				live, open := false, 0
				for _, a := range s.Assists {
					if a.Role == body.Role && a.Who == body.ID {
						live = live || a.State == casework.Asked || a.State == casework.Contributed || a.State == casework.EndedUnawaited
						if a.State == casework.Asked {
							open++
						}
					}
				}
				leads := body.Role == access.Member && body.ID == s.Assignee
				if reads(s, body) != (live || leads) || open > 1 || leads && open > 0 {
					t.Fatalf("%s reads: %v, assists %+v", body.Name, reads(s, body), s.Assists)
				}
			}
			if !s.State.Open() && len(s.PendingAssists()) > 0 {
				t.Fatalf("%s and still waiting: %+v", s.State, s.Assists)
			}
		}
	})
}

// TestAssistsOfTheSameMatter: a follower's assists are those of its lead, and the assistants' answers reach all
// followers, without photos.
func TestAssistsOfTheSameMatter(t *testing.T) {
	t.Parallel()
	lead := apply(t, in(casework.Accepted), asks(market), noon)
	other := apply(t, in(casework.Accepted), asks(lisi), noon)
	other.ID = "hh-other"
	follower, lead, err := other.MergeInto(lead, holder, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the follower's", []casework.AssistState{casework.EndedUnawaited}, states(follower))
	same(t, "the lead's", []casework.AssistState{casework.Asked}, states(lead))
	same(t, "as it was", []casework.AssistState{casework.Asked}, states(other))
	lead = apply(t, lead, answers(market, "已核实", "f1"), noon)
	lead = apply(t, lead, replies(include(1)), noon)
	heard, ok := follower.SyncWithLead(lead, noon)
	if !ok {
		t.Fatal("heard nothing")
	}
	same(t, "heard", []casework.Part{{Assist: 1, Role: access.Department, Name: "市场监管所", Text: "已核实"}}, heard.Last().Parts)
	if len(lead.Last().Parts[0].Photos) != 1 || reads(heard, market) {
		t.Error("hearing changed the lead, or lets its assistants in")
	}
}

// TestAnAssistIsNotCutToADeadlineThatStandsStill: while the filer is asked, or has the answer, the matter's deadline says
// nothing.
func TestAnAssistIsNotCutToADeadlineThatStandsStill(t *testing.T) {
	t.Parallel()
	for _, state := range []casework.State{casework.Accepted, casework.Waiting, casework.Answered} {
		s := in(state)
		s.DueAt = casework.At(noon.Add(10 * time.Minute))
		got := apply(t, s, asks(market), noon).Assists[0].DueAt
		if cut := got == s.DueAt; cut != s.ClockRuns() {
			t.Errorf("%s: an assist of two days is due %s", state, got.Time())
		}
	}
}
