package overview

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// loadFacts returns the facts of a period for the station's staff; admin lets the administrator read them as
// well.
func (svc *Service) loadFacts(ctx context.Context, c access.Caller, admin bool, from, to time.Time) (*station.Station, []figures.Fact, Span, error) {
	if err := access.RequireStaff(c, admin); err != nil {
		return nil, nil, Span{}, err
	}
	from, to, err := svc.kit.Span(from, to)
	if err != nil {
		return nil, nil, Span{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, nil, Span{}, err
	}
	facts, err := svc.facts(ctx, st, from, to)
	return st, facts, Span{from, to}, err
}

// Span is a period from From (inclusive) to To (exclusive).
type Span struct{ From, To time.Time }

func checkBy(name string, by figures.By) error {
	if !slices.Contains(figures.Breakdowns, by) {
		return kit.Field(name, "没有这种分组，可选 "+breakdowns())
	}
	return nil
}

// Grid counts by two breakdowns for the station's staff.
func (svc *Service) Grid(ctx context.Context, c access.Caller, from, to time.Time, rows, cols figures.By) (figures.Grid, Span, error) {
	if err := cmp.Or(access.RequireStaff(c, true), checkBy("rows", rows), checkBy("cols", cols)); err != nil {
		return figures.Grid{}, Span{}, err
	}
	st, facts, span, err := svc.loadFacts(ctx, c, true, from, to)
	if err != nil {
		return figures.Grid{}, span, err
	}
	return figures.Cross(st, facts, rows, cols), span, nil
}

// Series is a time series of figures, with the period it is compared with.
type Series struct {
	Span

	Step   figures.Step
	Points []SeriesPoint
	Whole  figures.Tally
	// Earlier is the sum over the period Before.
	Before  Span
	Earlier figures.Tally
}

// SeriesPoint is one step. Usual is the average number filed on such a weekday, -1 for steps other than days
// and for a new station.
type SeriesPoint struct {
	figures.Point

	Usual float64
}

// FigureSeries counts per step for the station's staff.
func (svc *Service) FigureSeries(ctx context.Context, c access.Caller, from, to time.Time, step figures.Step) (Series, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Series{}, err
	}
	if !slices.Contains(figures.Steps, step) {
		return Series{}, kit.Field("by", "没有这种步长，可选 day、week、month")
	}
	st, facts, span, err := svc.loadFacts(ctx, c, true, from, to)
	if err != nil {
		return Series{}, err
	}
	s := Series{Span: span, Step: step}
	s.Before.From, s.Before.To = figures.Before(span.From, span.To)
	earlier, err := svc.facts(ctx, st, s.Before.From, s.Before.To)
	if err != nil {
		return Series{}, err
	}
	addFacts(&s.Whole, facts)
	addFacts(&s.Earlier, earlier)
	var past []figures.Fact
	if step == figures.Day {
		if past, err = svc.facts(ctx, st, span.From.Add(-figures.BaselineSpan), span.From); err != nil {
			return Series{}, err
		}
		past = slices.Concat(facts, past)
	}
	usual := figures.NewBaseline(past)
	for _, p := range figures.Series(facts, span.From, span.To, step) {
		x := SeriesPoint{Point: p, Usual: -1}
		if average, ok := usual.On(p.From); ok {
			x.Usual = average
		}
		s.Points = append(s.Points, x)
	}
	return s, nil
}

func addFacts(t *figures.Tally, facts []figures.Fact) {
	for _, f := range facts {
		t.Add(f)
	}
}

// FigureQuery names a number among the figures: a figure and its part, for one key of a breakdown and, in a
// grid, one key of a second. Without By it is the total.
type FigureQuery struct {
	From, To   time.Time
	Figure     figures.Figure
	Part       figures.Part
	By, Cross  figures.By
	Key, Other string
}

func (q FigureQuery) check() error {
	if !slices.Contains(figures.Figures(), q.Figure) {
		return kit.Field("figure", "没有这个数据")
	}
	if q.Part != figures.PartYes && q.Part != figures.PartNo && q.Part != figures.PartOf {
		return kit.Field("part", "part 可选 yes、no、of")
	}
	if q.By == "" && q.Cross != "" {
		return kit.Field("by", "请先选一种分组")
	}
	for name, by := range map[string]figures.By{"by": q.By, "cross": q.Cross} {
		if by != "" && !slices.Contains(figures.Breakdowns, by) {
			return kit.Field(name, "没有这种分组，可选 "+breakdowns())
		}
	}
	return nil
}

// filter returns the facts that the query's number counts, in their order.
func (q FigureQuery) filter(st *station.Station, facts []figures.Fact) (list []figures.Fact) {
	ties := figures.NewRosterLookup(st)
	for _, f := range facts {
		if q.By != "" && f.Out == figures.Invalid {
			continue // it is nobody's: no row counts it
		}
		if q.Figure.Counts(f, q.Part) && (q.By == "" || q.By.Key(f, ties) == q.Key) && (q.Cross == "" || q.Cross.Key(f, ties) == q.Other) {
			list = append(list, f)
		}
	}
	return list
}

// FigureList lists the submissions that a number counts, newest first, for the station's liaison. Submissions
// deleted since are left out.
func (svc *Service) FigureList(ctx context.Context, c access.Caller, q FigureQuery, cursor string, limit int) (kit.PageOf[matters.View], error) {
	p := kit.PageOf[matters.View]{Items: []matters.View{}}
	if err := access.RequireStaff(c, false); err != nil {
		return p, err
	}
	if err := q.check(); err != nil {
		return p, err
	}
	after, limit, err := kit.PageBounds(cursor, limit)
	if err != nil {
		return p, err
	}
	st, facts, _, err := svc.loadFacts(ctx, c, false, q.From, q.To)
	if err != nil {
		return p, err
	}
	facts = slices.DeleteFunc(q.filter(st, facts), func(f figures.Fact) bool { return after != record.Cursor{} && !isAfter(f, after) })
	for _, f := range facts[:min(limit, len(facts))] {
		s, err := svc.kit.Records.Load(ctx, f.ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if fault.Is(err, fault.Internal) {
			svc.kit.Log.ErrorContext(ctx, "a listed submission cannot be read", slog.String("submission", f.ID), slog.Any("err", err))
			p.Unread++
			continue
		}
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, svc.matters.Views(c, st, []casework.Submission{s})...)
	}
	if len(facts) > limit {
		p.Next = kit.EncodeCursor(cursorOf(facts[limit-1]))
	}
	return p, nil
}

// cursorOf returns a fact's position in lists sorted newest first.
func cursorOf(f figures.Fact) record.Cursor {
	_, local, _ := strings.Cut(f.ID, "-")
	return record.Cursor{Score: float64(f.Filed), ID: local}
}

// isAfter reports whether a fact comes after a position.
func isAfter(f figures.Fact, at record.Cursor) bool {
	x := cursorOf(f)
	return x.Score < at.Score || x.Score == at.Score && x.ID < at.ID
}

// PlaceRow has the figures of one target. Lat and Lng are a room's or place's own, 0 if not set.
type PlaceRow struct {
	Target   station.Target
	Name     string
	Village  string
	Lat, Lng float64
	Open     int
	figures.Tally
}

// PlaceFigures are the figures for a map.
type PlaceFigures struct {
	Span

	// Places are all places and rooms, and the other targets under which something was filed, most filed first.
	Places []PlaceRow
	Spots  []figures.SpotRow
}

// FigurePlaces counts by target and location for the station's staff.
func (svc *Service) FigurePlaces(ctx context.Context, c access.Caller, from, to time.Time) (PlaceFigures, error) {
	st, facts, span, err := svc.loadFacts(ctx, c, true, from, to)
	if err != nil {
		return PlaceFigures{}, err
	}
	rows := map[station.Target]*PlaceRow{}
	for _, x := range st.Places {
		t := station.Target{Kind: station.ForPlace, ID: x.ID}
		rows[t] = &PlaceRow{Target: t, Name: x.Name, Village: x.Village, Lat: x.Lat, Lng: x.Lng}
	}
	for _, x := range st.Rooms {
		t := station.Target{Kind: station.ForRoom, ID: x.ID}
		rows[t] = &PlaceRow{Target: t, Name: x.Name, Village: x.Village, Lat: x.Lat, Lng: x.Lng}
	}
	for _, f := range facts {
		if f.Out == figures.Invalid {
			continue // it counts nowhere, and shows no target that has no other
		}
		r := rows[f.Target]
		if r == nil {
			name, _ := st.Resolve(f.Target)
			r = &PlaceRow{Target: f.Target, Name: name, Village: st.Village(f.Target)}
			rows[f.Target] = r
		}
		if r.Add(f); !f.Closed && f.Out == figures.Counted {
			r.Open++
		}
	}
	p := PlaceFigures{Span: span, Spots: figures.Spots(facts)}
	for _, r := range rows {
		p.Places = append(p.Places, *r)
	}
	slices.SortFunc(p.Places, func(x, y PlaceRow) int {
		return cmp.Or(cmp.Compare(y.Filed, x.Filed), cmp.Compare(x.Target.Kind, y.Target.Kind), cmp.Compare(x.Target.ID, y.Target.ID))
	})
	return p, nil
}

// Screen has the station's numbers for a public screen. Nothing in it identifies a submission or a visitor.
type Screen struct {
	At      time.Time
	Station string
	// Today counts those filed today, Open all open ones, Overdue those past their deadline.
	Today, Open, Untouched, Overdue int
	// Month and Year are the sums over what was filed in them.
	Month, Year figures.Tally
	// Days are the last 14 days, today last.
	Days       []figures.Point
	Categories []figures.Row
	Villages   []figures.Row
	// Rows are the board's, longest wait first.
	Rows  []BoardRow
	Surge roster.SurgeState
}

// screenDays is how many days a screen shows.
const screenDays = 14

// Screen returns the screen's numbers for the station's staff.
func (svc *Service) Screen(ctx context.Context, c access.Caller) (Screen, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Screen{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Screen{}, err
	}
	b, err := svc.boardOf(ctx, st)
	if err != nil {
		return Screen{}, err
	}
	now := b.At.In(station.Zone)
	day := endOfDay(now)
	s := Screen{
		At: now, Station: st.Name, Open: b.Open, Untouched: b.Untouched, Overdue: b.Overdue, Rows: b.Rows, Surge: b.Surge,
	}
	// One period serves all: it begins with the year or with the first shown day.
	year := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, station.Zone)
	first := day.AddDate(0, 0, -screenDays)
	from := year
	if first.Before(from) {
		from = first
	}
	facts, err := svc.facts(ctx, st, from, day)
	if err != nil {
		return Screen{}, err
	}
	s.Days = figures.Series(facts, first, day, figures.Day)
	s.Today = s.Days[len(s.Days)-1].Filed
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, station.Zone)
	recent := filedSince(facts, month)
	addFacts(&s.Month, recent)
	addFacts(&s.Year, filedSince(facts, year))
	s.Categories = figures.ByCategory.Rows(st, recent)
	s.Villages = figures.ByVillage.Rows(st, recent)
	return s, nil
}

func filedSince(facts []figures.Fact, from time.Time) (list []figures.Fact) {
	for _, f := range facts {
		if f.Filed >= casework.At(from) {
			list = append(list, f)
		}
	}
	return list
}
