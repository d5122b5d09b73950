package filing

import (
	"context"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
}

// Store is what the area asks of the store.
type Store interface {
	// Admit stores, numbers and queues a submission in one step: of those it is
	// offered to who have room, the best gets it, among equals the one with most
	// room, then the one not asked for longest; else the pool. replayed is true when the
	// key was used before with the same body; the submission is then what the first
	// receipt said and no more: id, number and the state it was filed into. Another
	// body is fault.IdempotencyMismatch.
	Admit(ctx context.Context, a record.Admission) (s casework.Submission, replayed bool, err error)
	// FindReceipt finds the first receipt of a key used with the same body before; ok is
	// false if there is none.
	FindReceipt(ctx context.Context, st, person, key, bodyHash string) (first casework.Submission, ok bool, err error)
}
