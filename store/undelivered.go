package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// splitRef is split for the id of a submission, or for what record.DayRef names.
func splitRef(ref string) (st, local string, ok bool) {
	day, isDay := record.ParseDayRef(ref)
	if !isDay {
		return split(ref)
	}
	st, local, _ = strings.Cut(ref, "-")
	return st, local, validStation(st) && record.Document{Kind: record.DocumentDay, ID: day}.Valid()
}

// PutUndelivered adds an entry to its station's undelivered list. It replaces one for the same submission,
// receiver and purpose.
func (s Outbox) PutUndelivered(ctx context.Context, u record.Undelivered) error {
	st, local, ok := splitRef(u.Submission)
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
	st, local, ok := splitRef(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptDropUndelivered.run(ctx, s.rdb, []string{sp.undelivered(), sp.undeliveredData(), sp.undeliveredIndex(), sp.changed()},
		record.UndeliveredPrefix(submission, receiver), local, maxChanges).Err())
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
	ids, since := make([]string, len(rows)), make([]float64, len(rows))
	for i, z := range rows {
		ids[i], _ = z.Member.(string)
		since[i] = z.Score
	}
	list, err = s.undelivered(ctx, st, ids, since)
	return list, next, more, err
}

// undelivered reads entries of a station's list.
func (s Outbox) undelivered(ctx context.Context, st string, ids []string, since []float64) (list []record.Undelivered, err error) {
	why, err := s.rdb.HMGet(ctx, spaceOf(st).undeliveredData(), ids...).Result()
	if err != nil {
		return nil, failed(err)
	}
	for i, id := range ids {
		// One without a reason was resolved between the two reads.
		if u, ok := record.ParseUndeliveredID(st, id); ok && why[i] != nil {
			u.Why, u.Since = notice.Outcome(fieldText(why[i])), time.UnixMilli(int64(since[i]))
			list = append(list, u)
		}
	}
	return list, nil
}

// UndeliveredOf returns a station's entries about some submissions, in their order. Its cost grows with the number of ids,
// not with the list.
func (s Outbox) UndeliveredOf(ctx context.Context, st string, ids []string) (list []record.Undelivered, err error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(ids, maxBatch) {
		p := s.rdb.Pipeline()
		found := make([]*redis.StringSliceCmd, len(part))
		for i, id := range part {
			found[i] = p.ZRangeArgs(ctx, undeliveredRange(st, id))
		}
		if _, err := p.Exec(ctx); err != nil {
			return nil, failed(err)
		}
		var entries []string
		for _, f := range found {
			entries = append(entries, f.Val()...)
		}
		if len(entries) == 0 {
			continue
		}
		since, err := s.rdb.ZMScore(ctx, spaceOf(st).undelivered(), entries...).Result()
		if err != nil {
			return nil, failed(err)
		}
		some, err := s.undelivered(ctx, st, entries, since)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// undeliveredRange is the index's range of a submission's entries.
func undeliveredRange(st, submission string) redis.ZRangeArgs {
	begin := record.UndeliveredPrefix(submission, "")
	return redis.ZRangeArgs{Key: spaceOf(st).undeliveredIndex(), ByLex: true, Start: "[" + begin, Stop: "(" + begin + "\xff"}
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
	local, purpose, at := fieldText(line["s"]), fieldText(line["p"]), fieldText(line["t"])
	e.Submission, e.Purpose = st+"-"+local, notice.Purpose(purpose)
	if day, ok := record.ParseDayRef(e.Submission); ok {
		e.Submission, e.Day = "", day
		e.About, e.Booking, e.Swap = fieldText(line["a"]), fieldText(line["k"]), fieldText(line["x"])
	}
	e.At, err = strconv.ParseInt(at, 10, 64)
	return e, err
}
