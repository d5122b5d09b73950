package handlers

import (
	"context"
	"math"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// Rate is how many of so many, and where the true rate lies with 95 % confidence.
type Rate struct {
	Yes   int     `json:"yes" minimum:"0"`
	Of    int     `json:"of" minimum:"0" doc:"Of none there is no rate."`
	Share float64 `json:"share" minimum:"0" maximum:"1"`
	Low   float64 `json:"low" minimum:"0" maximum:"1"`
	High  float64 `json:"high" minimum:"0" maximum:"1"`
}

// Middle is a median.
type Middle struct {
	Minutes int `json:"minutes" minimum:"0"`
	Of      int `json:"of" minimum:"0"`
}

// Tally are the figures of one part.
type Tally struct {
	Filed     int            `json:"filed"`
	First     Rate           `json:"first" doc:"First contact in time, of those whose time has come."`
	Answer    Rate           `json:"answer" doc:"Answered in time, likewise."`
	Answered  Rate           `json:"answered"`
	Solved    Rate           `json:"solved" doc:"At the closing or carried out since, of the closed that are not left out."`
	Fulfilled Rate           `json:"fulfilled" doc:"What was carried out after the closing, of what was agreed then; the others are owed."`
	Kept      Rate           `json:"kept" doc:"Carried out by the day promised, of what was carried out or whose day has come."`
	Rated     Rate           `json:"rated" doc:"Of the closed."`
	Satisfied Rate           `json:"satisfied" doc:"Of the rated."`
	Reopened  Rate           `json:"reopened" doc:"Of those closed once."`
	FirstIn   Middle         `json:"first_in" doc:"Median from filing to the first contact."`
	AnswerIn  Middle         `json:"answer_in" doc:"Median from filing to the answer, of what was never reopened."`
	FulfilIn  Middle         `json:"fulfil_in" doc:"Median from the closing to the fulfilment."`
	LeftOut   map[string]int `json:"left_out" nullable:"false" doc:"How many count for no rate of solving, by rule."`
}

// FiguresRow is one part.
type FiguresRow struct {
	Key  string `json:"key"`
	Name string `json:"name"`

	Tally
}

// Aim is what is to be reached.
type Aim struct {
	Name   string  `json:"name" enum:"first,answer,satisfied"`
	Share  float64 `json:"share"`
	Source string  `json:"source" doc:"The best published figure of a service of the same job."`
}

// Figures are a station's.
type Figures struct {
	From  time.Time    `json:"from"`
	To    time.Time    `json:"to"`
	By    figures.By   `json:"by" enum:"station,month,kind,category,visitor,target,sector,village,member"`
	Rules int          `json:"rules" doc:"The version of the definitions, which docs/figures.md has."`
	Whole Tally        `json:"whole"`
	Rows  []FiguresRow `json:"rows" nullable:"false" doc:"Largest first; months in their order."`
	Aims  []Aim        `json:"aims" nullable:"false"`
}

// OwnFigures are a member's beside the station's.
type OwnFigures struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Mine    Tally     `json:"mine"`
	Station Tally     `json:"station"`
	Aims    []Aim     `json:"aims" nullable:"false"`
}

// LeftOut is a submission that counts for no rate of solving.
type LeftOut struct {
	ID      string    `json:"id"`
	Number  string    `json:"number"`
	FiledAt time.Time `json:"filed_at"`
	Rule    string    `json:"rule" enum:"withdrawn,joint,merged,referred,impossible"`
	Reason  string    `json:"reason" doc:"The rule in Chinese."`
}

// LeftOuts are all of them.
type LeftOuts struct {
	Rules int       `json:"rules"`
	Items []LeftOut `json:"items" nullable:"false"`
}

type (
	// Span is a span of days.
	Span struct {
		From string `query:"from" doc:"A day, 2026-07-01; the first of the month when left out."`
		To   string `query:"to" doc:"The last day, included; now when left out."`
	}
	figuresIn struct {
		Span

		By string `query:"by" default:"member" enum:"station,month,kind,category,visitor,target,sector,village,member"`
	}
)

func (f *Face) addFigures() {
	handle(f, op(http.MethodGet, "/station/figures", "figures", "How the station does, each rate with its count; at most 13 months at once.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.figures)
	handle(f, op(http.MethodGet, "/station/figures/excluded", "excluded", "What counts for no rate of solving, and by which rule.").
		by(staff).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.excluded)
	handle(f, op(http.MethodGet, "/me/figures", "myFigures", "A member's own figures beside the station's.").
		by(memberOnly).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.myFigures)
}

// days are the span's: To is the end of its day.
func (in Span) days() (from, to time.Time, err error) {
	for _, x := range []struct {
		name, text string
		at         *time.Time
	}{{"from", in.From, &from}, {"to", in.To, &to}} {
		if x.text == "" {
			continue
		}
		if *x.at, err = time.ParseInLocation(time.DateOnly, x.text, station.Zone); err != nil {
			e := fault.New(fault.Invalid, "日期须为 2026-07-01 的形式")
			e.Fields = []fault.Field{{Field: x.name, Message: "须为 2026-07-01 的形式"}}
			return from, to, e
		}
	}
	if !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}

func (f *Face) figures(ctx context.Context, c access.Caller, in *figuresIn) (*answer[Figures], error) {
	from, to, err := in.days()
	if err != nil {
		return nil, err
	}
	got, err := f.desk.Overview.Figures(ctx, c, from, to, figures.By(in.By))
	if err != nil {
		return nil, err
	}
	out := Figures{
		From: got.From, To: got.To, By: got.By, Rules: figures.RuleVersion, Whole: tallyOf(got.Whole),
		Rows: make([]FiguresRow, len(got.Rows)), Aims: aims(),
	}
	for i, r := range got.Rows {
		out.Rows[i] = FiguresRow{r.Key, r.Name, tallyOf(r.Tally)}
	}
	return &answer[Figures]{out}, nil
}

func (f *Face) myFigures(ctx context.Context, c access.Caller, in *Span) (*answer[OwnFigures], error) {
	from, to, err := in.days()
	if err != nil {
		return nil, err
	}
	mine, whole, span, err := f.desk.Overview.MyFigures(ctx, c, from, to)
	if err != nil {
		return nil, err
	}
	return &answer[OwnFigures]{OwnFigures{span.From, span.To, tallyOf(mine), tallyOf(whole), aims()}}, nil
}

func (f *Face) excluded(ctx context.Context, c access.Caller, in *Span) (*answer[LeftOuts], error) {
	from, to, err := in.days()
	if err != nil {
		return nil, err
	}
	list, err := f.desk.Overview.Excluded(ctx, c, from, to)
	if err != nil {
		return nil, err
	}
	out := LeftOuts{Rules: figures.RuleVersion, Items: make([]LeftOut, len(list))}
	for i, x := range list {
		out.Items[i] = LeftOut{ID: x.ID, Number: x.Number, FiledAt: x.Filed.Time(), Rule: string(x.Out), Reason: x.Out.Reason()}
	}
	return &answer[LeftOuts]{out}, nil
}

func tallyOf(t figures.Tally) Tally {
	out := Tally{
		Filed: t.Filed, First: rateOf(t.First), Answer: rateOf(t.Answer), Answered: rateOf(t.Answered), Solved: rateOf(t.Solved),
		Fulfilled: rateOf(t.Fulfilled), Kept: rateOf(t.Kept), FulfilIn: Middle(t.FulfilMedian()),
		Rated: rateOf(t.Rated), Satisfied: rateOf(t.Satisfied), Reopened: rateOf(t.Reopened),
		FirstIn: Middle(t.FirstMedian()), AnswerIn: Middle(t.AnswerMedian()), LeftOut: map[string]int{},
	}
	for k, n := range t.Out {
		out.LeftOut[string(k)] = n
	}
	return out
}

func rateOf(r figures.Rate) Rate {
	low, high := r.Range()
	round := func(x float64) float64 { return math.Round(x*1e4) / 1e4 }
	return Rate{r.Yes, r.Of, round(r.Share()), round(low), round(high)}
}

func aims() []Aim {
	list := make([]Aim, len(figures.Aims))
	for i, a := range figures.Aims {
		list[i] = Aim(a)
	}
	return list
}
