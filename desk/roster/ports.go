package roster

import (
	"context"
	"time"

	"mashang/desk/uploads"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Media is what the area asks of the files.
type Media interface {
	// Open answers fault.NotFound for an unknown hash. thumb asks for a
	// photo's small picture.
	Open(kind, hash string, thumb bool) (*uploads.File, error)
}

// Sealer is what the area asks of the key ring.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Sheets is what the area asks of the spreadsheets.
type Sheets interface {
	// Read reads a roster from a file called name: an xlsx, or a zip of csv files.
	// The station is nil when there is any problem; its phones are as typed. A
	// file that cannot be read at all is fault.Invalid.
	Read(name string, data []byte) (*station.Station, []record.SheetProblem, error)
	// Write returns the roster as xlsx, phones as they stand.
	Write(s *station.Station) ([]byte, error)
	// Describe says a change in Chinese.
	Describe(c station.Change) string
}

// Store is what the area asks of the store.
type Store interface {
	// Filed counts what was filed from one moment up to before another.
	Filed(ctx context.Context, st string, from, to time.Time) (int, error)
	// TakeRate takes one of most that come back evenly over a span, for whom the key
	// stands; else it returns how long it is until there is one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	ForgetRate(ctx context.Context, key string) error
	// Phrases are what a person often says; PutPhrases replaces them.
	Phrases(ctx context.Context, person string) ([]string, error)
	PutPhrases(ctx context.Context, person string, list []string) error
	BoundAll(ctx context.Context, list []record.Invite) (persons []string, err error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// StationVersion is cheap; 0 for an unknown id.
	StationVersion(ctx context.Context, id string) (int, error)
	// PutStation replaces the roster if its stored version is was (0 for
	// none); ok is false otherwise.
	PutStation(ctx context.Context, s *station.Station, was int) (ok bool, err error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
	// SetPortrait keeps which upload is a member's photo; "" takes it away.
	SetPortrait(ctx context.Context, st, member, upload string) error
}
