package casework_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

func TestDue(t *testing.T) {
	t.Parallel()
	day := func(d, hour int) time.Time { return time.Date(2026, 7, d, hour, 0, 0, 0, station.Zone) }
	for name, tc := range map[string]struct {
		kind    casework.Kind
		visitor casework.Visitor
		until   time.Time
		want    time.Time
	}{
		"inquiry: one working day":           {kind: casework.Inquiry, want: day(16, 18)},
		"help: three, over a weekend":        {kind: casework.Help, want: day(20, 18)},
		"suggestion: five":                   {kind: casework.Suggestion, want: day(22, 18)},
		"complaint: five":                    {kind: casework.Complaint, want: day(22, 18)},
		"dispute: five":                      {kind: casework.Dispute, want: day(22, 18)},
		"a business is no tourist":           {kind: casework.Inquiry, visitor: casework.Business, want: day(16, 18)},
		"a resident's until hurries nobody":  {kind: casework.Help, until: day(15, 20), want: day(20, 18)},
		"a tourist: a day":                   {kind: casework.Complaint, visitor: casework.Tourist, want: day(16, 12)},
		"a tourist who stays":                {kind: casework.Complaint, visitor: casework.Tourist, until: day(18, 9), want: day(16, 12)},
		"a tourist who leaves tonight":       {kind: casework.Complaint, visitor: casework.Tourist, until: day(15, 20), want: day(15, 20)},
		"a tourist who leaves now":           {kind: casework.Complaint, visitor: casework.Tourist, until: noon.Add(time.Minute), want: day(15, 13)},
		"a tourist who left (a reopening)":   {kind: casework.Complaint, visitor: casework.Tourist, until: noon.Add(-time.Minute), want: day(16, 12)},
		"a tourist's inquiry is not shorter": {kind: casework.Inquiry, visitor: casework.Tourist, want: day(16, 12)},
	} {
		if tc.visitor == "" {
			tc.visitor = casework.Resident
		}
		var until casework.Millis
		if !tc.until.IsZero() {
			until = casework.At(tc.until)
		}
		if got := clock.Due(tc.kind, tc.visitor, until, noon).Time(); !got.Equal(tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestDueIsAheadForEverybody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_900_000_000_000).Draw(t, "now"))
		until := casework.Millis(rapid.Int64Range(0, 1_900_000_000_000).Draw(t, "until"))
		due := clock.Due(rapid.SampledFrom(casework.Kinds).Draw(t, "kind"),
			rapid.SampledFrom([]casework.Visitor{casework.Resident, casework.Tourist, casework.Business}).Draw(t, "visitor"), until, now)
		if due < casework.At(now.Add(time.Hour)) {
			t.Fatalf("due %v at %v", due.Time(), now)
		}
		if due > casework.At(now.AddDate(0, 0, 8)) {
			t.Fatalf("due %v at %v: without holidays five working days end within a week", due.Time(), now)
		}
	})
}

func TestMillis(t *testing.T) {
	t.Parallel()
	if !casework.Millis(0).Time().IsZero() {
		t.Error("never is a moment")
	}
	at := time.Date(2026, 2, 28, 23, 59, 59, 999_000_000, time.UTC)
	got := casework.At(at).Time()
	if !got.Equal(at) || got.Location() != station.Zone || got.Day() != 1 {
		t.Errorf("%v, want the same moment in the station's zone", got)
	}
}

func TestAWaitNeverTakesTimeAway(t *testing.T) {
	t.Parallel()
	s := in(casework.Waiting)
	before := s.DueAt
	if s = apply(t, s, does(access.Message), noon.Add(-time.Second)); s.DueAt != before || s.PausedAt != 0 {
		t.Errorf("a clock one second behind moved the deadline by %d ms", s.DueAt-before)
	}
}

func TestAskingTwiceKeepsTheFirstPause(t *testing.T) {
	t.Parallel()
	s := apply(t, in(casework.Accepted), does(access.Ask), noon)
	due := s.DueAt
	s = apply(t, s, does(access.Ask), noon.Add(time.Hour))
	if s.PausedAt != casework.At(noon) {
		t.Error("the second question restarted the pause")
	}
	s = apply(t, s, does(access.Withdraw), noon.Add(3*time.Hour))
	if s.DueAt != due+3*3_600_000 || s.PausedAt != 0 {
		t.Error("withdrawing left the clock standing")
	}
}

func TestReopeningStampsANewDeadline(t *testing.T) {
	t.Parallel()
	s := in(casework.Closed)
	now := noon.AddDate(0, 0, 10)
	if s = apply(t, s, does(access.Reopen), now); s.DueAt != clock.Due(s.Kind, s.Visitor, 0, now) {
		t.Errorf("due %v", s.DueAt.Time())
	}
}
