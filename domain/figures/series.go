package figures

import (
	"time"

	"mashang/domain/station"
)

// Step is how long each point of a series is.
type Step string

// The steps: days, weeks from Monday and months of the station's calendar.
const (
	Day   Step = "day"
	Week  Step = "week"
	Month Step = "month"
)

// Steps lists them.
var Steps = []Step{Day, Week, Month}

// next is when the step that holds the moment ends.
func (s Step) next(at time.Time) time.Time {
	at = at.In(station.Zone)
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, station.Zone)
	switch s {
	case Week:
		return day.AddDate(0, 0, 7-(int(day.Weekday())+6)%7)
	case Month:
		return time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, station.Zone)
	default:
		return day.AddDate(0, 0, 1)
	}
}

// Point is the sum of what was filed in one step, from From up to before To. The
// first and the last step of a series may be cut off by its ends.
type Point struct {
	From, To time.Time
	Tally
}

// Series sums step by step; steps in which nothing was filed are there as well.
// Facts outside of the span are left out.
func Series(facts []Fact, from, to time.Time, step Step) []Point {
	var list []Point
	for at := from.In(station.Zone); at.Before(to); {
		end := step.next(at)
		if end.After(to) {
			end = to.In(station.Zone)
		}
		list = append(list, Point{From: at, To: end})
		at = end
	}
	for _, f := range facts {
		// The last step that begins no later.
		low, high := 0, len(list)
		for at := f.Filed.Time(); low < high; {
			if mid := (low + high) / 2; list[mid].From.After(at) {
				high = mid
			} else {
				low = mid + 1
			}
		}
		if low > 0 && f.Filed.Time().Before(list[low-1].To) {
			list[low-1].Add(f)
		}
	}
	return list
}

// baselineWeeks is over how many weeks the usual is taken, usualLeast of how many
// there must be at least.
const (
	baselineWeeks = 8
	usualLeast    = 2
)

// BaselineSpan is how far back the usual looks.
const BaselineSpan = baselineWeeks * 7 * 24 * time.Hour

// Baseline knows how many were filed on each day.
type Baseline struct {
	begun time.Time
	days  map[string]int
}

// NewBaseline counts the days of the facts.
func NewBaseline(facts []Fact) Baseline {
	u := Baseline{days: map[string]int{}}
	for _, f := range facts {
		at := f.Filed.Time()
		if u.begun.IsZero() || at.Before(u.begun) {
			u.begun = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, station.Zone)
		}
		u.days[at.Format(time.DateOnly)]++
	}
	return u
}

// On is how many are filed on that day's weekday: the average of the eight weeks
// before, or of as many of them as there are facts of, two at least. ok is false
// for a station that is too young.
func (u Baseline) On(day time.Time) (average float64, ok bool) {
	weeks := 0
	if !u.begun.IsZero() {
		weeks = min(baselineWeeks, int(day.Sub(u.begun)/(7*24*time.Hour)))
	}
	if weeks < usualLeast {
		return 0, false
	}
	n := 0
	for week := 1; week <= weeks; week++ {
		n += u.days[day.In(station.Zone).AddDate(0, 0, -7*week).Format(time.DateOnly)]
	}
	return float64(n) / float64(weeks), true
}

// Before is the span to compare one with: that of the year before for one that
// begins with a year and is longer than a month, that of the month before for one
// that begins with a month, else the same length just before.
func Before(from, to time.Time) (time.Time, time.Time) {
	from, to = from.In(station.Zone), to.In(station.Zone)
	length := to.Sub(from)
	const month = 31 * 24 * time.Hour
	switch {
	case from.Day() == 1 && from.Month() == time.January && length > month && !to.After(from.AddDate(1, 0, 0)):
		return from.AddDate(-1, 0, 0), earlier(to, -1, 0)
	case from.Day() == 1 && !to.After(from.AddDate(0, 1, 0)):
		return from.AddDate(0, -1, 0), earlier(to, 0, -1)
	default:
		return from.Add(-length), from
	}
}

// earlier is the same moment of another month; of a day that month does not have,
// the month's end.
func earlier(at time.Time, years, months int) time.Time {
	to := at.AddDate(years, months, 0)
	if to.Day() != at.Day() {
		to = time.Date(to.Year(), to.Month(), 1, 0, 0, 0, 0, station.Zone)
	}
	return to
}
