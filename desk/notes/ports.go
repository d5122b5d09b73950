package notes

import (
	"context"

	"mashang/domain/annotation"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Store is the part of the store that the area uses.
type Store interface {
	// Annotations returns what is kept beside submissions, by id. Those with nothing are absent.
	Annotations(ctx context.Context, st string, ids []string) (map[string]annotation.Set, error)
	// PutAnnotations replaces a set and queues the notices, all or nothing. ok is false when the set has another
	// revision by now, or with AnyRevision when there is none; then nothing was done.
	PutAnnotations(ctx context.Context, set annotation.Set, notices []notice.Entry) (ok bool, err error)
	// BoundAll returns the persons bound to roles, in their order, "" for none.
	BoundAll(ctx context.Context, list []record.Invite) (persons []string, err error)
}
