package casework

import (
	"time"

	"mashang/domain/calendar"
	"mashang/domain/station"
)

// Clock computes the deadlines of a submission: at filing, at each reopening and at an extension. A later
// change of the terms never moves a deadline that was given.
type Clock struct {
	Days *calendar.Calendar
	// Terms are the station's; zero fields have their defaults.
	Terms station.Terms
	// Rules is the version of the station's rules with these terms.
	Rules int
	// Surge makes the reminders more frequent; the deadlines stay.
	Surge bool
}

// Clocks are the computed deadlines. They are stored with a submission, because the terms and the known
// holidays change.
type Clocks struct {
	// FirstDueAt is when the visitor must have been contacted. ContactedAt is when they first were, zero until
	// then.
	FirstDueAt  Millis `json:"f,omitempty"`
	ContactedAt Millis `json:"c,omitempty"`
	// TermStart and Stamp are begin and end of the present term of the final answer as first computed, without the
	// time of later waits.
	TermStart Millis `json:"b,omitempty"`
	TermEnd   Millis `json:"d,omitempty"`
	// Hours are the duty hours for counting. Daily means a tourist's term: every day counts, and the final term
	// is in hours.
	Hours string `json:"h,omitempty"`
	Daily bool   `json:"y,omitempty"`
	// Rules is the version of the rules that were used.
	Rules int `json:"v,omitempty"`
	// UnknownYear is the year whose holidays were unknown, so that only its weekends were counted; 0 for none. Such
	// a deadline is provisional.
	UnknownYear int `json:"u,omitempty"`
	// Extended is the extension in working days, 0 for none.
	Extended int `json:"x,omitempty"`
	// NextAt is the first reminder after the latest act that set the clocks.
	NextAt Millis `json:"n,omitempty"`
}

// Due returns the deadline of the final answer: the end of duty on the last working day of the term; the day of
// filing does not count. A tourist's is within a day, or at until if they can be reached only until then, but
// at least an hour from now. A past until (the matter was reopened after they left) is ignored.
func (c Clock) Due(kind Kind, visitor Visitor, until Millis, now time.Time) Millis {
	terms := c.Terms.Filled()
	if visitor != Tourist {
		return At(c.Days.End(now, terms.Days[string(kind)], hoursOf(terms.Duty)))
	}
	due := At(now.Add(time.Duration(terms.TravellerHours) * time.Hour))
	if until > At(now) {
		due = min(due, max(until, At(now.Add(time.Hour))))
	}
	return due
}

// Start computes a new submission's deadlines.
func (c Clock) Start(s Submission, now time.Time) Submission {
	s = c.startTerm(s, now)
	s.Clocks.FirstDueAt = At(s.Clocks.days(c).Add(now, time.Duration(c.Terms.Filled().FirstMinutes)*time.Minute, s.Clocks.hours()))
	s.Clocks.NextAt = s.NextReminder(c, now)
	return s
}

// startTerm computes a term of the final answer that begins now. The first contact stays as it is.
func (c Clock) startTerm(s Submission, now time.Time) Submission {
	terms, next := c.Terms.Filled(), Clocks{Rules: c.Rules}
	if s.Clocks != nil {
		next.FirstDueAt, next.ContactedAt = s.Clocks.FirstDueAt, s.Clocks.ContactedAt
	}
	s.DueAt = c.Due(s.Kind, s.Visitor, s.Until, now)
	next.TermStart, next.TermEnd, next.Hours = At(now), s.DueAt, terms.Duty
	if s.Visitor == Tourist {
		next.Hours, next.Daily = terms.TravellerDuty, true
	} else {
		next.UnknownYear = c.Days.Unknown(now, s.DueAt.Time())
	}
	s.Clocks = &next
	return s
}

// extend adds n working days to the present deadline.
func (c Clock) extend(s Submission, n int, now time.Time) Submission {
	next := s.clocks()
	from := s.DueAt.Time()
	s.DueAt = At(c.Days.End(from, n, hoursOf(c.duty(next))))
	if y := c.Days.Unknown(from, s.DueAt.Time()); y != 0 {
		next.UnknownYear = y
	}
	next.TermStart, next.TermEnd, next.Extended = At(now), s.DueAt, n
	s.Clocks = &next
	return s
}

// duty returns the hours of a working day: the stored ones, or the station's for a tourist's matter, whose
// stored hours are a tourist's.
func (c Clock) duty(k Clocks) string {
	if k.Daily || k.Hours == "" {
		return c.Terms.Filled().Duty
	}
	return k.Hours
}

// FinalizeDeadline computes a provisional deadline anew if the calendar now knows the missing year; ok is false
// otherwise. It adds again the time that was added since. The deadline never moves earlier.
func (c Clock) FinalizeDeadline(s Submission, now time.Time) (next Submission, ok bool) {
	k := s.clocks()
	if k.UnknownYear == 0 || !c.Days.Known(k.UnknownYear) {
		return s, false
	}
	days, h := c.Days, hoursOf(c.duty(k))
	guess := days.WeekendsOnly() // as before: without its holidays
	term := workingDays(guess, days, k)
	stamp := days.End(k.TermStart.Time(), term, h)
	added := days.Between(k.TermEnd.Time(), s.DueAt.Time(), h)
	k.TermEnd, s.DueAt = At(stamp), max(s.DueAt, At(days.Add(stamp, added, h)))
	k.UnknownYear = days.Unknown(k.TermStart.Time(), s.DueAt.Time())
	s.Clocks = &k
	s.Clocks.NextAt = s.NextReminder(c, now)
	return s, true
}

// workingDays returns the number of working days of the term, from the day after From to the day of Stamp, as
// counted then: known years with their holidays, the unknown year by weekends.
func workingDays(guess, known *calendar.Calendar, k Clocks) int {
	n := 0
	for d := k.TermStart.Time().AddDate(0, 0, 1); !dayAfter(d, k.TermEnd.Time()); d = d.AddDate(0, 0, 1) {
		days := known
		if d.Year() == k.UnknownYear {
			days = guess
		}
		if days.Working(d) {
			n++
		}
	}
	return n
}

// dayAfter reports whether a's day is later than b's.
func dayAfter(a, b time.Time) bool { return a.Format(time.DateOnly) > b.Format(time.DateOnly) }

// clocks returns a copy of the clocks. A submission without clocks has those of its filing and deadline.
func (s Submission) clocks() Clocks {
	if s.Clocks != nil {
		return *s.Clocks
	}
	return Clocks{TermStart: s.FiledAt, TermEnd: s.DueAt, Daily: s.Visitor == Tourist}
}

// hours returns the hours for counting.
func (k Clocks) hours() calendar.Hours {
	switch {
	case k.Hours != "":
		return hoursOf(k.Hours)
	case k.Daily:
		return hoursOf(station.DefaultTerms.TravellerDuty)
	default:
		return hoursOf(station.DefaultTerms.Duty)
	}
}

// days returns the calendar for counting.
func (k Clocks) days(c Clock) *calendar.Calendar {
	if k.Daily {
		return calendar.Daily(station.Zone)
	}
	return c.Days
}

// hoursOf parses hours that were checked when they were set. Invalid ones count as the default, so that the
// clock never stops.
func hoursOf(text string) calendar.Hours {
	h, err := calendar.ParseHours(text)
	if err != nil {
		h, _ = calendar.ParseHours(station.DefaultTerms.Duty)
	}
	return h
}

// updateClocks updates the clocks after an act that changed was to s. contact means that the act contacts the
// visitor.
func (c Clock) updateClocks(s, was Submission, contact bool, now time.Time) Submission {
	s = c.pause(s, was.State, now)
	if s.Clocks == nil {
		return s // from before there were clocks
	}
	next := *s.Clocks
	if next.ContactedAt == 0 && contact {
		next.ContactedAt = At(now)
	}
	if next != was.clocks() || clockRuns(s.State) && !clockRuns(was.State) {
		s.Clocks = &next
		next.NextAt = s.NextReminder(c, now)
	}
	return s
}

// clockRuns reports whether there are reminders in the state. There are none in Waiting, as the clock stops,
// and in Answered, as the visitor has an answer.
func clockRuns(state State) bool {
	return state == Held || state == Pooled || state == Assigned || state == Accepted
}

// ClockRuns reports whether there are reminders of its answer.
func (s Submission) ClockRuns() bool {
	if s.Lead != "" {
		return false // its lead has them
	}
	if s.Clocks == nil {
		return s.State == Assigned || s.State == Accepted
	}
	return clockRuns(s.State)
}

// pause stops the clock while it waits for the visitor, and afterwards grants the time that was left: duty time
// of a working term, time of a tourist's. The clocks of two machines may differ: a wait never shortens the
// time, and an overdue matter stays as overdue.
func (c Clock) pause(s Submission, was State, now time.Time) Submission {
	switch {
	case s.State == Waiting && was != Waiting:
		s.PausedAt = At(now)
	case was == Waiting && s.State != Waiting && s.PausedAt != 0:
		k := s.clocks()
		due, stood := s.DueAt.Time(), s.PausedAt.Time()
		switch {
		case !stood.Before(due) || now.Before(stood):
		case k.Daily && k.Extended == 0:
			due = due.Add(now.Sub(stood))
		default:
			h := hoursOf(c.duty(k))
			due = c.Days.Add(now, c.Days.Between(stood, due, h), h)
		}
		s.DueAt, s.PausedAt = max(s.DueAt, At(due)), 0
	}
	return s
}
