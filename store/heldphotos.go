package store

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// HoldPhoto adds a submission's photo to its station's list for the liaison. A listed photo keeps its place.
func (s Uploads) HoldPhoto(ctx context.Context, submission, upload string, now time.Time) error {
	return s.withChange(ctx, submission, func(p redis.Pipeliner, sp space, local string) {
		p.ZAddNX(ctx, sp.photos(), redis.Z{Score: float64(now.UnixMilli()), Member: local + " " + upload})
	})
}

// ReleasePhoto removes a photo from the list.
func (s Uploads) ReleasePhoto(ctx context.Context, submission, upload string) error {
	return s.withChange(ctx, submission, func(p redis.Pipeliner, sp space, local string) {
		p.ZRem(ctx, sp.photos(), local+" "+upload)
	})
}

// HeldPhotos lists up to limit held photos of the station after the cursor, longest waiting first, with the
// cursor of the last.
func (s Uploads) HeldPhotos(ctx context.Context, st string, after record.Cursor, limit int) (list []record.HeldPhoto, next record.Cursor, more bool, err error) {
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
