package codes

import (
	"context"
	"time"

	"mashang/domain/record"
	"mashang/domain/station"
)

// Painter is the part of the printer that the area uses.
type Painter interface {
	PNG(url string, px int) ([]byte, error)
	SVG(url string) ([]byte, error)
	// Signs draws signs and reads each code back. progress is called after each page; ctx ends the work between
	// two pages. The file lists the signs that could not be printed; fault.Invalid, with the reasons, if none
	// could.
	Signs(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error)
}

// Platform is the part of the platform that the area uses.
type Platform interface {
	// CodeImage returns the mini-program code for a scene, JPEG or PNG.
	CodeImage(ctx context.Context, scene string) ([]byte, error)
	// Link and AppLink return addresses that open the scan page for a scene from outside WeChat, for at most 30
	// days: Link for browsers and text messages, AppLink for other apps.
	Link(ctx context.Context, scene string, life time.Duration) (string, error)
	AppLink(ctx context.Context, scene string, life time.Duration) (string, error)
}

// Store is the part of the store that the area uses.
type Store interface {
	// Code answers fault.NotFound for an unknown key.
	Code(ctx context.Context, key string) (station.Code, error)
	PutCode(ctx context.Context, c station.Code) error
	// ChangeCode replaces a code by what change returns and retries after concurrent changes; change may be
	// called several times.
	ChangeCode(ctx context.Context, key string, change func(station.Code) (station.Code, error)) (station.Code, error)
	// Codes lists a station's codes.
	Codes(ctx context.Context, st string) ([]station.Code, error)
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// Portraits returns the uploads of a station's portraits, by member.
	Portraits(ctx context.Context, st string) (map[string]string, error)
	// AddScans adds to the stored counts.
	AddScans(ctx context.Context, list []record.Scans) error
	// CodeUses returns the use of a station's codes; Recent is the sum over the days (YYYY-MM-DD). Unused codes
	// are absent.
	CodeUses(ctx context.Context, st string, days []string) (map[string]record.CodeUse, error)
}
