package listing

import (
	"context"

	"mashang/domain/annotation"
	"mashang/domain/record"
)

// Store is the part of the store that the area uses.
type Store interface {
	// Count returns the size of an index.
	Count(ctx context.Context, st string, ix record.Index) (int, error)
	// Changes returns the submissions of a station that changed after a position in the feed, by any process.
	// For "" it returns the newest position and no ids. Changes are written to the feed together with the
	// submissions; the feed keeps about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.FeedPage, error)
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	// UndeliveredOf returns the entries of the undelivered list about some submissions. Its cost does not depend on
	// the list's length.
	UndeliveredOf(ctx context.Context, st string, ids []string) ([]record.Undelivered, error)
	// Annotations returns what is kept beside submissions, by id. Those with nothing are absent.
	Annotations(ctx context.Context, st string, ids []string) (map[string]annotation.Set, error)
	HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error)
}
