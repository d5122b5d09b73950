package overview

import (
	"context"
	"time"

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
	// Changes returns the submissions of a station that changed after a position in the feed, by any process.
	// For "" it returns the newest position and no ids. Changes are written to the feed together with the
	// submissions; the feed keeps about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.FeedPage, error)
	// AssistsLate counts the submissions with an overdue assist.
	AssistsLate(ctx context.Context, st string, now time.Time) (int, error)
	// UndeliveredByID returns fault.NotFound for an id that is not on the list.
	UndeliveredByID(ctx context.Context, st, id string) (record.Undelivered, error)
	ResolveUndelivered(ctx context.Context, st, id string) error
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	CountUndelivered(ctx context.Context, st string) (int, error)
	// SavedViews returns a person's saved list filters; PutSavedViews replaces them.
	SavedViews(ctx context.Context, person string) ([]record.SavedView, error)
	PutSavedViews(ctx context.Context, person string, list []record.SavedView) error
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
	Unread(ctx context.Context) ([]record.UnreadPush, error)
	CountHeldPhotos(ctx context.Context, st string) (int, error)
}
