package filing

import (
	"context"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// Admit stores, numbers and queues a submission in one step. It is assigned to the best candidate with
	// room, among equals to the one with most room, then to the one whose last assignment is longest ago;
	// without such a candidate it goes to the pool. replayed is true when the key was used before with the same
	// body; s then has only what the first receipt said: id, number and the state it was filed into. The key
	// with another body is fault.IdempotencyMismatch.
	Admit(ctx context.Context, a record.Admission) (s casework.Submission, replayed bool, err error)
	// FindReceipt finds the first receipt for a key that was used with the same body. ok is false if there is
	// none.
	FindReceipt(ctx context.Context, st, person, key, bodyHash string) (first casework.Submission, ok bool, err error)
}
