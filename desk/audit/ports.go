package audit

import (
	"context"

	"mashang/domain/record"
)

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	// BlindIndex returns the keyed digest of a value for a purpose; without the key nobody can test a guess.
	// BlindIndexes returns the digests under all keys, the current one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Store is the part of the store that the area uses.
type Store interface {
	// LastAudit returns the newest line and the number of lines. AppendAudit appends a line; ok is false if the
	// newest line is not after.
	LastAudit(ctx context.Context, st string) (l record.Link, count int64, err error)
	AppendAudit(ctx context.Context, st, after string, l record.Link) (ok bool, err error)
	// Audits returns up to n lines before an entry, newest first.
	Audits(ctx context.Context, st, before string, n int) ([]record.Link, error)
}
