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

// CalendarDay is a day in a station's calendar.
type CalendarDay struct {
	calendar.Day

	// Work is set for a working day. Own is the station's own setting for the day, nil for none, and By the
	// name of the person who made it.
	Work bool
	Own  *station.OwnDay
	By   string
}

// CalendarYear is a year in a station's calendar.
type CalendarYear struct {
	Year int
	// Source is the notice that announced the public holidays, "" when they are not known: then only weekends
	// are off.
	Source string
	Days   []CalendarDay
	// Missing are the years whose notice should be available by now and is not known.
	Missing []int
}

// The years that can be shown: from the first State Council notice that the product can read, to the last year
// for which dates are accepted.
const (
	firstYear = 2008
	lastYear  = 2100
	// daysAhead is how many years ahead a day can be set.
	daysAhead = 2
)

// Calendar returns a year, 0 for the present one, for the station's liaison and administrator.
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

// SetDay sets whether a day, today or later, is worked at the caller's station. It is audited. Deadlines
// already given do not move. The setting counts for what is filed, reopened or extended afterwards, and for a
// submission that resumes after waiting for its visitor; that one never gets less time than was promised.
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

// DropDay removes the station's own setting of a day, today or later. As with SetDay no given deadline moves.
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

// dayAhead parses the date of a day that can still be set.
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
