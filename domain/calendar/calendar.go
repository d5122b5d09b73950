// Package calendar counts working days and duty time. It knows weekends, public holidays and the make-up
// working days (调休) that the State Council announces for each year, and the hours of a day in which a station
// is on duty.
//
// The package has types and arithmetic, but no data, and never reads a clock.
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
	// Source is the notice that the days are from.
	Source string `json:"source"`
	// Off are public holidays and Work make-up working days, 2006-01-02.
	Off  []string `json:"off"`
	Work []string `json:"work"`
	// Names are the names of these days, as far as the source has them.
	Names map[string]string `json:"names,omitempty"`
}

// Calendar knows the years that it was given. In other years it counts only weekends as days off; Known
// distinguishes the two.
type Calendar struct {
	zone  *time.Location
	off   map[string]bool
	work  map[string]bool
	known map[int]Year
	daily bool
	own   []Own // in the order of their dates
}

// Own is a day that a station set for itself. It overrides the notice and the weekends.
type Own struct {
	Date string // 2006-01-02
	Work bool
}

// New returns a calendar of the given years, with days in the given zone. If a year is given twice, the later
// entry counts.
func New(zone *time.Location, list ...Year) *Calendar {
	c := &Calendar{zone: zone, off: map[string]bool{}, work: map[string]bool{}, known: map[int]Year{}}
	last := map[int]Year{}
	for _, y := range list {
		last[y.Year] = y
	}
	for _, year := range slices.Sorted(maps.Keys(last)) {
		c.known[year] = last[year]
		// A year's notice may override days of the December before.
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

// Daily returns a calendar in which every day is a working day: that of the service for travellers.
func Daily(zone *time.Location) *Calendar { return &Calendar{zone: zone, daily: true} }

// With returns the calendar with a station's own days, which must be in the order of their dates. It keeps the
// list without copying it.
func (c *Calendar) With(own []Own) *Calendar {
	if len(own) == 0 {
		return c
	}
	next := *c
	next.own = own
	return &next
}

// WeekendsOnly returns the calendar without any notice: only weekends and the station's own days count.
func (c *Calendar) WeekendsOnly() *Calendar { return New(c.zone).With(c.own) }

// Known reports whether the year's holidays are in the data.
func (c *Calendar) Known(year int) bool {
	_, ok := c.known[year]
	return c.daily || ok
}

// Unknown returns the first year between from and to whose holidays are unknown, 0 for none.
func (c *Calendar) Unknown(from, to time.Time) int {
	for y := from.In(c.zone).Year(); y <= to.In(c.zone).Year(); y++ {
		if !c.Known(y) {
			return y
		}
	}
	return 0
}

// Warn is how long before its beginning a missing year is reported. The notice usually comes in November.
const Warn = 45 * 24 * time.Hour

// Missing returns the years with unknown holidays that contain at or begin within Warn.
func (c *Calendar) Missing(at time.Time) []int {
	var list []int
	for y := at.In(c.zone).Year(); y <= at.Add(Warn).In(c.zone).Year(); y++ {
		if !c.Known(y) {
			list = append(list, y)
		}
	}
	return list
}

// Working reports whether the time's local day is a working day.
func (c *Calendar) Working(at time.Time) bool {
	if c.daily {
		return true
	}
	local := at.In(c.zone)
	day := local.Format(time.DateOnly)
	if own, ok := c.ownDay(day); ok {
		return own.Work
	}
	return c.publicKind(local, day).Working()
}

func (c *Calendar) ownDay(day string) (own Own, ok bool) {
	if len(c.own) == 0 {
		return Own{}, false
	}
	i, ok := slices.BinarySearchFunc(c.own, day, func(o Own, day string) int { return strings.Compare(o.Date, day) })
	if !ok {
		return Own{}, false
	}
	return c.own[i], true
}

// Holiday reports whether the time's local day is off for another reason than that it is a Saturday or Sunday:
// by the notice, or because the station set it.
func (c *Calendar) Holiday(at time.Time) bool {
	if c.Working(at) {
		return false
	}
	local := at.In(c.zone)
	day := local.Format(time.DateOnly)
	_, own := c.ownDay(day)
	return own || c.publicKind(local, day) == Holiday
}

// End returns the end of duty on the n-th working day after the day of at, which itself does not count, as in
// the 12345 rules. n must be at least 1. The loop ends, as New only adds exceptions to weeks.
func (c *Calendar) End(at time.Time, n int, h Hours) time.Time {
	return c.dayAfter(at, n).Add(h.last())
}

// dayAfter returns the midnight at the beginning of the n-th working day after the day of at.
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
