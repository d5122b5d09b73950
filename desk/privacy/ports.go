package privacy

import (
	"context"
	"time"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is the part of the files that the area uses.
type Media interface {
	// Remove deletes a file. A missing file is no error.
	Remove(hash string) error
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the notices to the outbox, all or
	// nothing. ok is false when was is no longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (ok bool, err error)
	// DropUndelivered removes a receiver's entries about a submission from the undelivered list; all receivers'
	// when receiver is "".
	DropUndelivered(ctx context.Context, submission, receiver string) error
	// Personal returns the lists that a person keeps.
	Personal(ctx context.Context, person string) (record.Personal, error)
	// DropHandover removes the offer by which a submission was to be handed over. A missing one is no error.
	DropHandover(ctx context.Context, submission string) error
	// DropPerson deletes everything stored about a person except what they filed.
	DropPerson(ctx context.Context, person string) error
	Visited(ctx context.Context, person string) ([]string, error)
	ConsentsLeft(ctx context.Context, person string) (notice.Consents, error)
	PutUpload(ctx context.Context, u record.Upload) error
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// UploadsOf lists a person's uploads; SharedFiles tells which files another person uploaded too. Each scans
	// all uploads once. unread counts the unreadable records, any of which may be the person's.
	UploadsOf(ctx context.Context, owner string) (list []record.Upload, unread int, err error)
	SharedFiles(ctx context.Context, owner string, hashes []string) (map[string]bool, error)
	// PutPendingErasure stores a person whose erasure met unreadable records, PendingErasures lists them,
	// DropPendingErasure removes one.
	PutPendingErasure(ctx context.Context, person string, since time.Time) error
	PendingErasures(ctx context.Context) ([]string, error)
	DropPendingErasure(ctx context.Context, person string) error
	// DropUpload deletes an upload's record. A missing one is no error.
	DropUpload(ctx context.Context, id string) error
	// FinishCheck ends the check; the photo's token no longer opens it.
	FinishCheck(ctx context.Context, upload string) error
	ReleasePhoto(ctx context.Context, submission, upload string) error
	DropResult(ctx context.Context, submission string) error
}
