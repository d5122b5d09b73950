package store

import "context"

// Misplaced checks the lists of one submission.
func (s *Store) Misplaced(ctx context.Context, id string) ([]string, error) {
	sub, err := s.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	var r Report
	it := item{sub: sub}
	it.cursor.ID = id
	err = s.placed(ctx, &r, []item{it}, map[string]int{})
	return r.Faults, err
}
