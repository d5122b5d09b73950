package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store/value"
)

const aSubmission = "这件诉求"

// Load reads a submission; fault.NotFound for an unknown id.
func (s Submissions) Load(ctx context.Context, id string) (casework.Submission, error) {
	st, local, ok := split(id)
	if !ok {
		return casework.Submission{}, missing(aSubmission)
	}
	value, err := s.required(ctx, spaceOf(st).value(local), aSubmission)
	if err != nil {
		return casework.Submission{}, err
	}
	return s.sealer.Load().Decode(st, local, value)
}

// LoadWithUndelivered is Load, and returns the receivers listed as undelivered about the submission, in one round trip.
func (s Submissions) LoadWithUndelivered(ctx context.Context, id string) (sub casework.Submission, receivers []string, err error) {
	st, local, ok := split(id)
	if !ok {
		return casework.Submission{}, nil, missing(aSubmission)
	}
	p := s.rdb.Pipeline()
	value, listed := p.Get(ctx, spaceOf(st).value(local)), p.ZRangeArgs(ctx, undeliveredRange(st, id))
	_, err = p.Exec(ctx)
	if errors.Is(value.Err(), redis.Nil) {
		return casework.Submission{}, nil, missing(aSubmission)
	}
	if err != nil {
		return casework.Submission{}, nil, failed(err)
	}
	sub, err = s.sealer.Load().Decode(st, local, value.Val())
	for _, entry := range listed.Val() {
		u, _ := record.ParseUndeliveredID(st, entry)
		receivers = append(receivers, u.Receiver)
	}
	return sub, receivers, err
}

// maxBatch bounds one MGET, so that it does not block other clients for long.
const maxBatch = 500

// LoadMany returns the readable ones among a station's submissions, in the order of ids. Missing ones are left
// out. Damaged ones are left out and logged, so that they do not hide the others.
func (s Submissions) LoadMany(ctx context.Context, st string, ids []string) ([]casework.Submission, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	list := make([]casework.Submission, 0, len(ids))
	for part := range slices.Chunk(ids, maxBatch) {
		keys, locals := make([]string, 0, len(part)), make([]string, 0, len(part))
		for _, id := range part {
			if in, local, ok := split(id); ok && in == st {
				keys, locals = append(keys, spaceOf(st).value(local)), append(locals, local)
			}
		}
		if len(keys) == 0 {
			continue
		}
		values, err := s.rdb.MGet(ctx, keys...).Result()
		if err != nil {
			return nil, failed(err)
		}
		for i, v := range values {
			value, ok := v.(string)
			if !ok {
				continue
			}
			sub, err := s.sealer.Load().Decode(st, locals[i], value)
			if err != nil {
				s.unreadable(ctx, st+"-"+locals[i], err)
				continue
			}
			list = append(list, sub)
		}
	}
	return list, nil
}

// Commit replaces was by next in one round trip. See matters.Store for the contract; an unknown id is
// fault.NotFound.
func (s Submissions) Commit(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (bool, error) {
	st, local, ok := split(next.ID)
	if !ok || was.ID != next.ID {
		return false, missing(aSubmission)
	}
	value, err := s.sealer.Load().Encode(&next)
	if err != nil {
		return false, err
	}
	sp := spaceOf(st)
	left, entered := placementDiff(placements(sp, &was), placements(sp, &next))
	keys := append(make([]string, 0, 4+len(left)+len(entered)), sp.value(local), sp.outbox(), sp.outboxData(), sp.changed())
	keys = append(keys, left...)
	args := append(make([]any, 0, 6+len(entered)+3*len(notices)), was.Version, value, local, len(left), len(entered), maxChanges)
	for _, p := range entered {
		keys, args = append(keys, p.key), append(args, p.score)
	}
	for _, e := range notices {
		text, err := entryText(e)
		if err != nil {
			return false, err
		}
		args = append(args, e.ID, max(e.At, e.NotBefore), text)
	}
	n, err := scriptCommit.run(ctx, s.rdb, keys, args...).Int()
	switch {
	case err != nil:
		return false, failed(err)
	case n < 0:
		return false, missing(aSubmission)
	case n == 1 && next.Assignee != "" && next.Assignee != was.Assignee:
		s.recordAssignment(ctx, sp, next.Assignee, next.Last().At)
	}
	return n == 1, nil
}

// entryText returns an entry's stored form. The attempts are stored beside it, where the scripts count them.
func entryText(e notice.Entry) ([]byte, error) {
	e.Attempts = 0
	return value.Pack(e, "通知")
}

// Loads counts the inbox of each member; 0 for members without one.
func (s Submissions) Loads(ctx context.Context, st string, members []string) (map[string]int, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	loads := make(map[string]int, len(members))
	if len(members) == 0 {
		return loads, nil
	}
	args := make([]any, len(members))
	for i, m := range members {
		args[i] = m
	}
	text, err := scriptLoads.run(ctx, s.rdb, []string{spaceOf(st).inbox("")}, args...).Text()
	if err != nil {
		return nil, failed(err)
	}
	for _, m := range members {
		var count string
		count, text, _ = strings.Cut(text, " ")
		if loads[m], err = strconv.Atoi(count); err != nil {
			return nil, broken(err, "待办")
		}
	}
	return loads, nil
}

// Count returns the size of an index.
func (s Submissions) Count(ctx context.Context, st string, ix record.Index) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	key, _ := indexKey(spaceOf(st), ix)
	n, err := s.rdb.ZCard(ctx, key).Result()
	return int(n), failed(err)
}

// Filed counts the submissions filed from from (inclusive) to to (exclusive).
func (s Submissions) Filed(ctx context.Context, st string, from, to time.Time) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCount(ctx, spaceOf(st).all(),
		strconv.FormatInt(from.UnixMilli(), 10), "("+strconv.FormatInt(to.UnixMilli(), 10)).Result()
	return int(n), failed(err)
}

// Due counts the members' submissions (assigned, accepted) that are overdue at now, and those due after now
// until until, by their deadlines.
func (s Submissions) Due(ctx context.Context, st string, now, until time.Time) (overdue, soon int, err error) {
	if err := checkStation(st); err != nil {
		return 0, 0, err
	}
	key, at := spaceOf(st).due(), strconv.FormatInt(now.UnixMilli(), 10)
	p := s.rdb.Pipeline()
	first := p.ZCount(ctx, key, "-inf", at)
	second := p.ZCount(ctx, key, "("+at, strconv.FormatInt(until.UnixMilli(), 10))
	if _, err := p.Exec(ctx); err != nil {
		return 0, 0, failed(err)
	}
	return int(first.Val()), int(second.Val()), nil
}

// LastAssigned returns the time of each member's last assignment in the station, in UTC milliseconds. A member
// without one is absent.
func (s Submissions) LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	fields, err := s.rdb.HGetAll(ctx, spaceOf(st).lastAssigned()).Result()
	if err != nil {
		return nil, failed(err)
	}
	times := make(map[string]casework.Millis, len(fields))
	for member, text := range fields {
		at, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, broken(err, "委员最近接件时间")
		}
		times[member] = casework.Millis(at)
	}
	return times, nil
}

// recordAssignment stores the time of a member's assignment. It only decides among equal candidates, so a
// failure is logged and the act stands.
func (s Submissions) recordAssignment(ctx context.Context, sp space, member string, at casework.Millis) {
	if err := s.rdb.HSet(ctx, sp.lastAssigned(), member, int64(at)).Err(); err != nil {
		s.log.WarnContext(ctx, "time of the last matter not noted", slog.Any("err", err))
	}
}
