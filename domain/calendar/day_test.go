package calendar_test

import (
	"testing"
	"time"

	"mashang/domain/calendar"
)

func TestDaysOfAYear(t *testing.T) {
	t.Parallel()
	y := year2026
	y.Names = map[string]string{"2026-10-01": "国庆节", "2026-10-10": "国庆节"}
	c := calendar.New(zone, y)
	list := c.Days(2026)
	if len(list) != 365 || list[0].Date != "2026-01-01" || list[364].Date != "2026-12-31" || len(c.Days(2028)) != 366 {
		t.Fatalf("%d days, %v to %v", len(list), list[0], list[len(list)-1])
	}
	by := map[string]calendar.Day{}
	worked := 0
	for _, d := range list {
		if by[d.Date] = d; d.Kind.Working() {
			worked++
		}
	}
	if worked != 248 {
		t.Errorf("%d working days", worked)
	}
	for _, want := range []calendar.Day{
		{Date: "2026-10-01", Kind: calendar.Holiday, Name: "国庆节"},
		{Date: "2026-10-08", Kind: calendar.Workday},
		{Date: "2026-10-10", Kind: calendar.MakeUp, Name: "国庆节"},
		{Date: "2026-10-11", Kind: calendar.Weekend},
		{Date: "2026-10-04", Kind: calendar.Holiday}, // a Sunday
	} {
		if got := by[want.Date]; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if c.Source(2026) != year2026.Source || c.Source(2027) != "" || c.PublicDay(day("2027-10-01")).Kind != calendar.Workday {
		t.Error("a year that is not known has a source, or holidays")
	}
	// The notice of the year after names days of its December.
	next := calendar.Year{Year: 2027, Off: []string{"2026-12-31"}, Names: map[string]string{"2026-12-31": "元旦"}}
	if got := calendar.New(zone, y, next).PublicDay(day("2026-12-31")); got.Kind != calendar.Holiday || got.Name != "元旦" {
		t.Errorf("%+v", got)
	}
}

func TestOwnDaysCountBeforeAll(t *testing.T) {
	t.Parallel()
	public := announced()
	c := public.With([]calendar.Own{
		{Date: "2026-07-16"}, {Date: "2026-07-18", Work: true}, {Date: "2026-10-01", Work: true}, {Date: "2026-10-10"}, {Date: "2030-07-16"},
	})
	for date, want := range map[string]bool{
		"2026-07-15": true, "2026-07-16": false, "2026-07-18": true, "2026-07-19": false, "2026-10-01": true, "2026-10-10": false, "2030-07-16": false,
	} {
		if c.Working(day(date)) != want {
			t.Errorf("%s: working %v", date, !want)
		}
	}
	if !public.Working(day("2026-07-16")) {
		t.Error("the public calendar changed")
	}
	// Thursday is off, Saturday worked: the second day after Wednesday is that.
	if got, want := c.End(day("2026-07-15"), 2, until(18)), day("2026-07-18").Add(6*time.Hour); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := c.PublicDay(day("2026-07-16")).Kind; got != calendar.Workday {
		t.Errorf("usually %v", got)
	}
	guess := c.WeekendsOnly()
	if guess.Known(2026) || guess.Working(day("2026-07-16")) || !guess.Working(day("2026-10-02")) {
		t.Error("a guess knows holidays, or not the own days")
	}
}
