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

// PutUndelivered puts somebody on their station's list of those who could not be
// told. Of several for the same purpose the newest stands.
func (s Outbox) PutUndelivered(ctx context.Context, u record.Undelivered) error {
	st, local, ok := split(u.Submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptUndelivered.run(ctx, s.rdb, []string{sp.undelivered(), sp.undeliveredData(), sp.undeliveredIndex(), sp.changed()},
		u.ID(), u.Since.UnixMilli(), string(u.Why), local, changesKept).Err())
}

// DropUndelivered takes the receiver's entries about a submission off the list;
// everybody's when receiver is "".
func (s Outbox) DropUndelivered(ctx context.Context, submission, receiver string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptTold.run(ctx, s.rdb, []string{sp.undelivered(), sp.undeliveredData(), sp.undeliveredIndex(), sp.changed()},
		record.UndeliveredPrefix(submission, receiver), local, changesKept).Err())
}

// UndeliveredByID answers fault.NotFound for an id that is not on the list.
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

// ResolveUndelivered takes one entry off the list.
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
		sp.change(ctx, p, u.Submission)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// UndeliveredPage lists up to limit of those who could not be told after the cursor, the
// oldest first, with the cursor of the last.
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

// UndeliveredReceivers returns the receivers on the list for a submission, each as often
// as there are purposes. It costs the same however long the list is.
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

// undeliveredRange asks the index for a submission's entries.
func undeliveredRange(st, submission string) redis.ZRangeArgs {
	begin := record.UndeliveredPrefix(submission, "")
	return redis.ZRangeArgs{Key: spaceOf(st).undeliveredIndex(), ByLex: true, Start: "[" + begin, Stop: "(" + begin + "\xff"}
}

// receiversOf are the receivers that entries of a station's index name.
func receiversOf(st string, ids []string) (receivers []string) {
	for _, id := range ids {
		if u, ok := record.ParseUndeliveredID(st, id); ok {
			receivers = append(receivers, u.Receiver)
		}
	}
	return receivers
}

// FilterUndelivered returns those of a station's submissions of which somebody is on
// the list. Its cost grows with the ids asked for and not with the list.
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

// CountUndelivered counts the list.
func (s Outbox) CountUndelivered(ctx context.Context, st string) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCard(ctx, spaceOf(st).undelivered()).Result()
	return int(n), failed(err)
}

// toldSearched is how many lines of what was told are looked through for one.
const toldSearched = 2000

// NoticesByMsgID finds what was told by the platform's message of that id among the
// newest lines, several where one message told of them; it answers fault.NotFound
// for none. Whom it was for is not written there: the entries name nobody.
func (s Outbox) NoticesByMsgID(ctx context.Context, st, msgID string) ([]notice.Entry, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	const step = 200 // most failures are told within seconds
	var found []notice.Entry
	last := "+"
	for n := 0; n < toldSearched; n += step {
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
		// Those of one message are written one after the other.
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

// toldEntry is what a line says was told.
func toldEntry(st string, line map[string]any) (e notice.Entry, err error) {
	local, _ := line["s"].(string)
	purpose, _ := line["p"].(string)
	at, _ := line["t"].(string)
	e.Submission, e.Purpose = st+"-"+local, notice.Purpose(purpose)
	e.At, err = strconv.ParseInt(at, 10, 64)
	return e, err
}
