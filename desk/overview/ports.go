package overview

import (
	"context"
	"time"

	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Reporter is what the area asks of the writer of reports.
type Reporter interface {
	// Spreadsheet is a workbook with a sheet for each section; no cell of it is a
	// formula.
	Spreadsheet(r figures.Report) ([]byte, error)
	// Print is a PDF.
	Print(r figures.Report) ([]byte, error)
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Store is what the area asks of the store.
type Store interface {
	// Loads counts each member's inbox.
	Loads(ctx context.Context, st string, members []string) (map[string]int, error)
	// LastAssigned returns when each member was last given something; who never was is
	// not there.
	LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error)
	// Count counts an index.
	Count(ctx context.Context, st string, ix record.Index) (int, error)
	// Filed counts what was filed from one moment up to before another.
	Filed(ctx context.Context, st string, from, to time.Time) (int, error)
	// Due counts what members hold (assigned, accepted): overdue at now, and
	// due between now and until. Times are the deadlines given at filing, not
	// the next urge's.
	Due(ctx context.Context, st string, now, until time.Time) (overdue, soon int, err error)
	// Changes returns which of a station's submissions changed after a place in
	// the feed, by whichever process. "" stands for now: it returns the newest
	// place and no ids. It is written with each change, all or nothing, and
	// remembers about the last ten thousand.
	Changes(ctx context.Context, st, after string) (record.FeedPage, error)
	// AssistsLate counts the submissions in which an assistant is late.
	AssistsLate(ctx context.Context, st string, now time.Time) (int, error)
	// UndeliveredByID answers fault.NotFound for an id that is not on the list.
	UndeliveredByID(ctx context.Context, st, id string) (record.Undelivered, error)
	ResolveUndelivered(ctx context.Context, st, id string) error
	UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error)
	CountUndelivered(ctx context.Context, st string) (int, error)
	// SavedViews are the list filters a person keeps; PutSavedViews replaces them.
	SavedViews(ctx context.Context, person string) ([]record.SavedView, error)
	PutSavedViews(ctx context.Context, person string, list []record.SavedView) error
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// PutExportRequest keeps one for ttl. ExportAsk answers fault.NotFound for one that
	// is not there any more; ExportAsks are the ids, the newest first.
	PutExportRequest(ctx context.Context, st, id, sealed string, ttl time.Duration) error
	ExportRequest(ctx context.Context, st, id string) (sealed string, err error)
	ExportRequests(ctx context.Context, st string) ([]string, error)
	// ChangeExportRequest replaces was by next; ok is false when it is another by now.
	// TakeExportRequest ends one; ok is false when it is gone.
	ChangeExportRequest(ctx context.Context, st, id, was, next string) (ok bool, err error)
	TakeExportRequest(ctx context.Context, st, id string) (ok bool, err error)
	StartViewing(ctx context.Context, submission, liaison string, now time.Time, life time.Duration) error
	StopViewing(ctx context.Context, submission, liaison string) error
	// Viewers lists those of a station whose time is not over.
	Viewers(ctx context.Context, st string, now time.Time) ([]record.Viewer, error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
	Unread(ctx context.Context) ([]record.UnreadPush, error)
	CountHeldPhotos(ctx context.Context, st string) (int, error)
}
