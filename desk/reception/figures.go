package reception

import (
	"context"
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// DayFigures are what one day counts.
type DayFigures struct {
	reception.Day
	reception.Figures

	Where string
	// Sat is how many members were there; 0 until the day is closed.
	Sat int
}

// Report is what came of the reception days of a span. Each sum is that of its days.
type Report struct {
	From, To string
	// Days are those that took place, in their order.
	Days  []DayFigures
	Whole reception.Figures
	// Sat is how many times members sat.
	Sat int
}

// bookingsAtOnce is how many days' bookings are read in one round trip.
const bookingsAtOnce = 100

// Report counts the days from one local date to another, both included, for members and staff; "" is the first of the
// year and today. It has no word and no name of a visitor.
func (svc *Service) Report(ctx context.Context, c access.Caller, from, to string) (Report, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return Report{}, err
	}
	if err := may(c, access.ReadReception, st, station.Target{}); err != nil {
		return Report{}, err
	}
	now := svc.kit.Now().In(station.Zone)
	if from == "" {
		from = time.Date(now.Year(), 1, 1, 0, 0, 0, 0, station.Zone).Format(time.DateOnly)
	}
	if to == "" {
		to = max(from, now.Format(time.DateOnly))
	}
	if from, to, err = svc.span(from, to); err != nil {
		return Report{}, err
	}
	days, err := svc.docs.read(ctx, st.ID, from, to)
	if err != nil {
		return Report{}, err
	}
	days = slices.DeleteFunc(days, func(d reception.Day) bool {
		return d.State != reception.Held && d.State != reception.Closed || d.Date < from || d.Date > to
	})
	slices.SortFunc(days, func(a, b reception.Day) int {
		if n := a.Start().Compare(b.Start()); n != 0 {
			return n
		}
		return strings.Compare(a.ID, b.ID)
	})
	out := Report{From: from, To: to, Days: make([]DayFigures, 0, len(days))}
	for part := range slices.Chunk(days, bookingsAtOnce) {
		list, err := svc.docs.bookingsOf(ctx, st.ID, part)
		if err != nil {
			return Report{}, err
		}
		for i, d := range part {
			x := DayFigures{Day: d, Figures: list[i].Figures()}
			x.Where, _ = st.Resolve(d.Target)
			for _, s := range d.Roster {
				if s.State == reception.Present {
					x.Sat++
				}
			}
			out.Days = append(out.Days, x)
			out.Whole.Add(x.Figures)
			out.Sat += x.Sat
		}
	}
	return out, nil
}
