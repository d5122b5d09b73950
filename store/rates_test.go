package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/store"
	"mashang/store/storetest"
)

// Rates are counted in the store, for restarts and other processes.
func TestRatesHoldOverARestart(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	now := time.Date(2026, 5, 11, 10, 0, 0, 0, time.UTC)
	open := func() *store.Store {
		return server.Open(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	}
	s := open()
	take := func(key string) time.Duration { return must(s.TakeRate(t.Context(), key, 3, time.Hour))(t) }
	for range 3 {
		equal(t, "one of three", take("a"), 0)
	}
	s = open()
	equal(t, "a fourth", take("a"), 20*time.Minute)
	equal(t, "a fourth again costs nothing", take("a"), 20*time.Minute)
	equal(t, "another's", take("b"), 0)
	now = now.Add(20 * time.Minute)
	equal(t, "when one is back", take("a"), 0)
	equal(t, "and no more", take("a"), 20*time.Minute)
	for range 2 { // one that was not used, and one more than were taken
		if err := s.ReturnRate(t.Context(), "a", 3, time.Hour); err != nil {
			t.Fatal(err)
		}
		equal(t, "one that came back", take("a"), 0)
	}
	if err := s.ReturnRate(t.Context(), "never", 3, time.Hour); err != nil {
		t.Fatal(err)
	}
	now = now.Add(24 * time.Hour)
	var taken atomic.Int64
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if wait, err := s.TakeRate(t.Context(), "a", 3, time.Hour); err == nil && wait == 0 {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	equal(t, "taken at once", taken.Load(), 3)
}
