package overview

import (
	"context"
	"time"

	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Reporter is the part of the report writer that the area uses.
type Reporter interface {
	// Spreadsheet returns a workbook with a sheet for each section. No cell is a formula.
	Spreadsheet(r figures.Report) ([]byte, error)
	// Print returns a PDF.
	Print(r figures.Report) ([]byte, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// Loads counts each member's open submissions.
	Loads(ctx context.Context, st string, members []string) (map[string]int, error)
	// LastAssigned returns the time of each member's last assignment. A member without one is absent.
	LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error)
	// Count returns the size of an index.
	Count(ctx context.Context, st string, ix record.Index) (int, error)
	// Filed counts the submissions filed from from (inclusive) to to (exclusive).
	Filed(ctx context.Context, st string, from, to time.Time) (int, error)
	// Due counts the members' submissions (assigned, accepted): those overdue at now, and those due between now
	// and until. Times are the deadlines, not the next reminders.
	Due(ctx context.Context, st string, now, until time.Time) (overdue, soon int, err error)
	// Changes returns the submissions and documents of a station that changed after a position in the feed, by any
	// process. For "" it returns the newest position alone. Changes are written to the feed together with what
	// they change; the feed keeps about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.FeedPage, error)
	// AssistsLate counts the submissions with an overdue assist.
	AssistsLate(ctx context.Context, st string, now time.Time) (int, error)
	// UndeliveredOf returns the entries about some submissions, in their order.
	UndeliveredOf(ctx context.Context, st string, ids []string) ([]record.Undelivered, error)
	ResolveUndelivered(ctx context.Context, st, id string) error
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	// Annotations returns what is kept beside submissions, by id. Those with nothing are absent.
	Annotations(ctx context.Context, st string, ids []string) (map[string]annotation.Set, error)
	// Personal returns the lists that a person keeps; PutPersonal replaces those that are not nil.
	Personal(ctx context.Context, person string) (record.Personal, error)
	PutPersonal(ctx context.Context, person string, p record.Personal) error
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// PutExportRequest stores a request for ttl. ExportRequest returns fault.NotFound for an unknown or expired
	// one; ExportRequests returns the ids, newest first.
	PutExportRequest(ctx context.Context, st, id, sealed string, ttl time.Duration) error
	ExportRequest(ctx context.Context, st, id string) (sealed string, err error)
	ExportRequests(ctx context.Context, st string) ([]string, error)
	// ChangeExportRequest replaces was by next; ok is false when it has changed. TakeExportRequest removes one;
	// ok is false when there is none.
	ChangeExportRequest(ctx context.Context, st, id, was, next string) (ok bool, err error)
	TakeExportRequest(ctx context.Context, st, id string) (ok bool, err error)
	StartViewing(ctx context.Context, submission, liaison string, now time.Time, life time.Duration) error
	StopViewing(ctx context.Context, submission, liaison string) error
	// Viewers lists the viewers of a station whose time has not passed.
	Viewers(ctx context.Context, st string, now time.Time) ([]record.Viewer, error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
	// WasSetUp reports whether a station was set up once; now says that it is, and is kept.
	WasSetUp(ctx context.Context, st string, now bool) (bool, error)
	Unread(ctx context.Context) ([]record.UnreadPush, error)
	// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly. When none is
	// left it returns the time until the next one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
}
