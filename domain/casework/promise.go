package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/station"
)

// A matter closed as Agreed is not done: somebody has promised to do it by a day.
// Until it is carried out (Fulfil) it is owed, by the member who closed it, and has
// a clock of its own.

// The limits of a promise.
const (
	// DefaultPromiseDays is how many days are given when nobody names a day.
	DefaultPromiseDays = 30
	// MaxPromiseDays is how far ahead the day may lie, in days.
	MaxPromiseDays = 365
	// MaxPromiseMoves is how often the member moves the day; after that the
	// liaison does.
	MaxPromiseMoves = 2
)

// When a promise is reminded of.
const (
	// soonDays is at most how many working days before the day the first reminder
	// comes; a fifth of the time given if that is less.
	soonDays = 5
	// liaisonAfter and headAfter are how many working days after the day the
	// liaisons and the head are told; the member and their leader are on the first.
	liaisonAfter = 3
	headAfter    = 6
	// repeatPromiseEvery is the time between later reminders.
	repeatPromiseEvery = 7 * 24 * time.Hour
)

// Promise is by when what was agreed at closing is to be carried out, and when it
// was.
type Promise struct {
	// At is when the present day was promised.
	At Millis `json:"t"`
	// DueAt is the last millisecond of the day promised, in the station's zone; 0
	// for one from before days were promised.
	DueAt Millis `json:"d,omitempty"`
	// Assumed tells that nobody named the day.
	Assumed bool `json:"a,omitempty"`
	// Moves is how often the day was moved.
	Moves int `json:"m,omitempty"`
	// DoneAt is when it was carried out, 0 until then.
	DoneAt Millis `json:"e,omitempty"`
	// NextAt is the first reminder after the newest step that set the day.
	NextAt Millis `json:"n,omitempty"`
}

// Owed reports whether it was closed as agreed and is not carried out yet.
func (s Submission) Owed() bool { return s.State == Closed && s.Outcome == Agreed }

// Fulfilled reports whether what was agreed at closing was carried out.
func (s Submission) Fulfilled() bool { return s.Promise != nil && s.Promise.DoneAt != 0 }

// Ending names the end it has for people, in at most five characters: what was
// carried out later is told from what was solved at closing. "" without one.
func (s Submission) Ending() string {
	if s.Fulfilled() {
		return "已落实"
	}
	return s.Outcome.Chinese()
}

// PromisedBy is by when what is owed is to be carried out: the end of the day
// promised, or of the default term after the closing for one without a day. It is
// 0 for what is not owed.
func (s Submission) PromisedBy() Millis {
	switch {
	case !s.Owed():
		return 0
	case s.Promise != nil && s.Promise.DueAt != 0:
		return s.Promise.DueAt
	default:
		return EndOf(s.ClosedAt.Time().AddDate(0, 0, DefaultPromiseDays))
	}
}

// Broken reports whether the day promised passed without it being carried out, and
// it still is not or was later.
func (s Submission) Broken(now Millis) bool {
	if s.Fulfilled() {
		return s.Promise.DueAt != 0 && s.Promise.DoneAt > s.Promise.DueAt
	}
	return s.Owed() && s.PromisedBy() < now
}

// TookDays is how many days passed from the closing to the fulfilment, a part of
// one counting as one; 0 while it is not fulfilled.
func (s Submission) TookDays() int {
	if !s.Fulfilled() {
		return 0
	}
	const day = 24 * 60 * 60 * 1000
	return int(max(s.Promise.DoneAt-s.ClosedAt, 1)+day-1) / day
}

// EndedAt is when it came to the end it has: its closing, or the fulfilment of
// what was agreed then.
func (s Submission) EndedAt() Millis {
	if s.Fulfilled() {
		return max(s.ClosedAt, s.Promise.DoneAt)
	}
	return s.ClosedAt
}

// Judged reports whether the filer has judged the end it has; what they said of an
// agreement is no judgement of its fulfilment.
func (s Submission) Judged() bool {
	if s.Rating == nil {
		return false
	}
	for _, e := range slices.Backward(s.Thread) {
		if e.What == access.Rate || e.What == access.Fulfil {
			return e.What == access.Rate
		}
	}
	return true
}

// reopenExpired reports whether its end is too long ago for its filer to come back to it.
// What is owed has no end yet.
func (s Submission) reopenExpired(now time.Time) bool {
	return !s.Owed() && now.Sub(s.EndedAt().Time()) > ReopenDays*24*time.Hour
}

// Reminds reports whether somebody is reminded of it: of its answer or of what it
// is owed.
func (s Submission) Reminds() bool {
	return s.ClockRuns() || s.Owed() && s.Lead == "" && s.Promise != nil
}

// NextDue is by when the next thing is to be done: the answer, or what is owed.
func (s Submission) NextDue() Millis {
	if due := s.PromisedBy(); due != 0 {
		return due
	}
	return s.DueAt
}

// EndOf is the last millisecond of a moment's day, in the station's zone.
func EndOf(at time.Time) Millis {
	at = at.In(station.Zone)
	return At(time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, station.Zone)) - 1
}

// usualPromise is the end of the day given when nobody names one: a working day.
func (c Clock) usualPromise(now time.Time) Millis {
	day := now.In(station.Zone).AddDate(0, 0, DefaultPromiseDays)
	for !c.Days.Working(day) {
		day = day.AddDate(0, 0, 1)
	}
	return EndOf(day)
}

// promiseReminders are those of what is owed that come once. They come while the
// station is on duty, whoever filed it.
func (s Submission) promiseReminders(c Clock) []Reminder {
	h := hoursOf(c.Terms.Filled().Duty)
	due := s.PromisedBy().Time()
	from := s.ClosedAt
	if s.Promise != nil {
		from = s.Promise.At
	}
	soon := min(c.Days.Between(from.Time(), due, h)/5, soonDays*h.Day())
	return []Reminder{
		{At: At(c.Days.Back(due, soon, h)), Level: ToHolder},
		{At: At(c.Days.Back(due, h.Day(), h)), Level: ToHolder}, // when duty begins on the day
		{At: c.dutyStart(due, 1, h), Level: ToLeader, Late: true},
		{At: c.dutyStart(due, liaisonAfter, h), Level: ToLiaison, Late: true},
		{At: c.dutyStart(due, headAfter, h), Level: ToHead, Late: true},
	}
}

// dutyStart is when duty begins on the n-th working day after a moment at which
// there is no duty.
func (c Clock) dutyStart(at time.Time, n int, h calendar.Hours) Millis {
	end := c.Days.Add(at, time.Duration(n)*h.Day(), h)
	return At(c.Days.Back(end, h.Day(), h))
}

// syncFulfilment is the submission, owed and following lead, after what was done
// to its lead about what both are owed; ok is false when there was nothing. A lead
// that was reopened tells of its new end.
func (s Submission) syncFulfilment(lead Submission) (next Submission, ok bool) {
	var list []Entry
	for _, e := range lead.Thread[min(s.LeadEntriesSeen, len(lead.Thread)):] {
		if e.What != access.Fulfil && e.What != access.Promise && e.What != access.Close {
			continue
		}
		if shown, ok := e.ForFollower(); ok {
			list = append(list, shown)
		}
	}
	if len(list) == 0 || lead.State != Closed {
		return s, false
	}
	next = s
	next.Version++
	next.LeadEntriesSeen = len(lead.Thread)
	next.Thread = append(slices.Clone(s.Thread), list...)
	next.Outcome, next.Promise, next.ClosedAt = lead.Outcome, lead.Promise.withoutReminder(), lead.ClosedAt
	if lead.Assignee != "" {
		handTo(&next, lead.Assignee)
	}
	return next, true
}

// withoutReminder is a copy that nobody is reminded of.
func (p *Promise) withoutReminder() *Promise {
	if p == nil {
		return nil
	}
	next := *p
	next.NextAt = 0
	return &next
}

// WithOwnReminders returns what is owed to one whose lead is gone: reminders of it are its
// own from here on.
func (s Submission) WithOwnReminders(c Clock, now time.Time) Submission {
	s.Version++
	s.Thread = append(slices.Clone(s.Thread), Entry{At: At(now), What: access.Split, By: Actor{Role: access.System}, Text: "一起反映的那件已撤回，本件约定的事项单独落实"})
	s.Lead, s.LeadEntriesSeen = "", 0
	if s.Promise != nil {
		p := *s.Promise
		s.Promise = &p
		p.NextAt = s.NextReminder(c, now)
	}
	return s
}
