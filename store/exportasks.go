package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// anExportAsk names a request in a fault.
const anExportAsk = "这个申请"

// PutExportRequest keeps a request for an export, sealed, for ttl; the station's list
// of them lives as long as the newest.
func (s Stations) PutExportRequest(ctx context.Context, st, id, sealed string, ttl time.Duration) error {
	if err := checkStation(st); err != nil {
		return err
	}
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	p.Set(ctx, sp.exportRequest(id), sealed, ttl)
	p.ZAdd(ctx, sp.exportRequests(), redis.Z{Score: float64(s.now().UnixMilli()), Member: id})
	p.ZRemRangeByScore(ctx, sp.exportRequests(), "-inf", strconv.FormatInt(s.now().Add(-ttl).UnixMilli(), 10))
	p.PExpire(ctx, sp.exportRequests(), ttl)
	_, err := p.Exec(ctx)
	return failed(err)
}

// ExportRequest answers fault.NotFound for one that is not there any more.
func (s Stations) ExportRequest(ctx context.Context, st, id string) (sealed string, err error) {
	if err := checkStation(st); err != nil {
		return "", err
	}
	return s.required(ctx, spaceOf(st).exportRequest(id), anExportAsk)
}

// ExportRequests returns the ids of a station's requests, the newest first.
func (s Stations) ExportRequests(ctx context.Context, st string) ([]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	ids, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{Key: spaceOf(st).exportRequests(), Start: 0, Stop: -1, Rev: true}).Result()
	return ids, failed(err)
}

// ChangeExportRequest replaces a request that is still what it was, within the time it
// has left; ok is false when it is another by now, or gone.
func (s Stations) ChangeExportRequest(ctx context.Context, st, id, was, next string) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	n, err := scriptSwap.run(ctx, s.rdb, []string{spaceOf(st).exportRequest(id)}, was, next).Int()
	return n == 1, failed(err)
}

// TakeExportRequest ends a request; ok is false for one that is gone, so that it is
// used once.
func (s Stations) TakeExportRequest(ctx context.Context, st, id string) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	gone := p.Del(ctx, sp.exportRequest(id))
	p.ZRem(ctx, sp.exportRequests(), id)
	_, err = p.Exec(ctx)
	return err == nil && gone.Val() == 1, failed(err)
}
