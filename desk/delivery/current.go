package delivery

import (
	"cmp"
	"context"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// current loads what an entry is about. A reminder's submissions that need none any more are left out; of the
// others the one due first leads.
func (svc *Service) current(ctx context.Context, st string, e notice.Entry) (notice.Entry, topic, error) {
	if e.Day != "" {
		t, err := svc.loadDay(ctx, st, e)
		return e, t, err
	}
	e, s, roster, err := svc.currentSubmission(ctx, e)
	return e, topic{station: roster, submission: s}, err
}

func (svc *Service) currentSubmission(ctx context.Context, e notice.Entry) (notice.Entry, casework.Submission, *station.Station, error) {
	first, st, err := svc.kit.Load(ctx, e.Submission)
	if len(e.Also) == 0 || err != nil && !fault.Is(err, fault.NotFound) {
		return e, first, st, err
	}
	var open []casework.Submission
	if err == nil && !e.Stale(first) {
		open = append(open, first)
	}
	for _, id := range e.Also {
		s, roster, err := svc.kit.Load(ctx, id)
		switch {
		case fault.Is(err, fault.Unavailable):
			return e, s, roster, err
		case err == nil && !e.Stale(s):
			open, st = append(open, s), roster
		}
	}
	if len(open) == 0 {
		return e, first, st, err
	}
	slices.SortStableFunc(open, func(a, b casework.Submission) int { return cmp.Compare(a.DueAt, b.DueAt) })
	e.Submission, e.Also = open[0].ID, nil
	for _, s := range open[1:] {
		e.Also = append(e.Also, s.ID)
	}
	return e, open[0], st, nil
}

// alsoCovered returns how many submissions or days besides the entry's own the message covers.
func (b joinedEntry) alsoCovered(e notice.Entry) int {
	n := len(e.Also)
	for _, o := range b.others {
		n += 1 + len(o.Also)
	}
	return n
}
