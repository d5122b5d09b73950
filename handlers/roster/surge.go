package roster

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// SurgeSetting switches a surge on.
type SurgeSetting struct {
	Until time.Time `json:"until" doc:"At most 14 days from now."`
	Note  string    `json:"note,omitempty" doc:"At most 100 characters; shown to visitors."`
}

// Board is the station at this moment, for a screen on the wall.
type Board struct {
	At        time.Time         `json:"at"`
	Surge     wire.Surge        `json:"surge"`
	Open      int               `json:"open"`
	Untouched int               `json:"untouched" doc:"Of the open ones, those nobody has accepted or answered."`
	Overdue   int               `json:"overdue"`
	Partial   bool              `json:"partial" doc:"There are more open ones than the rows were counted from."`
	Rows      []BoardRow        `json:"rows" nullable:"false" doc:"By what was scanned; where somebody waits the longest comes first."`
	Newest    []wire.Submission `json:"newest" nullable:"false" doc:"The latest filed that are open, at most ten."`
}

// BoardRow is what was filed under one kind of code.
type BoardRow struct {
	Target    wire.Target `json:"target"`
	Open      int         `json:"open"`
	Untouched int         `json:"untouched"`
	Oldest    *time.Time  `json:"oldest" doc:"Since when the longest untouched waits; null for none."`
	OnDuty    []wire.Duty `json:"on_duty" nullable:"false"`
}

type surgeIn struct{ Body SurgeSetting }

func (rt *routes) addSurge() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/surge", "surge", "How the station's surge stands, and whether one should be thought of.").
		By(web.Staff).Fails(http.StatusForbidden), rt.surge)
	web.Handle(rt.api, web.Op(http.MethodPut, "/station/surge", "startSurge", "Switch the surge on until a time, or move its end: extra duty slots count, reminders come sooner, visitors are given the station's number.").
		By(web.Staff).Writes().Fails(http.StatusForbidden), rt.startSurge)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/surge", "endSurge", "Switch the surge off.").
		By(web.Staff).Fails(http.StatusForbidden, http.StatusServiceUnavailable), rt.endSurge)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/board", "getLiveBoard", "The station at this moment, for a screen on the wall in a rush.").
		By(web.Staff).Fails(http.StatusForbidden), rt.board)
}

func (rt *routes) surge(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[wire.Surge], error) {
	s, err := rt.desk.roster.Surge(ctx, c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.Surge]{Body: wire.SurgeOf(s)}, nil
}

func (rt *routes) startSurge(ctx context.Context, c access.Caller, in *surgeIn) (*wire.Output[wire.Surge], error) {
	s, err := rt.desk.roster.StartSurge(ctx, c, in.Body.Until, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.Surge]{Body: wire.SurgeOf(s)}, nil
}

func (rt *routes) endSurge(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[wire.Surge], error) {
	s, err := rt.desk.roster.EndSurge(ctx, c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.Surge]{Body: wire.SurgeOf(s)}, nil
}

func (rt *routes) board(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Board], error) {
	b, err := rt.desk.overview.Board(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Board{
		At: b.At.In(station.Zone), Surge: wire.SurgeOf(b.Surge), Open: b.Open, Untouched: b.Untouched, Overdue: b.Overdue,
		Partial: b.Partial, Rows: make([]BoardRow, len(b.Rows)), Newest: make([]wire.Submission, len(b.Newest)),
	}
	for i, r := range b.Rows {
		out.Rows[i] = BoardRow{
			Target: wire.Target{Kind: string(r.Target.Kind), ID: r.Target.ID, Name: r.Name},
			Open:   r.Open, Untouched: r.Untouched, Oldest: wire.Moment(r.Oldest), OnDuty: wire.DutiesOf(r.OnDuty),
		}
	}
	for i := range b.Newest {
		out.Newest[i] = wire.BriefOf(&b.Newest[i])
	}
	return &wire.Output[Board]{Body: out}, nil
}
