package casework

import (
	"time"

	"mashang/domain/calendar"
	"mashang/domain/station"
)

// Clock stamps by when a submission is to be seen to. It is asked once at
// filing, once at each reopening and at an extension; a later change of the
// terms never moves a deadline already given.
type Clock struct {
	Days *calendar.Calendar
	// Terms are the station's; what is zero has its default.
	Terms station.Terms
	// Rules is the version of the station's rules that the terms are from.
	Rules int
	// Surge shortens the reminders, not the deadlines.
	Surge bool
}

// Clocks are what was stamped. They are kept with a submission, because the
// terms in force and the announced calendar change.
type Clocks struct {
	// FirstDueAt is by when somebody is to have been in touch with the visitor,
	// ContactedAt when somebody first was, zero until then.
	FirstDueAt  Millis `json:"f,omitempty"`
	ContactedAt Millis `json:"c,omitempty"`
	// From and Stamp are the present term of the final answer as it was given,
	// before any time the visitor was waited for.
	From  Millis `json:"b,omitempty"`
	Stamp Millis `json:"d,omitempty"`
	// Hours are the duty hours it is counted in; Daily counts them on every day
	// and the final term in hours of the clock: a tourist's.
	Hours string `json:"h,omitempty"`
	Daily bool   `json:"y,omitempty"`
	// Rules is the version of the rules they were stamped by.
	Rules int `json:"v,omitempty"`
	// Unsure is the year through which the final term was counted by weekends
	// alone, because its holidays were not known; 0 for none. Such a deadline is
	// provisional.
	Unsure int `json:"u,omitempty"`
	// Extended is by how many working days it was extended, 0 for not.
	Extended int `json:"x,omitempty"`
	// NextAt is the first reminder after the newest step that set the clocks.
	NextAt Millis `json:"n,omitempty"`
}

// Due returns the time by which the final answer is to be given: the end of
// duty on the last working day of the term; the day of filing does not count. A
// tourist's falls within a day, and earlier if they can be reached only until
// then, but never sooner than an hour from now; an until that is past (the
// matter was reopened after they left) hurries nobody.
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

// Start stamps a new submission's clocks.
func (c Clock) Start(s Submission, now time.Time) Submission {
	s = c.begin(s, now)
	s.Clocks.FirstDueAt = At(s.Clocks.days(c).Add(now, time.Duration(c.Terms.Filled().FirstMinutes)*time.Minute, s.Clocks.hours()))
	s.Clocks.NextAt = s.NextReminder(c, now)
	return s
}

// begin stamps a term for the final answer that begins now. What is known of
// the first contact stays.
func (c Clock) begin(s Submission, now time.Time) Submission {
	terms, next := c.Terms.Filled(), Clocks{Rules: c.Rules}
	if s.Clocks != nil {
		next.FirstDueAt, next.ContactedAt = s.Clocks.FirstDueAt, s.Clocks.ContactedAt
	}
	s.DueAt = c.Due(s.Kind, s.Visitor, s.Until, now)
	next.From, next.Stamp, next.Hours = At(now), s.DueAt, terms.Duty
	if s.Visitor == Tourist {
		next.Hours, next.Daily = terms.TravellerDuty, true
	} else {
		next.Unsure = c.Days.Unknown(now, s.DueAt.Time())
	}
	s.Clocks = &next
	return s
}

// extended gives n more working days from the present deadline.
func (c Clock) extended(s Submission, n int, now time.Time) Submission {
	next := s.clocks()
	from := s.DueAt.Time()
	s.DueAt = At(c.Days.End(from, n, hoursOf(c.duty(next))))
	if y := c.Days.Unknown(from, s.DueAt.Time()); y != 0 {
		next.Unsure = y
	}
	next.From, next.Stamp, next.Extended = At(now), s.DueAt, n
	s.Clocks = &next
	return s
}

// duty are the hours of a working day: those stamped, or the station's for a
// tourist's matter, which was stamped others.
func (c Clock) duty(k Clocks) string {
	if k.Daily || k.Hours == "" {
		return c.Terms.Filled().Duty
	}
	return k.Hours
}

// FinalizeDeadline computes a provisional deadline anew, if the calendar knows by now
// what it did not; ok is false otherwise. Time that was added since is added
// again, and nobody is given less time than they were told.
func (c Clock) FinalizeDeadline(s Submission, now time.Time) (next Submission, ok bool) {
	k := s.clocks()
	if k.Unsure == 0 || !c.Days.Known(k.Unsure) {
		return s, false
	}
	days, h := c.Days, hoursOf(c.duty(k))
	guess := days.WeekendsOnly() // as it was counted: no holiday known
	term := workingDays(guess, days, k)
	stamp := days.End(k.From.Time(), term, h)
	added := days.Between(k.Stamp.Time(), s.DueAt.Time(), h)
	k.Stamp, s.DueAt = At(stamp), max(s.DueAt, At(days.Add(stamp, added, h)))
	k.Unsure = days.Unknown(k.From.Time(), s.DueAt.Time())
	s.Clocks = &k
	s.Clocks.NextAt = s.NextReminder(c, now)
	return s, true
}

// workingDays is how many working days the term had: those after From's day up
// to Stamp's, by the calendar that stamped it: the known years as they are, the
// unknown one by weekends.
func workingDays(guess, known *calendar.Calendar, k Clocks) int {
	n := 0
	for d := k.From.Time().AddDate(0, 0, 1); !dayAfter(d, k.Stamp.Time()); d = d.AddDate(0, 0, 1) {
		days := known
		if d.Year() == k.Unsure {
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

// clocks is a copy of what was stamped; a submission from before there were
// clocks has its filing and its deadline.
func (s Submission) clocks() Clocks {
	if s.Clocks != nil {
		return *s.Clocks
	}
	return Clocks{From: s.FiledAt, Stamp: s.DueAt, Daily: s.Visitor == Tourist}
}

// hours are those it is counted in.
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

// days is the calendar it is counted by.
func (k Clocks) days(c Clock) *calendar.Calendar {
	if k.Daily {
		return calendar.Daily(station.Zone)
	}
	return c.Days
}

// hoursOf parses hours that were checked when they were set. What cannot be
// read counts as the default: a clock that stands still helps nobody.
func hoursOf(text string) calendar.Hours {
	h, err := calendar.ParseHours(text)
	if err != nil {
		h, _ = calendar.ParseHours(station.DefaultTerms.Duty)
	}
	return h
}

// updateClocks changes the clocks by an act that led from was to s. contact tells that
// somebody is in touch with the visitor by it.
func (c Clock) updateClocks(s, was Submission, contact bool, now time.Time) Submission {
	s = c.pause(s, was.State, now)
	if s.Clocks == nil {
		return s // from before there were clocks; nothing else is known of it
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

// clockRuns reports whether somebody is reminded in the state: the clock stands
// still for Waiting, and the visitor of an Answered one has an answer.
func clockRuns(state State) bool {
	return state == Held || state == Pooled || state == Assigned || state == Accepted
}

// ClockRuns reports whether somebody is reminded of it.
func (s Submission) ClockRuns() bool {
	if s.Lead != "" {
		return false // of its lead they are
	}
	if s.Clocks == nil {
		return s.State == Assigned || s.State == Accepted
	}
	return clockRuns(s.State)
}

// pause stops the clock while the visitor is waited for, and lets what was left
// run when the wait ends: the duty time of a working term, the time of a
// tourist's. Two machines' clocks may differ a little: a wait never takes time
// away, and what was late stays as late.
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
