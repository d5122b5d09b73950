package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/rating"
	"mashang/domain/record"
	"mashang/store"
)

func TestLoadAnswersNotFound(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, id := range []string{"", "-", "lj", "lj-", "lj-abc", "l-abc", "LJ-abc", "lj}:roster{-a", "lj-a b", "lj-" + text120} {
		_, err := s.Load(t.Context(), id)
		wantCode(t, id, err, fault.NotFound)
	}
}

func TestCommitMovesAndNotifies(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	was := admit(t, s, filing(5, "m1"))
	drain(t, s)
	next := apply(t, was, casework.Transfer{To: "m2", ToName: "李委员", Reason: "更熟悉"}, noon.Add(time.Hour))
	tell := notice.After(next)
	for i := range tell {
		tell[i].ID = fmt.Sprint("t", i)
	}
	if ok, err := s.Commit(t.Context(), was, next, tell); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if d := cmp.Diff(next, load(t, s, was.ID), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-next +stored)\n%s", d)
	}
	equal(t, "loads", must(s.Loads(t.Context(), st, []string{"m1", "m2"}))(t), map[string]int{"m1": 0, "m2": 1})
	got := must(s.Lease(t.Context(), st, noon.Add(time.Hour), time.Minute, 10))(t)
	for i := range tell {
		tell[i].Attempts = 1
	}
	equal(t, "told", got, tell)
}

// drain finishes everything in the outbox.
func drain(t *testing.T, s *store.Store) {
	t.Helper()
	for _, e := range must(s.Lease(t.Context(), st, noon.Add(1000*time.Hour), time.Minute, 1000))(t) {
		if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCommitRefusesAnOldVersionAndDoesNothing(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	was := admit(t, s, filing(5, "m1"))
	drain(t, s)
	stored := commit(t, s, was, casework.Accept{}, noon)
	late := apply(t, was, casework.Return{Reason: "不熟悉"}, noon)
	ok, err := s.Commit(t.Context(), was, late, []notice.Entry{{ID: "n", Submission: was.ID, At: 1}})
	if err != nil || ok {
		t.Fatal(ok, err)
	}
	equal(t, "state", load(t, s, was.ID).State, stored.State)
	equal(t, "queues", queues(t, s, stored), []string{"inbox"})
	if list := must(s.Lease(t.Context(), st, noon, time.Minute, 10))(t); len(list) != 0 {
		t.Errorf("an act that lost tells %v", list)
	}
}

func TestOfManyWritersOneWins(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	was := admit(t, s, filing(5, "m1"))
	var mu sync.Mutex
	won := 0
	each(t, 30, func(ctx context.Context, i int) error {
		next := apply(t, was, casework.Reply{Text: fmt.Sprint("答复", i)}, noon)
		ok, err := s.Commit(ctx, was, next, nil)
		mu.Lock()
		defer mu.Unlock()
		if ok {
			won++
		}
		return err
	})
	equal(t, "winners", won, 1)
	equal(t, "version", load(t, s, was.ID).Version, 2)
}

func TestCommitOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ghost := filing(5, "m1").Submission
	ghost.Version, ghost.State, ghost.Assignee = 1, casework.Assigned, "m1"
	_, err := s.Commit(t.Context(), ghost, apply(t, ghost, casework.Accept{}, noon), nil)
	wantCode(t, "unknown", err, fault.NotFound)
	other := ghost
	other.ID = st + "-other"
	_, err = s.Commit(t.Context(), ghost, other, nil)
	wantCode(t, "two ids", err, fault.NotFound)
	ghost.Assignee = "a\tb"
	_, err = s.Commit(t.Context(), ghost, ghost, nil)
	wantCode(t, "a tab in the head", err, fault.Internal)
	ghost.Assignee = text120 + text120
	_, err = s.Commit(t.Context(), ghost, ghost, nil)
	wantCode(t, "a long head", err, fault.Internal)
}

func TestDueCountsWhatMembersHold(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for h := range 6 {
		a := filing(9, "m1")
		a.Submission.DueAt = casework.At(noon.Add(time.Duration(h) * time.Hour))
		admit(t, s, a)
	}
	admit(t, s, filing(0, "m1")) // pooled: nobody holds it
	waiting := admit(t, s, filing(9, "m1"))
	commit(t, s, waiting, casework.Ask{Text: "哪一家？"}, noon)
	overdue, soon, err := s.Due(t.Context(), st, noon.Add(2*time.Hour), noon.Add(4*time.Hour))
	if err != nil || overdue != 3 || soon != 2 {
		t.Errorf("%d overdue, %d soon, %v", overdue, soon, err)
	}
}

// drawn is a random act with its actor; the state may forbid it.
func drawn(t *rapid.T) (casework.Act, casework.Actor) {
	text, without := rapid.StringN(1, 60, 200).Draw(t, "text"), rapid.Bool().Draw(t, "without")
	body := rapid.SampledFrom([]casework.AskAssist{
		{Department: "d1", Name: "市场监管所", Days: 2},
		{Department: "d2", Name: "文旅局", Days: 4},
		{Member: "m2", Name: "李委员", Days: 1},
		{Member: "m3", Name: "赵委员", Days: 3},
	}).Draw(t, "body")
	body.Text = text
	assistant := casework.Actor{Role: access.Department, ID: body.Department, Name: body.Name}
	if body.Member != "" {
		assistant.Role, assistant.ID = access.Member, body.Member
	}
	to := rapid.SampledFrom([]string{"m1", "m2", "m3"}).Draw(t, "to")
	outcome := rapid.SampledFrom([]casework.Outcome{casework.Solved, casework.Referred, casework.Agreed}).Draw(t, "outcome")
	const why = "原因"
	act := rapid.SampledFrom([]casework.Act{
		casework.Accept{},
		casework.Ask{Text: text},
		casework.Reply{Text: text, Without: without},
		casework.Transfer{To: to, Reason: why},
		casework.Return{Reason: why},
		casework.Close{Text: text, Outcome: outcome, Without: without},
		casework.Message{Text: text},
		casework.Withdraw{Reason: why},
		casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied},
		casework.Reopen{Reason: why},
		casework.Assign{To: to, Reason: why},
		casework.Cover{To: to, Reason: why},
		casework.Resume{To: to, Reason: why},
		body, body,
		casework.Contribute{Text: text},
		casework.Decline{Reason: why},
		casework.Recall{Assist: rapid.IntRange(1, 3).Draw(t, "assist"), Reason: why},
		casework.Fulfil{Text: text},
		casework.Redate{Promised: casework.EndOfDay(noon.AddDate(0, 0, rapid.IntRange(1, 90).Draw(t, "days"))), Reason: why},
	}).Draw(t, "act")
	switch act.(type) {
	case casework.Contribute, casework.Decline:
		return act, assistant
	default:
		return act, casework.Actor{Role: access.Member, ID: "m1", Name: "马委员"}
	}
}

// After any sequence of acts the submission stands in exactly the lists that
// its state says, and reads back as it was written.
func TestAnyLifeKeepsListsCorrect(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	rapid.Check(t, func(r *rapid.T) {
		a := filing(1000, "m1", "m2")
		a.Hold = rapid.Bool().Draw(r, "hold")
		sub, _, err := s.Admit(t.Context(), a)
		if err != nil {
			r.Fatal(err)
		}
		now := noon
		for range rapid.IntRange(1, 12).Draw(r, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(1, 5000).Draw(r, "minutes")) * time.Minute)
			act, by := drawn(r)
			next, err := sub.Apply(act, by, clock, now)
			if err != nil {
				continue
			}
			if ok, err := s.Commit(t.Context(), sub, next, nil); err != nil || !ok {
				r.Fatal(ok, err)
			}
			sub = next
			stored, err := s.Load(t.Context(), sub.ID)
			if err != nil {
				r.Fatal(err)
			}
			if d := cmp.Diff(sub, stored, cmpopts.EquateEmpty()); d != "" {
				r.Fatalf("(-written +read)\n%s", d)
			}
			if faults := must(s.Misplaced(t.Context(), sub.ID))(t); len(faults) != 0 {
				r.Fatalf("%s: %v", sub.State, faults)
			}
		}
	})
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "faults", report.Faults, nil)
}

func TestIndexesOfALife(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sub := admit(t, s, filing(5, "m1"))
	in := func(name record.IndexName, arg string) {
		t.Helper()
		equal(t, "queues", queues(t, s, sub), []string{string(name)})
		equal(t, "state", ids(t, s, record.Index{Name: record.InState, Arg: string(sub.State)}, 9), []string{sub.ID})
		equal(t, "mine", ids(t, s, record.Index{Name: record.Mine, Arg: sub.Filer}, 9), []string{sub.ID})
		equal(t, "all", ids(t, s, record.Index{Name: record.All}, 9), []string{sub.ID})
		equal(t, "its queue", ids(t, s, record.Index{Name: name, Arg: arg}, 9), []string{sub.ID})
	}
	in(record.Inbox, "m1")
	sub = commit(t, s, sub, casework.Ask{Text: "哪一家？"}, noon)
	in(record.Inbox, "m1")
	sub = commit(t, s, sub, casework.Reply{Text: "已联系"}, noon)
	in(record.Answered, "m1")
	sub = commit(t, s, sub, casework.Close{Text: "已退款", Outcome: casework.Solved}, noon)
	in(record.ClosedBy, "m1")
	sub = commit(t, s, sub, casework.Reopen{Reason: "没有退"}, noon)
	in(record.Inbox, "m1")
	sub = commit(t, s, sub, casework.Return{Reason: "不熟悉"}, noon)
	in(record.Pool, "")
	sub = commit(t, s, sub, casework.Withdraw{}, noon)
	in(record.GoneFrom, "")
}
