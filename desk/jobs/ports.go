package jobs

import (
	"context"

	"mashang/domain/record"
)

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is what the area asks of the store.
type Store interface {
	// AddJob writes down a new job; ok is false when its person has one of its
	// kind in hand already.
	AddJob(ctx context.Context, j record.Job) (ok bool, err error)
	// PutJob writes down how far it has come. Half a minute without it frees the
	// person to begin another of the kind.
	PutJob(ctx context.Context, j record.Job) error
	// CancelJob leaves word that it is to stop, JobCancelled asks for it.
	CancelJob(ctx context.Context, st, id string) error
	JobCancelled(ctx context.Context, st, id string) (bool, error)
	// Job answers fault.NotFound for one that is not there any more.
	Job(ctx context.Context, st, id string) (record.Job, error)
	// Jobs lists a person's, the newest first, 50 at most.
	Jobs(ctx context.Context, st, person string) ([]record.Job, error)
	// PutJobFile keeps what it made; JobFile answers fault.NotFound without.
	PutJobFile(ctx context.Context, st, id string, data []byte) error
	JobFile(ctx context.Context, st, id string) ([]byte, error)
}
