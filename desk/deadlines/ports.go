package deadlines

import (
	"context"
	"time"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Store is the part of the store that the area uses.
type Store interface {
	// Commit replaces was by next, moves it between queues and writes the notices to the outbox, all or
	// nothing. ok is false when was is no longer the newest version.
	Commit(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (ok bool, err error)
	// PendingRelays returns up to n leads whose newest step was not passed on to their followers yet.
	PendingRelays(ctx context.Context, st string, n int) ([]string, error)
	// Timers returns up to n submissions whose reminder is due by now, longest due first.
	Timers(ctx context.Context, st string, now time.Time, n int) ([]record.Timer, error)
	// Remind sets the next reminder of each and queues the notices, all or nothing. It returns the submissions
	// that changed or were reminded of meanwhile; then nothing was stored.
	Remind(ctx context.Context, st string, list []record.Reminded, notices []notice.Entry, now time.Time) (missed []string, err error)
	// LockReminders locks a station's reminders for one process; release unlocks early.
	LockReminders(ctx context.Context, st string, ttl time.Duration) (release func(), ok bool, err error)
	// AssistsDue returns the ids of up to n submissions with an assistant to be reminded.
	AssistsDue(ctx context.Context, st string, now time.Time, n int) ([]string, error)
	// SetNextAssistUrge sets the time of the next reminder. ok is false if the submission changed, or another
	// process has set it.
	SetNextAssistUrge(ctx context.Context, s casework.Submission, now, next time.Time) (ok bool, err error)
	// EnqueueNotice queues a notice that no act caused, once for its id.
	EnqueueNotice(ctx context.Context, st string, e notice.Entry, now time.Time) error
	// Bound returns the person bound to a role, "" for none.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
}
