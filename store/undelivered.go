package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// PutUndelivered adds an entry to its station's undelivered list. It replaces one for the same submission,
// receiver and purpose.
func (s Outbox) PutUndelivered(ctx context.Context, u record.Undelivered) error {
	st, local, ok := split(u.Submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptUndelivered.run(ctx, s.rdb, []string{sp.undelivered(), sp.undeliveredData(), sp.undeliveredIndex(), sp.changed()},
		u.ID(), u.Since.UnixMilli(), string(u.Why), local, maxChanges).Err())
}

// DropUndelivered removes a receiver's entries about a submission from the list; all receivers' when receiver
// is "".
func (s Outbox) DropUndelivered(ctx context.Context, submission, receiver string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptDropUndelivered.run(ctx, s.rdb, []string{sp.undelivered(), sp.undeliveredData(), sp.undeliveredIndex(), sp.changed()},
		record.UndeliveredPrefix(submission, receiver), local, maxChanges).Err())
}

// UndeliveredByID returns fault.NotFound for an id that is not on the list.
func (s Outbox) UndeliveredByID(ctx context.Context, st, id string) (record.Undelivered, error) {
	if err := checkStation(st); err != nil {
		return record.Undelivered{}, err
	}
	why, err := s.rdb.HGet(ctx, spaceOf(st).undeliveredData(), id).Result()
	u, ok := record.ParseUndeliveredID(st, id)
	if errors.Is(err, redis.Nil) || err == nil && !ok {
		return record.Undelivered{}, missing("这条待告知")
	}
	u.Why = notice.Outcome(why)
	return u, failed(err)
}

// ResolveUndelivered removes one entry from the list.
func (s Outbox) ResolveUndelivered(ctx context.Context, st, id string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	p.ZRem(ctx, sp.undelivered(), id)
	p.HDel(ctx, sp.undeliveredData(), id)
	p.ZRem(ctx, sp.undeliveredIndex(), id)
	if u, ok := record.ParseUndeliveredID(st, id); ok {
		sp.addChange(ctx, p, u.Submission)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// UndeliveredPage lists up to limit entries after the cursor, oldest first, with the cursor of the last.
func (s Outbox) UndeliveredPage(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Undelivered, next record.Cursor, more bool, err error) {
	if err := checkStation(st); err != nil {
		return nil, after, false, err
	}
	rows, next, more, err := s.pageByScore(ctx, spaceOf(st).undelivered(), after, limit)
	if err != nil || len(rows) == 0 {
		return nil, next, more, err
	}
	ids := make([]string, len(rows))
	for i, z := range rows {
		ids[i], _ = z.Member.(string)
	}
	why, err := s.rdb.HMGet(ctx, spaceOf(st).undeliveredData(), ids...).Result()
	if err != nil {
		return nil, after, false, failed(err)
	}
	for i, z := range rows {
		u, ok := record.ParseUndeliveredID(st, ids[i])
		if !ok {
			continue
		}
		reason, _ := why[i].(string)
		u.Why, u.Since = notice.Outcome(reason), time.UnixMilli(int64(z.Score))
		list = append(list, u)
	}
	return list, next, more, nil
}

// UndeliveredReceivers returns the receivers listed for a submission, once for each purpose. Its cost does not
// depend on the list's length.
func (s Outbox) UndeliveredReceivers(ctx context.Context, submission string) ([]string, error) {
	st, _, ok := split(submission)
	if !ok {
		return nil, missing(aSubmission)
	}
	ids, err := s.rdb.ZRangeArgs(ctx, undeliveredRange(st, submission)).Result()
	if err != nil {
		return nil, failed(err)
	}
	return receiversOf(st, ids), nil
}

// undeliveredRange is the index's range of a submission's entries.
func undeliveredRange(st, submission string) redis.ZRangeArgs {
	begin := record.UndeliveredPrefix(submission, "")
	return redis.ZRangeArgs{Key: spaceOf(st).undeliveredIndex(), ByLex: true, Start: "[" + begin, Stop: "(" + begin + "\xff"}
}

// receiversOf returns the receivers in entries of a station's index.
func receiversOf(st string, ids []string) (receivers []string) {
	for _, id := range ids {
		if u, ok := record.ParseUndeliveredID(st, id); ok {
			receivers = append(receivers, u.Receiver)
		}
	}
	return receivers
}

// FilterUndelivered returns those of a station's submissions that have an entry on the list. Its cost grows
// with the number of ids, not with the list.
func (s Outbox) FilterUndelivered(ctx context.Context, st string, ids []string) ([]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	key := spaceOf(st).undeliveredIndex()
	var listed []string
	for part := range slices.Chunk(ids, maxBatch) {
		counts := make([]*redis.IntCmd, len(part))
		p := s.rdb.Pipeline()
		for i, id := range part {
			begin := record.UndeliveredPrefix(id, "")
			counts[i] = p.ZLexCount(ctx, key, "["+begin, "("+begin+"\xff")
		}
		if _, err := p.Exec(ctx); err != nil {
			return nil, failed(err)
		}
		for i, n := range counts {
			if n.Val() > 0 {
				listed = append(listed, part[i])
			}
		}
	}
	return listed, nil
}

// CountUndelivered returns the length of the list.
func (s Outbox) CountUndelivered(ctx context.Context, st string) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCard(ctx, spaceOf(st).undelivered()).Result()
	return int(n), failed(err)
}

// maxToldSearched is how many outcome lines are searched.
const maxToldSearched = 2000

// NoticesByMsgID finds the notices that a platform's message covered, among the newest outcome lines;
// fault.NotFound for none. The entries have no receiver, because the lines have none.
func (s Outbox) NoticesByMsgID(ctx context.Context, st, msgID string) ([]notice.Entry, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	const step = 200 // most failures are reported within seconds
	var found []notice.Entry
	last := "+"
	for n := 0; n < maxToldSearched; n += step {
		lines, err := s.rdb.XRevRangeN(ctx, spaceOf(st).told(), last, "-", step).Result()
		if err != nil {
			return nil, failed(err)
		}
		before := len(found)
		for _, l := range lines {
			if w, _ := l.Values["w"].(string); w != msgID {
				continue
			}
			e, err := toldEntry(st, l.Values)
			if err != nil {
				return nil, broken(err, "通知记录")
			}
			found = append(found, e)
		}
		// The lines of one message are consecutive.
		if len(lines) < step || len(found) > 0 && len(found) == before {
			break
		}
		last = "(" + lines[len(lines)-1].ID
	}
	if len(found) == 0 {
		return nil, missing("这条消息")
	}
	return found, nil
}

// toldEntry returns the notice of an outcome line.
func toldEntry(st string, line map[string]any) (e notice.Entry, err error) {
	local, _ := line["s"].(string)
	purpose, _ := line["p"].(string)
	at, _ := line["t"].(string)
	e.Submission, e.Purpose = st+"-"+local, notice.Purpose(purpose)
	e.At, err = strconv.ParseInt(at, 10, 64)
	return e, err
}
