package casework

import (
	"time"

	"mashang/domain/calendar"
)

// Level is who gets a reminder.
type Level int

// The levels, in the order of escalation.
const (
	ToHolder  Level = iota // the member who has it; the liaisons if nobody has
	ToLeader               // the leader of the member's squad as well
	ToLiaison              // the liaisons instead
	ToHead                 // the head of the station instead
)

// Reminder is a time at which somebody is reminded of a matter.
type Reminder struct {
	At    Millis
	Level Level
	// First: it is about the first contact. Late: the deadline has passed.
	First, Late bool
}

// The intervals of reminders. In a surge, and for tourists, they are shorter.
const (
	repeatEvery      = 24 * time.Hour
	repeatEverySurge = 2 * time.Hour
	lateSurge        = 2 * time.Hour
	latestSurge      = 4 * time.Hour
)

// reminders are the reminders of both deadlines that come once.
func (s Submission) reminders(c Clock) []Reminder {
	if s.Owed() {
		return s.promiseReminders(c)
	}
	k := s.clocks()
	h, days := k.hours(), k.days(c)
	list := make([]Reminder, 0, 8)
	if k.FirstDueAt != 0 && k.ContactedAt == 0 {
		due := k.FirstDueAt.Time()
		term := days.Between(s.FiledAt.Time(), due, h)
		list = append(
			list,
			Reminder{At(days.Back(due, term/5, h)), ToHolder, true, false},
			Reminder{k.FirstDueAt, ToLeader, true, true},
			Reminder{At(days.Add(due, term, h)), ToLiaison, true, true},
			Reminder{At(days.Add(due, 4*term, h)), ToHead, true, true},
		)
	}
	due := s.DueAt.Time()
	late, latest := due.Add(lateSurge), due.Add(latestSurge)
	var soon time.Time
	if k.Daily && k.Extended == 0 {
		soon = due.Add(-k.TermEnd.Time().Sub(k.TermStart.Time()) / 5)
	} else {
		h := hoursOf(c.duty(k))
		soon = c.Days.Back(due, c.Days.Between(k.TermStart.Time(), k.TermEnd.Time(), h)/5, h)
		if !c.Surge {
			late, latest = c.nextDay(due, h), c.nextDay(c.nextDay(due, h), h)
		}
	}
	return append(
		list,
		Reminder{At(soon), ToHolder, false, false},
		Reminder{s.DueAt, ToLeader, false, true},
		Reminder{At(late), ToLiaison, false, true},
		Reminder{At(latest), ToHead, false, true},
	)
}

// Late reports whether a deadline with reminders has passed.
func (s Submission) Late(now Millis) bool {
	if s.Owed() {
		return s.Broken(now)
	}
	k := s.clocks()
	return s.DueAt <= now || k.FirstDueAt != 0 && k.ContactedAt == 0 && k.FirstDueAt <= now
}

// nextDay returns the time one working day of duty later.
func (c Clock) nextDay(at time.Time, h calendar.Hours) time.Time { return c.Days.Add(at, h.Day(), h) }

// repeatInterval is the interval of reminders of a late matter.
func (c Clock) repeatInterval() time.Duration {
	if c.Surge {
		return repeatEverySurge
	}
	return repeatEvery
}

// nextRepeat returns the first of the repeated reminders of a late matter that is not before from.
func (s Submission) nextRepeat(c Clock, from Millis) Millis {
	every := c.repeatInterval()
	if s.Owed() {
		every = repeatPromiseEvery
	}
	period := Millis(every.Milliseconds())
	first := s.NextDue() + period
	if from <= first {
		return first
	}
	return first + (from-first+period-1)/period*period
}

// NextReminder returns the first reminder that is not before from. There always is one, as reminders of a late
// matter repeat.
func (s Submission) NextReminder(c Clock, from time.Time) Millis {
	at := At(from)
	next := s.nextRepeat(c, at)
	for _, r := range s.reminders(c) {
		if r.At >= at {
			next = min(next, r.At)
		}
	}
	return next
}

// RemindersBetween returns the reminders between two times, both included. Repeated ones among them appear
// once.
func (s Submission) RemindersBetween(c Clock, from, to Millis) []Reminder {
	var list []Reminder
	for _, r := range s.reminders(c) {
		if from <= r.At && r.At <= to {
			list = append(list, r)
		}
	}
	if again := s.nextRepeat(c, from); again <= to {
		list = append(list, Reminder{again, ToHolder, false, true})
	}
	return list
}
