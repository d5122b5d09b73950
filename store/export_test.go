package store

import (
	"context"

	"mashang/domain/casework"
)

// Misplaced checks the lists of one submission.
func (s *Store) Misplaced(ctx context.Context, id string) ([]string, error) {
	sub, err := s.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	var r Report
	it := item{sub: sub}
	it.cursor.ID = id
	err = s.checkPlaces(ctx, &r, []item{it}, map[string]int{})
	return r.Faults, err
}

// Decode reads a value of the station "lj" and checks its seal.
func (s *Store) Decode(local, value string) (casework.Submission, error) {
	return s.sealer.Load().Decode("lj", local, value)
}
