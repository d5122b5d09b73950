package calendar

import "time"

// Kind is why a day is a working day or not.
type Kind string

// The kinds.
const (
	Workday Kind = "work"
	Weekend Kind = "weekend"
	Holiday Kind = "holiday"
	MakeUp  Kind = "make_up" // a Saturday or Sunday that is worked in exchange for a holiday
)

// Working reports whether days of the kind are working days.
func (k Kind) Working() bool { return k == Workday || k == MakeUp }

// Day is a day by the notice and the weekends, without a station's own days.
type Day struct {
	Date string // 2006-01-02
	Kind Kind
	// Name is the notice's name of the day, "" for none.
	Name string
}

// publicKind returns the kind of a local day without a station's own days.
func (c *Calendar) publicKind(local time.Time, date string) Kind {
	switch weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday; {
	case c.work[date]:
		return MakeUp
	case c.off[date]:
		return Holiday
	case weekend:
		return Weekend
	default:
		return Workday
	}
}

// PublicDay returns the time's local day.
func (c *Calendar) PublicDay(at time.Time) Day {
	local := at.In(c.zone)
	d := Day{Date: local.Format(time.DateOnly)}
	d.Kind = c.publicKind(local, d.Date)
	if d.Kind == Holiday || d.Kind == MakeUp {
		// A notice may set days of the December before its year.
		for _, year := range []int{local.Year() + 1, local.Year()} {
			if name := c.known[year].Names[d.Date]; name != "" {
				d.Name = name
				break
			}
		}
	}
	return d
}

// Days lists all days of a year in order.
func (c *Calendar) Days(year int) []Day {
	list := make([]Day, 0, 366)
	for at := time.Date(year, time.January, 1, 12, 0, 0, 0, c.zone); at.Year() == year; at = at.AddDate(0, 0, 1) {
		list = append(list, c.PublicDay(at))
	}
	return list
}

// Source returns the notice of a year, "" for an unknown year.
func (c *Calendar) Source(year int) string { return c.known[year].Source }
