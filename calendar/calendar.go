// Package calendar counts working days: weekends, public holidays and the
// make-up working days (调休) the State Council announces year by year.
//
// The package holds arithmetic and the announced data; it never reads a clock.
package calendar

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"
)

//go:embed years/*.json
var years embed.FS

// Year is one announced year.
type Year struct {
	Year int `json:"year"`
	// Source is the notice the days were taken from.
	Source string `json:"source"`
	// Off are public holidays and Work make-up working days, 2006-01-02.
	Off  []string `json:"off"`
	Work []string `json:"work"`
}

// Calendar answers for the years it was given. Other years are counted by
// weekends alone; Known tells which is which, so that staff can be warned.
type Calendar struct {
	zone  *time.Location
	off   map[string]bool
	work  map[string]bool
	known map[int]bool
}

// New returns a calendar of the given years, in whose zone days begin.
func New(zone *time.Location, list ...Year) *Calendar {
	c := &Calendar{zone: zone, off: map[string]bool{}, work: map[string]bool{}, known: map[int]bool{}}
	for _, y := range list {
		c.known[y.Year] = true
		for _, d := range y.Off {
			c.off[d] = true
		}
		for _, d := range y.Work {
			c.work[d] = true
		}
	}
	return c
}

// Announced returns the years embedded in the product.
func Announced() ([]Year, error) {
	names, err := fs.Glob(years, "years/*.json")
	if err != nil {
		return nil, fmt.Errorf("calendar: list years: %w", err)
	}
	var list []Year
	for _, name := range names {
		data, err := years.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("calendar: read %s: %w", name, err)
		}
		var y Year
		if err := json.Unmarshal(data, &y); err != nil {
			return nil, fmt.Errorf("calendar: %s: %w", name, err)
		}
		list = append(list, y)
	}
	return list, nil
}

// Known reports whether the year's holidays are in the data.
func (c *Calendar) Known(year int) bool { return c.known[year] }

// Working reports whether the moment's local day is a working day.
func (c *Calendar) Working(at time.Time) bool {
	local := at.In(c.zone)
	day := local.Format(time.DateOnly)
	if c.work[day] {
		return true
	}
	if c.off[day] {
		return false
	}
	return local.Weekday() != time.Saturday && local.Weekday() != time.Sunday
}

// After returns the end (at the given hour) of the n-th working day after the
// day of at. The day of at itself does not count, as in the 12345 rules.
// n must be at least 1; a calendar in which ten years hold no working day
// cannot occur, because New only adds exceptions to weeks.
func (c *Calendar) After(at time.Time, n, hour int) time.Time {
	local := at.In(c.zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, c.zone)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if c.Working(day) {
			n--
		}
	}
	return day
}
