package roster

import (
	"context"
	"fmt"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
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
func (svc *Service) Calendar(ctx context.Context, c access.Caller, year int) (CalendarYear, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return CalendarYear{}, err
	}
	now := svc.kit.Now().In(station.Zone)
	if year == 0 {
		year = now.Year()
	}
	if year < firstYear || year > lastYear {
		return CalendarYear{}, kit.Field("year", fmt.Sprintf("年份须为 %d 至 %d", firstYear, lastYear))
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return CalendarYear{}, err
	}
	y := CalendarYear{Year: year, Source: svc.kit.Days.Source(year), Missing: svc.kit.Days.Missing(now)}
	for _, day := range svc.kit.Days.Days(year) {
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
func (svc *Service) SetDay(ctx context.Context, c access.Caller, o station.OwnDay) (CalendarDay, error) {
	o.By, o.Name, o.Reason = c.ID, casework.Clean(o.Name), casework.Clean(o.Reason)
	why := o.Date + " 休息：" + o.Name
	if o.Work {
		why = o.Date + " 上班：" + o.Name
	}
	if o.Reason != "" {
		why += "（" + o.Reason + "）"
	}
	return svc.changeDay(ctx, c, o.Date, audit.SetDay, why, func(st *station.Station, day calendar.Day) ([]station.OwnDay, error) {
		if _, own := st.OwnDay(o.Date); !own && day.Kind.Working() == o.Work {
			return nil, kit.Field("work", map[bool]string{true: "这一天本来就上班，不用另设", false: "这一天本来就不上班，不用另设"}[o.Work])
		}
		return st.WithDay(o, svc.kit.Now())
	})
}

// DropDay takes back what the caller's station settled for a day from today on;
// as with SetDay no deadline that was given moves.
func (svc *Service) DropDay(ctx context.Context, c access.Caller, date string) (CalendarDay, error) {
	return svc.changeDay(ctx, c, date, audit.DropDay, date, func(st *station.Station, _ calendar.Day) ([]station.OwnDay, error) {
		if _, ok := st.OwnDay(date); !ok {
			return nil, access.Missing()
		}
		return st.WithoutDay(date, svc.kit.Now()), nil
	})
}

func (svc *Service) changeDay(
	ctx context.Context, c access.Caller, date string, what audit.Action, why string, next func(*station.Station, calendar.Day) ([]station.OwnDay, error),
) (CalendarDay, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return CalendarDay{}, err
	}
	at, err := svc.dayAhead(date)
	if err != nil {
		return CalendarDay{}, err
	}
	day := svc.kit.Days.PublicDay(at)
	st, err := svc.changeRoster(ctx, c.Station, func(st *station.Station) (audit.Act, error) {
		list, err := next(st, day)
		if err != nil {
			return audit.Act{}, err
		}
		st.OwnDays = list
		return audit.Act{By: c, What: what, Object: st.ID, Why: why}, nil
	})
	if err != nil {
		return CalendarDay{}, err
	}
	return calendarDay(st, day), nil
}

// dayAhead reads the date of a day that can still be settled.
func (svc *Service) dayAhead(date string) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, date, station.Zone)
	if err != nil {
		return at, kit.Field("date", "日期须为 2026-07-01 的形式")
	}
	now := svc.kit.Now().In(station.Zone)
	switch {
	case date < now.Format(time.DateOnly):
		return at, fault.New(fault.WrongState, "过去的日子不能再改：期限已经按它算过")
	case at.Year() > now.Year()+daysAhead:
		return at, kit.Field("date", fmt.Sprintf("最远可以设到 %d 年", now.Year()+daysAhead))
	}
	return at, nil
}
