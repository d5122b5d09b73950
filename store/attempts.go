package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

const (
	// maxAttempts is the approximate length of the list of attempts.
	maxAttempts = 5000
	// attemptsTTL is how long attempts are kept.
	attemptsTTL = 30 * 24 * time.Hour
	anAttempt   = "异常访问"
)

// PutAttempts appends attempts to the list, oldest first. The list drops what is older than attemptsTTL or
// beyond maxAttempts.
func (s Sessions) PutAttempts(ctx context.Context, list []record.Attempt) error {
	texts := make([]string, len(list))
	for i, a := range list {
		text, err := json.Marshal(a)
		if err != nil {
			return broken(err, anAttempt)
		}
		texts[i] = string(text)
	}
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for _, text := range texts {
			p.XAdd(ctx, &redis.XAddArgs{Stream: keyAttempts, MaxLen: maxAttempts, Approx: true, Values: []string{"a", text}})
		}
		p.Expire(ctx, keyAttempts, attemptsTTL)
		return nil
	})
	return failed(err)
}

// Attempts returns up to n entries before an entry, newest first; "" begins at the newest.
func (s Sessions) Attempts(ctx context.Context, before string, n int) ([]record.Attempt, error) {
	from := "+"
	if before != "" {
		from = "(" + before
	}
	list, err := s.rdb.XRevRangeN(ctx, keyAttempts, from, "-", int64(n)).Result()
	if err != nil {
		return nil, failed(err)
	}
	out := make([]record.Attempt, 0, len(list))
	for _, m := range list {
		var a record.Attempt
		if err := json.Unmarshal([]byte(fieldText(m.Values["a"])), &a); err != nil {
			return nil, broken(err, anAttempt)
		}
		if s.now().Sub(a.At) > attemptsTTL {
			return out, nil
		}
		a.Entry = m.ID
		out = append(out, a)
	}
	return out, nil
}
