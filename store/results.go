package store

import (
	"context"
	"encoding/json"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
	"mashang/store/value"
)

// PutResult publishes a submission's result, in place of an earlier one.
func (s Submissions) PutResult(ctx context.Context, r record.Result) error {
	text, err := json.Marshal(r)
	if err != nil {
		return broken(err, "公开的结果")
	}
	return s.withChange(ctx, r.Submission, func(p redis.Pipeliner, sp space, local string) {
		p.HSet(ctx, sp.results(), local, text)
	})
}

// DropResult removes a published result. A missing one is no error.
func (s Submissions) DropResult(ctx context.Context, submission string) error {
	return s.withChange(ctx, submission, func(p redis.Pipeliner, sp space, local string) {
		p.HDel(ctx, sp.results(), local)
	})
}

// Results returns everything that a station has published, in no order.
func (s Submissions) Results(ctx context.Context, st string) ([]record.Result, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	all, err := s.rdb.HGetAll(ctx, spaceOf(st).results()).Result()
	if err != nil {
		return nil, failed(err)
	}
	list := make([]record.Result, 0, len(all))
	for local, text := range all {
		r := record.Result{Submission: st + "-" + local}
		if err := value.Unpack([]byte(text), &r); err != nil {
			return nil, broken(err, "公开的结果")
		}
		list = append(list, r)
	}
	return list, nil
}
