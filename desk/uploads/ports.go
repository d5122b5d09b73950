package uploads

import (
	"context"
	"io"
	"time"

	"mashang/desk/kit"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Media is what the area asks of the files.
type Media interface {
	// Take recognises what was sent; exactly one result is set.
	Take(ctx context.Context, r io.Reader) (*Photo, *Voice, error)
}

// Platform is what the area asks of the platform.
type Platform interface {
	CheckText(ctx context.Context, openid, text string) (kit.Verdict, error)
	// CheckPhoto asks the platform to look at the picture behind an address;
	// the answer arrives later under the trace. fault.TooMany and Unavailable
	// can be tried again, others cannot.
	CheckPhoto(ctx context.Context, openid, address string) (trace string, err error)
}

// Store is what the area asks of the store.
type Store interface {
	// Tell queues an entry that no act caused, once for its id.
	EnqueueNotice(ctx context.Context, st string, e notice.Entry, now time.Time) error
	PutUpload(ctx context.Context, u record.Upload) error
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// Attach adds the submission to each upload's list; doing so twice, or for
	// a submission that is never admitted, harms nothing.
	Attach(ctx context.Context, ids []string, submission string) error
	// QueueCheck marks the photo as being checked and queues the question.
	QueueCheck(ctx context.Context, c record.PhotoCheck, now time.Time) error
	// LeaseChecks hands out questions to be asked, or whose answer is waited
	// for no longer.
	LeaseChecks(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.PhotoCheck, error)
	// PostponeCheck makes a question due at the time; its trace finds it then.
	PostponeCheck(ctx context.Context, c record.PhotoCheck, at time.Time) error
	// FinishCheck ends the question; the photo's token opens it no more.
	FinishCheck(ctx context.Context, upload string) error
	// UploadByTrace and UploadByToken answer fault.NotFound for an unknown trace or token.
	UploadByTrace(ctx context.Context, trace string) (upload string, err error)
	// Judge writes down what is known; ok is false when a liaison's word stands
	// against it, or it was so before. final marks a liaison's word.
	Judge(ctx context.Context, upload string, s record.Safety, final bool) (ok bool, err error)
	// Safeties says what is known of each.
	Safeties(ctx context.Context, uploads []string) (map[string]record.Safety, error)
	// HoldPhoto puts a photo on the list of its submission's station, ReleasePhoto
	// takes it off.
	HoldPhoto(ctx context.Context, submission, upload string, now time.Time) error
}
