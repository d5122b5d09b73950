package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/store"
)

// lease takes a batch and returns what was given.
func lease(t *testing.T, b store.Budgets, at time.Time, want, unspent, perMinute, perDay int) (got, today int, until time.Time) {
	t.Helper()
	got, today, until, err := b.Lease(t.Context(), "/wxa/x", at, want, unspent, perMinute, perDay)
	if err != nil {
		t.Fatal(err)
	}
	return got, today, until
}

// Whatever the batches, all processes together never get more than the number
// of the minute and of the day, and in the end they get all of it.
func TestBudgetIsNeverExceeded(t *testing.T) {
	t.Parallel()
	_, server := open(t)
	processes := []store.Budgets{server.Open(t).Budgets("wx1"), server.Open(t).Budgets("wx1")}
	var given atomic.Int64
	each(t, 16, func(ctx context.Context, i int) error {
		for {
			got, _, until, err := processes[i%2].Lease(ctx, "/wxa/x", noon, 20, 0, 400, 0)
			if err != nil {
				return err
			}
			given.Add(int64(got))
			if got == 0 {
				if !until.Equal(noon.Add(time.Minute)) {
					t.Errorf("until %v, want the next minute", until)
				}
				return nil
			}
		}
	})
	equal(t, "given in the minute", given.Load(), 400)

	next := noon.Add(time.Minute)
	got, _, _ := lease(t, processes[0], next, 20, 0, 400, 0)
	equal(t, "of the next minute", got, 20)
	got, _, _ = lease(t, processes[1], noon, 20, 0, 400, 0) // its clock is behind
	equal(t, "given to one who is late", got, 20)
}

func TestBudgetOfADay(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	b := s.Budgets("wx1")
	got, today, _ := lease(t, b, noon, 10, 0, 0, 100)
	equal(t, "first batch", [2]int{got, today}, [2]int{10, 10})
	got, today, _ = lease(t, b, noon, 10, 7, 0, 100)
	equal(t, "after giving back", [2]int{got, today}, [2]int{10, 13})
	var until time.Time
	sum := got
	for got > 0 {
		was := got
		got, today, until = lease(t, b, noon, 10, 0, 0, 100)
		if got > was {
			t.Errorf("a batch of %d after one of %d: they should shrink", got, was)
		}
		sum += got
	}
	equal(t, "all of the day", [2]int{sum, today}, [2]int{97, 100})
	midnight := time.Date(noon.Year(), noon.Month(), noon.Day()+1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	if !until.Equal(midnight) {
		t.Errorf("until %v, want %v", until, midnight)
	}
	got, today, _ = lease(t, b, midnight, 10, 0, 0, 100)
	equal(t, "of the next day", [2]int{got, today}, [2]int{10, 10})
}

func TestBudgetStopIsForAll(t *testing.T) {
	t.Parallel()
	_, server := open(t)
	one, other := server.Open(t).Budgets("wx1"), server.Open(t).Budgets("wx1")
	if err := one.Stop(t.Context(), "/wxa/x", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	got, _, until := lease(t, other, noon, 10, 0, 0, 0)
	if got != 0 || !until.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %d, until %v", got, until)
	}
	if got, _, _ := lease(t, server.Open(t).Budgets("wx2"), noon, 10, 0, 0, 0); got != 10 {
		t.Errorf("another account got %d", got)
	}
	if got, _, _ := lease(t, other, noon.Add(time.Hour), 10, 0, 0, 0); got != 10 {
		t.Errorf("after the stop: %d", got)
	}
}

func TestBudgetWithoutRedis(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	server.Kill(t)
	_, _, _, err := s.Budgets("wx1").Lease(t.Context(), "/wxa/x", noon, 1, 0, 1, 1)
	wantCode(t, "lease", err, fault.Unavailable)
	wantCode(t, "stop", s.Budgets("wx1").Stop(t.Context(), "/wxa/x", noon), fault.Unavailable)
}

func TestClaim(t *testing.T) {
	t.Parallel()
	_, server := open(t)
	one, other := server.Open(t).Tokens(), server.Open(t).Tokens()
	var mine atomic.Int64
	each(t, 20, func(ctx context.Context, i int) error {
		tokens := one
		if i%2 == 0 {
			tokens = other
		}
		got, err := tokens.Claim(ctx, "t:claim", time.Minute)
		if got {
			mine.Add(1)
		}
		return err
	})
	equal(t, "claims", mine.Load(), 1)
	if err := other.DeleteIf(t.Context(), "t:claim", "1"); err != nil {
		t.Fatal(err)
	}
	if got, err := one.Claim(t.Context(), "t:claim", time.Minute); err != nil || !got {
		t.Errorf("given back: %v, %v", got, err)
	}
}
