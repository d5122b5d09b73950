package matters

import (
	"context"
	"time"

	"mashang/desk/uploads"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is the part of the files that the area uses.
type Media interface {
	// Open returns fault.NotFound for an unknown hash. thumb selects a photo's thumbnail.
	Open(kind, hash string, thumb bool) (*uploads.File, error)
}

// Painter is the part of the printer that the area uses.
type Painter interface {
	// Dossier renders a dossier as a PDF.
	Dossier(d record.Dossier, made time.Time) ([]byte, error)
	// SVG draws the QR code of an address.
	SVG(url string) ([]byte, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the notices to the outbox, all or
	// nothing. ok is false when was is no longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (ok bool, err error)
	// CommitAll is Commit for several submissions of one station, all or none.
	CommitAll(ctx context.Context, st string, list []record.Change, notices []notice.Entry) (ok bool, err error)
	FinishRelay(ctx context.Context, id string, version int) error
	// LastAssigned returns the time of each member's last assignment. A member without one is absent.
	LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error)
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Bound returns the person bound to a role, "" for none.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	Visited(ctx context.Context, person string) ([]string, error)
	// SetContact stores a person's household contact as "<station> <member>"; "" removes it.
	SetContact(ctx context.Context, person, contact string) error
	// SetOpened stores the submission that a member opened last, or the one by which a person came to the chat:
	// its id, or a number that is of no open one. An answer in the chat goes to it.
	SetOpened(ctx context.Context, person, submission string, at time.Time) error
	// Model answers fault.NotFound for a station without one.
	Model(ctx context.Context, st string) (file []byte, version int, err error)
	// ModelVersion is cheap. It returns 0 for no model.
	ModelVersion(ctx context.Context, st string) (int, error)
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// FinishCheck ends the platform's check of a photo; its token no longer opens it.
	FinishCheck(ctx context.Context, upload string) error
	UploadByToken(ctx context.Context, token string) (upload string, err error)
	// Judge stores a photo's state. ok is false when the state is unchanged or a liaison's decision forbids it.
	// final marks a liaison's decision.
	Judge(ctx context.Context, upload string, s record.Safety, final bool) (ok bool, err error)
	// Safeties returns the state of each upload.
	Safeties(ctx context.Context, uploads []string) (map[string]record.Safety, error)
	ReleasePhoto(ctx context.Context, submission, upload string) error
	HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error)
}
