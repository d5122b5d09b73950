package listing

import (
	"context"

	"mashang/domain/record"
)

// Store is what the area asks of the store.
type Store interface {
	// Changes returns which of a station's submissions changed after a place in
	// the feed, by whichever process. "" stands for now: it returns the newest
	// place and no ids. It is written with each change, all or nothing, and
	// remembers about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.FeedPage, error)
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	// FilterUndelivered returns those of the submissions that the list names. Both cost
	// the same however long the list is.
	FilterUndelivered(ctx context.Context, st string, ids []string) ([]string, error)
	HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error)
}
