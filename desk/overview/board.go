package overview

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

// maxBoardRead is how many open submissions a board reads; the rest is counted only.
const maxBoardRead = 500

// maxNewest is how many of the newest it lists.
const maxNewest = 10

// Board is the station's present state, for a wall screen in a surge.
type Board struct {
	At    time.Time
	Surge roster.SurgeState
	// Open counts the open submissions; of them Untouched were not accepted or answered yet, and Overdue are
	// past their deadline.
	Open, Untouched, Overdue int
	// Partial is set when there are more open submissions than maxBoardRead: the rows then count the newest of
	// each state only.
	Partial bool
	Rows    []BoardRow
	// Newest are the newest open submissions.
	Newest []matters.View
	newest []casework.Submission
}

// BoardRow is about the submissions filed under one kind of target: a place, a room, a member or the station.
type BoardRow struct {
	Target    station.Target
	Name      string
	Open      int
	Untouched int
	// Oldest is when the oldest untouched submission was filed, zero for none.
	Oldest time.Time
	OnDuty []codes.Duty
}

// untouched are the states in which nobody has handled a submission yet.
var untouched = []casework.State{casework.Held, casework.Pooled, casework.Assigned}

// Board returns the station's board. Rows with the longest wait come first.
func (svc *Service) Board(ctx context.Context, c access.Caller) (Board, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return Board{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Board{}, err
	}
	b, err := svc.boardOf(ctx, st)
	b.Newest = svc.matters.Views(c, st, b.newest)
	return b, err
}

// boardOf returns a board for callers that may see the station's numbers. It leaves Newest to callers that may
// see submissions.
func (svc *Service) boardOf(ctx context.Context, st *station.Station) (b Board, err error) {
	now := svc.kit.Now()
	b.At = now
	if b.Surge, err = svc.roster.SurgeState(ctx, st); err != nil {
		return b, err
	}
	if b.Overdue, _, err = svc.store.Due(ctx, st.ID, now, now); err != nil {
		return b, err
	}
	open, err := svc.openSubmissions(ctx, st.ID, &b)
	if err != nil {
		return b, err
	}
	rows := map[station.Target]*BoardRow{}
	for _, p := range st.Places {
		boardRow(rows, st, station.Target{Kind: station.ForPlace, ID: p.ID})
	}
	for _, s := range open {
		r := boardRow(rows, st, s.Target)
		r.Open++
		if slices.Contains(untouched, s.State) {
			r.Untouched++
			if at := s.FiledAt.Time(); r.Oldest.IsZero() || at.Before(r.Oldest) {
				r.Oldest = at
			}
		}
	}
	for _, r := range rows {
		for _, x := range st.DutyAt(r.Target, now) {
			m, _ := st.Member(x.Member)
			r.OnDuty = append(r.OnDuty, codes.Duty{Member: codes.CardOf(m), From: x.From, To: x.To})
		}
		b.Rows = append(b.Rows, *r)
	}
	slices.SortFunc(b.Rows, func(x, y BoardRow) int {
		return cmp.Or(
			compareWait(x.Oldest, y.Oldest), cmp.Compare(y.Open, x.Open),
			cmp.Compare(x.Target.Kind, y.Target.Kind), cmp.Compare(x.Target.ID, y.Target.ID),
		)
	})
	slices.SortFunc(open, func(x, y casework.Submission) int {
		return cmp.Or(cmp.Compare(y.FiledAt, x.FiledAt), cmp.Compare(y.ID, x.ID))
	})
	b.newest = open[:min(len(open), maxNewest)]
	return b, nil
}

// openSubmissions reads up to maxBoardRead open submissions and counts all.
func (svc *Service) openSubmissions(ctx context.Context, st string, b *Board) ([]casework.Submission, error) {
	var open []casework.Submission
	for _, state := range casework.States {
		if !state.Open() {
			continue
		}
		ix := record.Index{Name: record.InState, Arg: string(state)}
		n, err := svc.store.Count(ctx, st, ix)
		if err != nil {
			return nil, err
		}
		b.Open += n
		if slices.Contains(untouched, state) {
			b.Untouched += n
		}
		at, more := record.Cursor{}, n > 0
		for more && len(open) < maxBoardRead {
			var list []casework.Submission
			if list, at, more, err = svc.kit.Records.Page(ctx, st, ix, at, min(kit.PageLimit, maxBoardRead-len(open))); err != nil {
				return nil, err
			}
			open = append(open, list...)
		}
		b.Partial = b.Partial || more
	}
	return open, nil
}

func boardRow(rows map[station.Target]*BoardRow, st *station.Station, t station.Target) *BoardRow {
	r, ok := rows[t]
	if !ok {
		r = &BoardRow{Target: t}
		r.Name, _ = st.Resolve(t)
		rows[t] = r
	}
	return r
}

// compareWait sorts the longest wait first and rows without a wait last.
func compareWait(x, y time.Time) int {
	switch {
	case x.IsZero() && y.IsZero():
		return 0
	case x.IsZero():
		return 1
	case y.IsZero():
		return -1
	default:
		return x.Compare(y)
	}
}
