package store

import (
	"context"
	"log/slog"
	"time"

	"mashang/domain/record"
	"mashang/store/value"
)

// seenSeconds is how long an event's id is remembered. The platform repeats a delivery within seconds; a day
// covers every delay.
const seenSeconds = 24 * 60 * 60

// eventQueue is the queue of pushed events.
var eventQueue = leaseQueue{keyEvents, keyEventData}

// PutEvent stores an event once: a repeated id within a day changes nothing.
func (s Platform) PutEvent(ctx context.Context, a record.InboundEvent, now time.Time) error {
	text, err := arrivalText(a)
	if err != nil {
		return err
	}
	id := digest(a.ID)
	return failed(scriptEnqueue.run(ctx, s.rdb, []string{keyEvents, keyEventData, keyEventSeen(id)},
		id, now.UnixMilli(), text, seenSeconds).Err())
}

// LeaseEvents leases up to n events and hides them until the lease ends. Attempts includes this one.
func (s Platform) LeaseEvents(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.InboundEvent, error) {
	entries, err := s.lease(ctx, eventQueue, now, lease, n)
	if err != nil {
		return nil, err
	}
	list := make([]record.InboundEvent, 0, len(entries))
	for _, t := range entries {
		var a record.InboundEvent
		if err := value.Unpack([]byte(t.payload), &a); err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a delivery cannot be read", slog.Any("error", err))
			continue
		}
		a.Attempts = t.attempts
		list = append(list, a)
	}
	return list, nil
}

// FinishEvent removes the event; its id stays remembered.
func (s Platform) FinishEvent(ctx context.Context, id string) error {
	p := s.rdb.TxPipeline()
	p.HDel(ctx, keyEventData, digest(id))
	p.ZRem(ctx, keyEvents, digest(id))
	_, err := p.Exec(ctx)
	return failed(err)
}

// PostponeEvent makes the event due at the time. It stores a's Attempts.
func (s Platform) PostponeEvent(ctx context.Context, a record.InboundEvent, at time.Time) error {
	text, err := arrivalText(a)
	if err != nil {
		return err
	}
	return s.postpone(ctx, eventQueue, digest(a.ID), at, a.Attempts, text)
}

// arrivalText returns an event's stored form. The attempts are stored beside it.
func arrivalText(a record.InboundEvent) ([]byte, error) {
	a.Attempts = 0
	return value.Pack(a, "消息")
}
