package store

import (
	"context"
	"time"
)

// TakeRate takes one unit of a key's rate of most units per span, which are refilled evenly, and returns 0.
// When none is left it returns the time until the next one. The rate is shared by all processes and survives a
// restart.
func (s Sessions) TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error) {
	ms, err := scriptRate.run(ctx, s.rdb, []string{keyRate(key)}, s.now().UnixMilli(), most, span.Milliseconds()).Int64()
	return time.Duration(ms) * time.Millisecond, failed(err)
}

// ReturnRate gives back a unit that was not used.
func (s Sessions) ReturnRate(ctx context.Context, key string, most int, span time.Duration) error {
	return failed(scriptRate.run(ctx, s.rdb, []string{keyRate(key)}, s.now().UnixMilli(), most, span.Milliseconds(), "back").Err())
}

// ForgetRate gives back all units.
func (s Sessions) ForgetRate(ctx context.Context, key string) error {
	return failed(s.rdb.Del(ctx, keyRate(key)).Err())
}
