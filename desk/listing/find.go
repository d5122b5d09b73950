package listing

import (
	"context"
	"math"
	"strings"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/listindex"
	"mashang/domain/record"
)

// Find reads a page of the submissions that match the query, and the cursor of the next page, "" at the end.
func (svc *Service) Find(ctx context.Context, st string, q listindex.Query, at record.Cursor, limit int) (found listindex.Result, list []casework.Submission, next string, err error) {
	after, now := placeIn(st, at), casework.At(svc.kit.Now())
	if err := svc.WithIndex(ctx, st, func(x *listindex.Index) { found = x.Find(q, after, limit, now) }); err != nil {
		return found, nil, "", err
	}
	if found.More {
		next = kit.EncodeCursor(record.Cursor{Score: float64(found.Next.Key), ID: found.Next.ID})
	}
	list, err = svc.kit.Records.LoadMany(ctx, st, found.IDs)
	return found, list, next, err
}

// placeIn converts a cursor into one of the station's index. Cursors of older versions have ids without the
// station.
func placeIn(st string, at record.Cursor) listindex.Cursor {
	if at.ID == "" {
		return listindex.Cursor{}
	}
	if !strings.HasPrefix(at.ID, st+"-") {
		at.ID = st + "-" + at.ID
	}
	return listindex.Cursor{Key: int64(math.Max(math.Min(at.Score, 1<<53), -1<<53)), ID: at.ID}
}

// Place returns the newest position in a station's feed of changes. Its cost is one read.
func (svc *Service) Place(ctx context.Context, st string) (string, error) {
	page, err := svc.store.Changes(ctx, st, "")
	return page.Next, err
}
