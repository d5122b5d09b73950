package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// TestEachChangeIsInTheFeed: each way to change what is shown of a submission writes to the feed once, and a
// call without effect writes nothing.
func TestEachChangeIsInTheFeed(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx := t.Context()
	place := must(s.Changes(ctx, st, ""))(t)
	equal(t, "nothing yet", place, record.FeedPage{Next: "0-0"})
	expect := func(what string, want ...string) {
		t.Helper()
		c := must(s.Changes(ctx, st, place.Next))(t)
		if c.Gap || !slices.Equal(c.IDs, want) || c.Next == place.Next && len(want) > 0 {
			t.Errorf("%s: %+v, want %v", what, c, want)
		}
		place = c
	}
	none := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, b := admit(t, s, filing(9, "m1")), admit(t, s, filing(9, "m2"))
	expect("filed", a.ID, b.ID)
	expect("read")
	was := a
	a = commit(t, s, a, casework.Accept{}, noon)
	expect("an act", a.ID)
	if ok, err := s.Commit(ctx, was, a, nil); ok || err != nil {
		t.Fatal(ok, err)
	}
	expect("a late act")
	follower, leading, err := b.MergeInto(a, casework.Actor{Role: access.Liaison, ID: "l1"}, "同一件事", noon)
	none(err)
	if ok, err := s.CommitAll(ctx, st, []record.Change{{Was: a, Next: leading}, {Was: b, Next: follower}}, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	expect("two at once", a.ID, b.ID)

	c := admit(t, s, filing(9, "m3"))
	expect("filed", c.ID)
	timer := record.Timer{Submission: c.ID, At: c.Clocks.NextAt}
	urge := []record.Reminded{{Timer: timer, Version: 1, Next: timer.At + 1}}
	equal(t, "missed", must(s.Remind(ctx, st, urge, nil, noon))(t), nil)
	expect("reminded", c.ID)
	equal(t, "missed", must(s.Remind(ctx, st, urge, nil, noon))(t), []string{c.ID})
	expect("not reminded")

	c = commit(t, s, c, casework.AskAssist{Text: "请核实", Department: "d1", Name: "所", Days: 1}, noon)
	expect("asked", c.ID)
	late := c.Assists[0].DueAt.Time().Add(time.Hour)
	if ok, err := s.SetNextAssistUrge(ctx, c, late, late.Add(time.Hour)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	expect("urged", c.ID)

	e := notice.Entry{ID: "n1", Submission: c.ID, Purpose: notice.VisitorReply, Person: "u1", At: noon.UnixMilli()}
	none(s.EnqueueNotice(ctx, st, e, noon))
	none(s.Finish(ctx, st, e, notice.Receipt{Outcome: notice.Sent}, noon))
	expect("told", c.ID)
	none(s.Finish(ctx, st, e, notice.Receipt{Outcome: notice.Sent}, noon))
	expect("told again")
	u := record.Undelivered{Submission: c.ID, Receiver: "v", Purpose: notice.VisitorReply, Why: notice.Refused, Since: noon}
	none(s.PutUndelivered(ctx, u))
	expect("untold", c.ID)
	none(s.DropUndelivered(ctx, c.ID, "m.m9"))
	expect("nobody was dropped")
	none(s.DropUndelivered(ctx, c.ID, ""))
	expect("dropped", c.ID)
	none(s.PutUndelivered(ctx, u))
	none(s.ResolveUndelivered(ctx, st, u.ID()))
	expect("ticked", c.ID)

	none(s.HoldPhoto(ctx, c.ID, "f1", noon))
	expect("held", c.ID)
	none(s.ReleasePhoto(ctx, c.ID, "f1"))
	expect("released", c.ID)
	none(s.PutResult(ctx, record.Result{Submission: c.ID, Title: "好"}))
	expect("published", c.ID)
	none(s.DropResult(ctx, c.ID))
	expect("taken back", c.ID)
}

// TestFeedReportsAGap for a position that was dropped, never existed or is malformed: the reader must read
// everything.
func TestFeedReportsAGap(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	ctx := t.Context()
	first := must(s.Changes(ctx, st, ""))(t)
	sub := admit(t, s, filing(9, "m1"))
	second := must(s.Changes(ctx, st, ""))(t)
	for _, place := range []string{"1-0", "99999999999999-0", "x", "-", "1-", "+", "0-0 1"} {
		equal(t, place, must(s.Changes(ctx, st, place))(t), record.FeedPage{Next: second.Next, Gap: true})
	}
	const many = 10_300
	p := server.Client(t).Pipeline()
	for i := range many {
		p.XAdd(ctx, entry("{lj}:changed", fmt.Sprintf("k%d", i%2500)))
	}
	if _, err := p.Exec(ctx); err != nil {
		t.Fatal(err)
	}
	c := must(s.Changes(ctx, st, second.Next))(t)
	if c.Gap || len(c.IDs) != 2500 {
		t.Errorf("%d ids over several reads, gap %v", len(c.IDs), c.Gap)
	}
	commit(t, s, sub, casework.Accept{}, noon) // and this one trims
	for _, place := range []string{first.Next, second.Next} {
		if got := must(s.Changes(ctx, st, place))(t); !got.Gap || len(got.IDs) > 0 {
			t.Errorf("after %s: %d ids, gap %v", place, len(got.IDs), got.Gap)
		}
	}
	equal(t, "the newest", must(s.Changes(ctx, st, c.Next))(t).IDs, []string{sub.ID})
}

// entry is an entry of a feed that nothing trims.
func entry(key, local string) *redis.XAddArgs {
	return &redis.XAddArgs{Stream: key, Values: []any{"s", local}}
}
