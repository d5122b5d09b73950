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
	"mashang/domain/rating"
)

func faultOf(t *testing.T, err error) *fault.Error {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatalf("%v is no fault", err)
	}
	return e
}

// table is the contract's: the new state for each act (column) of the member who has it in each state (row); a missing
// one is refused. A liaison can also close what nobody has worked on: see TestALiaisonEndsWhatNobodyWorkedOn.
var table = map[casework.State]map[access.Action]casework.State{
	casework.Held: {
		access.Transfer: casework.Assigned, access.Message: casework.Held,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Pooled: {
		access.Transfer: casework.Assigned, access.Message: casework.Pooled,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Assigned: {
		access.Reveal: casework.Assigned, access.AskCall: casework.Assigned,
		access.Accept: casework.Accepted, access.Ask: casework.Waiting, access.Reply: casework.Answered,
		access.Transfer: casework.Assigned, access.Return: casework.Pooled, access.Message: casework.Assigned,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Accepted: {
		access.Reveal: casework.Accepted, access.AskCall: casework.Accepted,
		access.Ask: casework.Waiting, access.Reply: casework.Answered, access.Transfer: casework.Assigned,
		access.Return: casework.Pooled, access.Close: casework.Closed, access.Message: casework.Accepted,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Waiting: {
		access.Reveal: casework.Waiting, access.AskCall: casework.Waiting,
		access.Ask: casework.Waiting, access.Reply: casework.Answered, access.Transfer: casework.Assigned,
		access.Close: casework.Closed, access.Message: casework.Accepted,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Answered: {
		access.Reveal: casework.Answered, access.AskCall: casework.Answered,
		access.Ask: casework.Waiting, access.Reply: casework.Answered, access.Transfer: casework.Assigned,
		access.Close: casework.Closed, access.Message: casework.Accepted,
		access.Withdraw: casework.Withdrawn, access.Assign: casework.Assigned,
	},
	casework.Closed:    {access.Rate: casework.Closed, access.Reopen: casework.Assigned},
	casework.Withdrawn: {},
}

func TestEveryActInEveryState(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		for _, act := range acts {
			t.Run(fmt.Sprintf("%s/%s", state, act), func(t *testing.T) {
				t.Parallel()
				s := in(state)
				before := deep(t, s)
				next, err := try(s, does(act), clock, noon.Add(time.Hour))
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
	for name, tc := range map[string]struct {
		state casework.State
		act   casework.Act
		want  []string
	}{
		"ask nothing":            {casework.Accepted, casework.Ask{}, []string{"text"}},
		"reply nothing":          {casework.Accepted, casework.Reply{}, []string{"text"}},
		"reply by photo":         {casework.Accepted, casework.Reply{Photos: photos(1)}, nil},
		"reply 9 photos":         {casework.Accepted, casework.Reply{Photos: photos(9)}, nil},
		"reply 10 photos":        {casework.Accepted, casework.Reply{Photos: photos(10)}, []string{"photos"}},
		"reply 2000":             {casework.Accepted, casework.Reply{Text: long(2000)}, nil},
		"reply 2001":             {casework.Accepted, casework.Reply{Text: long(2001)}, []string{"text"}},
		"message nothing":        {casework.Answered, casework.Message{}, []string{"text"}},
		"message by photo":       {casework.Answered, casework.Message{Photos: photos(2)}, nil},
		"withdraw without words": {casework.Pooled, casework.Withdraw{}, nil},
		"withdraw 501":           {casework.Pooled, casework.Withdraw{Reason: long(501)}, []string{"reason"}},
		"return silently":        {casework.Assigned, casework.Return{}, []string{"reason"}},
		"return 500":             {casework.Assigned, casework.Return{Reason: long(500)}, nil},
		"reopen silently":        {casework.Closed, casework.Reopen{}, []string{"reason"}},
		"transfer nowhere":       {casework.Assigned, casework.Transfer{}, []string{"reason", "to"}},
		"transfer to the same":   {casework.Assigned, casework.Transfer{To: "a", Reason: "x"}, []string{"to"}},
		"assign nowhere":         {casework.Pooled, casework.Assign{Reason: "x"}, []string{"to"}},
		"assign silently":        {casework.Held, casework.Assign{To: "b"}, []string{"reason"}},
		"close silently":         {casework.Accepted, casework.Close{Outcome: casework.Solved}, []string{"text"}},
		"close without outcome":  {casework.Accepted, casework.Close{Text: "x"}, []string{"outcome"}},
		"close as withdrawn":     {casework.Accepted, casework.Close{Text: "x", Outcome: "withdrawn"}, []string{"outcome"}},
		"close with 9 photos":    {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Solved, Photos: photos(9)}, nil},
		"close with 10 photos":   {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Solved, Photos: photos(10)}, []string{"photos"}},
		"invalid without reason": {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Invalid}, []string{"reason"}},
		"invalid by a member":    {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Invalid, Reason: "试填"}, []string{"outcome"}},
		"a reason of another":    {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Solved, Reason: "试填"}, []string{"reason"}},
		"call silently":          {casework.Accepted, casework.ViewPhone{}, []string{"reason"}},
		"ask a call silently":    {casework.Accepted, casework.AskCall{}, []string{"reason"}},
		"merge into nothing":     {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Merged}, []string{"into"}},
		"merge into itself":      {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Merged, Into: in("").ID}, []string{"into"}},
		"merge":                  {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Merged, Into: "hh-2"}, nil},
		"solve into another":     {casework.Accepted, casework.Close{Text: "x", Outcome: casework.Solved, Into: "hh-2"}, []string{"into"}},
		"rate with nothing":      {casework.Closed, casework.Rate{}, []string{"solved"}},
		"rate with other words":  {casework.Closed, casework.Rate{Verdict: "yes", Satisfaction: "5"}, []string{"satisfaction", "solved"}},
		"rate only satisfaction": {casework.Closed, casework.Rate{Satisfaction: rating.Satisfied}, []string{"solved"}},
		"rate without a feeling": {casework.Closed, casework.Rate{Verdict: rating.Unknown, Reason: long(500)}, nil},
		"rate with a speech":     {casework.Closed, casework.Rate{Verdict: rating.Partly, Satisfaction: rating.Neutral, Reason: long(501)}, []string{"reason"}},
		"assign with speeches": {
			casework.Accepted,
			casework.Assign{To: "a", Reason: long(501), Note: long(501)},
			[]string{"note", "reason", "to"},
		},
		"message with all": {casework.Accepted, casework.Message{Text: long(2001), Photos: photos(10)}, []string{"photos", "text"}},
		"all wrong at once": {
			casework.Accepted,
			casework.Close{Outcome: casework.Merged},
			[]string{"into", "text"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := in(tc.state)
			next, err := s.Apply(tc.act, holder, clock, noon)
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
		act := casework.Close{Text: "已经修好", Outcome: o}
		by := holder
		switch o {
		case casework.Merged:
			act.Into = "hh-2"
		case casework.Invalid:
			act.Reason, by = "试填", liaison
		}
		s := apply(t, in(casework.Answered), doing{act, by}, noon)
		if s.Outcome != o || s.Into != act.Into || s.ClosedAt != casework.At(noon) || s.Last().Outcome != o {
			t.Errorf("%s: outcome %s, into %q, closed at %d", o, s.Outcome, s.Into, s.ClosedAt)
		}
	}
}

func TestAnEntryHoldsOnlyWhatItsActMeans(t *testing.T) {
	t.Parallel()
	by, photos := casework.Actor{Role: access.Member, ID: "a"}, []string{"p"}
	day := casework.EndOfDay(noon.AddDate(0, 0, 9))
	carried := []casework.Act{
		casework.Accept{},
		casework.Ask{Text: "文"},
		casework.Reply{Text: "文", Photos: photos},
		casework.Transfer{To: "b", ToName: "李四", Reason: "因"},
		casework.Return{Reason: "因"},
		casework.Close{Text: "文", Outcome: casework.Solved, Photos: photos},
		casework.Message{Text: "文", Photos: photos},
		casework.Withdraw{Reason: "因"},
		casework.Rate{Verdict: rating.Partly, Reason: "慢"},
		casework.Reopen{Reason: "因"},
		casework.Assign{To: "b", ToName: "李四", Reason: "因"},
		casework.Fulfil{Text: "文", Photos: photos},
		casework.Redate{Promised: day, Reason: "因"},
		casework.ViewPhone{Reason: "因"},
		casework.AskCall{Reason: "因"},
	}
	want := map[access.Action]casework.Entry{
		access.Accept:   {},
		access.Ask:      {Text: "文"},
		access.Reply:    {Text: "文", Photos: []string{"p"}, Was: casework.Assigned},
		access.Transfer: {To: "b", ToName: "李四", Text: "因"},
		access.Return:   {Text: "因", Private: true},
		access.Close:    {Text: "文", Outcome: casework.Solved, Photos: []string{"p"}},
		access.Message:  {Text: "文", Photos: []string{"p"}},
		access.Withdraw: {Text: "因"},
		access.Rate:     {Text: "慢", Rating: &rating.Rating{Verdict: rating.Partly, At: int64(casework.At(noon))}},
		access.Reopen:   {Text: "因"},
		access.Assign:   {To: "b", ToName: "李四", Text: "因"},
		access.Fulfil:   {Text: "文", Photos: []string{"p"}},

		access.Promise: {Text: "因", Due: day},
		access.Reveal:  {Text: "因"},
		access.AskCall: {Text: "因", Private: true},
	}
	for _, act := range carried {
		s, name := in(casework.Assigned), casework.NameOf(act)
		switch name {
		case access.Rate, access.Reopen:
			s = in(casework.Closed)
		case access.Close:
			s = in(casework.Accepted)
		case access.Fulfil, access.Promise:
			s = owed(t, 3)
		}
		e := want[name]
		e.At, e.What, e.By = casework.At(noon), name, by
		next := apply(t, s, doing{act, by}, noon)
		same(t, string(name), e, next.Last())
		photos[0] = "q"
		if p := next.Last().Photos; len(p) > 0 && p[0] != "p" {
			t.Errorf("%s: the entry shares the act's photos", name)
		}
		photos[0] = "p"
	}
}

func TestRatingOnce(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Closed), doing{casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied, Reason: "谢谢"}, holder}, noon)
	same(t, "rating", &rating.Rating{Verdict: rating.Solved, Satisfaction: rating.Satisfied, Reason: "谢谢", At: int64(casework.At(noon))}, s.Rating)
	if _, err := try(s, does(access.Rate), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("rated twice: %v", err)
	}
	s = apply(t, s, does(access.Reopen), noon)
	if s.Rating != nil || s.Outcome != "" || s.ClosedAt != 0 || s.Into != "" {
		t.Errorf("a reopened matter keeps its end: %+v", s)
	}
	rated := s.Thread[len(s.Thread)-2]
	same(t, "what was said of the first end", &rating.Rating{Verdict: rating.Solved, Satisfaction: rating.Satisfied, At: int64(casework.At(noon))}, rated.Rating)
	s = apply(t, s, does(access.Accept), noon)
	s = apply(t, s, does(access.Close), noon)
	if s = apply(t, s, does(access.Rate), noon); s.Rating == nil {
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
		next, err := try(s, does(access.Reopen), clock, noon.Add(after))
		if (err == nil) != ok || !ok && !fault.Is(err, fault.WrongState) {
			t.Errorf("after %v: %v", after, err)
		}
		if ok && (next.State != casework.Assigned || next.Assignee != "a") {
			t.Errorf("after %v: %s with %q, want the same member", after, next.State, next.Assignee)
		}
	}
	s := in(casework.Closed)
	s.Assignee = ""
	if s = apply(t, s, does(access.Reopen), noon); s.State != casework.Pooled {
		t.Errorf("nobody had it: %s, want the pool", s.State)
	}
}

func TestPastNamesEachFormerMemberOnce(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	to := func(act access.Action, member string) {
		s = apply(t, s, handed(act, "a", member), noon)
	}
	same(t, "at first", []string(nil), s.Past)
	to(access.Transfer, "b")
	same(t, "handed on", []string{"a"}, s.Past)
	first := s
	to(access.Assign, "a")
	to(access.Transfer, "b")
	same(t, "to and fro", []string{"a", "b"}, s.Past)
	s = apply(t, s, does(access.Return), noon)
	same(t, "returned", []string{"a", "b"}, s.Past)
	if s.Assignee != "" {
		t.Errorf("%s still has it", s.Assignee)
	}
	to(access.Assign, "c")
	same(t, "out of the pool", []string{"a", "b"}, s.Past)
	to(access.Assign, "d")
	same(t, "re-assigned", []string{"a", "b", "c"}, s.Past)
	same(t, "an older value", []string{"a"}, first.Past)
}

func TestAssigningLiftsTheHold(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Held), does(access.Assign), noon)
	if s.Hold != "" || s.Assignee != "b" || s.AccessResource().Held {
		t.Errorf("hold %q, assignee %q", s.Hold, s.Assignee)
	}
	if !in(casework.Held).AccessResource().Held {
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
	for _, act := range []access.Action{
		access.Ask, access.Reply, access.Transfer, access.Return, access.Message,
	} {
		if _, err := try(full(casework.Assigned), does(act), clock, noon); !fault.Is(err, fault.WrongState) {
			t.Errorf("%s at the limit: %v", act, err)
		}
		one := full(casework.Assigned)
		one.Thread = one.Thread[1:]
		apply(t, one, does(act), noon)
	}
	s := apply(t, full(casework.Pooled), does(access.Assign), noon)
	s = apply(t, s, does(access.Accept), noon)
	s = apply(t, s, does(access.Close), noon)
	apply(t, s, does(access.Rate), noon)
	agreed := apply(t, apply(t, full(casework.Assigned), does(access.Accept), noon), agrees(3), noon)
	apply(t, agreed, does(access.Fulfil), noon)
	apply(t, full(casework.Held), does(access.Withdraw), noon)
}

func TestActorFor(t *testing.T) {
	t.Parallel()
	c := access.Caller{Person: "u9", Role: access.Member, Station: "hh", ID: "a", Name: "张三"}
	for _, act := range acts {
		want := casework.Actor{Role: access.Member, ID: "a", Name: "张三"}
		switch act {
		case access.Message, access.Withdraw, access.Rate, access.Reopen:
			want = casework.Actor{Role: access.Visitor, ID: "u9"}
		}
		same(t, string(act), want, casework.ActorFor(c, act))
	}
}

// TestTwoFuturesOfOneValueAreApart: two writers may act on the same value; the second must not write into spare
// capacity of the first one's lists.
func TestTwoFuturesOfOneValueAreApart(t *testing.T) {
	t.Parallel()
	s := in(casework.Assigned)
	s.Thread = append(make([]casework.Entry, 0, 8), casework.Entry{What: access.Message})
	s.Past = append(make([]string, 0, 8), "z")
	one := apply(t, s, does(access.Transfer), noon)
	other := s
	other.Assignee = "y"
	two := apply(t, other, does(access.Return), noon)
	if one.Last().What != access.Transfer || two.Last().What != access.Return {
		t.Errorf("threads end with %s and %s", one.Last().What, two.Last().What)
	}
	same(t, "the first's former members", []string{"z", "a"}, one.Past)
	same(t, "the second's former members", []string{"z", "y"}, two.Past)
}
