package store_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
)

const minute = time.Minute

// leaseAt leases everything that is due and returns the attempts by id.
func leaseAt(t *testing.T, s *store.Store, now time.Time) map[string]int {
	t.Helper()
	got := map[string]int{}
	for _, e := range must(s.Lease(t.Context(), st, now, minute, 100))(t) {
		got[e.ID] = e.Attempts
	}
	return got
}

func TestLeaseHidesUntilItEnds(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(5, "m1")
	admit(t, s, a)
	equal(t, "before", leaseAt(t, s, noon.Add(-time.Second)), map[string]int{})
	equal(t, "first", leaseAt(t, s, noon), map[string]int{a.NoticeID: 1})
	equal(t, "leased", leaseAt(t, s, noon.Add(minute-time.Millisecond)), map[string]int{})
	equal(t, "the worker died", leaseAt(t, s, noon.Add(minute)), map[string]int{a.NoticeID: 2})
}

func TestLeaseTakesTheLongestDueFirstAndNoMore(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for i := range 5 {
		a := filing(9, "m1")
		a.NoticeID, a.Submission.FiledAt = fmt.Sprint("n", i), casework.At(noon.Add(-time.Duration(i)*minute))
		admit(t, s, a)
	}
	list := must(s.Lease(t.Context(), st, noon, minute, 2))(t)
	equal(t, "entries", []string{list[0].ID, list[1].ID}, []string{"n4", "n3"})
	equal(t, "rest", len(leaseAt(t, s, noon)), 3)
}

func TestPostponeKeepsTheAttemptsItIsGiven(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(5, "m1")
	admit(t, s, a)
	e := must(s.Lease(t.Context(), st, noon, minute, 1))(t)[0]
	if err := s.Postpone(t.Context(), st, e, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	equal(t, "too early", leaseAt(t, s, noon.Add(59*minute)), map[string]int{})
	equal(t, "second attempt", leaseAt(t, s, noon.Add(time.Hour)), map[string]int{a.NoticeID: 2})
	e.Attempts = 0 // quiet hours are no attempt
	if err := s.Postpone(t.Context(), st, e, noon); err != nil {
		t.Fatal(err)
	}
	equal(t, "not counted", leaseAt(t, s, noon), map[string]int{a.NoticeID: 1})
	if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Postpone(t.Context(), st, e, noon); err != nil {
		t.Fatal(err)
	}
	equal(t, "a finished one stays finished", leaseAt(t, s, noon.Add(24*time.Hour)), map[string]int{})
}

func TestFinishWritesTheOutcomeDownOnce(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	sent, dead := filing(5, "m1"), filing(5, "m1")
	first := admit(t, s, sent)
	admit(t, s, dead)
	for _, e := range must(s.Lease(t.Context(), st, noon, minute, 10))(t) {
		outcome := notice.Sent
		if e.ID == dead.NoticeID {
			outcome = notice.Dead
		}
		for range 2 {
			if err := s.Finish(t.Context(), st, e, notice.Receipt{Outcome: outcome}, noon.Add(minute)); err != nil {
				t.Fatal(err)
			}
		}
	}
	equal(t, "outbox", leaseAt(t, s, noon.Add(24*time.Hour)), map[string]int{})
	c := server.Client(t)
	counts := must(c.HGetAll(t.Context(), "{lj}:told:n").Result())(t)
	equal(t, "counts", counts, map[string]string{"sent": "1", "dead": "1"})
	lines := must(c.XRange(t.Context(), "{lj}:told", "-", "+").Result())(t)
	equal(t, "lines", len(lines), 2)
	equal(t, "line", lines[0].Values, map[string]any{
		"s": first.ID[3:], "p": "member_new", "r": "member", "o": "sent", "n": "1", "t": fmt.Sprint(noon.Add(minute).UnixMilli()),
	})
	kept := must(c.HKeys(t.Context(), "{lj}:ob:dead").Result())(t)
	equal(t, "dead", kept, []string{dead.NoticeID})
}

func TestLeaseDropsAnIdWithoutData(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	if err := c.ZAdd(t.Context(), "{lj}:ob", zed("ghost", 1)).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.ZAdd(t.Context(), "{lj}:ob", zed("bad", 1)).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.HSet(t.Context(), "{lj}:ob:d", "bad", "0\nno json").Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "leased", leaseAt(t, s, noon), map[string]int{})
	equal(t, "left", must(c.ZRange(t.Context(), "{lj}:ob", 0, -1).Result())(t), []string{"bad"})
}

func TestManyWorkersShareTheOutbox(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	const entries = 60
	for range entries {
		admit(t, s, filing(entries, "m1"))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	each(t, 12, func(ctx context.Context, _ int) error {
		for {
			list, err := s.Lease(ctx, st, noon, minute, 7)
			if err != nil || len(list) == 0 {
				return err
			}
			for _, e := range list {
				mu.Lock()
				seen[e.ID]++
				mu.Unlock()
				if err := s.Finish(ctx, st, e, notice.Receipt{Outcome: notice.Sent}, noon); err != nil {
					return err
				}
			}
		}
	})
	equal(t, "entries", len(seen), entries)
	for id, n := range seen {
		equal(t, id, n, 1)
	}
}

func TestArrivalsComeOnceAndComeBack(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	a := record.InboundEvent{ID: "openid-1721620000-text", Kind: "text", OpenID: "o1", Text: "已到现场"}
	for range 3 {
		if err := s.PutEvent(t.Context(), a, noon); err != nil {
			t.Fatal(err)
		}
	}
	lease := func(now time.Time) []record.InboundEvent { return must(s.LeaseEvents(t.Context(), now, minute, 10))(t) }
	a.Attempts = 1
	equal(t, "leased", lease(noon), []record.InboundEvent{a})
	equal(t, "hidden", lease(noon), []record.InboundEvent{})
	a.Attempts = 2
	equal(t, "back", lease(noon.Add(minute)), []record.InboundEvent{a})
	if err := s.PostponeEvent(t.Context(), a, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	equal(t, "postponed", lease(noon.Add(2*minute)), []record.InboundEvent{})
	equal(t, "waiting", must(s.Waiting(t.Context()))(t), 1)
	a.Attempts = 3
	equal(t, "due again", lease(noon.Add(time.Hour)), []record.InboundEvent{a})
	if err := s.FinishEvent(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.PutEvent(t.Context(), a, noon); err != nil { // the platform repeats itself
		t.Fatal(err)
	}
	equal(t, "finished", lease(noon.Add(24*time.Hour)), []record.InboundEvent{})
	equal(t, "waiting", must(s.Waiting(t.Context()))(t), 0)
	for _, key := range must(server.Client(t).Keys(t.Context(), "{@push}:seen:*").Result())(t) {
		if ttl := server.Client(t).TTL(t.Context(), key).Val(); ttl <= 0 || ttl > 24*time.Hour {
			t.Errorf("%s lives %v", key, ttl)
		}
	}
}

func TestUnreadPushesAreFewAndNotKeptForEver(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	put := func(i int, at time.Time) {
		u := record.UnreadPush{ID: strconv.Itoa(i), At: at, Kind: "text", Size: i, Why: "shape"}
		if err := s.PutUnread(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	put(-1, noon.Add(-31*24*time.Hour))
	equal(t, "a month ago", must(s.Unread(t.Context()))(t), []record.UnreadPush{})
	for i := range 210 {
		put(i, noon.Add(time.Duration(i)*time.Millisecond))
	}
	put(209, noon.Add(time.Hour)) // delivered again
	list := must(s.Unread(t.Context()))(t)
	equal(t, "how many", len(list), 200)
	equal(t, "the newest", list[0], record.UnreadPush{ID: "209", At: time.UnixMilli(noon.UnixMilli() + 209), Kind: "text", Size: 209, Why: "shape"})
	equal(t, "the oldest", list[199].ID, "10")
	if ttl := server.Client(t).TTL(t.Context(), "{@push}:unread").Val(); ttl <= 0 || ttl > 30*24*time.Hour {
		t.Errorf("it lives %v", ttl)
	}
}

func TestArrivalsDropWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	if err := c.ZAdd(t.Context(), "{@push}:in", zed("bad", 1)).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.HSet(t.Context(), "{@push}:in:d", "bad", "0\nno json").Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "leased", must(s.LeaseEvents(t.Context(), noon, minute, 9))(t), []record.InboundEvent{})
	if err := c.HSet(t.Context(), "{@push}:in:d", "bad", "x\n{}").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.LeaseEvents(t.Context(), noon.Add(time.Hour), minute, 9)
	wantCode(t, "no count", err, fault.Internal)
}
