package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
	"mashang/store/value"
)

// conn is the connection to Redis that all views share. It is safe for concurrent use.
type conn struct {
	rdb     *redis.Client
	log     *slog.Logger
	now     func() time.Time
	timeout time.Duration
	// name and lockSeq make lock values that are unique among processes.
	name    string
	lockSeq atomic.Uint64
	// expected is the mark that each new connection must find.
	expected expectedMark
	// sealer seals values; nil, in some tests, for a store without seals.
	sealer atomic.Pointer[value.Sealer]
}

// optional reads a string, "" when it does not exist.
func (s *conn) optional(ctx context.Context, key string) (string, error) {
	value, err := s.rdb.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, failed(err)
}

// required reads a string; fault.NotFound, naming what, when it does not exist.
func (s *conn) required(ctx context.Context, key, what string) (string, error) {
	value, err := s.rdb.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return "", missing(what)
	}
	return value, failed(err)
}

// gets reads strings in any slots in one round trip. A missing string has the error redis.Nil, others their
// own.
func (s *conn) gets(ctx context.Context, keys []string) ([]*redis.StringCmd, error) {
	p := s.rdb.Pipeline()
	answers := make([]*redis.StringCmd, len(keys))
	for i, key := range keys {
		answers[i] = p.Get(ctx, key)
	}
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, failed(err)
	}
	return answers, nil
}

// optionals is gets with "" for missing strings.
func (s *conn) optionals(ctx context.Context, keys []string) ([]string, error) {
	answers, err := s.gets(ctx, keys)
	if err != nil {
		return nil, err
	}
	values := make([]string, len(answers))
	for i, a := range answers {
		if values[i], err = a.Result(); err != nil && !errors.Is(err, redis.Nil) {
			return nil, failed(err)
		}
	}
	return values, nil
}

// lock locks a key for ttl in all processes.
func (s *conn) lock(ctx context.Context, key string, ttl time.Duration) (release func(), ok bool, err error) {
	value := s.name + "-" + strconv.FormatUint(s.lockSeq.Add(1), 10)
	ok, err = s.rdb.SetNX(ctx, key, value, ttl).Result()
	if err != nil || !ok {
		return func() {}, false, failed(err)
	}
	return func() {
		// The holder's context may be cancelled; the lock must be released all the same. If that fails, the
		// lock expires.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
		defer cancel()
		_ = scriptRelease.run(ctx, s.rdb, []string{key}, value).Err()
	}, true, nil
}

// drop deletes keys in order, each by itself, because they are in different slots.
func (s *conn) drop(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// scan visits all keys with a prefix whose rest has no colon. A key may be visited twice.
func (s *conn) scan(ctx context.Context, prefix string, visit func(keys []string) error) error {
	return s.match(ctx, prefix+"*", func(keys []string) error {
		return visit(slices.DeleteFunc(keys, func(k string) bool { return strings.Contains(strings.TrimPrefix(k, prefix), ":") }))
	})
}

// match visits all keys that match a pattern, in batches. A key may be visited twice.
func (s *conn) match(ctx context.Context, pattern string, visit func(keys []string) error) error {
	for cursor := uint64(0); ; {
		keys, next, err := s.rdb.Scan(ctx, cursor, pattern, batch).Result()
		if err != nil {
			return failed(err)
		}
		if err := visit(keys); err != nil {
			return err
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// pageByScore reads up to limit members of a sorted set after the cursor, lowest score first, with the cursor
// of the last.
func (s *conn) pageByScore(ctx context.Context, key string, after record.Cursor, limit int) (page []redis.Z, next record.Cursor, more bool, err error) {
	ask := redis.ZRangeArgs{Key: key, ByScore: true, Start: "-inf", Stop: "+inf", Count: int64(limit) + 1}
	if after.ID != "" {
		ask.Start = strconv.FormatFloat(after.Score, 'f', -1, 64)
	}
	next = after
	for {
		rows, err := s.rdb.ZRangeArgsWithScores(ctx, ask).Result()
		if err != nil {
			return nil, after, false, failed(err)
		}
		for _, z := range rows {
			member, _ := z.Member.(string)
			if after.ID != "" && z.Score == after.Score && member <= after.ID {
				continue // same score as the cursor, on an earlier page
			}
			if len(page) == limit {
				return page, next, true, nil
			}
			page, next = append(page, z), record.Cursor{Score: z.Score, ID: member}
		}
		if len(rows) < int(ask.Count) {
			return page, next, false, nil
		}
		ask.Offset += ask.Count
	}
}
