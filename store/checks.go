package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// checks is the queue of questions to the platform about photos. A question
// that was asked lies in it until its answer is waited for no longer.
var checks = leaseQueue{keyChecks, keyCheckData}

// QueueCheck marks the photo as being checked, lets its token open it and
// queues the question. The mark is first: a crash in between leaves a photo
// that nobody was told of.
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

// LeaseChecks hands out up to n questions that are to be asked, or whose answer
// is waited for no longer, and hides them until the lease ends.
func (s Uploads) LeaseChecks(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.PhotoCheck, error) {
	tickets, err := s.lease(ctx, checks, now, lease, n)
	if err != nil {
		return nil, err
	}
	list := make([]record.PhotoCheck, 0, len(tickets))
	for _, t := range tickets {
		var c record.PhotoCheck
		if err := unpack([]byte(t.payload), &c); err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a photo's check cannot be read", slog.Any("error", err))
			continue
		}
		c.Attempts = t.attempts
		list = append(list, c)
	}
	return list, nil
}

// PostponeCheck makes the question due again at the time; one that was answered
// since stays so. Its trace, if it has one, finds it from now on.
func (s Uploads) PostponeCheck(ctx context.Context, c record.PhotoCheck, at time.Time) error {
	text, err := checkText(c)
	if err != nil {
		return err
	}
	if c.Trace != "" {
		// The answer may come late; the memory outlives the waiting by an hour.
		life := time.UnixMilli(c.Until).Sub(s.now()) + time.Hour
		if err := s.rdb.Set(ctx, keyCheckTrace(c.Trace), c.Upload, max(life, time.Hour)).Err(); err != nil {
			return failed(err)
		}
	}
	return s.postpone(ctx, checks, c.Upload, at, c.Attempts, text)
}

// UploadByTrace finds the photo that a trace of the platform's is about;
// fault.NotFound for an unknown one.
func (s Uploads) UploadByTrace(ctx context.Context, trace string) (upload string, err error) {
	return s.required(ctx, keyCheckTrace(trace), "这次检查")
}

// FinishCheck takes the question out of the queue; the photo's token opens it
// no more.
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
	if err := unpack([]byte(text), &c); err != nil {
		return broken(err, "照片核对")
	}
	p := s.rdb.TxPipeline()
	p.Del(ctx, keyCheckToken(c.Token))
	p.HDel(ctx, keyCheckData, upload)
	p.ZRem(ctx, keyChecks, upload)
	_, err = p.Exec(ctx)
	return failed(err)
}

// UploadByToken finds the photo that a token opens; fault.NotFound for one that opens
// nothing, or no longer.
func (s Uploads) UploadByToken(ctx context.Context, token string) (upload string, err error) {
	return s.required(ctx, keyCheckToken(token), "这张照片")
}

// Judge writes down what is known of a photo; ok is false when that changes
// nothing: a liaison has decided, or it was so before. final marks a liaison's
// word.
func (s Uploads) Judge(ctx context.Context, upload string, safety record.Safety, final bool) (ok bool, err error) {
	word := "0"
	if final {
		word = "1"
	}
	n, err := scriptJudge.run(ctx, s.rdb, []string{keyUploadSafety(upload)}, string(safety), word).Int()
	return n == 1, failed(err)
}

// Safeties says what is known of each photo, in one round trip.
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
	return pack(c, "照片核对")
}
