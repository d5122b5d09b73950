package overview

import (
	"context"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/desk/listing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// Figures are a station's figures for what was filed from From (inclusive) to To (exclusive).
type Figures struct {
	From, To time.Time
	By       figures.By
	Whole    figures.Tally
	Rows     []figures.Row
}

// Figures counts by one breakdown for the station's staff. Times are in the station's zone; see kit.Span for
// zero ones.
func (svc *Service) Figures(ctx context.Context, c access.Caller, from, to time.Time, by figures.By) (Figures, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Figures{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Figures{}, err
	}
	return svc.FiguresOf(ctx, st, from, to, by)
}

// FiguresOf counts for callers that may see all of the station: its staff, or an operator at the command line.
func (svc *Service) FiguresOf(ctx context.Context, st *station.Station, from, to time.Time, by figures.By) (Figures, error) {
	if !slices.Contains(figures.Breakdowns, by) {
		return Figures{}, kit.Field("by", "没有这种分组，可选 "+breakdowns())
	}
	from, to, err := svc.kit.Span(from, to)
	if err != nil {
		return Figures{}, err
	}
	facts, err := svc.facts(ctx, st, from, to)
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

// MyFigures returns a member's own figures and their station's, for the same period.
func (svc *Service) MyFigures(ctx context.Context, c access.Caller, from, to time.Time) (mine, whole figures.Tally, span Figures, err error) {
	if c.Person == "" {
		return mine, whole, span, access.NoSession()
	}
	if c.Role != access.Member {
		return mine, whole, span, fault.New(fault.Denied, "这里只有委员自己的数据")
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return mine, whole, span, err
	}
	span, err = svc.FiguresOf(ctx, st, from, to, figures.ByMember)
	for _, r := range span.Rows {
		if r.Key == c.ID {
			mine = r.Tally
		}
	}
	return mine, span.Whole, span, err
}

// Excluded lists the facts that are excluded from the rates, with the rule, newest first.
func (svc *Service) Excluded(ctx context.Context, c access.Caller, from, to time.Time) ([]figures.Fact, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	if from, to, err = svc.kit.Span(from, to); err != nil {
		return nil, err
	}
	facts, err := svc.facts(ctx, st, from, to)
	var list []figures.Fact
	for _, f := range facts {
		if f.Out != figures.Counted {
			list = append(list, f)
		}
	}
	return list, err
}

// facts returns the facts of what was filed in the period, as of now, newest first.
func (svc *Service) facts(ctx context.Context, st *station.Station, from, to time.Time) (facts []figures.Fact, err error) {
	err = svc.listing.WithStationIndex(ctx, st.ID, func(k *listing.StationIndex) {
		facts = k.Facts.Between(casework.At(from), casework.At(to), casework.At(svc.kit.Now()))
	})
	return facts, err
}
