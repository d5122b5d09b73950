package store

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// leaseQueue is a queue whose entries are leased and become due again unless they are finished: a sorted set by
// the time at which an entry is due, and a hash with "<attempts>
// <payload>" by id. Both are in one slot.
type leaseQueue struct{ queue, data string }

// leasedEntry is a leased entry: its payload, and how often it was leased, this time included.
type leasedEntry struct {
	payload  string
	attempts int
}

// lease leases up to n due entries, longest due first.
func (s *conn) lease(ctx context.Context, q leaseQueue, now time.Time, lease time.Duration, n int) ([]leasedEntry, error) {
	list, err := scriptLease.run(ctx, s.rdb, []string{q.queue, q.data},
		now.UnixMilli(), now.Add(lease).UnixMilli(), n).StringSlice()
	if err != nil {
		return nil, failed(err)
	}
	entries := make([]leasedEntry, len(list))
	for i, text := range list {
		attempts, payload, _ := strings.Cut(text, "\n")
		count, err := strconv.Atoi(attempts)
		if err != nil {
			return nil, broken(err, "队列")
		}
		entries[i] = leasedEntry{payload, count}
	}
	return entries, nil
}

// postpone makes an entry due at another time and stores its attempts. A finished entry stays finished.
func (s *conn) postpone(ctx context.Context, q leaseQueue, id string, at time.Time, attempts int, payload []byte) error {
	return failed(scriptPostpone.run(ctx, s.rdb, []string{q.queue, q.data},
		id, at.UnixMilli(), attempts, payload).Err())
}
