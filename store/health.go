package store

import "context"

// Healthy proves that a write is acknowledged: with an fsync for each write
// that means the disk took it.
func (s *Store) Healthy(ctx context.Context) error {
	return failed(s.rdb.Set(ctx, keyHealthy, s.now().UnixMilli(), 0).Err())
}
