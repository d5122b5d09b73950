package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Timers returns up to n submissions whose reminder is due by now, longest due first. Its cost does not depend
// on the number of open submissions.
func (s Reminders) Timers(ctx context.Context, st string, now time.Time, n int) ([]record.Timer, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	list, err := s.rdb.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{
		Key: spaceOf(st).urge(), ByScore: true, Start: "-inf", Stop: now.UnixMilli(), Count: int64(n),
	}).Result()
	if err != nil {
		return nil, failed(err)
	}
	timers := make([]record.Timer, len(list))
	for i, z := range list {
		local, _ := z.Member.(string)
		timers[i] = record.Timer{Submission: st + "-" + local, At: casework.Millis(z.Score)}
	}
	return timers, nil
}

// Remind sets the next reminder of each and queues the notices, all or nothing. It returns the submissions that
// changed or were reminded of meanwhile; then nothing was done.
func (s Reminders) Remind(ctx context.Context, st string, list []record.Reminded, notices []notice.Entry, now time.Time) (missed []string, err error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	sp := spaceOf(st)
	keys := append(make([]string, 0, 4+len(list)), sp.urge(), sp.outbox(), sp.outboxData(), sp.changed())
	args := append(make([]any, 0, 3+4*len(list)+2*len(notices)), len(list), now.UnixMilli(), maxChanges)
	for _, r := range list {
		in, local, ok := split(r.Submission)
		if !ok || in != st {
			return nil, missing(aSubmission)
		}
		keys = append(keys, sp.value(local))
		args = append(args, local, r.Version, int64(r.At), int64(r.Next))
	}
	for _, e := range notices {
		text, err := entryText(e)
		if err != nil {
			return nil, err
		}
		args = append(args, e.ID, text)
	}
	answer, err := scriptRemind.run(ctx, s.rdb, keys, args...).Text()
	if err != nil || answer == "" {
		return nil, failed(err)
	}
	for i := range strings.SplitSeq(answer, " ") {
		n, err := strconv.Atoi(i)
		if err != nil || n < 1 || n > len(list) {
			return nil, broken(errAnswer, "催办")
		}
		missed = append(missed, list[n-1].Submission)
	}
	return missed, nil
}

// LockReminders locks a station's reminders for one process. release is never nil; it unlocks early if the lock
// is still held.
func (s Reminders) LockReminders(ctx context.Context, st string, ttl time.Duration) (release func(), ok bool, err error) {
	if err := checkStation(st); err != nil {
		return func() {}, false, err
	}
	return s.lock(ctx, spaceOf(st).sweeping(), ttl)
}
