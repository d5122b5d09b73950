// Package calendar counts working days and duty time: weekends, public holidays
// and the make-up working days (调休) the State Council announces year by year,
// and the hours of a day in which a station is on duty.
//
// The package holds types and arithmetic; it has no data and never reads a
// clock.
package calendar

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Year is one announced year.
type Year struct {
	Year int `json:"year"`
	// Source is the notice the days were taken from.
	Source string `json:"source"`
	// Off are public holidays and Work make-up working days, 2006-01-02.
	Off  []string `json:"off"`
	Work []string `json:"work"`
	// Names are what days of both are called, as far as the source says.
	Names map[string]string `json:"names,omitempty"`
}

// Calendar answers for the years it was given. Other years are counted by
// weekends alone; Known tells which is which, so that nobody takes a guess for
// an answer.
type Calendar struct {
	zone  *time.Location
	off   map[string]bool
	work  map[string]bool
	known map[int]Year
	daily bool
	own   []Own // in the order of their dates
}

// Own is a day that one station settled for itself: it counts before the notice
// and before the week.
type Own struct {
	Date string // 2006-01-02
	Work bool
}

// New returns a calendar of the given years, in whose zone days begin. Of two
// entries for a year the later counts.
func New(zone *time.Location, list ...Year) *Calendar {
	c := &Calendar{zone: zone, off: map[string]bool{}, work: map[string]bool{}, known: map[int]Year{}}
	last := map[int]Year{}
	for _, y := range list {
		last[y.Year] = y
	}
	for _, year := range slices.Sorted(maps.Keys(last)) {
		c.known[year] = last[year]
		// A year's notice may settle days of the December before it anew.
		for _, d := range last[year].Off {
			c.off[d] = true
			delete(c.work, d)
		}
		for _, d := range last[year].Work {
			c.work[d] = true
			delete(c.off, d)
		}
	}
	return c
}

// Daily returns a calendar in which every day of every year is worked: that of
// who is there for travellers.
func Daily(zone *time.Location) *Calendar { return &Calendar{zone: zone, daily: true} }

// With returns the calendar with a station's own days, which must be in the order
// of their dates. The list is kept, not copied.
func (c *Calendar) With(own []Own) *Calendar {
	if len(own) == 0 {
		return c
	}
	next := *c
	next.own = own
	return &next
}

// WeekendsOnly returns the calendar as it counts where no notice is known: by weekends
// and the station's own days.
func (c *Calendar) WeekendsOnly() *Calendar { return New(c.zone).With(c.own) }

// Known reports whether the year's holidays are in the data.
func (c *Calendar) Known(year int) bool {
	_, ok := c.known[year]
	return c.daily || ok
}

// Unknown returns the first year from that of from to that of to whose holidays
// are not in the data, 0 for none.
func (c *Calendar) Unknown(from, to time.Time) int {
	for y := from.In(c.zone).Year(); y <= to.In(c.zone).Year(); y++ {
		if !c.Known(y) {
			return y
		}
	}
	return 0
}

// Warn is how long before a year begins its absence is to be shown: the notice
// comes in November as a rule.
const Warn = 45 * 24 * time.Hour

// Missing lists the years without holidays that the moment lies in, or that begin
// within Warn.
func (c *Calendar) Missing(at time.Time) []int {
	var list []int
	for y := at.In(c.zone).Year(); y <= at.Add(Warn).In(c.zone).Year(); y++ {
		if !c.Known(y) {
			list = append(list, y)
		}
	}
	return list
}

// Working reports whether the moment's local day is a working day.
func (c *Calendar) Working(at time.Time) bool {
	if c.daily {
		return true
	}
	local := at.In(c.zone)
	day := local.Format(time.DateOnly)
	if len(c.own) > 0 {
		if i, ok := slices.BinarySearchFunc(c.own, day, func(o Own, day string) int { return strings.Compare(o.Date, day) }); ok {
			return c.own[i].Work
		}
	}
	return c.publicKind(local, day).Working()
}

// End returns the end of duty on the n-th working day after the day of at. The day
// of at itself does not count, as in the 12345 rules. n must be at least 1; a
// calendar in which ten years hold no working day cannot occur, because New only
// adds exceptions to weeks.
func (c *Calendar) End(at time.Time, n int, h Hours) time.Time {
	return c.dayAfter(at, n).Add(h.last())
}

// dayAfter is the midnight at which the n-th working day after at's begins.
func (c *Calendar) dayAfter(at time.Time, n int) time.Time {
	day := c.midnight(at)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if c.Working(day) {
			n--
		}
	}
	return day
}

func (c *Calendar) midnight(at time.Time) time.Time {
	local := at.In(c.zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, c.zone)
}
