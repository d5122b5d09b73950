package notice_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/notice"
	"mashang/domain/station"
)

var night = notice.Quiet{From: 22 * 60, To: 7 * 60}

func TestPurposes(t *testing.T) {
	t.Parallel()
	// May it wait for the morning? The first notice to a member, an answer to
	// a visitor and what a visitor says may not.
	waits := map[notice.Purpose]bool{
		notice.MemberNew: false, notice.VisitorReply: false, notice.VisitorClosed: true,
		notice.VisitorProgress: true, notice.MemberUrge: true, notice.MemberMessage: false, notice.LiaisonAlarm: false, notice.LiaisonUrge: true,
		notice.DepartmentAssist: true, notice.VisitorBooking: true, notice.MemberDuty: true,
	}
	if len(notice.Purposes) != len(waits) || len(notice.Fields) != len(waits) {
		t.Error("a purpose is missing from a list")
	}
	for _, p := range notice.Purposes {
		want, known := waits[p]
		if !known || p.CanWait() != want {
			t.Errorf("%s: waits %v", p, p.CanWait())
		}
		if audience, _, _ := strings.Cut(string(p), "_"); p.Audience() != audience {
			t.Errorf("%s is for the %s", p, p.Audience())
		}
	}
}

// TestFieldsSuitTheirTemplates: the platform refuses a template with a phrase
// that is not Chinese, and the plug needs every type it is given.
func TestFieldsSuitTheirTemplates(t *testing.T) {
	t.Parallel()
	for p, fields := range notice.Fields {
		numbered := p != notice.MemberDuty // a day has a name
		if len(fields) < 2 || len(fields) > 5 || numbered && fields[0].Meaning != notice.Number {
			t.Errorf("%s has fields %+v", p, fields)
		}
		seen := map[string]bool{}
		for _, f := range fields {
			if f.Label == "" || seen[f.Meaning] {
				t.Errorf("%s: field %+v", p, f)
			}
			seen[f.Meaning] = true
			want := map[string]string{notice.Number: "character_string", notice.Due: "time", notice.State: "phrase"}[f.Meaning]
			if want == "" {
				want = "thing"
			}
			if f.Type != want {
				t.Errorf("%s: %s is a %s", p, f.Meaning, f.Type)
			}
		}
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, 7, day, hour, minute, second, 0, station.Zone)
	}
	noonBreak := notice.Quiet{From: 12 * 60, To: 14 * 60}
	for name, tc := range map[string]struct {
		quiet     notice.Quiet
		now, want time.Time
	}{
		"day":                    {night, at(15, 12, 0, 0), at(15, 12, 0, 0)},
		"a second before":        {night, at(15, 21, 59, 59), at(15, 21, 59, 59)},
		"the first moment":       {night, at(15, 22, 0, 0), at(16, 7, 0, 0)},
		"before midnight":        {night, at(15, 23, 59, 59), at(16, 7, 0, 0)},
		"midnight":               {night, at(16, 0, 0, 0), at(16, 7, 0, 0)},
		"the last second":        {night, at(16, 6, 59, 59), at(16, 7, 0, 0)},
		"the first to leave":     {night, at(16, 7, 0, 0), at(16, 7, 0, 0)},
		"the month's last":       {night, at(31, 22, 30, 0), time.Date(2026, 8, 1, 7, 0, 0, 0, station.Zone)},
		"within a day, before":   {noonBreak, at(15, 11, 59, 59), at(15, 11, 59, 59)},
		"within a day, during":   {noonBreak, at(15, 12, 0, 0), at(15, 14, 0, 0)},
		"within a day, after":    {noonBreak, at(15, 14, 0, 0), at(15, 14, 0, 0)},
		"till midnight":          {notice.Quiet{From: 22 * 60, To: 24 * 60}, at(15, 22, 0, 0), at(16, 0, 0, 0)},
		"from midnight":          {notice.Quiet{From: 0, To: 7 * 60}, at(15, 0, 0, 0), at(15, 7, 0, 0)},
		"never":                  {notice.Quiet{}, at(15, 3, 0, 0), at(15, 3, 0, 0)},
		"never, however spelt":   {notice.Quiet{From: 60, To: 60}, at(15, 1, 0, 0), at(15, 1, 0, 0)},
		"till the next minute":   {notice.Quiet{From: 60, To: 61}, at(15, 1, 0, 30), at(15, 1, 1, 0)},
		"all day but an instant": {notice.Quiet{From: 1, To: 0}, at(15, 0, 1, 0), at(16, 0, 0, 0)},
	} {
		if got := tc.quiet.Until(notice.MemberUrge, tc.now); !got.Equal(tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
		if got := tc.quiet.Until(notice.VisitorReply, tc.now); !got.Equal(tc.now) {
			t.Errorf("%s: an answer waits until %v", name, got)
		}
	}
}

// quietAt walks the minutes of a day as a person would.
func quietAt(q notice.Quiet, now time.Time) bool {
	end := now.Hour()*60 + now.Minute()
	for m := q.From; m != q.To; m = (m + 1) % 1440 {
		if m == end {
			return true
		}
	}
	return false
}

func TestNothingThatCanWaitLeavesInQuietHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := notice.Quiet{From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(0, 1439).Draw(t, "to")}
		now := time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_900_000_000_000).Draw(t, "now")).In(station.Zone)
		p := rapid.SampledFrom(notice.Purposes).Draw(t, "purpose")
		got := q.Until(p, now)
		switch {
		case got.Before(now) || got.Sub(now) > 24*time.Hour:
			t.Fatalf("leaves at %v", got)
		case !p.CanWait() && !got.Equal(now):
			t.Fatalf("%s waits until %v", p, got)
		case p.CanWait() && quietAt(q, got):
			t.Fatalf("leaves at %v, in quiet hours", got)
		case p.CanWait() && !quietAt(q, now) && !got.Equal(now):
			t.Fatalf("waits until %v outside quiet hours", got)
		case !q.Until(p, got).Equal(got):
			t.Fatal("waits again")
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{
		-1: 5 * time.Second, 0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second,
		9: 1280 * time.Second, 10: 30 * time.Minute, 11: 30 * time.Minute, 64: 30 * time.Minute, 1 << 40: 30 * time.Minute,
	} {
		if low := notice.Backoff(attempts, 0); low != want/2 {
			t.Errorf("%d attempts: at least %v, want %v", attempts, low, want/2)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, jitter := rapid.IntRange(1, 100).Draw(t, "attempts"), rapid.Float64Range(0, 0.999999).Draw(t, "jitter")
		d, low := notice.Backoff(n, jitter), notice.Backoff(n, 0)
		switch {
		case d < low || d > 2*low:
			t.Fatalf("%v outside [%v, %v]", d, low, 2*low)
		case d < 2500*time.Millisecond || d > 30*time.Minute:
			t.Fatalf("%v", d)
		case notice.Backoff(n+1, jitter) < d:
			t.Fatal("the next wait is shorter")
		}
	})
}
