package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/intake"
	"mashang/domain/listindex"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Count is Yes of Of, where many are shown at once.
type Count struct {
	Yes int `json:"yes" minimum:"0"`
	Of  int `json:"of" minimum:"0" doc:"Of none there is no rate."`
}

// Counts are the figures of a small part.
type Counts struct {
	Filed     int   `json:"filed"`
	Closed    int   `json:"closed" doc:"Of those filed, closed by now."`
	First     Count `json:"first"`
	Answer    Count `json:"answer"`
	Solved    Count `json:"solved"`
	Satisfied Count `json:"satisfied"`
}

// Keyed names a row or column.
type Keyed struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Counts
}

// GridCell is the sum of a row's and a column's common facts.
type GridCell struct {
	Row string `json:"row"`
	Col string `json:"col"`
	Counts
}

// Grid is figures by two breakdowns.
type Grid struct {
	From  time.Time  `json:"from"`
	To    time.Time  `json:"to"`
	Rows  []Keyed    `json:"rows" nullable:"false" doc:"Largest first; months in their order."`
	Cols  []Keyed    `json:"cols" nullable:"false"`
	Cells []GridCell `json:"cells" nullable:"false" doc:"Those in which there is something."`
}

// SeriesPoint is one step.
type SeriesPoint struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Usual *float64  `json:"usual" doc:"How many are filed on such a weekday: the average of up to eight weeks before; null for steps that are no days and for a young station."`
	Counts
}

// Definition explains what a rate counts.
type Definition struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Yes   string `json:"yes" doc:"In Chinese, what is counted."`
	Of    string `json:"of" doc:"In Chinese, among which."`
}

// Series is figures step by step.
type Series struct {
	From        time.Time     `json:"from"`
	To          time.Time     `json:"to"`
	By          string        `json:"by" enum:"day,week,month"`
	Points      []SeriesPoint `json:"points" nullable:"false"`
	Whole       wire.Tally    `json:"whole"`
	BeforeFrom  time.Time     `json:"before_from"`
	BeforeTo    time.Time     `json:"before_to"`
	Before      wire.Tally    `json:"before" doc:"The same span of the month or year before, else of the same length just before."`
	Definitions []Definition  `json:"definitions" nullable:"false"`
	Aims        []wire.Aim    `json:"aims" nullable:"false"`
}

// PlaceFigures is one code on the map.
type PlaceFigures struct {
	Target  wire.Target `json:"target"`
	Village string      `json:"village,omitempty"`
	Lat     *float64    `json:"lat" doc:"Degrees, gcj02; null where nobody gave them."`
	Lng     *float64    `json:"lng"`
	Open    int         `json:"open"`
	Counts
}

// Spot is a square of some 100 m with filings of several persons.
type Spot struct {
	Lat float64 `json:"lat" doc:"Of the middle, rounded to a thousandth of a degree, gcj02."`
	Lng float64 `json:"lng"`
	Counts
}

// PlacesFigures are the figures on a map.
type PlacesFigures struct {
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
	Places []PlaceFigures `json:"places" nullable:"false" doc:"All places and rooms, and other codes under which something was filed; the most first."`
	Spots  []Spot         `json:"spots" nullable:"false" doc:"Where visitors said it happened, of three persons and more."`
}

// ScreenRow is one code on the screen in the hall.
type ScreenRow struct {
	Target    wire.Target `json:"target"`
	Open      int         `json:"open"`
	Untouched int         `json:"untouched"`
	Oldest    *time.Time  `json:"oldest" doc:"Since when the longest untouched waits; null for none."`
	OnDuty    []string    `json:"on_duty" nullable:"false" doc:"Members' names."`
}

// Screen is the station in numbers; it contains nothing about a single submission or visitor.
type Screen struct {
	At         time.Time     `json:"at"`
	Station    string        `json:"station"`
	Today      int           `json:"today" doc:"Filed today."`
	Open       int           `json:"open"`
	Untouched  int           `json:"untouched"`
	Overdue    int           `json:"overdue"`
	Surge      bool          `json:"surge"`
	Month      wire.Tally    `json:"month"`
	Year       wire.Tally    `json:"year"`
	Days       []SeriesPoint `json:"days" nullable:"false" doc:"The last fourteen, today last."`
	Categories []Keyed       `json:"categories" nullable:"false" doc:"Of this month, the largest first; at most 12."`
	Villages   []Keyed       `json:"villages" nullable:"false"`
	Rows       []ScreenRow   `json:"rows" nullable:"false" doc:"Where somebody waits the longest first; at most 20."`
}

// The maximum of each that a screen has room for.
const (
	screenNames = 12
	screenRows  = 20
)

// ReportRequest is the body for requesting a report.
type ReportRequest struct {
	Period string `json:"period" maxLength:"7" doc:"A month, 2026-05, or a year, 2026."`
	Format string `json:"format" enum:"xlsx,pdf"`
}

// ExportRequest is the body for requesting a list as a spreadsheet.
type ExportRequest struct {
	Reason   string   `json:"reason" doc:"Why; at most 500 characters, written down."`
	State    []string `json:"state,omitempty" nullable:"false" maxItems:"10" enum:"open,over,held,pooled,assigned,accepted,waiting,answered,closed,withdrawn" doc:"This and what follows are the filters of the list."`
	Member   string   `json:"member,omitempty" maxLength:"64"`
	Sector   string   `json:"sector,omitempty" maxLength:"64"`
	Room     string   `json:"room,omitempty" maxLength:"64"`
	Place    string   `json:"place,omitempty" maxLength:"64"`
	Kind     []string `json:"kind,omitempty" nullable:"false" maxItems:"5" enum:"complaint,suggestion,inquiry,help,dispute"`
	Category []string `json:"category,omitempty" nullable:"false" maxItems:"20"`
	Visitor  []string `json:"visitor,omitempty" nullable:"false" maxItems:"3" enum:"resident,tourist,business"`
	Channel  []string `json:"channel,omitempty" nullable:"false" maxItems:"4" enum:"scan,call,visit,reception"`
	Due      string   `json:"due,omitempty" enum:"overdue,today,soon"`
	From     string   `json:"from,omitempty" maxLength:"10"`
	To       string   `json:"to,omitempty" maxLength:"10"`
	Flag     []string `json:"flag,omitempty" nullable:"false" maxItems:"13" enum:"alarm,danger,uncontacted,assist_late,untold,photos,returned,reopened,low_rating,follow_up,about_member,promise_late,fulfilled"`
	Tag      []string `json:"tag,omitempty" nullable:"false" maxItems:"10"`
	Outcome  []string `json:"outcome,omitempty" nullable:"false" maxItems:"7" enum:"solved,agreed,explained,referred,impossible,merged,invalid"`
	Query    string   `json:"q,omitempty" maxLength:"100"`
	Sort     string   `json:"sort,omitempty" enum:"newest,due,promised,oldest"`
	Texts    bool     `json:"texts,omitempty" doc:"With what was filed, numbers masked; that is written down as well."`
}

type (
	gridIn struct {
		wire.Span

		Rows string `query:"rows" default:"sector" enum:"station,month,kind,category,visitor,channel,target,sector,village,member"`
		Cols string `query:"cols" default:"village" enum:"station,month,kind,category,visitor,channel,target,sector,village,member"`
	}
	seriesIn struct {
		wire.Span

		By string `query:"by" default:"day" enum:"day,week,month"`
	}
	figureListIn struct {
		wire.Span
		wire.Paging

		Figure string `query:"figure" required:"true" enum:"filed,left_out,solved_at_once,first,answer,answered,solved,fulfilled,kept,rated,confirmed,satisfied,followed_up,reopened,withdrawn,joint,merged,referred,impossible,invalid"`
		Part   string `query:"part" default:"yes" enum:"yes,no,of" doc:"Of a rate: what is counted, what is not, or both."`
		By     string `query:"by" enum:"station,month,kind,category,visitor,channel,target,sector,village,member" doc:"Of one row of figures; the whole when left out."`
		Key    string `query:"key" maxLength:"100" doc:"The row's key, which may be empty."`
		Cross  string `query:"cross" enum:"station,month,kind,category,visitor,channel,target,sector,village,member" doc:"Of a cell of a grid: the columns."`
		Other  string `query:"other" maxLength:"100" doc:"The column's key."`
	}
	reportIn struct{ Body ReportRequest }
	exportIn struct{ Body ExportRequest }
)

func (rt *routes) addDashboard() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures/grid", "figuresGrid", "Figures by two breakdowns at once.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.grid)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures/series", "figuresSeries", "Figures day by day, week by week or month by month, with the same span before.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.series)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures/list", "figuresList", "The submissions that a number of the figures counts, newest first: as many as it says.").
		By(web.Staff).Compressed().Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.figureList)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures/places", "figuresPlaces", "Figures on a map.").
		By(web.StaffOrAdmin).Compressed().Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.figurePlaces)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/screen", "getHallScreen", "The station in numbers, for a screen in the hall.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.screen)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/reports", "createReport", "Make a month's or a year's report, in the background; that it was asked for is written down first.").
		By(web.StaffOrAdmin).Writes().StartsJob().Fails(http.StatusForbidden, http.StatusConflict), rt.report)
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/submissions/export", "exportSubmissions", "Make a filtered list into a spreadsheet, in the background, without phones and visitors' names; who asked and why is written down first. With texts it answers wrong_state where the station wants a second person's word.").
		By(web.Staff).Writes().StartsJob().Fails(http.StatusForbidden, http.StatusConflict), rt.export)
}

func (rt *routes) grid(ctx context.Context, c access.Caller, in *gridIn) (*wire.Output[Grid], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	g, span, err := rt.desk.overview.Grid(ctx, c, from, to, figures.By(in.Rows), figures.By(in.Cols))
	if err != nil {
		return nil, err
	}
	out := Grid{From: span.From, To: span.To, Rows: keyed(g.Rows), Cols: keyed(g.Cols), Cells: make([]GridCell, len(g.Cells))}
	for i, x := range g.Cells {
		out.Cells[i] = GridCell{x.Row, x.Col, countsOf(x.Tally)}
	}
	return &wire.Output[Grid]{Body: out}, nil
}

func (rt *routes) series(ctx context.Context, c access.Caller, in *seriesIn) (*wire.Output[Series], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	s, err := rt.desk.overview.FigureSeries(ctx, c, from, to, figures.Step(in.By))
	if err != nil {
		return nil, err
	}
	out := Series{
		From: s.From, To: s.To, By: in.By, Points: make([]SeriesPoint, len(s.Points)), Whole: wire.TallyOf(s.Whole),
		BeforeFrom: s.Before.From, BeforeTo: s.Before.To, Before: wire.TallyOf(s.Earlier), Aims: wire.Aims(),
	}
	for i, p := range s.Points {
		out.Points[i] = pointOf(p.Point)
		if p.Usual >= 0 {
			out.Points[i].Usual = &p.Usual
		}
	}
	for _, d := range figures.Definitions() {
		out.Definitions = append(out.Definitions, Definition{string(d.Name), d.Title, d.Yes, d.Of})
	}
	return &wire.Output[Series]{Body: out}, nil
}

func (rt *routes) figureList(ctx context.Context, c access.Caller, in *figureListIn) (*wire.ListOutput[wire.Submission], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	return wire.Briefs(rt.desk.overview.FigureList(ctx, c, overview.FigureQuery{
		From: from, To: to, Figure: figures.Figure(in.Figure), Part: figures.Part(in.Part),
		By: figures.By(in.By), Key: in.Key, Cross: figures.By(in.Cross), Other: in.Other,
	}, in.Cursor, in.Limit))
}

func (rt *routes) figurePlaces(ctx context.Context, c access.Caller, in *wire.Span) (*wire.Output[PlacesFigures], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	p, err := rt.desk.overview.FigurePlaces(ctx, c, from, to)
	if err != nil {
		return nil, err
	}
	out := PlacesFigures{From: p.From, To: p.To, Places: make([]PlaceFigures, len(p.Places)), Spots: make([]Spot, len(p.Spots))}
	for i, r := range p.Places {
		out.Places[i] = PlaceFigures{Target: coded(r.Target, r.Name), Village: r.Village, Open: r.Open, Counts: countsOf(r.Tally)}
		if station.Located(r.Lat, r.Lng) {
			out.Places[i].Lat, out.Places[i].Lng = &r.Lat, &r.Lng
		}
	}
	for i, s := range p.Spots {
		lat, lng := s.Degrees()
		out.Spots[i] = Spot{lat, lng, countsOf(s.Tally)}
	}
	return &wire.Output[PlacesFigures]{Body: out}, nil
}

func (rt *routes) screen(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Screen], error) {
	s, err := rt.desk.overview.Screen(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Screen{
		At: s.At, Station: s.Station, Today: s.Today, Open: s.Open, Untouched: s.Untouched, Overdue: s.Overdue,
		Surge: s.Surge.On, Month: wire.TallyOf(s.Month), Year: wire.TallyOf(s.Year), Days: make([]SeriesPoint, len(s.Days)),
		Categories: keyed(s.Categories[:min(len(s.Categories), screenNames)]),
		Villages:   keyed(s.Villages[:min(len(s.Villages), screenNames)]),
		Rows:       []ScreenRow{},
	}
	for i, p := range s.Days {
		out.Days[i] = pointOf(p)
	}
	for _, r := range s.Rows[:min(len(s.Rows), screenRows)] {
		row := ScreenRow{Target: coded(r.Target, r.Name), Open: r.Open, Untouched: r.Untouched, Oldest: wire.Moment(r.Oldest), OnDuty: []string{}}
		for _, x := range r.OnDuty {
			row.OnDuty = append(row.OnDuty, x.Member.Name)
		}
		out.Rows = append(out.Rows, row)
	}
	return &wire.Output[Screen]{Body: out}, nil
}

func (rt *routes) report(ctx context.Context, c access.Caller, in *reportIn) (*wire.Output[wire.Job], error) {
	return web.JobStarted(rt.desk.overview.ReportFile(ctx, c, in.Body.Period, overview.Format(in.Body.Format)))
}

func (rt *routes) export(ctx context.Context, c access.Caller, in *exportIn) (*wire.Output[wire.Job], error) {
	return web.JobStarted(rt.desk.overview.ExportList(ctx, c, exportOf(in.Body)))
}

func exportOf(b ExportRequest) overview.Export {
	return overview.Export{
		MatterFilter: overview.MatterFilter{
			States: b.State, Member: b.Member, Sector: b.Sector, Room: b.Room, Place: b.Place, Kinds: convertNames[casework.Kind](b.Kind),
			Visitors: convertNames[casework.Visitor](b.Visitor), Channels: convertNames[intake.Channel](b.Channel), Categories: b.Category, Tags: b.Tag, Due: b.Due, From: b.From, To: b.To,
			Flags: convertNames[listindex.Flag](b.Flag), Outcomes: convertNames[casework.Outcome](b.Outcome), Query: b.Query, Sort: listindex.Sort(b.Sort),
		},
		Texts: b.Texts, Reason: b.Reason,
	}
}

func countsOf(t figures.Tally) Counts {
	return Counts{t.Filed, t.Rated.Of, Count(t.First), Count(t.Answer), Count(t.Solved), Count(t.Satisfied)}
}

func pointOf(p figures.Point) SeriesPoint {
	return SeriesPoint{From: p.From, To: p.To, Counts: countsOf(p.Tally)}
}

func coded(t station.Target, name string) wire.Target {
	return wire.Target{Kind: string(t.Kind), ID: t.ID, Name: name}
}

func keyed(rows []figures.Row) []Keyed {
	out := make([]Keyed, len(rows))
	for i, r := range rows {
		out[i] = Keyed{r.Key, r.Name, countsOf(r.Tally)}
	}
	return out
}
