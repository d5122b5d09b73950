package matters

import (
	"context"
	"time"

	"mashang/desk/uploads"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is what the area asks of the files.
type Media interface {
	// Open answers fault.NotFound for an unknown hash. thumb asks for a
	// photo's small picture.
	Open(kind, hash string, thumb bool) (*uploads.File, error)
}

// Painter is what the area asks of the printer.
type Painter interface {
	// Dossier is a PDF of the file.
	Dossier(d record.Dossier, made time.Time) ([]byte, error)
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is what the area asks of the store.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the
	// notices to the outbox, all or nothing. ok is false when was is no
	// longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, tell []notice.Entry) (ok bool, err error)
	// CommitAll is Commit for several submissions of one station, all or none.
	CommitAll(ctx context.Context, st string, list []record.Change, tell []notice.Entry) (ok bool, err error)
	FinishRelay(ctx context.Context, id string, version int) error
	// LastAssigned returns when each member was last given something; who never was is
	// not there.
	LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error)
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	Visited(ctx context.Context, person string) ([]string, error)
	// SetContact notes the member whom a person named as their household's
	// contact, as "<station> <member>"; "" takes it back.
	SetContact(ctx context.Context, person, contact string) error
	// SetOpened and Opened remember which submission a member opened last, or a
	// person came to the chat by: its id, or a number that is of no open one.
	SetOpened(ctx context.Context, person, submission string, at time.Time) error
	// Model answers fault.NotFound for a station without one.
	Model(ctx context.Context, st string) (file []byte, version int, err error)
	// ModelVersion is cheap; 0 for none.
	ModelVersion(ctx context.Context, st string) (int, error)
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// FinishCheck ends the question; the photo's token opens it no more.
	FinishCheck(ctx context.Context, upload string) error
	UploadByToken(ctx context.Context, token string) (upload string, err error)
	// Judge writes down what is known; ok is false when a liaison's word stands
	// against it, or it was so before. final marks a liaison's word.
	Judge(ctx context.Context, upload string, s record.Safety, final bool) (ok bool, err error)
	// Safeties says what is known of each.
	Safeties(ctx context.Context, uploads []string) (map[string]record.Safety, error)
	ReleasePhoto(ctx context.Context, submission, upload string) error
	HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error)
	PutResult(ctx context.Context, r record.Result) error
	DropResult(ctx context.Context, submission string) error
	// Results returns all that a station publishes, in no order.
	Results(ctx context.Context, st string) ([]record.Result, error)
}
