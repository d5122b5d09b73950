package kit

import (
	"context"

	"mashang/domain/record"
	"mashang/domain/station"
)

// Store is the part of the store that the area uses.
type Store interface {
	// Loads counts each member's open submissions.
	Loads(ctx context.Context, st string, members []string) (map[string]int, error)
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Visit records that the person filed at or scanned a code of the station. The list of a person's own
	// submissions reads the visited stations only.
	Visit(ctx context.Context, person, st string) error
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// StationVersion is cheap. It returns 0 for an unknown id.
	StationVersion(ctx context.Context, id string) (int, error)
	StationIDs(ctx context.Context) ([]string, error)
	// Code answers fault.NotFound for an unknown key.
	Code(ctx context.Context, key string) (station.Code, error)
}
