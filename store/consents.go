package store

import (
	"context"
	"strconv"
	"time"

	"mashang/notice"
)

// AddConsents adds n; the first ever makes the count known.
func (s *Store) AddConsents(ctx context.Context, person string, p notice.Purpose, n int) error {
	if n < 1 {
		return nil
	}
	return failed(s.rdb.HIncrBy(ctx, keyConsent(person), string(p), int64(n)).Err())
}

// SpendConsent takes one and reports whether there was one or nothing is known.
func (s *Store) SpendConsent(ctx context.Context, person string, p notice.Purpose) (bool, error) {
	n, err := scriptSpend.run(ctx, s.rdb, []string{keyConsent(person)}, string(p)).Int()
	return n == 1, failed(err)
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
