package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

const (
	// changesKept is about how many changes a station's feed remembers: some hours
	// of a busy day. Redis keeps up to a hundred more.
	changesKept = 10_000
	// changesRead is how many are read in one round trip.
	changesRead = 1_000
	// beginning is the place before the first change of all.
	beginning = "0-0"
)

// change says in the station's feed that something shown of the submission is
// another now. It goes into the transaction that makes it so.
func (s space) change(ctx context.Context, p redis.Pipeliner, submission string) {
	_, local, _ := strings.Cut(submission, "-")
	p.XAdd(ctx, &redis.XAddArgs{Stream: s.changed(), MaxLen: changesKept, Approx: true, Values: []any{"s", local}})
}

// changed makes a change of what is shown of a submission, and says so in the feed, in
// one transaction.
func (s *conn) changed(ctx context.Context, submission string, do func(p redis.Pipeliner, sp space, local string)) error {
	st, local, ok := split(submission)
	if !ok {
		return missing(aSubmission)
	}
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		do(p, spaceOf(st), local)
		spaceOf(st).change(ctx, p, submission)
		return nil
	})
	return failed(err)
}

// Changes returns which of a station's submissions changed after a place in its
// feed, each once, and the place up to which that is. "" stands for now: nothing
// has changed since. See overview.Store for the contract.
func (s Submissions) Changes(ctx context.Context, st, after string) (record.FeedPage, error) {
	if err := checkStation(st); err != nil {
		return record.FeedPage{}, err
	}
	key := spaceOf(st).changed()
	if after == "" {
		return s.lastChange(ctx, key)
	}
	if !isPlace(after) {
		return s.gap(ctx, key)
	}
	c := record.FeedPage{Next: after}
	seen := map[string]bool{}
	for {
		// The place itself is read again: if it is still there, nothing between it
		// and what follows was forgotten.
		list, err := s.rdb.XRangeN(ctx, key, c.Next, "+", changesRead+1).Result()
		switch {
		case err != nil:
			return record.FeedPage{}, failed(err)
		case c.Next == beginning:
			length, err := s.rdb.XLen(ctx, key).Result()
			if err != nil {
				return record.FeedPage{}, failed(err)
			}
			if length >= changesKept {
				return s.gap(ctx, key)
			}
		case len(list) == 0 || list[0].ID != c.Next:
			return s.gap(ctx, key)
		default:
			list = list[1:]
		}
		for _, m := range list {
			if local := fieldText(m.Values["s"]); !seen[local] {
				seen[local] = true
				c.IDs = append(c.IDs, st+"-"+local)
			}
			c.Next = m.ID
		}
		if len(list) < changesRead {
			return c, nil
		}
	}
}

// isPlace reports whether a text can be a place in a feed.
func isPlace(text string) bool {
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
		return record.FeedPage{Next: beginning}, failed(err)
	}
	return record.FeedPage{Next: list[0].ID}, nil
}
