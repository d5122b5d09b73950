package store_test

import (
	"testing"
	"time"

	"mashang/domain/record"
)

// TestWindowsOfAChat: messages are counted per window, the window that ends first is used first, and an event
// opens a window once.
func TestWindowsOfAChat(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	opened := func(w record.Window, by string, until time.Duration, n int) {
		t.Helper()
		if err := s.OpenChat(t.Context(), "u1", w, by, noon.Add(until), n); err != nil {
			t.Fatal(err)
		}
	}
	take := func(at time.Duration, keep int) bool {
		t.Helper()
		return must(s.SpendChat(t.Context(), "u1", noon.Add(at), keep))(t)
	}
	// count takes until none is left.
	count := func(at time.Duration, keep int) (n int) {
		t.Helper()
		left := must(s.ChatLeft(t.Context(), "u1", noon.Add(at)))(t)
		defer func() { equal(t, "what is left is said before", left, n+keep) }()
		for ; take(at, keep); n++ {
		}
		return n
	}
	equal(t, "while nothing is known", take(0, 0), false)
	opened(record.Wrote, "a", 48*time.Hour, 5)
	equal(t, "with one kept", count(0, 1), 4)
	opened(record.Wrote, "a", 48*time.Hour, 5)
	opened(record.Wrote, "earlier", 47*time.Hour, 5)
	equal(t, "the last, told again and late", count(48*time.Hour-time.Millisecond, 0), 1)

	opened(record.Wrote, "b", 49*time.Hour, 5)
	opened(record.Entered, "c", time.Minute, 2)
	equal(t, "both, with one kept", count(0, 5), 2)
	equal(t, "the short one is used up, the long one whole", count(time.Minute, 0), 5)
	opened(record.Entered, "d", 2*time.Minute, 2)
	equal(t, "when it has ended", take(2*time.Minute, 0), false)
	if err := s.CloseChat(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "closed", take(time.Minute, 0), false)
}
