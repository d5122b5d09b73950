package handlers

import (
	"context"
	"math"
	"net/http"
	"time"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/station"
)

// Surge is how the station's surge stands.
type Surge struct {
	On       bool       `json:"on"`
	Since    *time.Time `json:"since,omitempty"`
	Until    *time.Time `json:"until,omitempty" doc:"It ends by itself then."`
	By       string     `json:"by,omitempty" doc:"The liaison who set it."`
	Note     string     `json:"note,omitempty" doc:"What visitors are told beside the station's number."`
	LastHour int        `json:"last_hour" doc:"How many submissions came in the last hour."`
	PerHour  float64    `json:"per_hour" doc:"How many come in an hour, on the average of the seven days before."`
	Proposed bool       `json:"proposed" doc:"At least three times as many come as usual; never while it is on."`
}

// SurgeSetting switches a surge on.
type SurgeSetting struct {
	Until time.Time `json:"until" doc:"At most 14 days from now."`
	Note  string    `json:"note,omitempty" doc:"At most 100 characters; shown to visitors."`
}

// Board is the station at this moment, for a screen on the wall.
type Board struct {
	At        time.Time    `json:"at"`
	Surge     Surge        `json:"surge"`
	Open      int          `json:"open"`
	Untouched int          `json:"untouched" doc:"Of the open ones, those nobody has accepted or answered."`
	Overdue   int          `json:"overdue"`
	Partial   bool         `json:"partial" doc:"There are more open ones than the rows were counted from."`
	Rows      []BoardRow   `json:"rows" nullable:"false" doc:"By what was scanned; where somebody waits the longest comes first."`
	Newest    []Submission `json:"newest" nullable:"false" doc:"The latest filed that are open, at most ten."`
}

// BoardRow is what was filed under one kind of code.
type BoardRow struct {
	Target    Target     `json:"target"`
	Open      int        `json:"open"`
	Untouched int        `json:"untouched"`
	Oldest    *time.Time `json:"oldest" doc:"Since when the longest untouched waits; null for none."`
	OnDuty    []Duty     `json:"on_duty" nullable:"false"`
}

type surgeIn struct{ Body SurgeSetting }

func (f *Face) addSurge() {
	handle(f, op(http.MethodGet, "/station/surge", "surge", "How the station's surge stands, and whether one should be thought of.").
		by(staff).fails(http.StatusForbidden), f.surge)
	handle(f, op(http.MethodPut, "/station/surge", "startSurge", "Switch the surge on until a time, or move its end: extra duty slots count, reminders come sooner, visitors are given the station's number.").
		by(staff).writes().fails(http.StatusForbidden), f.startSurge)
	handle(f, op(http.MethodDelete, "/station/surge", "endSurge", "Switch the surge off.").
		by(staff).fails(http.StatusForbidden, http.StatusServiceUnavailable), f.endSurge)
	handle(f, op(http.MethodGet, "/station/board", "board", "The station at this moment, for a screen on the wall in a rush.").
		by(staff).fails(http.StatusForbidden), f.board)
}

func (f *Face) surge(ctx context.Context, c access.Caller, _ *nothing) (*answer[Surge], error) {
	s, err := f.desk.Roster.Surge(ctx, c)
	if err != nil {
		return nil, err
	}
	return &answer[Surge]{surgeOf(s)}, nil
}

func (f *Face) startSurge(ctx context.Context, c access.Caller, in *surgeIn) (*answer[Surge], error) {
	s, err := f.desk.Roster.StartSurge(ctx, c, in.Body.Until, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return &answer[Surge]{surgeOf(s)}, nil
}

func (f *Face) endSurge(ctx context.Context, c access.Caller, _ *nothing) (*answer[Surge], error) {
	s, err := f.desk.Roster.EndSurge(ctx, c)
	if err != nil {
		return nil, err
	}
	return &answer[Surge]{surgeOf(s)}, nil
}

func (f *Face) board(ctx context.Context, c access.Caller, _ *nothing) (*answer[Board], error) {
	b, err := f.desk.Overview.Board(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Board{
		At: b.At.In(station.Zone), Surge: surgeOf(b.Surge), Open: b.Open, Untouched: b.Untouched, Overdue: b.Overdue,
		Partial: b.Partial, Rows: make([]BoardRow, len(b.Rows)), Newest: make([]Submission, len(b.Newest)),
	}
	for i, r := range b.Rows {
		out.Rows[i] = BoardRow{
			Target: Target{Kind: string(r.Target.Kind), ID: r.Target.ID, Name: r.Name},
			Open:   r.Open, Untouched: r.Untouched, Oldest: moment(r.Oldest), OnDuty: dutiesOf(r.OnDuty),
		}
	}
	for i := range b.Newest {
		out.Newest[i] = briefOf(&b.Newest[i])
	}
	return &answer[Board]{out}, nil
}

func surgeOf(s roster.SurgeState) Surge {
	return Surge{
		On: s.On, Since: moment(s.Since), Until: moment(s.Until), By: s.By, Note: s.Note,
		LastHour: s.Arrivals.LastHour, PerHour: math.Round(s.Arrivals.PerHour*10) / 10, Proposed: s.Proposed,
	}
}

// moment is a time in the station's zone, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(station.Zone)
	return &t
}
