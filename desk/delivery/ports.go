package delivery

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// Platform is the part of the platform that the area uses.
type Platform interface {
	// Notify requests one delivery. err explains an outcome other than Sent for the log; it holds nothing
	// personal.
	Notify(ctx context.Context, m notice.Message) (notice.Receipt, error)
	// Chat sends a text into the customer-service chat; fault.WrongState when the platform's window is closed.
	Chat(ctx context.Context, openid, text string) error
	// Template returns the template id of a purpose, PurposeOf the purpose of a template id.
	Template(p notice.Purpose) string
	// Preview returns the fields as a phone shows them, truncated as Notify truncates them. It needs no
	// configured template.
	Preview(m notice.Message) ([]notice.FieldPreview, error)
	PurposeOf(template string) (notice.Purpose, bool)
	// Open reports whether calls are held back because the platform does not answer.
	Open() bool
}

// Store is the part of the store that the area uses.
type Store interface {
	// Lease leases up to n due entries and hides them until the lease ends. A crashed worker's entries then
	// become due again.
	Lease(ctx context.Context, st string, now time.Time, lease time.Duration, n int) ([]notice.Entry, error)
	// Finish removes the entry and records its outcome; Dead keeps it aside. A receiver that was reached leaves
	// the undelivered list.
	Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error
	// Postpone makes the entry due at the time. It stores e's Attempts.
	Postpone(ctx context.Context, st string, e notice.Entry, at time.Time) error
	// PutUndelivered adds an entry to its station's undelivered list. It replaces one for the same submission or
	// reception day, receiver and purpose.
	PutUndelivered(ctx context.Context, u record.Undelivered) error
	// DropUndelivered removes a receiver's entries about a submission, or about what record.DayRef names, from the
	// list; all receivers' when receiver is "".
	DropUndelivered(ctx context.Context, submission, receiver string) error
	ResolveUndelivered(ctx context.Context, st, id string) error
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	// UndeliveredOf returns the entries of the undelivered list about some submissions, or about what record.DayRef
	// names.
	UndeliveredOf(ctx context.Context, st string, ids []string) ([]record.Undelivered, error)
	// NoticesByMsgID finds the notices that a platform's message covered, among the newest 2,000: what they are
	// about, purpose and time. It returns fault.NotFound for none.
	NoticesByMsgID(ctx context.Context, st, msgID string) ([]notice.Entry, error)
	// Bound returns the person bound to a role, "" for none.
	Bound(ctx context.Context, in record.Invite) (person string, err error)
	Visited(ctx context.Context, person string) ([]string, error)
	// AddConsents adds consents. One tap counts once, even if two sources report it. ConsentsLeft returns the
	// counts that are known; SpendConsent subtracts one from a known count; ClearConsents sets it to none.
	AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error
	ConsentsLeft(ctx context.Context, person string) (notice.Consents, error)
	SpendConsent(ctx context.Context, person string, p notice.Purpose) error
	ClearConsents(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson locks a person for one sender; release unlocks early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	// OpenChat allows n messages until the time, for the event with the id. An event that is older than the
	// window's newest opening, or was counted before, changes nothing.
	OpenChat(ctx context.Context, person string, w record.Window, by string, until time.Time, n int) error
	// ChatLeft returns how many messages may still be sent.
	ChatLeft(ctx context.Context, person string, now time.Time) (int, error)
	// SpendChat spends one message if at least keep are left after it.
	SpendChat(ctx context.Context, person string, now time.Time, keep int) (ok bool, err error)
	// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly. When none is
	// left, it takes nothing and returns the wait.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	// CloseChat removes the person's windows.
	CloseChat(ctx context.Context, person string) error
}

// Documents has the reception days and bookings that notices are about.
type Documents interface {
	// Documents returns the documents of a kind that exist, in the order of the ids.
	Documents(ctx context.Context, st string, kind record.DocumentKind, ids ...string) ([]record.Document, error)
}
