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

// Encode and Decode are a submission's value.
func Encode(s casework.Submission) ([]byte, error) { return new(conn).encode(&s) }

// Decode reads a value of the station "lj".
func Decode(local, value string) (casework.Submission, error) {
	return new(conn).decode("lj", local, value)
}

// Inflate undoes what a finished submission's body is compressed with.
func Inflate(b []byte) ([]byte, error) { return inflate(b) }

// Decode reads a value of the station "lj" and checks its seal.
func (s *Store) Decode(local, value string) (casework.Submission, error) {
	return s.decode("lj", local, value)
}
