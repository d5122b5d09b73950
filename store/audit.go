package store

import (
	"context"

	"github.com/redis/go-redis/v9"

	"mashang/record"
)

// Record appends a line to the station's audit, which is never trimmed.
func (s *Store) Record(ctx context.Context, st string, r record.Audit) error {
	if err := checkStation(st); err != nil {
		return err
	}
	return failed(s.rdb.XAdd(ctx, &redis.XAddArgs{
		Stream: spaceOf(st).audit(),
		Values: []any{
			"at", r.At.UnixMilli(), "role", r.Role, "id", r.ID, "person", r.Person,
			"what", r.What, "thing", r.Thing, "why", r.Why,
		},
	}).Err())
}
