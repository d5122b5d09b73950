package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// StartViewing stores that a liaison has a submission open, for life from now. Expired viewers are dropped.
func (s Submissions) StartViewing(ctx context.Context, submission, liaison string, now time.Time, life time.Duration) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	key := spaceOf(st).viewing()
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRemRangeByScore(ctx, key, "-inf", strconv.FormatInt(now.UnixMilli(), 10))
		p.ZAdd(ctx, key, redis.Z{Score: float64(now.Add(life).UnixMilli()), Member: local + " " + liaison})
		p.Expire(ctx, key, life)
		return nil
	})
	return failed(err)
}

// StopViewing removes a viewer.
func (s Submissions) StopViewing(ctx context.Context, submission, liaison string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	return failed(s.rdb.ZRem(ctx, spaceOf(st).viewing(), local+" "+liaison).Err())
}

// Viewers lists who has which submission of a station open, in the order of the submissions' ids.
func (s Submissions) Viewers(ctx context.Context, st string, now time.Time) ([]record.Viewer, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	members, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: spaceOf(st).viewing(), ByScore: true, Start: "(" + strconv.FormatInt(now.UnixMilli(), 10), Stop: "+inf",
	}).Result()
	if err != nil {
		return nil, failed(err)
	}
	slices.Sort(members)
	list := make([]record.Viewer, 0, len(members))
	for _, m := range members {
		local, liaison, _ := strings.Cut(m, " ")
		list = append(list, record.Viewer{Submission: st + "-" + local, Liaison: liaison})
	}
	return list, nil
}
