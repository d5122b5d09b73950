package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// world is a random calendar with random hours.
type world struct {
	clock casework.Clock
	hours calendar.Hours
}

func someWorld(t *rapid.T) world {
	y := calendar.Year{Year: 2026}
	for d := range 120 {
		date := time.Date(2026, 3, 1+d, 0, 0, 0, 0, station.Zone).Format(time.DateOnly)
		switch rapid.IntRange(0, 6).Draw(t, date) {
		case 0:
			y.Off = append(y.Off, date)
		case 1:
			y.Work = append(y.Work, date)
		}
	}
	text := rapid.SampledFrom([]string{
		"08:30-12:00 14:30-18:00", "09:00-17:30", "00:00-24:00", "07:15-07:16 23:00-24:00", "08:00-10:00 11:00-12:00 13:00-14:00 15:00-16:00",
	}).Draw(t, "hours")
	h, err := calendar.ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	return world{casework.Clock{Days: calendar.New(station.Zone, y), Terms: station.Terms{Duty: text}}, h}
}

// walk counts the duty minutes between two times, one by one.
func (w world) walk(from, to time.Time) int {
	n := 0
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		if w.clock.Days.On(at, w.hours) {
			n++
		}
	}
	return n
}

// end returns the time after so many duty minutes, by counting each minute.
func (w world) end(from time.Time, minutes int) time.Time {
	at := from
	for minutes > 0 {
		if w.clock.Days.On(at, w.hours) {
			minutes--
		}
		at = at.Add(time.Minute)
	}
	return at
}

// TestDeadlinesAgainstEveryMinute makes random waits and extensions on random calendars, and compares both
// deadlines with a slow count of the minutes in which the clock ran. Meanwhile the station's rules change,
// which must not affect deadlines that were given.
func TestDeadlinesAgainstEveryMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := someWorld(t)
		now := time.Date(2026, 3, 9, 0, rapid.IntRange(0, 2*24*60).Draw(t, "filed"), 0, 0, station.Zone)
		s := in(casework.Assigned)
		s.FiledAt, s.Kind = casework.At(now), rapid.SampledFrom(casework.Kinds).Draw(t, "kind")
		s = w.clock.Start(s, now)
		if want := w.end(now, 30); !s.Clocks.FirstDueAt.Time().Equal(want) {
			t.Fatalf("first contact by %v, the walk says %v", s.Clocks.FirstDueAt.Time(), want)
		}
		left := w.walk(now, s.DueAt.Time()) // minutes the clock has still to run
		ended := time.Time{}                // when they were over
		changed := w.clock
		changed.Terms = station.Terms{FirstMinutes: 1, Duty: "10:00-11:00", Days: map[string]int{"help": 1, "complaint": 1}}
		acts := []access.Action{access.Ask, access.Reply, access.Message, access.Accept, access.Extend}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			for range rapid.IntRange(0, 1500).Draw(t, "minutes") {
				if s.State != casework.Waiting && left > 0 && w.clock.Days.On(now, w.hours) {
					if left--; left == 0 {
						ended = now.Add(time.Minute)
					}
				}
				now = now.Add(time.Minute)
			}
			step := does(rapid.SampledFrom(acts).Draw(t, "act"))
			next, err := try(s, step, changed, now)
			if err != nil {
				continue
			}
			if extend, ok := step.Act.(casework.Extend); ok {
				due := w.end(now, left)
				if s.State == casework.Waiting {
					due = s.DueAt.Time() // where it stood when the wait began
				}
				until := time.Date(due.Year(), due.Month(), due.Day(), 0, 0, 0, 0, station.Zone)
				for n := extend.Days; n > 0; {
					if until = until.AddDate(0, 0, 1); w.clock.Days.Working(until) {
						n--
					}
				}
				until = until.Add(time.Duration(w.hours[len(w.hours)-1].To) * time.Minute)
				left += w.walk(due, until)
			}
			s = next
		}
		if s.State == casework.Waiting {
			s, _ = try(s, does(access.Message), changed, now)
		}
		want := ended
		if left > 0 {
			want = w.end(now, left)
		}
		if !s.DueAt.Time().Equal(want) {
			t.Fatalf("due %v, the walk says %v", s.DueAt.Time(), want)
		}
		if s.PausedAt != 0 {
			t.Fatal("the clock still stands")
		}
	})
}

// TestATravellersWaitCountsEveryHour: a tourist's term does not depend on office hours.
func TestATravellersWaitCountsEveryHour(t *testing.T) {
	t.Parallel()
	s := in(casework.Accepted)
	s.Visitor = casework.Tourist
	s = clock.Start(s, noon)
	if got := s.Clocks.FirstDueAt.Time().Sub(noon); got != 30*time.Minute {
		t.Errorf("first contact in %v", got)
	}
	if got := s.DueAt.Time().Sub(noon); got != 24*time.Hour {
		t.Errorf("due in %v", got)
	}
	s = apply(t, s, does(access.Ask), noon.Add(time.Hour))
	s = apply(t, s, does(access.Message), noon.Add(9*time.Hour))
	if got := s.DueAt.Time().Sub(noon); got != 32*time.Hour {
		t.Errorf("after a wait of eight hours due in %v", got)
	}
	// At ten in the evening nobody is on duty for tourists until eight.
	late := time.Date(2026, 7, 15, 22, 0, 0, 0, station.Zone)
	s = in(casework.Assigned)
	s.Visitor, s.FiledAt = casework.Tourist, casework.At(late)
	if got := clock.Start(s, late).Clocks.FirstDueAt.Time(); !got.Equal(time.Date(2026, 7, 16, 8, 30, 0, 0, station.Zone)) {
		t.Errorf("first contact by %v", got)
	}
}

func TestExtendOnceAndInTime(t *testing.T) {
	t.Parallel()
	extend := func(days int, reason string) doing {
		return doing{casework.Extend{Days: days, Reason: reason}, casework.Actor{Role: access.Member, ID: "a", Name: "张三"}}
	}
	s := clock.Start(in(casework.Accepted), noon)
	for days, want := range map[int]string{0: "days", 11: "days", -1: "days"} {
		if _, err := try(s, extend(days, "等待鉴定"), clock, noon); fmt.Sprint(wrong(t, err)) != "["+want+"]" {
			t.Errorf("%d days: %v", days, err)
		}
	}
	if _, err := try(s, extend(3, ""), clock, noon); fmt.Sprint(wrong(t, err)) != "[reason]" {
		t.Error(err)
	}
	due := s.DueAt
	// The last minute still counts, the first after it does not.
	if _, err := try(s, extend(3, "等待鉴定"), clock, due.Time()); !fault.Is(err, fault.WrongState) {
		t.Errorf("extended when the time was up: %v", err)
	}
	next := apply(t, s, extend(10, "等待鉴定"), due.Time().Add(-time.Minute))
	if want := clock.Days.End(due.Time(), 10, hoursFor(t)); !next.DueAt.Time().Equal(want) {
		t.Errorf("due %v, want %v", next.DueAt.Time(), want)
	}
	if e := next.Last(); e.Days != 10 || e.Text != "等待鉴定" || e.Private {
		t.Errorf("the thread says %+v", e)
	}
	if _, err := try(next, extend(1, "还要等"), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("extended twice: %v", err)
	}
	// A reopened matter has a new term.
	next = apply(t, next, does(access.Close), due.Time())
	next = apply(t, next, does(access.Reopen), due.Time())
	apply(t, next, extend(1, "重新鉴定"), due.Time().Add(time.Hour))
}

func TestFirstContact(t *testing.T) {
	t.Parallel()
	at := noon.Add(10 * time.Minute)
	for act, want := range map[access.Action]bool{
		access.Accept: true, access.Ask: true, access.Reply: true, access.Transfer: false, access.Return: false,
		access.Message: false, access.Withdraw: false, access.Assign: false,
	} {
		s := clock.Start(in(casework.Assigned), noon)
		next := apply(t, s, does(act), at)
		if got := next.Clocks.ContactedAt == casework.At(at); got != want || s.Clocks.ContactedAt != 0 {
			t.Errorf("%s: contacted at %v", act, next.Clocks.ContactedAt.Time())
		}
	}
	s := apply(t, clock.Start(in(casework.Assigned), noon), does(access.Accept), at)
	s = apply(t, s, does(access.Reply), at.Add(time.Hour))
	if s = apply(t, s, does(access.Close), at.Add(2*time.Hour)); s.Clocks.ContactedAt != casework.At(at) {
		t.Error("a later act is no first contact")
	}
	// A submission without clocks gets none.
	if s := apply(t, in(casework.Assigned), does(access.Accept), at); s.Clocks != nil {
		t.Errorf("%+v", s.Clocks)
	}
}

// TestAYearNotAnnounced: a deadline in such a year is marked, and becomes final when its holidays are known.
func TestAYearNotAnnounced(t *testing.T) {
	t.Parallel()
	y2026 := calendar.Year{Year: 2026}
	y2027 := calendar.Year{Year: 2027, Off: []string{"2027-01-01", "2027-01-04"}, Work: []string{"2027-01-02"}}
	before := casework.Clock{Days: calendar.New(station.Zone, y2026)}
	after := casework.Clock{Days: calendar.New(station.Zone, y2026, y2027)}
	filed := time.Date(2026, 12, 28, 10, 0, 0, 0, station.Zone)
	s := in(casework.Accepted)
	s.FiledAt = casework.At(filed)
	s = before.Start(s, filed)
	on := func(y int, m time.Month, d, h int) casework.Millis {
		return casework.At(time.Date(y, m, d, h, 0, 0, 0, station.Zone))
	}
	// 29, 30, 31 December, then Friday 1 and Monday 4 January by weekends alone.
	if s.Clocks.UnknownYear != 2027 || s.DueAt != on(2027, 1, 4, 18) {
		t.Fatalf("unsure %d, due %v", s.Clocks.UnknownYear, s.DueAt.Time())
	}
	if _, ok := before.FinalizeDeadline(s, filed); ok {
		t.Error("certain without the year")
	}
	certain, ok := after.FinalizeDeadline(s, filed)
	// 1 is off, Saturday 2 is worked, 4 is off: the fifth day is Tuesday 5.
	if !ok || certain.Clocks.UnknownYear != 0 || certain.DueAt != on(2027, 1, 5, 18) {
		t.Errorf("%v, unsure %d, due %v", ok, certain.Clocks.UnknownYear, certain.DueAt.Time())
	}
	// An added wait of two duty hours stays added.
	s.DueAt += 2 * 3_600_000
	s.DueAt = casework.At(before.Days.Add(on(2027, 1, 4, 18).Time(), 2*time.Hour, hoursFor(t)))
	if certain, _ = after.FinalizeDeadline(s, filed); certain.DueAt != casework.At(after.Days.Add(on(2027, 1, 5, 18).Time(), 2*time.Hour, hoursFor(t))) {
		t.Errorf("due %v", certain.DueAt.Time())
	}
	// A deadline never moves earlier, even if two make-up days would allow it.
	worked := casework.Clock{Days: calendar.New(station.Zone, y2026, calendar.Year{Year: 2027, Work: []string{"2027-01-02", "2027-01-03"}})}
	if certain, ok = worked.FinalizeDeadline(s, filed); !ok || certain.DueAt != s.DueAt || certain.Clocks.UnknownYear != 0 {
		t.Errorf("%v, due %v", ok, certain.DueAt.Time())
	}
	// An extended tourist's term counts office hours, like the extension.
	tour := in(casework.Accepted)
	tour.Visitor, tour.FiledAt = casework.Tourist, casework.At(filed)
	tour = before.Start(tour, filed)
	tour, err := try(tour, doing{casework.Extend{Days: 4, Reason: "等"}, casework.Actor{Role: access.Member, ID: "a"}}, before, filed)
	if err != nil || tour.Clocks.UnknownYear != 2027 || tour.DueAt != on(2027, 1, 4, 18) {
		t.Fatalf("unsure %d, due %v", tour.Clocks.UnknownYear, tour.DueAt.Time())
	}
	if certain, ok = after.FinalizeDeadline(tour, filed); !ok || certain.DueAt != on(2027, 1, 5, 18) {
		t.Errorf("%v, due %v", ok, certain.DueAt.Time())
	}
	step := doing{casework.Recount{}, casework.Actor{Role: access.System}}
	next, err := try(s, step, after, filed)
	if err != nil || next.Version != s.Version+1 || next.Clocks.UnknownYear != 0 {
		t.Errorf("%+v, %v", next.Clocks, err)
	}
	if _, err := try(next, step, after, filed); !fault.Is(err, fault.WrongState) {
		t.Errorf("made certain twice: %v", err)
	}
}

func hoursFor(t *testing.T) calendar.Hours {
	t.Helper()
	h, err := calendar.ParseHours(station.DefaultTerms.Duty)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestReminders lists every reminder of an untouched complaint.
func TestReminders(t *testing.T) {
	t.Parallel()
	filed := time.Date(2026, 7, 15, 9, 0, 0, 0, station.Zone) // a Wednesday
	fresh := func(visitor casework.Visitor) casework.Submission {
		s := in(casework.Assigned)
		s.FiledAt, s.Visitor = casework.At(filed), visitor
		return clock.Start(s, filed)
	}
	// list has the reminders up to four days after the deadline.
	list := func(s casework.Submission, c casework.Clock) []string {
		var out []string
		for at := s.NextReminder(c, filed); at <= s.DueAt+4*24*3_600_000; at = s.NextReminder(c, (at + 1).Time()) {
			for _, r := range s.RemindersBetween(c, at, at) {
				out = append(out, fmt.Sprintf("%s %d %v %v", r.At.Time().Format("02 15:04"), r.Level, r.First, r.Late))
			}
		}
		return out
	}
	// Due on the fifth working day, Wednesday 22; 80 % of 41.5 duty hours are over
	// 8.3 duty hours before.
	same(t, "a resident's", []string{
		"15 09:24 0 true false", "15 09:30 1 true true", "15 10:00 2 true true", "15 11:30 3 true true",
		"21 16:42 0 false false", "22 18:00 1 false true",
		"23 18:00 2 false true", "23 18:00 0 false true", "24 18:00 3 false true", "24 18:00 0 false true",
		"25 18:00 0 false true", "26 18:00 0 false true",
	}, list(fresh(casework.Resident), clock))
	accepted := apply(t, fresh(casework.Resident), does(access.Accept), filed.Add(time.Minute))
	if got := list(accepted, clock); got[0] != "21 16:42 0 false false" || len(got) != 8 {
		t.Errorf("after the first contact: %v", got)
	}
	tourist := list(fresh(casework.Tourist), clock)
	same(t, "a tourist's", []string{
		"15 09:24 0 true false", "15 09:30 1 true true", "15 10:00 2 true true", "15 11:30 3 true true",
		"16 04:12 0 false false", "16 09:00 1 false true", "16 11:00 2 false true", "16 13:00 3 false true", "17 09:00 0 false true",
	}, tourist[:9])
	surge := clock
	surge.Surge = true
	if got := list(fresh(casework.Resident), surge); !slices.Equal(got[5:9], []string{
		"22 18:00 1 false true", "22 20:00 2 false true", "22 20:00 0 false true", "22 22:00 3 false true",
	}) {
		t.Errorf("in a surge: %v", got)
	}
}

// TestEachReminderIsReachedOnce: the reminders of any partition of a span are those of the whole span, and the
// next one is never before now.
func TestEachReminderIsReachedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := someWorld(t)
		now := time.Date(2026, 3, 9, 0, rapid.IntRange(0, 24*60).Draw(t, "filed"), 0, 0, station.Zone)
		s := in(casework.Assigned)
		s.FiledAt, s.Visitor = casework.At(now), rapid.SampledFrom([]casework.Visitor{casework.Resident, casework.Tourist}).Draw(t, "visitor")
		s = w.clock.Start(s, now)
		once := map[casework.Reminder]int{}
		next := s.Clocks.NextAt
		end := max(s.DueAt, s.Clocks.FirstDueAt) + 130*24*3_600_000 // longer than the longest run of days off
		for next <= end {
			if next < casework.At(now) {
				t.Fatalf("the next reminder at %v is behind %v", next.Time(), now)
			}
			now = next.Time().Add(time.Duration(rapid.Int64Range(0, 36*3_600_000).Draw(t, "late")) * time.Millisecond)
			for _, r := range s.RemindersBetween(w.clock, next, casework.At(now)) {
				once[r]++
			}
			next = s.NextReminder(w.clock, now.Add(time.Millisecond))
		}
		for r, n := range once {
			if n != 1 {
				t.Fatalf("%v at %v reached %d times", r.Level, r.At.Time(), n)
			}
		}
		for level := casework.ToHolder; level <= casework.ToHead; level++ {
			for _, first := range []bool{true, false} {
				found := false
				for r := range once {
					found = found || r.Level == level && r.First == first
				}
				if !found {
					t.Fatalf("level %d, first %v was never reached", level, first)
				}
			}
		}
	})
}
