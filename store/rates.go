package store

import (
	"context"
	"time"
)

// TakeRate takes one of most that come back evenly over a span, for whom the key
// stands, and returns 0; or how long it is until there is one, and takes nothing.
// Unlike a count in a process it holds over a restart, and for all processes.
func (s Sessions) TakeRate(ctx context.Context, key string, most int, span time.Duration) (wait time.Duration, err error) {
	ms, err := scriptRate.run(ctx, s.rdb, []string{keyRate(key)}, s.now().UnixMilli(), most, span.Milliseconds()).Int64()
	return time.Duration(ms) * time.Millisecond, failed(err)
}

// ReturnRate gives back one that was taken and not used.
func (s Sessions) ReturnRate(ctx context.Context, key string, most int, span time.Duration) error {
	return failed(scriptRate.run(ctx, s.rdb, []string{keyRate(key)}, s.now().UnixMilli(), most, span.Milliseconds(), "back").Err())
}

// ForgetRate gives all of them back.
func (s Sessions) ForgetRate(ctx context.Context, key string) error {
	return failed(s.rdb.Del(ctx, keyRate(key)).Err())
}
