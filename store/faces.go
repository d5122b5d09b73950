package store

import "context"

// SetFace keeps which upload is a member's photo; "" takes it away.
func (s *Store) SetFace(ctx context.Context, st, member, upload string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	key := spaceOf(st).faces()
	if upload == "" {
		return failed(s.rdb.HDel(ctx, key, member).Err())
	}
	return failed(s.rdb.HSet(ctx, key, member, upload).Err())
}

// Faces returns a station's uploads by member.
func (s *Store) Faces(ctx context.Context, st string) (map[string]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	m, err := s.rdb.HGetAll(ctx, spaceOf(st).faces()).Result()
	return m, failed(err)
}
