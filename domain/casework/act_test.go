package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

func faultOf(t *testing.T, err error) *fault.Error {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatalf("%v is no fault", err)
	}
	return e
}

// table is the contract's: from the state (row) the act (column) leads to a
// state; nothing means it is refused.
var table = map[casework.State]map[casework.Act]casework.State{
	casework.Held: {
		casework.Transfer: casework.Assigned, casework.Message: casework.Held,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Pooled: {
		casework.Transfer: casework.Assigned, casework.Message: casework.Pooled,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Assigned: {
		casework.Accept: casework.Accepted, casework.Ask: casework.Waiting, casework.Reply: casework.Answered,
		casework.Transfer: casework.Assigned, casework.Return: casework.Pooled, casework.Message: casework.Assigned,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Accepted: {
		casework.Ask: casework.Waiting, casework.Reply: casework.Answered, casework.Transfer: casework.Assigned,
		casework.Return: casework.Pooled, casework.Close: casework.Closed, casework.Message: casework.Accepted,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Waiting: {
		casework.Ask: casework.Waiting, casework.Reply: casework.Answered, casework.Transfer: casework.Assigned,
		casework.Close: casework.Closed, casework.Message: casework.Accepted,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Answered: {
		casework.Ask: casework.Waiting, casework.Reply: casework.Answered, casework.Transfer: casework.Assigned,
		casework.Close: casework.Closed, casework.Message: casework.Accepted,
		casework.Withdraw: casework.Withdrawn, casework.Assign: casework.Assigned,
	},
	casework.Closed:    {casework.Rate: casework.Closed, casework.Reopen: casework.Assigned},
	casework.Withdrawn: {},
}

func TestEveryActInEveryState(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		for _, act := range append([]casework.Act{casework.File, "urge", ""}, acts...) {
			t.Run(fmt.Sprintf("%s/%s", state, act), func(t *testing.T) {
				t.Parallel()
				s := in(state)
				before := deep(t, s)
				next, err := s.Apply(does(act), clock, noon.Add(time.Hour))
				same(t, "the submission acted on", before, s)
				want, allowed := table[state][act]
				if !allowed {
					if !fault.Is(err, fault.WrongState) {
						t.Fatalf("got %v, want wrong_state", err)
					}
					if !strings.Contains(faultOf(t, err).Message, state.Chinese()) {
						t.Errorf("%q does not say where it stands", faultOf(t, err).Message)
					}
					same(t, "what a refusal returns", before, next)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if next.State != want {
					t.Errorf("leads to %s, want %s", next.State, want)
				}
				if next.Version != s.Version+1 {
					t.Errorf("version %d after %d", next.Version, s.Version)
				}
				if len(next.Thread) != len(s.Thread)+1 || next.Last().What != act {
					t.Errorf("thread %+v", next.Thread)
				}
			})
		}
	}
}

func TestWhatAnActCarries(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("字", n) }
	photos := func(n int) []string { return make([]string, n) }
	rating := func(a, s int, why string) *casework.Rating {
		return &casework.Rating{Attitude: a, Speed: s, Reason: why}
	}
	for name, tc := range map[string]struct {
		state casework.State
		step  casework.Step
		want  []string
	}{
		"ask nothing":            {casework.Accepted, casework.Step{Act: casework.Ask}, []string{"text"}},
		"ask by photo":           {casework.Accepted, casework.Step{Act: casework.Ask, Photos: photos(1)}, []string{"text"}},
		"reply nothing":          {casework.Accepted, casework.Step{Act: casework.Reply}, []string{"text"}},
		"reply by photo":         {casework.Accepted, casework.Step{Act: casework.Reply, Photos: photos(1)}, nil},
		"reply 9 photos":         {casework.Accepted, casework.Step{Act: casework.Reply, Photos: photos(9)}, nil},
		"reply 10 photos":        {casework.Accepted, casework.Step{Act: casework.Reply, Photos: photos(10)}, []string{"photos"}},
		"reply 2000":             {casework.Accepted, casework.Step{Act: casework.Reply, Text: long(2000)}, nil},
		"reply 2001":             {casework.Accepted, casework.Step{Act: casework.Reply, Text: long(2001)}, []string{"text"}},
		"message nothing":        {casework.Answered, casework.Step{Act: casework.Message}, []string{"text"}},
		"message by photo":       {casework.Answered, casework.Step{Act: casework.Message, Photos: photos(2)}, nil},
		"withdraw without words": {casework.Pooled, casework.Step{Act: casework.Withdraw}, nil},
		"withdraw 501":           {casework.Pooled, casework.Step{Act: casework.Withdraw, Reason: long(501)}, []string{"reason"}},
		"return silently":        {casework.Assigned, casework.Step{Act: casework.Return}, []string{"reason"}},
		"return 500":             {casework.Assigned, casework.Step{Act: casework.Return, Reason: long(500)}, nil},
		"reopen silently":        {casework.Closed, casework.Step{Act: casework.Reopen}, []string{"reason"}},
		"transfer nowhere":       {casework.Assigned, casework.Step{Act: casework.Transfer}, []string{"reason", "to"}},
		"transfer to the same":   {casework.Assigned, casework.Step{Act: casework.Transfer, To: "a", Reason: "x"}, []string{"to"}},
		"assign nowhere":         {casework.Pooled, casework.Step{Act: casework.Assign, Reason: "x"}, []string{"to"}},
		"assign silently":        {casework.Held, casework.Step{Act: casework.Assign, To: "b"}, []string{"reason"}},
		"close silently":         {casework.Accepted, casework.Step{Act: casework.Close, Outcome: casework.Solved}, []string{"text"}},
		"close without outcome":  {casework.Accepted, casework.Step{Act: casework.Close, Text: "x"}, []string{"outcome"}},
		"close as withdrawn":     {casework.Accepted, casework.Step{Act: casework.Close, Text: "x", Outcome: "withdrawn"}, []string{"outcome"}},
		"merge into nothing":     {casework.Accepted, casework.Step{Act: casework.Close, Text: "x", Outcome: casework.Merged}, []string{"into"}},
		"merge into itself":      {casework.Accepted, casework.Step{Act: casework.Close, Text: "x", Outcome: casework.Merged, Into: in("").ID}, []string{"into"}},
		"merge":                  {casework.Accepted, casework.Step{Act: casework.Close, Text: "x", Outcome: casework.Merged, Into: "hh-2"}, nil},
		"solve into another":     {casework.Accepted, casework.Step{Act: casework.Close, Text: "x", Outcome: casework.Solved, Into: "hh-2"}, []string{"into"}},
		"rate with nothing":      {casework.Closed, casework.Step{Act: casework.Rate}, []string{"attitude"}},
		"rate 0 and 6":           {casework.Closed, casework.Step{Act: casework.Rate, Rating: rating(0, 6, "")}, []string{"attitude", "speed"}},
		"rate 6 and 0":           {casework.Closed, casework.Step{Act: casework.Rate, Rating: rating(6, 0, "")}, []string{"attitude", "speed"}},
		"rate 1 and 5":           {casework.Closed, casework.Step{Act: casework.Rate, Rating: rating(1, 5, long(500))}, nil},
		"rate with a speech":     {casework.Closed, casework.Step{Act: casework.Rate, Rating: rating(1, 5, long(501))}, []string{"reason"}},
		"all wrong at once": {
			casework.Accepted,
			casework.Step{Act: casework.Close, Photos: photos(10), Reason: long(501), Outcome: casework.Merged},
			[]string{"into", "photos", "reason", "text"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := in(tc.state)
			next, err := s.Apply(tc.step, clock, noon)
			same(t, "wrong fields", tc.want, wrong(t, err))
			if err != nil && next.Version != s.Version {
				t.Error("a refused act raised the version")
			}
		})
	}
}

func TestEveryOutcomeCloses(t *testing.T) {
	t.Parallel()
	if slices.Contains(casework.Outcomes, "withdrawn") {
		t.Error("withdrawing is the visitor's, not a way of closing")
	}
	for _, o := range casework.Outcomes {
		step := does(casework.Close)
		step.Outcome = o
		if o == casework.Merged {
			step.Into = "hh-2"
		}
		s := apply(t, in(casework.Answered), step, noon)
		if s.Outcome != o || s.Into != step.Into || s.ClosedAt != casework.At(noon) || s.Last().Outcome != o {
			t.Errorf("%s: outcome %s, into %q, closed at %d", o, s.Outcome, s.Into, s.ClosedAt)
		}
	}
}

func TestAnEntryHoldsOnlyWhatItsActMeans(t *testing.T) {
	t.Parallel()
	everything := casework.Step{
		By: casework.Actor{Role: access.Member, ID: "a"}, Text: "文", Photos: []string{"p"}, Reason: "因", To: "b", ToName: "李四",
		Outcome: casework.Solved, Rating: &casework.Rating{Attitude: 1, Speed: 1, Reason: "慢"},
	}
	want := map[casework.Act]casework.Entry{
		casework.Accept:   {},
		casework.Ask:      {Text: "文"},
		casework.Reply:    {Text: "文", Photos: []string{"p"}, Was: casework.Assigned},
		casework.Transfer: {To: "b", ToName: "李四", Text: "因"},
		casework.Return:   {Text: "因", Private: true},
		casework.Close:    {Text: "文", Outcome: casework.Solved},
		casework.Message:  {Text: "文", Photos: []string{"p"}},
		casework.Withdraw: {Text: "因"},
		casework.Rate:     {Text: "慢", Rating: &casework.Rating{Attitude: 1, Speed: 1, At: casework.At(noon)}},
		casework.Reopen:   {Text: "因"},
		casework.Assign:   {To: "b", ToName: "李四", Text: "因"},
		casework.Fulfil:   {Text: "文", Photos: []string{"p"}},

		casework.PromiseAct: {Text: "因", Due: casework.EndOf(noon.AddDate(0, 0, 9))},
	}
	for _, act := range acts {
		s, step := in(casework.Assigned), everything
		switch act {
		case casework.Rate, casework.Reopen:
			s = in(casework.Closed)
		case casework.Close:
			s = in(casework.Accepted)
		case casework.Fulfil, casework.PromiseAct:
			s, step.Promised = owed(t, 3), casework.EndOf(noon.AddDate(0, 0, 9))
		}
		step.Act = act
		e := want[act]
		e.At, e.What, e.By = casework.At(noon), act, step.By
		next := apply(t, s, step, noon)
		same(t, string(act), e, next.Last())
		step.Photos[0] = "q"
		if p := next.Last().Photos; len(p) > 0 && p[0] != "p" {
			t.Errorf("%s: the entry shares the step's photos", act)
		}
		step.Photos[0] = "p"
	}
}

func TestRatingOnce(t *testing.T) {
	t.Parallel()
	rating := &casework.Rating{Solved: true, Attitude: 5, Speed: 3, Reason: "谢谢"}
	s := apply(t, in(casework.Closed), casework.Step{Act: casework.Rate, Rating: rating}, noon)
	same(t, "rating", &casework.Rating{Solved: true, Attitude: 5, Speed: 3, Reason: "谢谢", At: casework.At(noon)}, s.Rating)
	if rating.At != 0 {
		t.Error("the caller's rating was changed")
	}
	if _, err := s.Apply(does(casework.Rate), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("rated twice: %v", err)
	}
	s = apply(t, s, does(casework.Reopen), noon)
	if s.Rating != nil || s.Outcome != "" || s.ClosedAt != 0 || s.Into != "" {
		t.Errorf("a reopened matter keeps its end: %+v", s)
	}
	rated := s.Thread[len(s.Thread)-2]
	same(t, "what was said of the first end", &casework.Rating{Solved: true, Attitude: 5, Speed: 3, At: casework.At(noon)}, rated.Rating)
	s = apply(t, s, does(casework.Accept), noon)
	s = apply(t, s, does(casework.Close), noon)
	if s = apply(t, s, does(casework.Rate), noon); s.Rating == nil {
		t.Error("the second end cannot be rated")
	}
}

func TestReopenWithinFifteenDays(t *testing.T) {
	t.Parallel()
	const term = casework.ReopenDays * 24 * time.Hour
	for after, ok := range map[time.Duration]bool{
		0: true, term - time.Millisecond: true, term: true, term + time.Millisecond: false, 2 * term: false,
	} {
		s := in(casework.Closed)
		next, err := s.Apply(does(casework.Reopen), clock, noon.Add(after))
		if (err == nil) != ok || !ok && !fault.Is(err, fault.WrongState) {
			t.Errorf("after %v: %v", after, err)
		}
		if ok && (next.State != casework.Assigned || next.Assignee != "a") {
			t.Errorf("after %v: %s with %q, want the same member", after, next.State, next.Assignee)
		}
	}
	s := in(casework.Closed)
	s.Assignee = ""
	if s = apply(t, s, does(casework.Reopen), noon); s.State != casework.Pooled {
		t.Errorf("nobody had it: %s, want the pool", s.State)
	}
}

func TestPastNamesEachFormerMemberOnce(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	to := func(act casework.Act, member string) {
		step := does(act)
		step.To = member
		s = apply(t, s, step, noon)
	}
	same(t, "at first", []string(nil), s.Past)
	to(casework.Transfer, "b")
	same(t, "handed on", []string{"a"}, s.Past)
	first := s
	to(casework.Assign, "a")
	to(casework.Transfer, "b")
	same(t, "to and fro", []string{"a", "b"}, s.Past)
	s = apply(t, s, does(casework.Return), noon)
	same(t, "returned", []string{"a", "b"}, s.Past)
	if s.Assignee != "" {
		t.Errorf("%s still has it", s.Assignee)
	}
	to(casework.Assign, "c")
	same(t, "out of the pool", []string{"a", "b"}, s.Past)
	to(casework.Assign, "d")
	same(t, "re-assigned", []string{"a", "b", "c"}, s.Past)
	same(t, "an older value", []string{"a"}, first.Past)
}

func TestAssigningLiftsTheHold(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Held), does(casework.Assign), noon)
	if s.Hold != "" || s.Assignee != "b" || s.Thing().Held {
		t.Errorf("hold %q, assignee %q", s.Hold, s.Assignee)
	}
	if !in(casework.Held).Thing().Held {
		t.Error("a held matter is open to all")
	}
}

func TestAFullThreadCanBeEnded(t *testing.T) {
	t.Parallel()
	full := func(state casework.State) casework.Submission {
		s := in(state)
		s.Thread = make([]casework.Entry, casework.MaxThread)
		return s
	}
	for _, act := range []casework.Act{
		casework.Ask, casework.Reply, casework.Transfer, casework.Return, casework.Message,
	} {
		if _, err := full(casework.Assigned).Apply(does(act), clock, noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s at the limit: %v", act, err)
		}
		one := full(casework.Assigned)
		one.Thread = one.Thread[1:]
		apply(t, one, does(act), noon)
	}
	s := apply(t, full(casework.Pooled), does(casework.Assign), noon)
	s = apply(t, s, does(casework.Accept), noon)
	s = apply(t, s, does(casework.Close), noon)
	apply(t, s, does(casework.Rate), noon)
	agreed := apply(t, apply(t, full(casework.Assigned), does(casework.Accept), noon), agrees(3), noon)
	apply(t, agreed, does(casework.Fulfil), noon)
	apply(t, full(casework.Held), does(casework.Withdraw), noon)
}

func TestActorFor(t *testing.T) {
	t.Parallel()
	c := access.Caller{Person: "u9", Role: access.Member, Station: "hh", ID: "a", Name: "张三"}
	for _, act := range acts {
		want := casework.Actor{Role: access.Member, ID: "a", Name: "张三"}
		switch act {
		case casework.Message, casework.Withdraw, casework.Rate, casework.Reopen:
			want = casework.Actor{Role: access.Visitor, ID: "u9"}
		}
		same(t, string(act), want, casework.ActorFor(c, act))
	}
}

// TestTwoFuturesOfOneValueAreApart: two writers may act on the same read; with
// spare room behind its lists the second must not write into the first's.
func TestTwoFuturesOfOneValueAreApart(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	s.Thread = append(make([]casework.Entry, 0, 8), casework.Entry{What: casework.Message})
	s.Past = append(make([]string, 0, 8), "z")
	one := apply(t, s, does(casework.Transfer), noon)
	other := s
	other.Assignee = "y"
	two := apply(t, other, does(casework.Return), noon)
	if one.Last().What != casework.Transfer || two.Last().What != casework.Return {
		t.Errorf("threads end with %s and %s", one.Last().What, two.Last().What)
	}
	same(t, "the first's former members", []string{"z", "a"}, one.Past)
	same(t, "the second's former members", []string{"z", "y"}, two.Past)
}
