// Package recurrence says on which days something happens again and again, such as every Friday or on the 10th and
// the 20th, and what a holiday does to it.
//
// It is no RFC 5545: that knows neither a move to the next working day nor make-up working days.
package recurrence

import (
	"slices"
	"time"

	"mashang/domain/calendar"
)

// Rule says on which days. Exactly one of Weekdays, MonthDays and Dates has entries; each is in order and has no
// entry twice.
type Rule struct {
	// Weekdays are 1 (Monday) to 7 (Sunday).
	Weekdays []int
	// Nth picks one of a month's: 1 for the first to 5 for the fifth, Last for the last, 0 for each. It goes with
	// one weekday alone. A month without a fifth has none.
	Nth int
	// MonthDays are 1 to 31. A month without that day has none.
	MonthDays []int
	// Dates are 2006-01-02.
	Dates []string
}

// Last is the Nth for the last of a month.
const Last = -1

// Holidays says what a day off does to a day of a rule.
type Holidays string

// What a day off does.
const (
	Skip Holidays = "skip" // there is none this time
	Move Holidays = "move" // it is on the next working day
	Keep Holidays = "keep" // it is all the same
)

// Day is one day of a rule.
type Day struct {
	// Planned is the day by the rule alone, and identifies this one time for good. Date is when it is: another day
	// if it was moved, "" if it was skipped. Both are 2006-01-02.
	Planned string
	Date    string
	// Clash is set if another day of the rule is on the same date, because one of the two was moved there. They
	// stay two: nothing is merged unsaid.
	Clash bool
	// Uncertain is set if the holidays of the year are not announced yet.
	Uncertain bool
}

// Moved reports whether a holiday moved the day.
func (d Day) Moved() bool { return d.Date != "" && d.Date != d.Planned }

// Skipped reports whether a holiday took the day's place.
func (d Day) Skipped() bool { return d.Date == "" }

// Days returns the days of the rule that are planned from one local date to another (2006-01-02, both included),
// in the order of their planned dates.
//
// A day off is what the calendar does not work, with one exception: where the rule names a Saturday or Sunday as
// such, an ordinary weekend is no reason, and a holiday is.
func (r Rule) Days(from, to string, h Holidays, cal *calendar.Calendar, zone *time.Location) []Day {
	at, err1 := time.ParseInLocation(time.DateOnly, from, zone)
	end, err2 := time.ParseInLocation(time.DateOnly, to, zone)
	if err1 != nil || err2 != nil {
		return nil
	}
	var list []Day
	for ; !at.After(end); at = at.AddDate(0, 0, 1) {
		if !r.on(at) {
			continue
		}
		d := Day{Planned: at.Format(time.DateOnly), Uncertain: !cal.Known(at.Year())}
		if held, ok := r.held(at, h, cal); ok {
			d.Date = held.Format(time.DateOnly)
			// Two days of the rule between which nobody works end up on one date.
			for i := range list {
				if list[i].Date == d.Date {
					list[i].Clash, d.Clash = true, true
				}
			}
		}
		list = append(list, d)
	}
	return list
}

// maxMove bounds the search for a working day. No notice closes so many days in a row; a station's own may.
const maxMove = 60

// held returns when the day that is planned at a midnight takes place; false for not at all.
func (r Rule) held(at time.Time, h Holidays, cal *calendar.Calendar) (time.Time, bool) {
	if h == Keep || !r.off(at, cal) {
		return at, true
	}
	if h == Move {
		for n := 1; n <= maxMove; n++ {
			if next := at.AddDate(0, 0, n); cal.Working(next) {
				return next, true
			}
		}
	}
	return time.Time{}, false
}

// off reports whether a holiday concerns the day that the rule plans.
func (r Rule) off(at time.Time, cal *calendar.Calendar) bool {
	if len(r.Weekdays) > 0 {
		return cal.Holiday(at) || !cal.Working(at) && weekday(at) < 6
	}
	return !cal.Working(at)
}

// on reports whether the rule names the local day.
func (r Rule) on(at time.Time) bool {
	switch {
	case len(r.Dates) > 0:
		_, ok := slices.BinarySearch(r.Dates, at.Format(time.DateOnly))
		return ok
	case len(r.MonthDays) > 0:
		return slices.Contains(r.MonthDays, at.Day())
	case !slices.Contains(r.Weekdays, weekday(at)):
		return false
	case r.Nth == 0:
		return true
	case r.Nth == Last:
		return at.AddDate(0, 0, 7).Month() != at.Month()
	default:
		return (at.Day()-1)/7+1 == r.Nth
	}
}

func weekday(at time.Time) int {
	if at.Weekday() == time.Sunday {
		return 7
	}
	return int(at.Weekday())
}
