package roster

import (
	"context"
	"time"

	"mashang/desk/uploads"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Media is the part of the files that the area uses.
type Media interface {
	// Open returns fault.NotFound for an unknown hash. thumb selects a photo's thumbnail.
	Open(kind, hash string, thumb bool) (*uploads.File, error)
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Sheets is the part of the spreadsheets that the area uses.
type Sheets interface {
	// Read parses a roster from an xlsx file, or a zip of csv files, with the name. The station is nil when
	// there is any blocking problem; its phones are as typed. An unreadable file is fault.Invalid.
	Read(name string, data []byte) (*station.Station, []record.SheetProblem, error)
	// Write returns the roster as xlsx, with phones as they are in s.
	Write(s *station.Station) ([]byte, error)
	// Describe returns a change in Chinese.
	Describe(c station.Change) string
}

// Store is the part of the store that the area uses.
type Store interface {
	// Filed counts the submissions filed from from (inclusive) to to (exclusive).
	Filed(ctx context.Context, st string, from, to time.Time) (int, error)
	// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly. When none is
	// left it returns the time until the next one.
	TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error)
	ForgetRate(ctx context.Context, key string) error
	// Personal returns the lists that a person keeps; PutPersonal replaces those that are not nil.
	Personal(ctx context.Context, person string) (record.Personal, error)
	PutPersonal(ctx context.Context, person string, p record.Personal) error
	BoundAll(ctx context.Context, list []record.Invite) (persons []string, err error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// StationVersion is cheap. It returns 0 for an unknown id.
	StationVersion(ctx context.Context, id string) (int, error)
	// PutStation replaces the roster if its stored version is was (0 for none); ok is false otherwise.
	PutStation(ctx context.Context, s *station.Station, was int) (ok bool, err error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
	// SetPortrait stores which upload is a member's portrait; "" removes it.
	SetPortrait(ctx context.Context, st, member, upload string) error
}
