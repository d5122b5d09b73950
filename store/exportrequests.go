package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// anExportRequest names a request in an error.
const anExportRequest = "这个申请"

// PutExportRequest stores a sealed export request for ttl. The station's list of requests lives as long as the
// newest.
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

// ExportRequest returns fault.NotFound for an unknown or expired request.
func (s Stations) ExportRequest(ctx context.Context, st, id string) (sealed string, err error) {
	if err := checkStation(st); err != nil {
		return "", err
	}
	return s.required(ctx, spaceOf(st).exportRequest(id), anExportRequest)
}

// ExportRequests returns the ids of a station's requests, newest first.
func (s Stations) ExportRequests(ctx context.Context, st string) ([]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	ids, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{Key: spaceOf(st).exportRequests(), Start: 0, Stop: -1, Rev: true}).Result()
	return ids, failed(err)
}

// ChangeExportRequest replaces was by next and keeps the remaining time. ok is false when the request has
// changed or expired.
func (s Stations) ChangeExportRequest(ctx context.Context, st, id, was, next string) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	n, err := scriptSwap.run(ctx, s.rdb, []string{spaceOf(st).exportRequest(id)}, was, next).Int()
	return n == 1, failed(err)
}

// TakeExportRequest removes a request. ok is false when there is none, so that a request is used once.
func (s Stations) TakeExportRequest(ctx context.Context, st, id string) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	deleted := p.Del(ctx, sp.exportRequest(id))
	p.ZRem(ctx, sp.exportRequests(), id)
	_, err = p.Exec(ctx)
	return err == nil && deleted.Val() == 1, failed(err)
}
