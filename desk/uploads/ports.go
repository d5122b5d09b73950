package uploads

import (
	"context"
	"io"
	"time"

	"mashang/desk/kit"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is the part of the files that the area uses.
type Media interface {
	// Take recognises and stores what was sent; exactly one result is set.
	Take(ctx context.Context, r io.Reader) (*Photo, *Voice, error)
}

// Platform is the part of the platform that the area uses.
type Platform interface {
	CheckText(ctx context.Context, openid, text string) (kit.Verdict, error)
	// CheckPhoto asks the platform to check the picture at an address. The answer arrives later with the trace.
	// fault.TooMany and Unavailable may be retried, others not.
	CheckPhoto(ctx context.Context, openid, address string) (trace string, err error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// EnqueueNotice queues a notice that no act caused, once for its id.
	EnqueueNotice(ctx context.Context, st string, e notice.Entry, now time.Time) error
	PutUpload(ctx context.Context, u record.Upload) error
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// Attach adds the submission to each upload's list. Repeating it, or attaching to a submission that is
	// never admitted, does no harm.
	Attach(ctx context.Context, ids []string, submission string) error
	// QueueCheck marks the photo as being checked and queues the check.
	QueueCheck(ctx context.Context, c record.PhotoCheck, now time.Time) error
	// LeaseChecks leases checks that are to be sent, or whose answer is overdue.
	LeaseChecks(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.PhotoCheck, error)
	// PostponeCheck makes a check due at the time; afterwards its trace finds it.
	PostponeCheck(ctx context.Context, c record.PhotoCheck, at time.Time) error
	// FinishCheck ends the check; the photo's token no longer opens it.
	FinishCheck(ctx context.Context, upload string) error
	// UploadByTrace returns fault.NotFound for an unknown trace.
	UploadByTrace(ctx context.Context, trace string) (upload string, err error)
	// Judge stores a photo's state. ok is false when the state is unchanged or a liaison's decision forbids it.
	// final marks a liaison's decision.
	Judge(ctx context.Context, upload string, s record.Safety, final bool) (ok bool, err error)
	// Safeties returns the state of each upload.
	Safeties(ctx context.Context, uploads []string) (map[string]record.Safety, error)
	// HoldPhoto adds a photo to the list of its submission's station.
	HoldPhoto(ctx context.Context, submission, upload string, now time.Time) error
}
