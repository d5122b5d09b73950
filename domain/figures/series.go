package figures

import (
	"time"

	"mashang/domain/station"
)

// Step is the length of the steps of a series.
type Step string

// The steps: days, weeks from Monday and months of the station's calendar.
const (
	Day   Step = "day"
	Week  Step = "week"
	Month Step = "month"
)

// Steps lists them.
var Steps = []Step{Day, Week, Month}

// end returns the end of the step that contains the time.
func (s Step) end(at time.Time) time.Time {
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

// Point is the sum of what was filed in one step, from From up to before To. The first and the last step may be
// shortened by the ends of the series.
type Point struct {
	From, To time.Time
	Tally
}

// Series returns the sums step by step, including empty steps. Facts outside the span are ignored.
func Series(facts []Fact, from, to time.Time, step Step) []Point {
	var list []Point
	for at := from.In(station.Zone); at.Before(to); {
		end := step.end(at)
		if end.After(to) {
			end = to.In(station.Zone)
		}
		list = append(list, Point{From: at, To: end})
		at = end
	}
	for _, f := range facts {
		// Finds the last step that begins no later.
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

// baselineWeeks is how many weeks the baseline averages, minBaselineWeeks how many it needs at least.
const (
	baselineWeeks    = 8
	minBaselineWeeks = 2
)

// BaselineSpan is how far back the baseline looks.
const BaselineSpan = baselineWeeks * 7 * 24 * time.Hour

// Baseline has the number of filings of each day.
type Baseline struct {
	begun time.Time
	days  map[string]int
}

// NewBaseline counts the days of the facts.
func NewBaseline(facts []Fact) Baseline {
	u := Baseline{days: map[string]int{}}
	for _, f := range facts {
		if f.Out == Invalid {
			continue
		}
		at := f.Filed.Time()
		if u.begun.IsZero() || at.Before(u.begun) {
			u.begun = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, station.Zone)
		}
		u.days[at.Format(time.DateOnly)]++
	}
	return u
}

// On returns the expected filings of that day: the average of the same weekday in the eight weeks before, or in
// as many as there are, at least two. ok is false if the station is too young.
func (u Baseline) On(day time.Time) (average float64, ok bool) {
	weeks := 0
	if !u.begun.IsZero() {
		weeks = min(baselineWeeks, int(day.Sub(u.begun)/(7*24*time.Hour)))
	}
	if weeks < minBaselineWeeks {
		return 0, false
	}
	n := 0
	for week := 1; week <= weeks; week++ {
		n += u.days[day.In(station.Zone).AddDate(0, 0, -7*week).Format(time.DateOnly)]
	}
	return float64(n) / float64(weeks), true
}

// Before returns the span to compare with. A span that begins with a year and is longer than a month has the
// same span of the year before; one that begins with a month that of the month before; others the same length
// just before.
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

// earlier returns the same time in another month; if that month lacks the day, the month's end.
func earlier(at time.Time, years, months int) time.Time {
	to := at.AddDate(years, months, 0)
	if to.Day() != at.Day() {
		to = time.Date(to.Year(), to.Month(), 1, 0, 0, 0, 0, station.Zone)
	}
	return to
}
