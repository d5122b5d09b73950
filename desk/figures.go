package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
)

const (
	// figuresMost is over how long a time figures are counted at once.
	figuresMost = 400 * 24 * time.Hour
	// figuresEnd is to what the present is rounded up, so that one page agrees.
	figuresEnd = time.Minute
)

// Figures are a station's, for what was filed from From up to before To.
type Figures struct {
	From, To time.Time
	By       figures.By
	Whole    figures.Tally
	Rows     []figures.Row
}

// Figures counts for the station's staff, by one breakdown. Times are days of the
// station; a zero From is the first of the month, a zero To now.
func (d *Desk) Figures(ctx context.Context, c access.Caller, from, to time.Time, by figures.By) (Figures, error) {
	if err := access.Staff(c, true); err != nil {
		return Figures{}, err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return Figures{}, err
	}
	return d.FiguresOf(ctx, st, from, to, by)
}

// FiguresOf counts for whoever may see all of the station: its staff, or an
// operator at the command line.
func (d *Desk) FiguresOf(ctx context.Context, st *station.Station, from, to time.Time, by figures.By) (Figures, error) {
	if !slices.Contains(figures.Breakdowns, by) {
		return Figures{}, field("by", "没有这种分组，可选 "+breakdowns())
	}
	from, to, err := d.span(from, to)
	if err != nil {
		return Figures{}, err
	}
	facts, err := d.facts(ctx, st, from, to)
	if err != nil {
		return Figures{}, err
	}
	f := Figures{From: from, To: to, By: by, Rows: by.Rows(st, facts)}
	for _, x := range facts {
		f.Whole.Add(x)
	}
	return f, nil
}

func breakdowns() string {
	names := make([]string, len(figures.Breakdowns))
	for i, b := range figures.Breakdowns {
		names[i] = string(b)
	}
	return strings.Join(names, "、")
}

// MyFigures are a member's own beside their station's, over the same time.
func (d *Desk) MyFigures(ctx context.Context, c access.Caller, from, to time.Time) (mine, whole figures.Tally, span Figures, err error) {
	if c.Person == "" {
		return mine, whole, span, access.NoSession()
	}
	if c.Role != access.Member {
		return mine, whole, span, fault.New(fault.Denied, "这里只有委员自己的数据")
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return mine, whole, span, err
	}
	span, err = d.FiguresOf(ctx, st, from, to, figures.ByMember)
	for _, r := range span.Rows {
		if r.Key == c.ID {
			mine = r.Tally
		}
	}
	return mine, span.Whole, span, err
}

// Excluded lists what counts for no rate of solving, and by which rule, newest
// first.
func (d *Desk) Excluded(ctx context.Context, c access.Caller, from, to time.Time) ([]figures.Fact, error) {
	if err := access.Staff(c, false); err != nil {
		return nil, err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	if from, to, err = d.span(from, to); err != nil {
		return nil, err
	}
	facts, err := d.facts(ctx, st, from, to)
	var list []figures.Fact
	for _, f := range facts {
		if f.Out != figures.Counted {
			list = append(list, f)
		}
	}
	return list, err
}

// span completes and checks a time.
func (d *Desk) span(from, to time.Time) (time.Time, time.Time, error) {
	now := d.now().In(station.Zone)
	if to.IsZero() {
		to = now.Truncate(figuresEnd).Add(figuresEnd)
	}
	if from.IsZero() {
		from = time.Date(to.In(station.Zone).Year(), to.In(station.Zone).Month(), 1, 0, 0, 0, 0, station.Zone)
	}
	switch {
	case !from.Before(to):
		return from, to, field("from", "开始日期须早于结束日期")
	case to.Sub(from) > figuresMost:
		return from, to, field("from", "一次最多统计 13 个月")
	}
	return from.In(station.Zone), to.In(station.Zone), nil
}

// facts are those of what was filed in the span, newest first, as they are now.
func (d *Desk) facts(ctx context.Context, st *station.Station, from, to time.Time) (facts []figures.Fact, err error) {
	err = d.withCatalogue(ctx, st.ID, func(k *catalogue) {
		facts = k.ledger.Between(casework.At(from), casework.At(to), casework.At(d.now()))
	})
	return facts, err
}
