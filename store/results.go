package store

import (
	"context"
	"encoding/json"

	"mashang/domain/record"
)

// PutResult publishes what became of a submission, in place of what was
// published of it before.
func (s *Store) PutResult(ctx context.Context, r record.Result) error {
	st, local, ok := split(r.Submission)
	if !ok {
		return missing(aSubmission)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return broken(err, "公开的结果")
	}
	sp, p := spaceOf(st), s.rdb.TxPipeline()
	p.HSet(ctx, sp.results(), local, text)
	sp.change(ctx, p, r.Submission)
	_, err = p.Exec(ctx)
	return failed(err)
}

// DropResult takes it back; one that is not there is no error.
func (s *Store) DropResult(ctx context.Context, submission string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp, p := spaceOf(st), s.rdb.TxPipeline()
	p.HDel(ctx, sp.results(), local)
	sp.change(ctx, p, submission)
	_, err := p.Exec(ctx)
	return failed(err)
}

// Results returns all that a station publishes, in no order.
func (s *Store) Results(ctx context.Context, st string) ([]record.Result, error) {
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
		if err := unpack([]byte(text), &r); err != nil {
			return nil, broken(err, "公开的结果")
		}
		list = append(list, r)
	}
	return list, nil
}
