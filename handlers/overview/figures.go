package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/domain/figures"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// FiguresRow is one part.
type FiguresRow struct {
	Key  string `json:"key"`
	Name string `json:"name"`

	wire.Tally
}

// Figures are a station's.
type Figures struct {
	From  time.Time    `json:"from"`
	To    time.Time    `json:"to"`
	By    figures.By   `json:"by" enum:"station,month,kind,category,visitor,channel,target,sector,village,member"`
	Rules int          `json:"rules" doc:"The version of the definitions, which docs/figures.md has."`
	Whole wire.Tally   `json:"whole"`
	Rows  []FiguresRow `json:"rows" nullable:"false" doc:"Largest first; months in their order."`
	Aims  []wire.Aim   `json:"aims" nullable:"false"`
}

// OwnFigures are a member's beside the station's.
type OwnFigures struct {
	From    time.Time  `json:"from"`
	To      time.Time  `json:"to"`
	Mine    wire.Tally `json:"mine"`
	Station wire.Tally `json:"station"`
	Aims    []wire.Aim `json:"aims" nullable:"false"`
}

// LeftOut is a submission that counts in no rate of solving.
type LeftOut struct {
	ID      string    `json:"id"`
	Number  string    `json:"number"`
	FiledAt time.Time `json:"filed_at"`
	Rule    string    `json:"rule" enum:"withdrawn,joint,merged,referred,impossible,invalid"`
	Reason  string    `json:"reason" doc:"The rule in Chinese."`
}

// LeftOuts are all of them.
type LeftOuts struct {
	Rules int       `json:"rules"`
	Items []LeftOut `json:"items" nullable:"false"`
}

type figuresIn struct {
	wire.Span

	By string `query:"by" default:"member" enum:"station,month,kind,category,visitor,channel,target,sector,village,member"`
}

func (rt *routes) addFigures() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures", "figures", "How the station does, each rate with its count; at most 13 months at once.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.figures)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/figures/excluded", "listExcluded", "What counts for no rate of solving, and by which rule.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.excluded)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/figures", "myFigures", "A member's own figures beside the station's.").
		By(web.MemberOnly).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.myFigures)
}

func (rt *routes) figures(ctx context.Context, c access.Caller, in *figuresIn) (*wire.Output[Figures], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	got, err := rt.desk.overview.Figures(ctx, c, from, to, figures.By(in.By))
	if err != nil {
		return nil, err
	}
	out := Figures{
		From: got.From, To: got.To, By: got.By, Rules: figures.RuleVersion, Whole: wire.TallyOf(got.Whole),
		Rows: make([]FiguresRow, len(got.Rows)), Aims: wire.Aims(),
	}
	for i, r := range got.Rows {
		out.Rows[i] = FiguresRow{r.Key, r.Name, wire.TallyOf(r.Tally)}
	}
	return &wire.Output[Figures]{Body: out}, nil
}

func (rt *routes) myFigures(ctx context.Context, c access.Caller, in *wire.Span) (*wire.Output[OwnFigures], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	mine, whole, span, err := rt.desk.overview.MyFigures(ctx, c, from, to)
	if err != nil {
		return nil, err
	}
	return &wire.Output[OwnFigures]{Body: OwnFigures{span.From, span.To, wire.TallyOf(mine), wire.TallyOf(whole), wire.Aims()}}, nil
}

func (rt *routes) excluded(ctx context.Context, c access.Caller, in *wire.Span) (*wire.Output[LeftOuts], error) {
	from, to, err := in.Days()
	if err != nil {
		return nil, err
	}
	list, err := rt.desk.overview.Excluded(ctx, c, from, to)
	if err != nil {
		return nil, err
	}
	out := LeftOuts{Rules: figures.RuleVersion, Items: make([]LeftOut, len(list))}
	for i, x := range list {
		out.Items[i] = LeftOut{ID: x.ID, Number: x.Number, FiledAt: x.Filed.Time(), Rule: string(x.Out), Reason: x.Out.Reason()}
	}
	return &wire.Output[LeftOuts]{Body: out}, nil
}
