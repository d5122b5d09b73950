package store

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"mashang/domain/record"
)

// seenSeconds is how long a delivery is remembered: the platform repeats one
// within seconds; a day covers every delay on the way.
const seenSeconds = 24 * 60 * 60

// arrivals is the queue of the deliveries.
var arrivals = leased{keyArrivals, keyArrivalData}

// Arrive stores a delivery once: a repeated id within a day changes nothing.
func (s *Store) Arrive(ctx context.Context, a record.Arrival, now time.Time) error {
	text, err := arrivalText(a)
	if err != nil {
		return err
	}
	id := digest(a.ID)
	return failed(scriptEnqueue.run(ctx, s.rdb, []string{keyArrivals, keyArrivalData, keyArrivalSeen(id)},
		id, now.UnixMilli(), text, seenSeconds).Err())
}

// LeaseArrivals hands out up to n deliveries and hides them until the lease
// ends. Attempts counts this one.
func (s *Store) LeaseArrivals(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.Arrival, error) {
	tickets, err := s.lease(ctx, arrivals, now, lease, n)
	if err != nil {
		return nil, err
	}
	list := make([]record.Arrival, 0, len(tickets))
	for _, t := range tickets {
		var a record.Arrival
		if err := unpack([]byte(t.payload), &a); err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a delivery cannot be read", slog.Any("error", err))
			continue
		}
		a.Attempts = t.attempts
		list = append(list, a)
	}
	return list, nil
}

// FinishArrival removes the delivery; its id stays remembered.
func (s *Store) FinishArrival(ctx context.Context, id string) error {
	p := s.rdb.TxPipeline()
	p.HDel(ctx, keyArrivalData, digest(id))
	p.ZRem(ctx, keyArrivals, digest(id))
	_, err := p.Exec(ctx)
	return failed(err)
}

// PostponeArrival makes the delivery due again at the time, with the Attempts
// it has.
func (s *Store) PostponeArrival(ctx context.Context, a record.Arrival, at time.Time) error {
	text, err := arrivalText(a)
	if err != nil {
		return err
	}
	return s.postpone(ctx, arrivals, digest(a.ID), at, a.Attempts, text)
}

// arrivalText is a delivery as it is stored; the attempts are kept beside it.
func arrivalText(a record.Arrival) ([]byte, error) {
	a.Attempts = 0
	text, err := json.Marshal(a)
	if err != nil {
		return nil, broken(err, "消息")
	}
	return text, nil
}
