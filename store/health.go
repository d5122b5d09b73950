package store

import (
	"context"

	"mashang/domain/fault"
)

// Healthy proves that a write is acknowledged: with an fsync for each write
// that means the disk took it.
func (s *Store) Healthy(ctx context.Context) error {
	return failed(s.rdb.Set(ctx, keyHealthy, s.now().UnixMilli(), 0).Err())
}

// Initialize marks an empty store as ours, once, with the format of its data. The caller keeps the id outside of
// Redis: an id that is gone or another at a later start means that the data
// are gone, since Redis starts empty without a word when its files are missing.
// A store that is marked already answers fault.Conflict.
func (s *Store) Initialize(ctx context.Context, id string) error {
	planted, err := s.rdb.SetNX(ctx, keyMark, Mark{ID: id, Format: Format}.String(), 0).Result()
	if err != nil {
		return failed(err)
	}
	if !planted {
		return fault.New(fault.Conflict, "数据库已有标记，不能再次初始化")
	}
	return nil
}
