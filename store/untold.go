package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/notice"
	"mashang/record"
)

// untoldMost is how many of a station are listed; the oldest give way.
const untoldMost = 1000

// PutUntold puts somebody on their station's list of those who could not be
// told. Of several for the same purpose the newest stands.
func (s *Store) PutUntold(ctx context.Context, u record.Untold) error {
	st, local, ok := split(u.Submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptUntold.run(ctx, s.rdb, []string{sp.untold(), sp.untoldData(), sp.changed()},
		u.ID(), u.Since.UnixMilli(), string(u.Why), untoldMost, local, changesKept).Err())
}

// DropUntold takes the receiver's entries about a submission off the list;
// everybody's when receiver is "".
func (s *Store) DropUntold(ctx context.Context, submission, receiver string) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	sp := spaceOf(st)
	return failed(scriptTold.run(ctx, s.rdb, []string{sp.untold(), sp.untoldData(), sp.changed()},
		record.UntoldOf(submission, receiver), local, changesKept).Err())
}

// UntoldEntry answers fault.NotFound for an id that is not on the list.
func (s *Store) UntoldEntry(ctx context.Context, st, id string) (record.Untold, error) {
	if err := checkStation(st); err != nil {
		return record.Untold{}, err
	}
	why, err := s.rdb.HGet(ctx, spaceOf(st).untoldData(), id).Result()
	u, ok := record.UntoldWith(st, id)
	if errors.Is(err, redis.Nil) || err == nil && !ok {
		return record.Untold{}, missing("这条待告知")
	}
	u.Why = notice.Outcome(why)
	return u, failed(err)
}

// TickUntold takes one entry off the list.
func (s *Store) TickUntold(ctx context.Context, st, id string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	p.ZRem(ctx, sp.untold(), id)
	p.HDel(ctx, sp.untoldData(), id)
	if u, ok := record.UntoldWith(st, id); ok {
		sp.change(ctx, p, u.Submission)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// Untold lists up to limit of those who could not be told after the cursor, the
// oldest first, with the cursor of the last.
func (s *Store) Untold(ctx context.Context, st string, after record.Cursor, limit int) (list []record.Untold, next record.Cursor, more bool, err error) {
	if err := checkStation(st); err != nil {
		return nil, after, false, err
	}
	sp := spaceOf(st)
	from := "-inf"
	if after.ID != "" {
		from = strconv.FormatFloat(after.Score, 'f', -1, 64)
	}
	// The list is bounded, so that its rest is read at once.
	rows, err := s.rdb.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: sp.untold(), ByScore: true, Start: from, Stop: "+inf"}).Result()
	if err != nil {
		return nil, after, false, failed(err)
	}
	why, err := s.rdb.HGetAll(ctx, sp.untoldData()).Result()
	if err != nil {
		return nil, after, false, failed(err)
	}
	next = after
	for _, z := range rows {
		id, _ := z.Member.(string)
		if after.ID != "" && z.Score == after.Score && id <= after.ID {
			continue // of the cursor's own moment, and shown before
		}
		if len(list) == limit {
			return list, next, true, nil
		}
		if u, ok := record.UntoldWith(st, id); ok {
			u.Why, u.Since = notice.Outcome(why[id]), time.UnixMilli(int64(z.Score))
			list = append(list, u)
		}
		next = record.Cursor{Score: z.Score, ID: id}
	}
	return list, next, false, nil
}

// CountUntold counts the list.
func (s *Store) CountUntold(ctx context.Context, st string) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCard(ctx, spaceOf(st).untold()).Result()
	return int(n), failed(err)
}

// toldSearched is how many lines of what was told are looked through for one.
const toldSearched = 2000

// ToldBy finds what was told by the platform's message of that id among the
// newest lines, several where one message told of them; it answers fault.NotFound
// for none. Whom it was for is not written there: the entries name nobody.
func (s *Store) ToldBy(ctx context.Context, st, msgID string) ([]notice.Entry, error) {
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
