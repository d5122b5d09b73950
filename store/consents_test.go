package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
)

const aReply = notice.VisitorReply

func grant(t interface {
	Context() context.Context
	Fatal(args ...any)
}, s *store.Store, person string, g record.Grant, now time.Time,
) {
	if err := s.AddConsents(t.Context(), person, g, now); err != nil {
		t.Fatal(err)
	}
}

func TestConsents(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	left := func() notice.Consents { return must(s.ConsentsLeft(t.Context(), "u1"))(t) }
	spend := func() {
		t.Helper()
		if err := s.SpendConsent(t.Context(), "u1", aReply); err != nil {
			t.Fatal(err)
		}
	}
	spend()
	equal(t, "while nothing is known", left(), notice.Consents{})
	for _, n := range []int{2, 0, -5} {
		grant(t, s, "u1", record.Grant{Purpose: aReply, Count: n}, noon)
	}
	equal(t, "left", left(), notice.Consents{aReply: 2})
	spend()
	equal(t, "one spent", left(), notice.Consents{aReply: 1})
	for range 3 {
		spend()
	}
	equal(t, "all spent", left(), notice.Consents{aReply: 0})
	grant(t, s, "u1", record.Grant{Purpose: notice.VisitorClosed, Count: 5}, noon)
	if err := s.ClearConsents(t.Context(), "u1", notice.VisitorClosed); err != nil {
		t.Fatal(err)
	}
	equal(t, "cleared", left(), notice.Consents{aReply: 0, notice.VisitorClosed: 0})
}

// The client and the platform report one tap, in either order.
func TestOneTapCountsOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	one := func(source record.Source, by string) record.Grant {
		return record.Grant{Purpose: aReply, Count: 1, Source: source, By: by}
	}
	steps := []struct {
		what  string
		after time.Duration
		g     record.Grant
		want  int
	}{
		{"the client reports", 0, one(record.Reported, ""), 1},
		{"the platform confirms", time.Second, one(record.Confirmed, "e1"), 1},
		{"the same delivery once more", time.Second, one(record.Confirmed, "e1"), 1},
		{"a tap the client does not report", time.Second, one(record.Confirmed, "e2"), 2},
		{"and that it reports late", 9 * time.Minute, one(record.Reported, ""), 2},
		{"too late to be the same", 11 * time.Minute, one(record.Confirmed, "e3"), 3},
		{"told once by who knows", 0, one(record.Certain, ""), 4},
		{"matched by e3's report", 0, one(record.Reported, ""), 4},
		{"a report of its own", 0, one(record.Reported, ""), 5},
	}
	now := noon
	for _, x := range steps {
		now = now.Add(x.after)
		grant(t, s, "u1", x.g, now)
		equal(t, x.what, must(s.ConsentsLeft(t.Context(), "u1"))(t)[aReply], x.want)
	}
}

// However taps, reports and events are spread, within tapWindow the count is that of the source with more
// reports.
func TestTapsCountAsTheFullerSource(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		person := fmt.Sprint("u", runs)
		told := map[record.Source]int{}
		now := noon
		for i := range rapid.IntRange(1, 20).Draw(rt, "tellings") {
			source := rapid.SampledFrom([]record.Source{record.Reported, record.Confirmed}).Draw(rt, "source")
			n := rapid.IntRange(1, 3).Draw(rt, "taps")
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "seconds")) * time.Second)
			told[source] += n
			grant(rt, s, person, record.Grant{Purpose: aReply, Count: n, Source: source, By: fmt.Sprint("e", i)}, now)
		}
		left, err := s.ConsentsLeft(t.Context(), person)
		if err != nil {
			rt.Fatal(err)
		}
		if want := max(told[record.Reported], told[record.Confirmed]); left[aReply] != want {
			rt.Fatalf("%d counted of %v", left[aReply], told)
		}
	})
}

// ledger counts as the script should, in the plainest way: one entry for each
// word that the other side has not repeated.
type ledger struct {
	alone map[record.Source]int
	at    map[record.Source]time.Time
	left  int
}

func (l *ledger) add(n int, source record.Source, now time.Time) {
	twin := record.Reported
	if source == twin {
		twin = record.Confirmed
	}
	for side, at := range l.at {
		if now.Sub(at) > 10*time.Minute {
			l.alone[side] = 0
		}
	}
	for range n {
		if l.alone[twin] > 0 {
			l.alone[twin]--
			continue
		}
		l.alone[source]++
		l.at[source] = now
		l.left++
	}
}

// TestConsentsAreCountedAsInTheLedger lets both sides tell of taps and messages
// be sent, at random.
func TestConsentsAreCountedAsInTheLedger(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		person := fmt.Sprint("u", serial.Add(1))
		now, known, told := noon, false, map[record.Source]int{}
		model := ledger{alone: map[record.Source]int{}, at: map[record.Source]time.Time{}}
		taken := 0
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "minutes")) * time.Minute)
			var err error
			switch what := rapid.SampledFrom([]string{"add", "add", "add", "spend", "clear"}).Draw(t, "what"); what {
			case "add":
				n := rapid.IntRange(0, 3).Draw(t, "n")
				source := rapid.SampledFrom([]record.Source{record.Reported, record.Confirmed}).Draw(t, "source")
				err = s.AddConsents(ctx, person, record.Grant{Purpose: aReply, Count: n, Source: source}, now)
				model.add(n, source, now)
				known, told[source] = known || n > 0, told[source]+n
			case "spend":
				err = s.SpendConsent(ctx, person, aReply)
				if model.left > 0 {
					model.left--
					taken++
				}
			case "clear":
				err = s.ClearConsents(ctx, person, aReply)
				taken += model.left
				model.left, known = 0, true
			}
			if err != nil {
				t.Fatal(err)
			}
			all, err := s.ConsentsLeft(ctx, person)
			left, isKnown := all[aReply]
			if err != nil || left != model.left || isKnown != known {
				t.Fatalf("%d left, known %v, want %d, %v: %v", left, isKnown, model.left, known, err)
			}
			if sum := left + taken; sum < max(told[record.Reported], told[record.Confirmed]) || sum > told[record.Reported]+told[record.Confirmed] {
				t.Fatalf("%d counted of %v", sum, told)
			}
		}
	})
}
