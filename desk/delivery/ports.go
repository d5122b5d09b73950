package delivery

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// Platform is what the area asks of the platform.
type Platform interface {
	// Notify asks for one delivery. err explains an outcome other than Sent,
	// for the log; it holds nothing personal.
	Notify(ctx context.Context, m notice.Message) (notice.Receipt, error)
	// Chat sends a text into the customer-service chat; fault.WrongState when
	// the platform's window is closed.
	Chat(ctx context.Context, openid, text string) error
	// Template and PurposeOf translate between purposes and template ids.
	Template(p notice.Purpose) string
	// Preview says how a phone shows a message, field by field, fitted as Notify fits
	// it, whether its purpose has a template or not.
	Preview(m notice.Message) ([]notice.FieldPreview, error)
	PurposeOf(template string) (notice.Purpose, bool)
}

// Store is what the area asks of the store.
type Store interface {
	// Lease hands out up to n entries that are due and hides them until the
	// lease ends; a crashed worker's entries come back by themselves.
	Lease(ctx context.Context, st string, now time.Time, lease time.Duration, n int) ([]notice.Entry, error)
	// Finish removes the entry and records its outcome; Dead keeps it aside. Who
	// is told leaves the list of the untold.
	Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error
	// Postpone makes it due again at the time, keeping its Attempts.
	Postpone(ctx context.Context, st string, e notice.Entry, at time.Time) error
	// PutUndelivered puts somebody on their station's list; of several for the same
	// submission, receiver and purpose the newest stands.
	PutUndelivered(ctx context.Context, u record.Undelivered) error
	// DropUndelivered takes the receiver's entries about a submission off the list;
	// everybody's when receiver is "".
	DropUndelivered(ctx context.Context, submission, receiver string) error
	ResolveUndelivered(ctx context.Context, st, id string) error
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	// UndeliveredReceivers returns the receivers that the list names for a submission.
	UndeliveredReceivers(ctx context.Context, submission string) ([]string, error)
	// NoticesByMsgID finds what was told by the platform's message of that id among the
	// newest 2,000: submissions, purpose and when. It answers fault.NotFound.
	NoticesByMsgID(ctx context.Context, st, msgID string) ([]notice.Entry, error)
	// Bound returns who is bound to a role's ref, "" for nobody; BoundAll does so
	// for many, in their order.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	Visited(ctx context.Context, person string) ([]string, error)
	// AddConsents adds, one tap once, though two sources tell of it. ConsentsLeft
	// says how many are left where anything is known; SpendConsent takes one of a
	// known count; ClearConsents sets it to none.
	AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error
	ConsentsLeft(ctx context.Context, person string) (notice.Consents, error)
	SpendConsent(ctx context.Context, person string, p notice.Purpose) error
	ClearConsents(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson lets one sender at a time reach a person; release frees it early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	// OpenChat lets n messages be sent until the time, by the arrival of that id.
	// What happened before the window's newest opening, and that one told again,
	// changes nothing.
	OpenChat(ctx context.Context, person string, w record.Window, by string, until time.Time, n int) error
	// ChatLeft is how many may still be sent.
	ChatLeft(ctx context.Context, person string, now time.Time) (int, error)
	// SpendChat takes one message, if at least keep are left after it.
	SpendChat(ctx context.Context, person string, now time.Time, keep int) (ok bool, err error)
	// CloseChat forgets the person's windows.
	CloseChat(ctx context.Context, person string) error
}
