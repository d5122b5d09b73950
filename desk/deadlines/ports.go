package deadlines

import (
	"context"
	"time"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Store is what the area asks of the store.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the
	// notices to the outbox, all or nothing. ok is false when was is no
	// longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, tell []notice.Entry) (ok bool, err error)
	// PendingRelays returns up to n leads whose followers have to hear of something;
	// FinishRelay takes one off that list if it still has the version they heard of.
	PendingRelays(ctx context.Context, st string, n int) ([]string, error)
	// Timers returns up to n submissions of which somebody is to be reminded by
	// now, the longest due first.
	Timers(ctx context.Context, st string, now time.Time, n int) ([]record.Timer, error)
	// Remind sets the next reminder of each and queues the notices, all or
	// nothing. It returns those of which somebody was reminded meanwhile, or that
	// changed; then nothing was done.
	Remind(ctx context.Context, st string, list []record.Reminded, tell []notice.Entry, now time.Time) (missed []string, err error)
	// LockReminders lets one process at a time look after a station's reminders; release
	// ends it early.
	LockReminders(ctx context.Context, st string, ttl time.Duration) (release func(), ok bool, err error)
	// AssistsDue returns ids of up to n submissions in which an assistant is to
	// be urged.
	AssistsDue(ctx context.Context, st string, now time.Time, n int) ([]string, error)
	// AssistsUrged sets the time of the next urge, unless somebody has acted on
	// it or done so since (ok false).
	AssistsUrged(ctx context.Context, s casework.Submission, now, next time.Time) (ok bool, err error)
	// Tell queues an entry that no act caused, once for its id.
	Tell(ctx context.Context, st string, e notice.Entry, now time.Time) error
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
}
