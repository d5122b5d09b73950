package reception

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Store keeps days and bookings as documents.
type Store interface {
	// Documents returns those that exist, in the order of ids.
	Documents(ctx context.Context, st string, kind record.DocumentKind, ids ...string) ([]record.Document, error)
	// DocumentsBetween returns those whose position is at least from and less than to, in order, at most limit.
	DocumentsBetween(ctx context.Context, st string, kind record.DocumentKind, from, to int64, limit int) (list []record.Document, more bool, err error)
	// CommitDocuments writes everything or nothing; ok is false when a document has another revision by now.
	CommitDocuments(ctx context.Context, st string, c record.DocumentChange) (ok bool, err error)
}

// Visits are the stations that a person has been to.
type Visits interface {
	// Visited lists them in no order.
	Visited(ctx context.Context, person string) ([]string, error)
}

// Painter draws QR images.
type Painter interface {
	SVG(url string) ([]byte, error)
}

// Sealer encrypts what people said about themselves; bound is the record it belongs to.
type Sealer interface {
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
}

// Phones exchanges the platform's code for a phone number; identity.Service implements it.
type Phones interface {
	PhoneBy(ctx context.Context, c access.Caller, code string) (string, error)
}

// People says who somebody is now; identity.Service implements it.
type People interface {
	// CallerFor returns NotFound for a person who does not exist.
	CallerFor(ctx context.Context, person string) (access.Caller, error)
}

// Calendars writes calendars that programs subscribe to.
type Calendars interface {
	// Calendar returns the file. page is the address that each event leads to.
	Calendar(f reception.Feed, page string) ([]byte, error)
}

// Reveals brakes the showing of numbers by account; roster.Service implements it.
type Reveals interface {
	TakeReveal(ctx context.Context, c access.Caller, st *station.Station) error
}
