package privacy

import (
	"context"
	"time"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is what the area asks of the files.
type Media interface {
	// Remove deletes a file; one that is not there is no error.
	Remove(hash string) error
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
}

// Store is what the area asks of the store.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the
	// notices to the outbox, all or nothing. ok is false when was is no
	// longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, tell []notice.Entry) (ok bool, err error)
	// DropUndelivered takes the receiver's entries about a submission off the list;
	// everybody's when receiver is "".
	DropUndelivered(ctx context.Context, submission, receiver string) error
	// Phrases are what a person often says; PutPhrases replaces them.
	Phrases(ctx context.Context, person string) ([]string, error)
	// SavedViews are the list filters a person keeps; PutSavedViews replaces them.
	SavedViews(ctx context.Context, person string) ([]record.SavedView, error)
	// PutInvite and TakeInvite keep hashes of codes; Take works once and
	// answers fault.NotFound after that.
	// PutTakeover keeps the hash of a code with which somebody takes a submission
	// over. TakeTakeover works once and answers fault.NotFound after that.
	PutTakeover(ctx context.Context, codeHash, submission string, ttl time.Duration) error
	TakeTakeover(ctx context.Context, codeHash string) (submission string, err error)
	// DropPerson deletes everything that is kept of a person but what they filed.
	DropPerson(ctx context.Context, person string) error
	Visited(ctx context.Context, person string) ([]string, error)
	ConsentsLeft(ctx context.Context, person string) (notice.Consents, error)
	PutUpload(ctx context.Context, u record.Upload) error
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// UploadsOf lists what a person uploaded, SharedFiles tells which files
	// somebody besides them uploaded as well: both look through everything, once
	// for all that is asked. unread counts the records that cannot be read, any of
	// which may be the person's too.
	UploadsOf(ctx context.Context, owner string) (list []record.Upload, unread int, err error)
	SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error)
	// PutPendingErasure notes a person whose erasure met records that could not be read,
	// PendingErasures lists them, DropPendingErasure strikes one off.
	PutPendingErasure(ctx context.Context, person string, since time.Time) error
	PendingErasures(ctx context.Context) ([]string, error)
	DropPendingErasure(ctx context.Context, person string) error
	// DropUpload deletes an upload's record; one that is not there is no error.
	DropUpload(ctx context.Context, id string) error
	// FinishCheck ends the question; the photo's token opens it no more.
	FinishCheck(ctx context.Context, upload string) error
	ReleasePhoto(ctx context.Context, submission, upload string) error
	DropResult(ctx context.Context, submission string) error
}
