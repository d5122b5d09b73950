package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/notice"
)

// AddConsents adds n; the first ever makes the count known.
func (s *Store) AddConsents(ctx context.Context, person string, p notice.Purpose, n int) error {
	if n < 1 {
		return nil
	}
	return failed(s.rdb.HIncrBy(ctx, keyConsent(person), string(p), int64(n)).Err())
}

// Consents returns how many are left; known is false when none was ever told.
func (s *Store) Consents(ctx context.Context, person string, p notice.Purpose) (left int, known bool, err error) {
	left, err = s.rdb.HGet(ctx, keyConsent(person), string(p)).Int()
	if errors.Is(err, redis.Nil) {
		return 0, false, nil
	}
	return left, err == nil, failed(err)
}

// SpendConsent takes one if there is one.
func (s *Store) SpendConsent(ctx context.Context, person string, p notice.Purpose) error {
	return failed(scriptSpend.run(ctx, s.rdb, []string{keyConsent(person)}, string(p)).Err())
}

// ClearConsents sets the count to none, known.
func (s *Store) ClearConsents(ctx context.Context, person string, p notice.Purpose) error {
	return failed(s.rdb.HSet(ctx, keyConsent(person), string(p), 0).Err())
}

// Lane lets one sender at a time reach a person, in all processes. release is
// never nil; it frees the lane early if it is still ours.
func (s *Store) Lane(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error) {
	key, value := keyLane(person), s.name+"-"+strconv.FormatUint(s.turns.Add(1), 10)
	ok, err = s.rdb.SetNX(ctx, key, value, ttl).Result()
	if err != nil || !ok {
		return func() {}, false, failed(err)
	}
	return func() {
		// The sender may have been cancelled; the lane is free all the same.
		// If this fails the lane frees itself when its time is up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
		defer cancel()
		_ = scriptRelease.run(ctx, s.rdb, []string{key}, value).Err()
	}, true, nil
}
