package store

import (
	"context"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// Progress receives how many of a step's values are done. It may be nil.
type Progress func(step, done, total int)

// migration converts data of one format to the next. It may be interrupted anywhere and repeated: it skips what
// is done.
type migration func(ctx context.Context, s Upkeep, report func(done, total int)) error

// migrations are the steps by the format they lead to. A step is never changed once it was published.
var migrations = map[int]migration{
	2: toFormat2,
	3: toFormat3,
}

// toFormat2 seals the records and builds the index of undelivered notices.
func toFormat2(ctx context.Context, s Upkeep, report func(done, total int)) error {
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return err
	}
	for _, st := range ids {
		if err := s.indexUndelivered(ctx, st); err != nil {
			return err
		}
	}
	return sealEverything(ctx, s, report)
}

// indexUndelivered builds the index of a station's undelivered list from the list. Data of format 1 have none.
// It may be repeated.
func (s Upkeep) indexUndelivered(ctx context.Context, st string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	sp := spaceOf(st)
	return failed(s.rdb.ZUnionStore(ctx, sp.undeliveredIndex(), &redis.ZStore{Keys: []string{sp.undelivered()}, Weights: []float64{0}}).Err())
}

// Migrate converts the data to Format, step by step. The caller has made a backup, unless the mark says that a
// migration was interrupted: it is then continued. The mark keeps older versions away from the first moment on.
// Two concurrent migrations do the same; the later finds nothing to do. The caller has called Seal before, and
// calls it again with the new mark.
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
		report := func(done, total int) {
			if progress != nil {
				progress(to, done, total)
			}
		}
		if err := migrations[to](ctx, s, report); err != nil {
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

// replaceMark replaces the mark that was read; fault.Conflict when another process has changed it.
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
