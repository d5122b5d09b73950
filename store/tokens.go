package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// Tokens shares the platform's tokens among processes. Losing them does no harm.
type Tokens struct{ *conn }

// Tokens returns the shared tokens.
func (s Platform) Tokens() Tokens { return Tokens(s) }

// Get returns the value, "" for none.
func (t Tokens) Get(ctx context.Context, key string) (string, error) {
	return t.optional(ctx, keyToken(key))
}

// Set stores the value for ttl, which is positive.
func (t Tokens) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return failed(t.rdb.Set(ctx, keyToken(key), value, ttl).Err())
}

// DeleteIf deletes the key only if it still holds value.
func (t Tokens) DeleteIf(ctx context.Context, key, value string) error {
	return failed(scriptRelease.run(ctx, t.rdb, []string{keyToken(key)}, value).Err())
}

// Claim stores "1" for ttl if there is no value, and reports whether it did. DeleteIf with "1" releases the
// claim.
func (t Tokens) Claim(ctx context.Context, key string, ttl time.Duration) (claimed bool, err error) {
	claimed, err = t.rdb.SetNX(ctx, keyToken(key), "1", ttl).Result()
	return claimed, failed(err)
}

// Blob is one named value whose form another package knows, such as the state of the emulated platform.
type Blob struct {
	*conn
	key string
}

// Blob returns the value's handle; the value need not exist yet.
func (s Platform) Blob(name string) Blob { return Blob{s.conn, keyBlob(name)} }

// Load returns the value; fault.NotFound when it was never saved.
func (b Blob) Load(ctx context.Context) ([]byte, error) {
	value, err := b.rdb.Get(ctx, b.key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, fault.New(fault.NotFound, "还没有保存过")
	}
	return value, failed(err)
}

// Save replaces the value.
func (b Blob) Save(ctx context.Context, value []byte) error {
	return failed(b.rdb.Set(ctx, b.key, value, 0).Err())
}
