package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
)

func TestRemindOnceAndOutliveActs(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sub := admit(t, s, filing(5, "m1"))
	drain(t, s)
	at := sub.Clocks.NextAt
	late := at.Time().Add(time.Minute)
	timers := func(now time.Time) []record.Timer { return must(s.Timers(t.Context(), st, now, 10))(t) }
	equal(t, "not yet", timers(noon), []record.Timer{})
	equal(t, "by now", timers(late), []record.Timer{{Submission: sub.ID, At: at}})

	next := late.Add(24 * time.Hour)
	entry := notice.Entry{ID: "urge", Submission: sub.ID, Purpose: notice.MemberUrge, Member: "m1", Version: 1, At: late.UnixMilli()}
	remind := func(id string, version int, seen casework.Millis) []string {
		return must(s.Remind(t.Context(), st, []record.Reminded{{
			Timer: record.Timer{Submission: id, At: seen}, Version: version, Next: casework.At(next),
		}}, []notice.Entry{entry}, late))(t)
	}
	for name, missed := range map[string][]string{
		"a time that is not its": remind(sub.ID, 1, at+1), "a version that never was": remind(sub.ID, 9, at),
		"what is not there": remind(st+"-ghost", 1, at),
	} {
		if len(missed) != 1 {
			t.Errorf("reminded by %s", name)
		}
	}
	equal(t, "nothing was told", must(s.Lease(t.Context(), st, late, time.Minute, 10))(t), []notice.Entry{})
	if len(remind(sub.ID, 1, at)) != 0 || len(remind(sub.ID, 1, at)) != 1 {
		t.Error("not reminded exactly once")
	}
	entry.Attempts = 1
	equal(t, "told", must(s.Lease(t.Context(), st, late, time.Minute, 10))(t), []notice.Entry{entry})

	// Handing it on does not change the clocks: the next reminder stays.
	commit(t, s, sub, casework.Transfer{To: "m2", Reason: "属地"}, late)
	equal(t, "after a transfer", timers(late.Add(time.Hour)), []record.Timer{})
	equal(t, "next", timers(next), []record.Timer{{Submission: sub.ID, At: casework.At(next)}})
	overdue, _, err := s.Due(t.Context(), st, sub.DueAt.Time(), next)
	if err != nil || overdue != 1 {
		t.Errorf("due counts the deadline, not the reminder: %d %v", overdue, err)
	}
	_, err = s.Remind(t.Context(), st, []record.Reminded{{Timer: record.Timer{Submission: "other-x"}}}, nil, late)
	wantCode(t, "another station's", err, fault.NotFound)
}

// TestRemindIsAllOrNothing: one changed submission prevents the whole commit.
func TestRemindIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	var list []record.Reminded
	for range 5 {
		sub := admit(t, s, filing(9, "m1"))
		list = append(list, record.Reminded{
			Timer: record.Timer{Submission: sub.ID, At: sub.Clocks.NextAt}, Version: 1, Next: sub.DueAt,
		})
	}
	drain(t, s)
	list[1].Version, list[4].At = 2, 7
	equal(t, "missed", must(s.Remind(t.Context(), st, list, nil, noon))(t), []string{list[1].Submission, list[4].Submission})
	equal(t, "unchanged", len(must(s.Timers(t.Context(), st, noon.Add(time.Hour), 10))(t)), 5)
	equal(t, "the rest", len(must(s.Remind(t.Context(), st, []record.Reminded{list[0], list[2], list[3]}, nil, noon))(t)), 0)
	equal(t, "left", len(must(s.Timers(t.Context(), st, noon.Add(time.Hour), 10))(t)), 2)
}

// TestTwoNeverRemindOfTheSame: of processes that read the same timers each is
// given to one.
func TestTwoNeverRemindOfTheSame(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	const many = 60
	for range many {
		admit(t, s, filing(many, "m1"))
	}
	drain(t, s)
	now := noon.Add(time.Hour)
	var mu sync.Mutex
	got := map[string]int{}
	var wg sync.WaitGroup
	for range 4 {
		other := server.Open(t)
		wg.Go(func() {
			for _, timer := range must(other.Timers(t.Context(), st, now, many))(t) {
				missed := must(other.Remind(t.Context(), st, []record.Reminded{{Timer: timer, Version: 1, Next: timer.At + 1e9}}, nil, now))(t)
				if len(missed) == 0 {
					mu.Lock()
					got[timer.Submission]++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("%s was reminded of %d times", id, n)
		}
	}
	equal(t, "all", len(got), many)
}

func TestLockRemindersIsExclusive(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	other := server.Open(t)
	release, ok, err := s.LockReminders(t.Context(), st, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, _ := other.LockReminders(t.Context(), st, time.Minute); ok {
		t.Error("two have the turn")
	}
	if free, ok, _ := other.LockReminders(t.Context(), "other", time.Minute); !ok {
		t.Error("another station has to wait")
	} else {
		free()
	}
	release()
	if _, ok, _ := other.LockReminders(t.Context(), st, time.Minute); !ok {
		t.Error("a turn that ended keeps others out")
	}
}

// TestProvisionalIsListedWhileOpen.
func TestProvisionalIsListedWhileOpen(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a := filing(5, "m1")
	a.Submission.Clocks.UnknownYear = 2027
	sub := admit(t, s, a)
	admit(t, s, filing(5, "m1"))
	list := func() []string {
		page, _, _, err := s.Page(t.Context(), st, record.Index{Name: record.Provisional}, record.Cursor{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, x := range page {
			ids = append(ids, x.ID)
		}
		return ids
	}
	if !slices.Equal(list(), []string{sub.ID}) {
		t.Errorf("%v", list())
	}
	got := load(t, s, sub.ID)
	equal(t, "kept", got.Clocks, sub.Clocks)
	commit(t, s, got, casework.Withdraw{}, noon)
	if len(list()) != 0 {
		t.Errorf("%v is over", list())
	}
}

// TestRemindersLockExpires: a process that died with the lock blocks nobody for ever.
func TestRemindersLockExpires(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	if _, ok, err := s.LockReminders(t.Context(), st, 20*time.Millisecond); err != nil || !ok {
		t.Fatal(ok, err)
	}
	other := server.Open(t)
	for {
		_, ok, err := other.LockReminders(t.Context(), st, time.Minute)
		if err != nil {
			t.Fatal(err) // the test's own time is up
		}
		if ok {
			return
		}
	}
}
