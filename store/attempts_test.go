package store_test

import (
	"testing"
	"time"

	"mashang/domain/record"
	"mashang/store"
	"mashang/store/storetest"
)

// Attempts are read newest first, page by page, and for thirty days.
func TestAttemptsAreKeptForThirtyDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 11, 10, 0, 0, 0, time.UTC)
	s := storetest.New(t).Open(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	begin := now
	for day := range 40 {
		now = begin.AddDate(0, 0, day)
		a := record.Attempt{At: now, Kind: record.AttemptSignIn, Action: "POST /x", Who: "w", Address: "203.0.113.7", Station: "hk", Account: "l1", Times: day + 1}
		if err := s.PutAttempts(t.Context(), []record.Attempt{a}); err != nil {
			t.Fatal(err)
		}
	}
	before, seen := "", 40
	for {
		list := must(s.Attempts(t.Context(), before, 7))(t)
		for _, a := range list {
			equal(t, "the next older", a.Times, seen)
			before = a.Entry
			seen--
		}
		if len(list) < 7 {
			break
		}
	}
	equal(t, "older ones that are read", seen, 9)
}
