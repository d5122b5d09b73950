package handover

import (
	"context"
	"time"

	"mashang/domain/record"
)

// Painter is the part of the printer that the area uses.
type Painter interface {
	// SVG draws the QR code of an address.
	SVG(url string) ([]byte, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// BlindIndex returns the keyed digest of a value for a purpose; without the key nobody can test a guess.
	// BlindIndexes returns the digests under all keys, the current one first.
	BlindIndex(value, purpose string) string
	BlindIndexes(value, purpose string) []string
}

// Store is the part of the store that the area uses.
type Store interface {
	// PutHandover stores for ttl, by the hash of a secret, the id of the submission that it leads to. Handover returns
	// this id, or by a submission's id its sealed offer; fault.NotFound for none.
	PutHandover(ctx context.Context, name, value string, ttl time.Duration) error
	Handover(ctx context.Context, name string) (value string, err error)
	// ChangeHandover replaces a submission's sealed offer, "" for none, by next, which lives for ttl; 0 keeps the
	// remaining time. ok is false when the offer has changed or ended. DropHandover removes it; a missing one is no
	// error.
	ChangeHandover(ctx context.Context, submission, was, next string, ttl time.Duration) (ok bool, err error)
	DropHandover(ctx context.Context, submission string) error
	// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly. When none is
	// left it returns the time until the next one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
}
