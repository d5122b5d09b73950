package store_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
	"mashang/store/storetest"
)

func TestAdmitGivesItToTheFirstCandidateWithRoom(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	first := admit(t, s, filing(1, "m1", "m2"))
	second := admit(t, s, filing(1, "m1", "m2"))
	third := admit(t, s, filing(1, "m1", "m2"))

	for i, want := range []struct {
		sub      casework.Submission
		state    casework.State
		assignee string
		pick     int
	}{
		{first, casework.Assigned, "m1", 1},
		{second, casework.Assigned, "m2", 2},
		{third, casework.Pooled, "", 0},
	} {
		equal(t, fmt.Sprint("state of ", i), want.sub.State, want.state)
		equal(t, fmt.Sprint("assignee of ", i), want.sub.Assignee, want.assignee)
		equal(t, fmt.Sprint("pick of ", i), want.sub.Pick, want.pick)
		equal(t, fmt.Sprint("number of ", i), want.sub.Number, fmt.Sprintf("260722-%04d", i+1))
		equal(t, fmt.Sprint("version of ", i), want.sub.Version, 1)
		if d := cmp.Diff(want.sub, load(t, s, want.sub.ID), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("what was answered is not what was stored: (-answered +stored)\n%s", d)
		}
	}
	equal(t, "inbox", ids(t, s, record.Index{Name: record.Inbox, Arg: "m1"}, 10), []string{first.ID})
	equal(t, "pool", ids(t, s, record.Index{Name: record.Pool}, 10), []string{third.ID})
	loads := must(s.Loads(t.Context(), st, []string{"m2", "nobody", "m1"}))(t)
	equal(t, "loads", loads, map[string]int{"m1": 1, "m2": 1, "nobody": 0})
}

func TestAdmitHoldsWithoutAskingCandidates(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(5, "m1")
	a.Hold = true
	sub := admit(t, s, a)
	equal(t, "state", sub.State, casework.Held)
	equal(t, "stored state", load(t, s, sub.ID).State, casework.Held)
	equal(t, "pool", ids(t, s, record.Index{Name: record.Pool}, 10), []string{sub.ID})
	equal(t, "held", ids(t, s, record.Index{Name: record.InState, Arg: "held"}, 10), []string{sub.ID})
	if list := must(s.Lease(t.Context(), st, noon, time.Minute, 10))(t); len(list) != 0 {
		t.Errorf("a held submission tells %v", list)
	}
}

func TestAdmitNotifiesTheAssignee(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	admit(t, s, filing(1, "m1"))
	a := filing(1, "m1", "liaison-of-9")
	sub := admit(t, s, a)
	list := must(s.Lease(t.Context(), st, noon, time.Minute, 10))(t)
	equal(t, "entries", list[1:], []notice.Entry{{
		ID: a.NoticeID, Submission: sub.ID, Purpose: notice.MemberNew, Member: "liaison-of-9",
		Version: 1, At: noon.UnixMilli(), Attempts: 1,
	}})
	want := notice.After(sub)[0]
	want.ID, want.Attempts = a.NoticeID, 1
	equal(t, "as the ground would say it", list[1], want)
}

func TestAdmitTwiceGivesTheFirstReceipt(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(5, "m1")
	first := admit(t, s, a)
	again := filing(5, "m2")
	again.Submission.Filer, again.Key = a.Submission.Filer, a.Key

	sub, replayed, err := s.Admit(t.Context(), again)
	if err != nil || !replayed {
		t.Fatal(replayed, err)
	}
	equal(t, "id", sub.ID, first.ID)
	equal(t, "number", sub.Number, first.Number)
	equal(t, "state", sub.State, casework.Assigned)
	// The present state is not part of the receipt.
	equal(t, "the rest", sub, casework.Submission{ID: first.ID, Station: st, Number: first.Number, State: casework.Assigned})
	equal(t, "count", must(s.Count(t.Context(), st, record.Index{Name: record.All}))(t), 1)

	again.BodyHash = "another"
	_, _, err = s.Admit(t.Context(), again)
	wantCode(t, "another body", err, fault.IdempotencyMismatch)

	again.Submission.Filer = "u2"
	admit(t, s, again) // the key is the person's own
}

func TestSeenFindsTheFirstReceiptOnly(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	a := filing(5, "m1")
	sub := admit(t, s, a)
	for what, want := range map[[2]string]string{
		{a.Key, a.BodyHash}: sub.ID, {a.Key, "another"}: "", {"other-key", a.BodyHash}: "",
	} {
		first, ok, err := s.FindReceipt(t.Context(), st, a.Submission.Filer, what[0], what[1])
		if err != nil || ok != (want != "") {
			t.Errorf("%v: seen %v, %v", what, ok, err)
		}
		equal(t, "seen", first.ID, want)
	}
	// One that was kept before it said more than the id.
	key := "{lj}:idem:" + a.Submission.Filer + ":old-key-0001"
	server.Client(t).Set(t.Context(), key, a.BodyHash+"\t"+strings.TrimPrefix(sub.ID, st+"-"), time.Hour)
	first, ok, err := s.FindReceipt(t.Context(), st, a.Submission.Filer, "old-key-0001", a.BodyHash)
	if err != nil || !ok || first.ID != sub.ID || first.Number != "" {
		t.Errorf("an old receipt: %+v %v %v", first, ok, err)
	}
	ttl := server.Client(t).TTL(t.Context(), "{lj}:idem:"+a.Submission.Filer+":"+a.Key).Val()
	if ttl < 23*time.Hour || ttl > 24*time.Hour {
		t.Errorf("remembered for %v", ttl)
	}
}

func TestAdmitRefusesWhatIsNotComplete(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	taken := filing(5, "m1")
	admit(t, s, taken)
	for what, change := range map[string]func(*record.Admission){
		"no id":               func(a *record.Admission) { a.Submission.ID = "" },
		"id of another":       func(a *record.Admission) { a.Submission.ID = "xx-1" },
		"id with a slot":      func(a *record.Admission) { a.Submission.ID = st + "-a}b" },
		"no key":              func(a *record.Admission) { a.Key = "" },
		"capacity is missing": func(a *record.Admission) { a.Capacities = nil },
		"filer with a tab":    func(a *record.Admission) { a.Submission.Filer = "a\tb" },
		"member with a quote": func(a *record.Admission) { a.Submission.Decision.Candidates[0].Member = `a"` },
		"id is taken":         func(a *record.Admission) { a.Submission.ID = taken.Submission.ID },
	} {
		a := filing(5, "m1")
		change(&a)
		_, _, err := s.Admit(t.Context(), a)
		wantCode(t, what, err, fault.Internal)
	}
	equal(t, "count", must(s.Count(t.Context(), st, record.Index{Name: record.All}))(t), 1)
}

func TestNumbersStartAnewEachLocalDay(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	at := func(now time.Time) string {
		a := filing(9, "m1")
		a.Now = now
		return admit(t, s, a).Number
	}
	equal(t, "first", at(noon), "260722-0001")
	equal(t, "UTC is still on the day before", at(time.Date(2026, 7, 22, 16, 0, 0, 0, time.UTC)), "260723-0001")
	equal(t, "second", at(noon), "260722-0002")
	c := server.Client(t)
	if err := c.Set(t.Context(), "{lj}:seq:260722", 9999, 0).Err(); err != nil {
		t.Fatal(err)
	}
	equal(t, "a fifth digit", at(noon), "260722-10000")
	if ttl := c.TTL(t.Context(), "{lj}:seq:260723").Val(); ttl <= 0 {
		t.Error("the sequence is kept for ever")
	}
}

// Fifty clients file two hundred submissions with members who have room for sixty: exactly sixty are assigned,
// none is lost, each is in one queue.
func TestAdmitHonoursCapacityUnderConcurrency(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	const clients, apiece, capacity = 50, 4, 20
	members := []string{"m1", "m2", "m3"}
	var mu sync.Mutex
	var all []casework.Submission
	each(t, clients, func(ctx context.Context, _ int) error {
		for range apiece {
			sub, _, err := s.Admit(ctx, filing(capacity, members...))
			if err != nil {
				return err
			}
			mu.Lock()
			all = append(all, sub)
			mu.Unlock()
		}
		return nil
	})
	loads := must(s.Loads(t.Context(), st, members))(t)
	equal(t, "loads", loads, map[string]int{"m1": capacity, "m2": capacity, "m3": capacity})
	equal(t, "pool", must(s.Count(t.Context(), st, record.Index{Name: record.Pool}))(t), clients*apiece-3*capacity)
	equal(t, "all", len(ids(t, s, record.Index{Name: record.All}, 33)), clients*apiece)
	numbers := make([]string, 0, len(all))
	for _, sub := range all {
		numbers = append(numbers, sub.Number)
	}
	slices.Sort(numbers)
	equal(t, "numbers are all different", len(slices.Compact(numbers)), clients*apiece)
	equal(t, "last number", numbers[len(numbers)-1], "260722-"+fmt.Sprintf("%04d", clients*apiece))
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "faults", report.Faults, nil)
	equal(t, "verified", report.Submissions, clients*apiece)
}

func TestTheSameKeyAtTheSameMomentFilesOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(50, "m1")
	var mu sync.Mutex
	found, first := map[string]int{}, 0
	each(t, 50, func(ctx context.Context, _ int) error {
		mine := filing(50, "m1")
		mine.Key, mine.Submission.Filer = a.Key, a.Submission.Filer
		sub, replayed, err := s.Admit(ctx, mine)
		mu.Lock()
		defer mu.Unlock()
		found[sub.ID]++
		if !replayed {
			first++
		}
		return err
	})
	if len(found) != 1 || first != 1 {
		t.Errorf("%d filed, receipts %v", first, found)
	}
	equal(t, "count", must(s.Count(t.Context(), st, record.Index{Name: record.All}))(t), 1)
}

// Every acknowledged filing exists after the server was killed, and every other one exists whole or not at all.
func TestEveryAcknowledgedAdmissionSurvivesACrash(t *testing.T) {
	t.Parallel()
	s, server := open(t, storetest.Durable())
	found(t, s)
	var mu sync.Mutex
	acknowledged := map[string]string{}
	enough := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		each(t, 16, func(ctx context.Context, _ int) error {
			for {
				sub, _, err := s.Admit(ctx, filing(3, "m1", "m2", "m3"))
				if err != nil {
					if fault.Is(err, fault.Unavailable) {
						return nil
					}
					return err
				}
				mu.Lock()
				acknowledged[sub.ID] = sub.Number
				if len(acknowledged) == 300 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}()
	<-enough
	server.Kill(t)
	<-done
	server.Start(t)

	for id, number := range acknowledged {
		equal(t, id, load(t, s, id).Number, number)
	}
	report := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "faults", report.Faults, nil)
	if report.Submissions < len(acknowledged) {
		t.Errorf("%d of %d are there", report.Submissions, len(acknowledged))
	}
	last := admit(t, s, filing(3, "m1")).Number
	if n, _ := strconv.Atoi(last[len("260722-"):]); n <= len(acknowledged) {
		t.Errorf("number %s was given before", last)
	}
}
