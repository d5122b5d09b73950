package desk

import (
	"context"
	"fmt"
	"time"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// CalendarDay is a day as a station counts it.
type CalendarDay struct {
	calendar.Day

	// Work says whether it is worked, Own what the station settled for it, nil
	// for nothing; By is the name of who did.
	Work bool
	Own  *station.OwnDay
	By   string
}

// CalendarYear is a year as a station counts it.
type CalendarYear struct {
	Year int
	// Source is the notice the public holidays were taken from, "" when they are
	// not known: then weekends alone count.
	Source string
	Days   []CalendarDay
	// Missing are the years whose notice is wanted now.
	Missing []int
}

// The years a calendar is shown for: the first with a notice of the State Council
// in the form the product reads, and as far as dates are checked.
const (
	firstYear = 2008
	lastYear  = 2100
	// daysAhead is how many years ahead a day may be settled.
	daysAhead = 2
)

// Calendar returns a year, 0 for the present one, for the station's liaison and
// administrator.
func (d *Desk) Calendar(ctx context.Context, c access.Caller, year int) (CalendarYear, error) {
	if err := access.Staff(c, true); err != nil {
		return CalendarYear{}, err
	}
	now := d.now().In(station.Zone)
	if year == 0 {
		year = now.Year()
	}
	if year < firstYear || year > lastYear {
		return CalendarYear{}, field("year", fmt.Sprintf("年份须为 %d 至 %d", firstYear, lastYear))
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return CalendarYear{}, err
	}
	y := CalendarYear{Year: year, Source: d.days.Source(year), Missing: d.days.Missing(now)}
	for _, day := range d.days.Days(year) {
		y.Days = append(y.Days, calendarDay(st, day))
	}
	return y, nil
}

func calendarDay(st *station.Station, day calendar.Day) CalendarDay {
	x := CalendarDay{Day: day, Work: day.Kind.Working()}
	if own, ok := st.OwnDay(day.Date); ok {
		x.Own, x.Work = &own, own.Work
		l, _ := st.Liaison(own.By)
		x.By = l.Name
	}
	return x
}

// SetDay settles a day from today on for the caller's station. Who did so is
// written down first. No deadline that was given moves by it: what is filed,
// reopened or extended afterwards counts with it, and what had waited for its
// visitor when it goes on, which never has less time than it was told.
func (d *Desk) SetDay(ctx context.Context, c access.Caller, o station.OwnDay) (CalendarDay, error) {
	o.By, o.Name, o.Reason = c.ID, casework.Clean(o.Name), casework.Clean(o.Reason)
	why := o.Date + " 休息：" + o.Name
	if o.Work {
		why = o.Date + " 上班：" + o.Name
	}
	if o.Reason != "" {
		why += "（" + o.Reason + "）"
	}
	return d.changeDay(ctx, c, o.Date, "calendar", why, func(st *station.Station, day calendar.Day) ([]station.OwnDay, error) {
		if _, own := st.OwnDay(o.Date); !own && day.Kind.Working() == o.Work {
			return nil, field("work", map[bool]string{true: "这一天本来就上班，不用另设", false: "这一天本来就不上班，不用另设"}[o.Work])
		}
		return st.WithDay(o, d.now())
	})
}

// DropDay takes back what the caller's station settled for a day from today on;
// as with SetDay no deadline that was given moves.
func (d *Desk) DropDay(ctx context.Context, c access.Caller, date string) (CalendarDay, error) {
	return d.changeDay(ctx, c, date, "calendar-undo", date, func(st *station.Station, _ calendar.Day) ([]station.OwnDay, error) {
		if _, ok := st.OwnDay(date); !ok {
			return nil, access.Missing()
		}
		return st.WithoutDay(date, d.now()), nil
	})
}

func (d *Desk) changeDay(
	ctx context.Context, c access.Caller, date, what, why string, next func(*station.Station, calendar.Day) ([]station.OwnDay, error),
) (CalendarDay, error) {
	if err := access.Staff(c, true); err != nil {
		return CalendarDay{}, err
	}
	at, err := d.dayAhead(date)
	if err != nil {
		return CalendarDay{}, err
	}
	day := d.days.Usual(at)
	st, err := d.changeRoster(ctx, c.Station, func(st *station.Station) error {
		list, err := next(st, day)
		if err != nil {
			return err
		}
		st.OwnDays = list
		return d.Record(ctx, st.ID, Audited{
			At: d.now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: what, Thing: st.ID, Why: why,
		})
	})
	if err != nil {
		return CalendarDay{}, err
	}
	return calendarDay(st, day), nil
}

// dayAhead reads the date of a day that can still be settled.
func (d *Desk) dayAhead(date string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, date, station.Zone)
	if err != nil {
		return at, field("date", "日期须为 2026-07-01 的形式")
	}
	now := d.now().In(station.Zone)
	switch {
	case date < now.Format(time.DateOnly):
		return at, fault.New(fault.WrongState, "过去的日子不能再改：期限已经按它算过")
	case at.Year() > now.Year()+daysAhead:
		return at, field("date", fmt.Sprintf("最远可以设到 %d 年", now.Year()+daysAhead))
	}
	return at, nil
}
