package roster

import (
	"context"
	"net/http"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// CalendarYear is a year of working days as the station counts it.
type CalendarYear struct {
	Year     int           `json:"year"`
	Known    bool          `json:"known" doc:"The public holidays of the year are known; else weekends alone count and deadlines in it are provisional."`
	Source   string        `json:"source" doc:"The notice the public holidays are from; empty when they are not known."`
	Missing  []int         `json:"missing" nullable:"false" doc:"Years whose public holidays are wanted now and not known."`
	WorkDays int           `json:"work_days" doc:"How many days of the year are worked."`
	Days     []CalendarDay `json:"days" nullable:"false" doc:"All days of the year in order."`
}

// CalendarDay is one day.
type CalendarDay struct {
	Date string  `json:"date" doc:"2026-07-01."`
	Kind string  `json:"kind" enum:"work,weekend,holiday,make_up" doc:"By the public calendar; make_up is a Saturday or Sunday worked for a holiday."`
	Work bool    `json:"work" doc:"Whether the station works, its own day counted."`
	Name string  `json:"name,omitempty" doc:"What the public holiday is called."`
	Own  *OwnDay `json:"own,omitempty" doc:"What the station settled for the day."`
}

// OwnDay is a day the station settled for itself.
type OwnDay struct {
	Work   bool   `json:"work"`
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by,omitempty" doc:"Name of who settled it."`
}

// DaySetting settles a day.
type DaySetting struct {
	Work   bool   `json:"work" doc:"Whether the station works; only what the public calendar does not say already."`
	Name   string `json:"name" doc:"What the day is called, at most 20 characters."`
	Reason string `json:"reason,omitempty" doc:"Why, at most 100 characters."`
}

type (
	yearIn struct {
		Year int `query:"year" minimum:"0" doc:"2008 to 2100; the present year when left out."`
	}
	// ByDate is the input of what needs a date only.
	ByDate struct {
		Date string `path:"date" maxLength:"10" doc:"2026-07-01, today or later."`
	}
	setDayIn struct {
		ByDate

		Body DaySetting
	}
)

func (rt *routes) addCalendar() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/calendar", "calendar", "A year of working days as the station counts it.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.calendar)
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/calendar/{date}", "setCalendarDay", "Settle a day for the station; written down first. No deadline that was given moves.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden), rt.setDay)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/calendar/{date}", "resetCalendarDay", "Let the public calendar count again for a day; written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity), rt.dropDay)
}

func (rt *routes) calendar(ctx context.Context, c access.Caller, in *yearIn) (*wire.Output[CalendarYear], error) {
	y, err := rt.desk.roster.Calendar(ctx, c, in.Year)
	if err != nil {
		return nil, err
	}
	out := CalendarYear{Year: y.Year, Known: y.Source != "", Source: y.Source, Missing: wire.Filled(y.Missing), Days: make([]CalendarDay, len(y.Days))}
	for i, d := range y.Days {
		out.Days[i] = calendarDayOf(d)
		if d.Work {
			out.WorkDays++
		}
	}
	return &wire.Output[CalendarYear]{Body: out}, nil
}

func (rt *routes) setDay(ctx context.Context, c access.Caller, in *setDayIn) (*wire.Output[CalendarDay], error) {
	d, err := rt.desk.roster.SetDay(ctx, c, station.OwnDay{Date: in.Date, Work: in.Body.Work, Name: in.Body.Name, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &wire.Output[CalendarDay]{Body: calendarDayOf(d)}, nil
}

func (rt *routes) dropDay(ctx context.Context, c access.Caller, in *ByDate) (*wire.Output[CalendarDay], error) {
	d, err := rt.desk.roster.DropDay(ctx, c, in.Date)
	if err != nil {
		return nil, err
	}
	return &wire.Output[CalendarDay]{Body: calendarDayOf(d)}, nil
}

func calendarDayOf(d roster.CalendarDay) CalendarDay {
	out := CalendarDay{Date: d.Date, Kind: string(d.Kind), Work: d.Work, Name: d.Name}
	if d.Own != nil {
		out.Own = &OwnDay{Work: d.Own.Work, Name: d.Own.Name, Reason: d.Own.Reason, By: d.By}
	}
	return out
}
