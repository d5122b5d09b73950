package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

const (
	// maxChanges is about how many changes a station's feed keeps: some hours of a busy day. Redis keeps up to
	// a hundred more.
	maxChanges = 10_000
	// changesPage is how many changes one round trip reads.
	changesPage = 1_000
	// feedStart is the position before the first change.
	feedStart = "0-0"
)

// addChange writes to the station's feed that the shown state of a submission, or of what record.DayRef names,
// changed. It belongs in the transaction of the change.
func (s space) addChange(ctx context.Context, p redis.Pipeliner, submission string) {
	_, local, _ := strings.Cut(submission, "-")
	field := "s"
	if strings.Contains(local, "/") {
		field = "d"
	}
	p.XAdd(ctx, &redis.XAddArgs{Stream: s.changed(), MaxLen: maxChanges, Approx: true, Values: []any{field, local}})
}

// withChange changes what is shown of a submission and writes the change to the feed, in one transaction.
func (s *conn) withChange(ctx context.Context, submission string, do func(p redis.Pipeliner, sp space, local string)) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		do(p, spaceOf(st), local)
		spaceOf(st).addChange(ctx, p, submission)
		return nil
	})
	return failed(err)
}

// Changes returns the submissions and documents of a station that changed after a position in its feed, each once, and
// the new position. For "" it returns the present position alone. See overview.Store for the contract.
func (s Submissions) Changes(ctx context.Context, st, after string) (record.FeedPage, error) {
	if err := checkStation(st); err != nil {
		return record.FeedPage{}, err
	}
	key := spaceOf(st).changed()
	if after == "" {
		return s.lastChange(ctx, key)
	}
	if !isFeedPosition(after) {
		return s.gap(ctx, key)
	}
	c := record.FeedPage{Next: after}
	seen := map[string]bool{}
	for {
		// The entry at the position is read again: if it still exists, nothing after it was dropped.
		list, err := s.rdb.XRangeN(ctx, key, c.Next, "+", changesPage+1).Result()
		switch {
		case err != nil:
			return record.FeedPage{}, failed(err)
		case c.Next == feedStart:
			length, err := s.rdb.XLen(ctx, key).Result()
			if err != nil {
				return record.FeedPage{}, failed(err)
			}
			if length >= maxChanges {
				return s.gap(ctx, key)
			}
		case len(list) == 0 || list[0].ID != c.Next:
			return s.gap(ctx, key)
		default:
			list = list[1:]
		}
		for _, m := range list {
			local, document := fieldText(m.Values["s"]), fieldText(m.Values["d"])
			if local != "" && !seen[local] {
				c.IDs = append(c.IDs, st+"-"+local)
			}
			if document != "" && !seen[document] { // it has a slash, so it is no submission's
				c.Documents = append(c.Documents, document)
			}
			seen[local], seen[document] = true, true
			c.Next = m.ID
		}
		if len(list) < changesPage {
			return c, nil
		}
	}
}

// isFeedPosition reports whether a text has the form of a position.
func isFeedPosition(text string) bool {
	ms, n, ok := strings.Cut(text, "-")
	_, err1 := strconv.ParseUint(ms, 10, 64)
	_, err2 := strconv.ParseUint(n, 10, 64)
	return ok && err1 == nil && err2 == nil
}

func (s Submissions) gap(ctx context.Context, key string) (record.FeedPage, error) {
	c, err := s.lastChange(ctx, key)
	c.Gap = err == nil
	return c, err
}

func (s Submissions) lastChange(ctx context.Context, key string) (record.FeedPage, error) {
	list, err := s.rdb.XRevRangeN(ctx, key, "+", "-", 1).Result()
	if err != nil || len(list) == 0 {
		return record.FeedPage{Next: feedStart}, failed(err)
	}
	return record.FeedPage{Next: list[0].ID}, nil
}
