package kit

import (
	"context"

	"mashang/domain/record"
	"mashang/domain/station"
)

// Store is what the area asks of the store.
type Store interface {
	// Loads counts each member's inbox.
	Loads(ctx context.Context, st string, members []string) (map[string]int, error)
	// Person answers fault.NotFound for an unknown id.
	Person(ctx context.Context, id string) (record.Person, error)
	// Visit notes that the person has to do with the station, so that "mine"
	// knows where to look. Visited lists those stations.
	Visit(ctx context.Context, person, st string) error
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// StationVersion is cheap; 0 for an unknown id.
	StationVersion(ctx context.Context, id string) (int, error)
	StationIDs(ctx context.Context) ([]string, error)
	// Code answers fault.NotFound for an unknown key.
	Code(ctx context.Context, key string) (station.Code, error)
}
