package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// HoldPhoto puts a photo of a submission on its station's list for the liaison;
// one that is there keeps its place.
func (s *Store) HoldPhoto(ctx context.Context, submission, upload string, now time.Time) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp, p := spaceOf(st), s.rdb.TxPipeline()
	p.ZAddNX(ctx, sp.photos(), redis.Z{Score: float64(now.UnixMilli()), Member: local + " " + upload})
	sp.change(ctx, p, submission)
	_, err := p.Exec(ctx)
	return failed(err)
}

// ReleasePhoto takes it off the list.
func (s *Store) ReleasePhoto(ctx context.Context, submission, upload string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp, p := spaceOf(st), s.rdb.TxPipeline()
	p.ZRem(ctx, sp.photos(), local+" "+upload)
	sp.change(ctx, p, submission)
	_, err := p.Exec(ctx)
	return failed(err)
}

// HeldPhotos lists up to limit photos that wait for the station's liaison after
// the cursor, the longest waiting first, with the cursor of the last.
func (s *Store) HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error) {
	if err := checkStation(st); err != nil {
		return nil, after, false, err
	}
	rows, next, more, err := s.pageByScore(ctx, spaceOf(st).photos(), after, limit)
	if err != nil {
		return nil, after, false, err
	}
	for _, z := range rows {
		member, _ := z.Member.(string)
		local, upload, _ := strings.Cut(member, " ")
		list = append(list, record.HeldPhoto{Submission: st + "-" + local, Upload: upload, Since: time.UnixMilli(int64(z.Score))})
	}
	return list, next, more, nil
}

// pageByScore reads up to limit members of a sorted set after the cursor, lowest
// score first, with the cursor of the last.
func (s *Store) pageByScore(ctx context.Context, key string, after record.Cursor, limit int) (page []redis.Z, next record.Cursor, more bool, err error) {
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
				continue // of the cursor's own moment, and shown before
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

// CountHeldPhotos counts the list.
func (s *Store) CountHeldPhotos(ctx context.Context, st string) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCard(ctx, spaceOf(st).photos()).Result()
	return int(n), failed(err)
}
