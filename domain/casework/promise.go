package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/station"
)

// A submission closed as Agreed is not done: somebody promised to do it by a day. Until that is carried out
// (Fulfil) it is owed by the member who closed it, with reminders of its own.

// The limits of a promise.
const (
	// DefaultPromiseDays is the number of days if no day is named.
	DefaultPromiseDays = 30
	// MaxPromiseDays is how many days ahead the day may be.
	MaxPromiseDays = 365
	// MaxPromiseMoves is how often the member may change the day; after that only the liaison may.
	MaxPromiseMoves = 2
)

// The times of the reminders of a promise.
const (
	// soonDays is how many working days before the day the first reminder comes at the earliest; a fifth of the
	// given time if that is less.
	soonDays = 5
	// liaisonAfter and headAfter are how many working days after the day the liaisons and the head are
	// reminded. The member and their leader are reminded on the first.
	liaisonAfter = 3
	headAfter    = 6
	// repeatPromiseEvery is the interval of later reminders.
	repeatPromiseEvery = 7 * 24 * time.Hour
)

// Promise is when what was agreed at closing is to be carried out, and when it was.
type Promise struct {
	// At is when the present day was set.
	At Millis `json:"t"`
	// DueAt is the last millisecond of the promised day, in the station's zone; 0 for promises from before they
	// had days.
	DueAt Millis `json:"d,omitempty"`
	// Assumed: nobody named the day; it is the default.
	Assumed bool `json:"a,omitempty"`
	// Moves is how often the day was changed.
	Moves int `json:"m,omitempty"`
	// DoneAt is when it was carried out, 0 until then.
	DoneAt Millis `json:"e,omitempty"`
	// NextAt is the first reminder after the latest act that set the day.
	NextAt Millis `json:"n,omitempty"`
}

// Owed reports whether it was closed as agreed and is not carried out yet.
func (s Submission) Owed() bool { return s.State == Closed && s.Outcome == Agreed }

// Fulfilled reports whether what was agreed at closing was carried out.
func (s Submission) Fulfilled() bool { return s.Promise != nil && s.Promise.DoneAt != 0 }

// Ending returns how it ended for people, in at most five characters. What was carried out later differs from
// what was solved at closing. It is "" without an outcome.
func (s Submission) Ending() string {
	if s.Fulfilled() {
		return "已落实"
	}
	return s.Outcome.Chinese()
}

// PromisedBy is when what is owed is to be carried out: the end of the promised day, or of the default term
// after the closing. It is 0 if nothing is owed.
func (s Submission) PromisedBy() Millis {
	switch {
	case !s.Owed():
		return 0
	case s.Promise != nil && s.Promise.DueAt != 0:
		return s.Promise.DueAt
	default:
		return EndOfDay(s.ClosedAt.Time().AddDate(0, 0, DefaultPromiseDays))
	}
}

// Broken reports whether the promised day passed before it was carried out.
func (s Submission) Broken(now Millis) bool {
	if s.Fulfilled() {
		return s.Promise.DueAt != 0 && s.Promise.DoneAt > s.Promise.DueAt
	}
	return s.Owed() && s.PromisedBy() < now
}

// TookDays is the number of days, rounded up, from the closing to the fulfilment; 0 if it is not fulfilled.
func (s Submission) TookDays() int {
	if !s.Fulfilled() {
		return 0
	}
	const day = 24 * 60 * 60 * 1000
	return int(max(s.Promise.DoneAt-s.ClosedAt, 1)+day-1) / day
}

// EndedAt is when it ended: its closing, or the fulfilment of what was agreed then.
func (s Submission) EndedAt() Millis {
	if s.Fulfilled() {
		return max(s.ClosedAt, s.Promise.DoneAt)
	}
	return s.ClosedAt
}

// EndRated reports whether the filer has rated how it ended. A rating of an agreement is not one of its
// fulfilment.
func (s Submission) EndRated() bool {
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

// reopenExpired reports whether it ended too long ago for its filer to reopen it. What is owed has not ended.
func (s Submission) reopenExpired(now time.Time) bool {
	return !s.Owed() && now.Sub(s.EndedAt().Time()) > ReopenDays*24*time.Hour
}

// HasReminders reports whether there are reminders of its answer or of what is owed.
func (s Submission) HasReminders() bool {
	return s.ClockRuns() || s.Owed() && s.Lead == "" && s.Promise != nil
}

// NextDue is the next deadline: of the answer, or of what is owed.
func (s Submission) NextDue() Millis {
	if due := s.PromisedBy(); due != 0 {
		return due
	}
	return s.DueAt
}

// EndOfDay returns the last millisecond of a time's day, in the station's zone.
func EndOfDay(at time.Time) Millis {
	at = at.In(station.Zone)
	return At(time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, station.Zone)) - 1
}

// defaultPromiseDay is the end of the default day, which is a working day.
func (c Clock) defaultPromiseDay(now time.Time) Millis {
	day := now.In(station.Zone).AddDate(0, 0, DefaultPromiseDays)
	for !c.Days.Working(day) {
		day = day.AddDate(0, 0, 1)
	}
	return EndOfDay(day)
}

// promiseReminders are the reminders of a promise that come once. They come during the station's duty, whoever
// filed it.
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

// dutyStart is the beginning of duty on the n-th working day after a time outside duty.
func (c Clock) dutyStart(at time.Time, n int, h calendar.Hours) Millis {
	end := c.Days.Add(at, time.Duration(n)*h.Day(), h)
	return At(c.Days.Back(end, h.Day(), h))
}

// syncFulfilment returns the owed submission after acts on its lead about what both are owed; ok is false
// without any. After a reopening of the lead it takes over the lead's new end.
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
		setAssignee(&next, lead.Assignee)
	}
	return next, true
}

// withoutReminder returns a copy without reminders.
func (p *Promise) withoutReminder() *Promise {
	if p == nil {
		return nil
	}
	next := *p
	next.NextAt = 0
	return &next
}

// WithOwnReminders returns an owed submission whose lead has gone: from then on it has reminders of its own.
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
