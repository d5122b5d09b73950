package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// agrees closes as agreed with a day in so many days; 0 names none.
func agrees(days int) doing { return doing{agreement(days), holder} }

func agreement(days int) casework.Close {
	act := casework.Close{Text: "电力局同意，下月装好", Outcome: casework.Agreed}
	if days != 0 {
		act.Promised = casework.EndOfDay(noon.AddDate(0, 0, days))
	}
	return act
}

// owed is a matter closed as agreed at noon.
func owed(t *testing.T, days int) casework.Submission {
	t.Helper()
	return apply(t, in(casework.Answered), agrees(days), noon)
}

// old was closed as agreed before promises had days.
func old() casework.Submission {
	s := in(casework.Closed)
	s.Outcome = casework.Agreed
	return s
}

func TestWhatIsAgreedIsCarriedOutLater(t *testing.T) {
	t.Parallel()
	s := owed(t, 20)
	if !s.Owed() || s.Fulfilled() || s.PromisedBy() != casework.EndOfDay(noon.AddDate(0, 0, 20)) || s.Last().Due != s.PromisedBy() || s.Promise.Assumed {
		t.Fatalf("%+v, %+v", s.Promise, s.Last())
	}
	s = apply(t, s, does(access.Rate), noon.Add(time.Hour))
	done := noon.AddDate(0, 7, 0) // at any later time
	act := casework.Fulfil{Text: "路灯装好了", Photos: []string{"f9"}}
	step := doing{act, liaison}
	s = apply(t, s, step, done)
	if s.State != casework.Closed || s.Outcome != casework.Solved || s.Owed() || !s.Fulfilled() || s.HasReminders() {
		t.Errorf("%s %s %+v", s.State, s.Outcome, s.Promise)
	}
	if s.ClosedAt != casework.At(noon) || s.Promise.DoneAt != casework.At(done) || s.EndedAt() != casework.At(done) {
		t.Errorf("the time it took is lost: %d, %+v", s.ClosedAt, s.Promise)
	}
	if e := s.Last(); e.Text != act.Text || !slices.Equal(e.Photos, act.Photos) || e.By != liaison || e.Private {
		t.Errorf("%+v", e)
	}
	if _, err := try(s, step, clock, done); !fault.Is(err, fault.WrongState) || !strings.Contains(fmt.Sprint(err), "2027年2月15日") {
		t.Errorf("twice: %v", err)
	}
	// A rating of the agreement is not one of its fulfilment.
	if s.EndRated() || s.Rating == nil {
		t.Errorf("judged %v, rating %v", s.EndRated(), s.Rating)
	}
	s = apply(t, s, does(access.Rate), done.Add(time.Hour))
	if _, err := try(s, does(access.Rate), clock, done.Add(time.Hour)); !fault.Is(err, fault.WrongState) {
		t.Errorf("judged twice: %v", err)
	}
	// The fifteen days count from the fulfilment.
	const term = casework.ReopenDays * 24 * time.Hour
	if _, err := try(s, does(access.Reopen), clock, done.Add(term+time.Second)); !fault.Is(err, fault.WrongState) {
		t.Errorf("reopened after %v: %v", term, err)
	}
	again := apply(t, s, does(access.Reopen), done.Add(term))
	if again.State != casework.Assigned || again.Promise != nil || again.Outcome != "" || !again.ClockRuns() {
		t.Errorf("%+v", again)
	}
	// While it is owed, it has not ended.
	apply(t, owed(t, 90), does(access.Reopen), noon.AddDate(0, 5, 0))
}

func TestWhatAPromiseCarries(t *testing.T) {
	t.Parallel()
	day := func(days int) casework.Millis { return casework.EndOfDay(noon.AddDate(0, 0, days)) }
	move := func(days int, why string) doing {
		return doing{casework.Redate{Promised: day(days), Reason: why}, holder}
	}
	closing := func(o casework.Outcome, days int) doing {
		act := agreement(days)
		act.Outcome = o
		return doing{act, holder}
	}
	for name, tc := range map[string]struct {
		s    casework.Submission
		step doing
		want []string
	}{
		"today":               {in(casework.Answered), doing{casework.Close{Outcome: casework.Agreed, Text: "x", Promised: day(0)}, casework.Actor{}}, nil},
		"yesterday":           {in(casework.Answered), closing(casework.Agreed, -1), []string{"promised"}},
		"in a year":           {in(casework.Answered), closing(casework.Agreed, casework.MaxPromiseDays), nil},
		"in more than a year": {in(casework.Answered), closing(casework.Agreed, casework.MaxPromiseDays+1), []string{"promised"}},
		"of what is solved":   {in(casework.Answered), closing(casework.Solved, 3), []string{"promised"}},
		"moved silently":      {owed(t, 3), move(9, ""), []string{"reason"}},
		"moved to no day":     {owed(t, 3), doing{casework.Redate{Reason: "x"}, holder}, []string{"promised"}},
		"moved to yesterday":  {owed(t, 3), move(-1, "x"), []string{"promised"}},
		"moved to itself":     {owed(t, 3), move(3, "x"), []string{"promised"}},
		"moved":               {owed(t, 3), move(9, "x"), nil},
		"given to an old one": {old(), move(9, "x"), nil},
		"fulfilled silently":  {owed(t, 3), doing{casework.Fulfil{Photos: []string{"f"}}, holder}, []string{"text"}},
		"ten photos":          {owed(t, 3), doing{casework.Fulfil{Text: "x", Photos: make([]string, 10)}, holder}, []string{"photos"}},
		"without a photo":     {owed(t, 3), doing{casework.Fulfil{Text: "x"}, holder}, nil},
	} {
		next, err := try(tc.s, tc.step, clock, noon)
		same(t, name, tc.want, wrong(t, err))
		if err != nil && next.Version != tc.s.Version {
			t.Errorf("%s: a refused act raised the version", name)
		}
	}
	for _, o := range casework.Outcomes {
		s := in(casework.Closed)
		s.Outcome = o
		for _, act := range []access.Action{access.Fulfil, access.Promise} {
			if _, err := try(s, does(act), clock, noon); (err == nil) != (o == casework.Agreed) {
				t.Errorf("%s of %s: %v", act, o, err)
			}
		}
	}
}

// TestThePromiseIsMovedByTheMemberTwice: after that only the liaison may move it.
func TestThePromiseIsMovedByTheMemberTwice(t *testing.T) {
	t.Parallel()
	s := owed(t, 10)
	for i := range casework.MaxPromiseMoves {
		day := casework.EndOfDay(noon.AddDate(0, 0, 20+i))
		step := doing{casework.Redate{Promised: day, Reason: "等配件"}, holder}
		if s = apply(t, s, step, noon); s.Promise.Moves != i+1 || s.PromisedBy() != day || s.Last().Due != day || s.Last().Text != "等配件" {
			t.Fatalf("%+v, %+v", s.Promise, s.Last())
		}
	}
	if _, err := try(s, does(access.Promise), clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("a third time: %v", err)
	}
	step := does(access.Promise)
	step.by = liaison
	if s = apply(t, s, step, noon); s.Promise.Moves != casework.MaxPromiseMoves+1 || !s.Owed() {
		t.Errorf("%+v", s.Promise)
	}
}

// TestOldAgreementsKeepWorking: an agreement from before promises had days has the default term, and can be
// carried out or given a day.
func TestOldAgreementsKeepWorking(t *testing.T) {
	t.Parallel()
	s := old()
	if want := casework.EndOfDay(noon.AddDate(0, 0, casework.DefaultPromiseDays)); s.PromisedBy() != want || s.HasReminders() || s.Late(want) || !s.Late(want+1) {
		t.Errorf("by %v", s.PromisedBy().Time())
	}
	done := apply(t, s, does(access.Fulfil), noon.AddDate(1, 0, 0))
	if !done.Fulfilled() || done.Outcome != casework.Solved || done.Promise.DueAt != 0 || done.Promise.At != s.ClosedAt {
		t.Errorf("%+v", done.Promise)
	}
	if given := apply(t, s, does(access.Promise), noon); !given.HasReminders() || given.Promise.NextAt == 0 {
		t.Errorf("%+v", given.Promise)
	}
}

// TestADayNobodyNames: the default day is a working day after the default term.
func TestADayNobodyNames(t *testing.T) {
	t.Parallel()
	holidays := casework.Clock{Days: calendar.New(station.Zone, calendar.Year{Year: 2026, Off: []string{"2026-08-14"}})}
	s, err := try(in(casework.Answered), agrees(0), holidays, noon) // 14 August is the thirtieth day, a Friday
	if err != nil || !s.Promise.Assumed || s.PromisedBy() != casework.EndOfDay(time.Date(2026, 8, 17, 0, 0, 0, 0, station.Zone)) {
		t.Errorf("%v, %v", s.PromisedBy().Time(), err)
	}
}

// TestThePromiseHasAClock: reminders a working week before, on the day, and afterwards with escalation, only on
// working days.
func TestThePromiseHasAClock(t *testing.T) {
	t.Parallel()
	// The promised day, 14 September, is a Monday; 15 and 16 are off.
	c := casework.Clock{Days: calendar.New(station.Zone, calendar.Year{Year: 2026, Off: []string{"2026-09-15", "2026-09-16"}})}
	s, err := try(in(casework.Answered), agrees(61), c, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	at := casework.At(noon)
	for range 8 {
		next := s.NextReminder(c, at.Time())
		for _, r := range s.RemindersBetween(c, at, next) {
			got = append(got, fmt.Sprintf("%s %d %v", next.Time().Format("01-02 15:04"), r.Level, r.Late))
		}
		at = next + 1
	}
	want := []string{
		"09-08 08:30 0 false",                      // a working week before
		"09-14 08:30 0 false",                      // on the day
		"09-17 08:30 1 true",                       // the first working day after it
		"09-21 08:30 2 true", "09-21 23:59 0 true", // the liaisons; the member again every week
		"09-24 08:30 3 true", // the head
		"09-28 23:59 0 true", "10-05 23:59 0 true",
	}
	same(t, "reminders", want, got)
	if s.Promise.NextAt != casework.At(time.Date(2026, 9, 8, 8, 30, 0, 0, station.Zone)) {
		t.Errorf("the first is at %v", s.Promise.NextAt.Time())
	}
}

// TestEveryReminderOfAPromiseComesOnce: for any times of the checks.
func TestEveryReminderOfAPromiseComesOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := someWorld(t)
		now := time.Date(2026, 3, 9, 0, rapid.IntRange(0, 3*24*60).Draw(t, "closed"), 0, 0, station.Zone)
		act := agreement(0)
		act.Promised = casework.EndOfDay(now.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "days")))
		s, err := in(casework.Answered).Apply(act, holder, w.clock, now)
		if err != nil {
			t.Fatal(err)
		}
		end := now.AddDate(0, 4, 0)
		count := func(next func(time.Time) time.Time) map[string]int {
			seen := map[string]int{}
			for at := s.Promise.NextAt; at.Time().Before(end); {
				look := next(at.Time())
				now := map[string]bool{} // two at one moment are one
				for _, r := range s.RemindersBetween(w.clock, at, casework.At(look)) {
					if r.Level != casework.ToHolder || !r.Late {
						now[fmt.Sprint(r.At, r.Level)] = true
					}
				}
				for r := range now {
					seen[r]++
				}
				at = s.NextReminder(w.clock, look.Add(time.Millisecond))
			}
			return seen
		}
		often := count(func(at time.Time) time.Time { return at })
		seldom := count(func(at time.Time) time.Time {
			return at.Add(time.Duration(rapid.IntRange(0, 9*24*60).Draw(t, "minutes")) * time.Minute)
		})
		for r, n := range often {
			if n != 1 || seldom[r] != 1 {
				t.Fatalf("%s came %d times, and %d for who looks seldom", r, n, seldom[r])
			}
		}
	})
}

// TestFollowersAreOwedToo: followers learn of the fulfilment and of a changed day, once, and of nothing else.
func TestFollowersAreOwedToo(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Assigned, casework.Answered)
	l = apply(t, l, agrees(20), noon)
	f, ok := f.SyncWithLead(l, noon.Add(time.Second))
	if !ok || !f.Owed() || f.ClosedAt != l.ClosedAt || f.PromisedBy() != l.PromisedBy() || f.HasReminders() || !l.HasReminders() {
		t.Fatalf("%v %+v", ok, f.Promise)
	}
	l = apply(t, l, does(access.Rate), noon)
	if _, ok := f.SyncWithLead(l, noon); ok {
		t.Error("what the lead's filer thinks is no news")
	}
	l = apply(t, l, does(access.Promise), noon)
	f, ok = f.SyncWithLead(l, noon.Add(time.Second))
	if !ok || f.PromisedBy() != l.PromisedBy() || f.Last().What != access.Promise || f.Promise.Moves != 1 || f.HasReminders() {
		t.Fatalf("%v %+v", ok, f.Promise)
	}
	// After reopening and closing as agreed again, the followers get the new day.
	reopened := apply(t, l, does(access.Reopen), noon)
	if _, ok := f.SyncWithLead(reopened, noon); ok {
		t.Error("reopened in silence")
	}
	closed := apply(t, apply(t, reopened, does(access.Accept), noon), agrees(30), noon)
	if again, ok := f.SyncWithLead(closed, noon); !ok || again.PromisedBy() != closed.PromisedBy() || again.Last().What != access.Close {
		t.Errorf("%v %+v", ok, again.Last())
	}
	l = apply(t, l, does(access.Fulfil), noon.AddDate(0, 0, 15))
	f, ok = f.SyncWithLead(l, noon.AddDate(0, 0, 15).Add(time.Second))
	if !ok || !f.Fulfilled() || f.Outcome != casework.Solved || f.EndedAt() != l.EndedAt() || f.Last().Text != l.Last().Text || len(f.Last().Photos) != 0 {
		t.Fatalf("%v %+v %+v", ok, f.Promise, f.Last())
	}
	if _, ok := f.SyncWithLead(l, noon); ok {
		t.Error("heard twice")
	}
	apply(t, f, does(access.Reopen), noon.AddDate(0, 0, 30))
}

// TestAFollowerWhoseLeadIsGoneIsRemindedOfAlone: it gets reminders of its own.
func TestAFollowerWhoseLeadIsGoneIsRemindedOfAlone(t *testing.T) {
	t.Parallel()
	f, l := merged(t, casework.Assigned, casework.Answered)
	f, _ = f.SyncWithLead(apply(t, l, agrees(20), noon), noon)
	alone := f.WithOwnReminders(clock, noon)
	if !alone.HasReminders() || alone.Promise.NextAt == 0 || alone.Lead != "" || alone.Version != f.Version+1 || f.Promise.NextAt != 0 {
		t.Errorf("%+v", alone.Promise)
	}
}
