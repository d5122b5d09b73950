package jobs

import (
	"context"

	"mashang/domain/record"
)

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// AddJob stores a new job. ok is false when its person has an unfinished one of its kind.
	AddJob(ctx context.Context, j record.Job) (ok bool, err error)
	// PutJob stores a job's progress. 30 seconds without it allow the person another job of the kind.
	PutJob(ctx context.Context, j record.Job) error
	// CancelJob requests a job's cancellation; JobCancelled reads the request.
	CancelJob(ctx context.Context, st, id string) error
	JobCancelled(ctx context.Context, st, id string) (bool, error)
	// Job returns fault.NotFound for a job that is no longer kept.
	Job(ctx context.Context, st, id string) (record.Job, error)
	// Jobs lists a person's jobs, newest first, at most 50.
	Jobs(ctx context.Context, st, person string) ([]record.Job, error)
	// PutJobFile stores the job's file. JobFile returns fault.NotFound without one.
	PutJobFile(ctx context.Context, st, id string, data []byte) error
	JobFile(ctx context.Context, st, id string) ([]byte, error)
}
