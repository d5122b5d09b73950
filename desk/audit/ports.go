package audit

import (
	"context"

	"mashang/domain/record"
)

// Sealer is what the area asks of the key ring.
type Sealer interface {
	// BlindIndex names a value for a purpose; nobody without the key can test a
	// guess. BlindIndexes are its names under every key, the present one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Store is what the area asks of the store.
type Store interface {
	// LastAudit returns the newest line and how many there are; AppendAudit
	// appends one unless the newest is another than after.
	LastAudit(ctx context.Context, st string) (l record.Link, count int64, err error)
	AppendAudit(ctx context.Context, st, after string, l record.Link) (ok bool, err error)
	// Audits returns up to n lines before an entry, the newest first.
	Audits(ctx context.Context, st, before string, n int) ([]record.Link, error)
}
