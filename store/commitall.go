package store

import (
	"context"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// CommitAll replaces several submissions of one station by their next versions, all or none. ok is false when
// one of them has changed.
func (s Submissions) CommitAll(ctx context.Context, st string, list []record.Change, notices []notice.Entry) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	sp := spaceOf(st)
	keys, args := []string{sp.outbox(), sp.outboxData(), sp.changed()}, []any{len(list), maxChanges}
	for i := range list {
		was, next := &list[i].Was, &list[i].Next
		in, local, good := split(next.ID)
		if !good || in != st || was.ID != next.ID {
			return false, missing(aSubmission)
		}
		value, err := s.sealer.Load().Encode(next)
		if err != nil {
			return false, err
		}
		left, entered := placementDiff(placements(sp, was), placements(sp, next))
		keys = append(append(keys, sp.value(local)), left...)
		args = append(args, was.Version, value, local, len(left), len(entered))
		for _, p := range entered {
			keys, args = append(keys, p.key), append(args, p.score)
		}
	}
	for _, e := range notices {
		text, err := entryText(e)
		if err != nil {
			return false, err
		}
		args = append(args, e.ID, max(e.At, e.NotBefore), text)
	}
	n, err := scriptCommitAll.run(ctx, s.rdb, keys, args...).Int()
	return err == nil && n == 0, failed(err)
}

// PendingRelays returns up to n leads whose newest step was not passed on to their followers yet.
func (s Submissions) PendingRelays(ctx context.Context, st string, n int) ([]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	ids, err := s.rdb.ZRange(ctx, spaceOf(st).relay(), 0, int64(n)-1).Result()
	if err != nil {
		return nil, failed(err)
	}
	for i, local := range ids {
		ids[i] = st + "-" + local
	}
	return ids, nil
}

// FinishRelay removes a lead from that list if it still has the version that was passed on.
func (s Submissions) FinishRelay(ctx context.Context, id string, version int) error {
	st, local, ok := split(id)
	if !ok {
		return missing(aSubmission)
	}
	return failed(scriptFinishRelay.run(ctx, s.rdb, []string{spaceOf(st).relay()}, local, version).Err())
}
