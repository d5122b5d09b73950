package store

import "context"

// SetPortrait keeps which upload is a member's photo; "" takes it away.
func (s *Store) SetPortrait(ctx context.Context, st, member, upload string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	key := spaceOf(st).portraits()
	if upload == "" {
		return failed(s.rdb.HDel(ctx, key, member).Err())
	}
	return failed(s.rdb.HSet(ctx, key, member, upload).Err())
}

// Portraits returns a station's uploads by member.
func (s *Store) Portraits(ctx context.Context, st string) (map[string]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	m, err := s.rdb.HGetAll(ctx, spaceOf(st).portraits()).Result()
	return m, failed(err)
}
