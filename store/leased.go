package store

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// leaseQueue is a queue whose entries are handed out for a while and come back by
// themselves unless they are finished: a sorted set by the time at which an
// entry is due, and a hash with "<attempts>\n<payload>" by id. Both lie in
// one slot.
type leaseQueue struct{ queue, data string }

// leasedEntry is an entry on its way: the payload as it was put in, and how often
// it was handed out, this time included.
type leasedEntry struct {
	payload  string
	attempts int
}

// lease hands out up to n entries that are due, the longest due first.
func (s *conn) lease(ctx context.Context, q leaseQueue, now time.Time, lease time.Duration, n int) ([]leasedEntry, error) {
	list, err := scriptLease.run(ctx, s.rdb, []string{q.queue, q.data},
		now.UnixMilli(), now.Add(lease).UnixMilli(), n).StringSlice()
	if err != nil {
		return nil, failed(err)
	}
	tickets := make([]leasedEntry, len(list))
	for i, text := range list {
		attempts, payload, _ := strings.Cut(text, "\n")
		count, err := strconv.Atoi(attempts)
		if err != nil {
			return nil, broken(err, "队列")
		}
		tickets[i] = leasedEntry{payload, count}
	}
	return tickets, nil
}

// postpone makes an entry due at another time with the attempts given. One
// that was finished since stays so.
func (s *conn) postpone(ctx context.Context, q leaseQueue, id string, at time.Time, attempts int, payload []byte) error {
	return failed(scriptPostpone.run(ctx, s.rdb, []string{q.queue, q.data},
		id, at.UnixMilli(), attempts, payload).Err())
}
