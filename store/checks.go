package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
	"mashang/store/value"
)

// checks is the queue of photo checks. A check that was sent to the platform stays in it until its answer is
// overdue.
var checks = leaseQueue{keyChecks, keyCheckData}

// QueueCheck marks the photo as being checked, makes its token valid and queues the check. The mark is first: a
// crash in between leaves a photo that is shown to nobody.
func (s Uploads) QueueCheck(ctx context.Context, c record.PhotoCheck, now time.Time) error {
	text, err := checkText(c)
	if err != nil {
		return err
	}
	if err := s.rdb.Set(ctx, keyUploadSafety(c.Upload), string(record.Checking), 0).Err(); err != nil {
		return failed(err)
	}
	p := s.rdb.TxPipeline()
	p.Set(ctx, keyCheckToken(c.Token), c.Upload, time.UnixMilli(c.Until).Sub(now))
	p.HSet(ctx, keyCheckData, c.Upload, "0\n"+string(text))
	p.ZAdd(ctx, keyChecks, redis.Z{Score: float64(now.UnixMilli()), Member: c.Upload})
	_, err = p.Exec(ctx)
	return failed(err)
}

// LeaseChecks leases up to n checks that are to be sent, or whose answer is overdue, and hides them until the
// lease ends.
func (s Uploads) LeaseChecks(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.PhotoCheck, error) {
	entries, err := s.lease(ctx, checks, now, lease, n)
	if err != nil {
		return nil, err
	}
	list := make([]record.PhotoCheck, 0, len(entries))
	for _, t := range entries {
		var c record.PhotoCheck
		if err := value.Unpack([]byte(t.payload), &c); err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a photo's check cannot be read", slog.Any("error", err))
			continue
		}
		c.Attempts = t.attempts
		list = append(list, c)
	}
	return list, nil
}

// PostponeCheck makes the check due at the time; a finished one stays finished. From now on its trace, if it
// has one, finds it.
func (s Uploads) PostponeCheck(ctx context.Context, c record.PhotoCheck, at time.Time) error {
	text, err := checkText(c)
	if err != nil {
		return err
	}
	if c.Trace != "" {
		// The answer may be late: the trace is kept an hour longer than the check.
		life := time.UnixMilli(c.Until).Sub(s.now()) + time.Hour
		if err := s.rdb.Set(ctx, keyCheckTrace(c.Trace), c.Upload, max(life, time.Hour)).Err(); err != nil {
			return failed(err)
		}
	}
	return s.postpone(ctx, checks, c.Upload, at, c.Attempts, text)
}

// UploadByTrace returns the photo of a platform's trace; fault.NotFound for an unknown one.
func (s Uploads) UploadByTrace(ctx context.Context, trace string) (upload string, err error) {
	return s.required(ctx, keyCheckTrace(trace), "这次检查")
}

// FinishCheck removes the check from the queue; the photo's token no longer opens it.
func (s Uploads) FinishCheck(ctx context.Context, upload string) error {
	entry, err := s.rdb.HGet(ctx, keyCheckData, upload).Result()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return failed(err)
	}
	var c record.PhotoCheck
	_, text, _ := strings.Cut(entry, "\n")
	if err := value.Unpack([]byte(text), &c); err != nil {
		return broken(err, "照片核对")
	}
	p := s.rdb.TxPipeline()
	p.Del(ctx, keyCheckToken(c.Token))
	p.HDel(ctx, keyCheckData, upload)
	p.ZRem(ctx, keyChecks, upload)
	_, err = p.Exec(ctx)
	return failed(err)
}

// UploadByToken returns the photo that a token opens; fault.NotFound for an unknown or expired one.
func (s Uploads) UploadByToken(ctx context.Context, token string) (upload string, err error) {
	return s.required(ctx, keyCheckToken(token), "这张照片")
}

// Judge stores a photo's state. ok is false when the state is unchanged or a liaison's decision forbids it.
// final marks a liaison's decision.
func (s Uploads) Judge(ctx context.Context, upload string, safety record.Safety, final bool) (ok bool, err error) {
	word := "0"
	if final {
		word = "1"
	}
	n, err := scriptJudge.run(ctx, s.rdb, []string{keyUploadSafety(upload)}, string(safety), word).Int()
	return n == 1, failed(err)
}

// Safeties returns the state of each photo, in one round trip.
func (s Uploads) Safeties(ctx context.Context, uploads []string) (map[string]record.Safety, error) {
	keys := make([]string, len(uploads))
	for i, id := range uploads {
		keys[i] = keyUploadSafety(id)
	}
	known, err := s.optionals(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make(map[string]record.Safety, len(uploads))
	for i, id := range uploads {
		out[id] = record.Safety(known[i])
	}
	return out, nil
}

func checkText(c record.PhotoCheck) ([]byte, error) {
	c.Attempts = 0
	return value.Pack(c, "照片核对")
}
