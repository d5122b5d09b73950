package store

import (
	"context"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// Progress is told how many of a step's values are done. It may be nil.
type Progress func(step, done, total int)

// migration makes data of one format out of data of the one before. It may be
// cut short anywhere and begun again: what it did already it leaves alone.
type migration func(ctx context.Context, s Upkeep, tell func(done, total int)) error

// migrations lead to the formats that they are listed under. A step is never
// changed once it was published.
var migrations = map[int]migration{
	2: toFormat2,
	3: toFormat3,
}

// toFormat2 seals the record and makes the index of the untold.
func toFormat2(ctx context.Context, s Upkeep, tell func(done, total int)) error {
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return err
	}
	for _, st := range ids {
		if err := s.indexUndelivered(ctx, st); err != nil {
			return err
		}
	}
	return sealEverything(ctx, s, tell)
}

// indexUndelivered makes the index of a station's list from the list: data of format 1
// have none. It may be repeated.
func (s Upkeep) indexUndelivered(ctx context.Context, st string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	sp := spaceOf(st)
	return failed(s.rdb.ZUnionStore(ctx, sp.undeliveredIndex(), &redis.ZStore{Keys: []string{sp.undelivered()}, Weights: []float64{0}}).Err())
}

// Migrate brings the data to Format, step by step. The caller has made a backup
// unless the mark says that a migration is under way: it is then taken up where
// it stands. From the first moment on the mark keeps older versions away.
// Two that migrate at once do the same, and the later finds nothing to do. The
// caller has told the keys by Seal, and tells them again with the mark of after.
func (s Upkeep) Migrate(ctx context.Context, progress Progress) error {
	mark, err := s.Mark(ctx)
	if err != nil {
		return err
	}
	if err := Newer(mark.Format); err != nil {
		return err
	}
	for mark.ID != "" && mark.Reached() < Format {
		under := Mark{ID: mark.ID, Format: Format, From: mark.Reached()}
		if err := s.replaceMark(ctx, mark, under); err != nil {
			return err
		}
		to := under.From + 1
		tell := func(done, total int) {
			if progress != nil {
				progress(to, done, total)
			}
		}
		if err := migrations[to](ctx, s, tell); err != nil {
			return err
		}
		mark = Mark{ID: mark.ID, Format: Format, From: to}
		if to == Format {
			mark.From = 0
		}
		if err := s.replaceMark(ctx, under, mark); err != nil {
			return err
		}
	}
	return nil
}

// replaceMark replaces the mark that was read.
func (s Upkeep) replaceMark(ctx context.Context, was, next Mark) error {
	if was == next {
		return nil
	}
	n, err := scriptSwap.run(ctx, s.rdb, []string{keyMark}, was.String(), next.String()).Int()
	if err != nil {
		return failed(err)
	}
	if n != 1 {
		return fault.New(fault.Conflict, "另一个进程正在升级这份数据：请只让一个 mashang 升级，稍后再启动")
	}
	return nil
}
