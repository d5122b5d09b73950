package store

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store/value"
)

// maxToldLines is about how many outcome lines a station keeps.
const maxToldLines = 10000

func outboxOf(st string) leaseQueue {
	sp := spaceOf(st)
	return leaseQueue{sp.outbox(), sp.outboxData()}
}

// Lease leases up to n due entries and hides them until the lease ends. Attempts includes this one.
func (s Outbox) Lease(ctx context.Context, st string, now time.Time, lease time.Duration, n int) ([]notice.Entry, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	entries, err := s.lease(ctx, outboxOf(st), now, lease, n)
	if err != nil {
		return nil, err
	}
	list := make([]notice.Entry, 0, len(entries))
	for _, t := range entries {
		var e notice.Entry
		if err := value.Unpack([]byte(t.payload), &e); err != nil {
			// The others are leased by now and must be processed.
			s.log.LogAttrs(ctx, slog.LevelError, "a notice cannot be read",
				slog.String("station", st), slog.Any("error", err))
			continue
		}
		e.Attempts = t.attempts
		list = append(list, e)
	}
	return list, nil
}

// Finish removes the entry and stores its outcome, once: a repeated call changes nothing. A Dead entry is kept
// aside. A receiver that was reached leaves the undelivered list.
func (s Outbox) Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error {
	if err := checkStation(st); err != nil {
		return err
	}
	dead, receiver := "0", "visitor"
	if r.Outcome == notice.Dead {
		dead = "1"
	}
	switch {
	case e.Member != "":
		receiver = "member"
	case e.Liaison != "":
		receiver = "liaison"
	case e.Department != "":
		receiver = "department"
	}
	about := record.RefOf(st, e)
	local := strings.TrimPrefix(about, st+"-")
	args := []any{e.ID, string(r.Outcome), dead, maxToldLines, local, maxChanges, 0}
	// Telling the filer's proxy does not tell the filer, who is listed; a photo's notice may be the proxy's.
	if r.Outcome.Told() && e.About != notice.AboutProxy && e.About != notice.AboutPhoto {
		args[6] = len(notice.Purposes)
		for _, p := range notice.Purposes {
			args = append(args, record.Undelivered{Submission: about, Receiver: record.Receiver(e), Purpose: p}.ID())
		}
	}
	args = append(args, "s", local, "p", string(e.Purpose), "r", receiver,
		"o", string(r.Outcome), "n", e.Attempts, "t", now.UnixMilli())
	if e.Day != "" { // more is needed to tell whether a failure that is reported later still matters
		args = append(args, "a", e.About, "k", e.Booking, "x", e.Swap)
	}
	if r.MsgID != "" {
		args = append(args, "w", r.MsgID)
	}
	sp := spaceOf(st)
	return failed(scriptFinish.run(ctx, s.rdb,
		[]string{sp.outbox(), sp.outboxData(), sp.outboxDead(), sp.told(), sp.toldCounts(), sp.undelivered(), sp.undeliveredData(), sp.changed(), sp.undeliveredIndex()},
		args...).Err())
}

// onceSeconds is how long the id of an entry that no act caused is remembered.
const onceSeconds = 3 * 24 * 60 * 60

// EnqueueNotice queues an entry that no act caused, once for its id.
func (s Outbox) EnqueueNotice(ctx context.Context, st string, e notice.Entry, now time.Time) error {
	if err := checkStation(st); err != nil {
		return err
	}
	text, err := entryText(e)
	if err != nil {
		return err
	}
	sp := spaceOf(st)
	return failed(scriptEnqueue.run(ctx, s.rdb, []string{sp.outbox(), sp.outboxData(), sp.toldOnce(digest(e.ID))},
		e.ID, now.UnixMilli(), text, onceSeconds).Err())
}

// Postpone makes the entry due at the time. It stores e's Attempts.
func (s Outbox) Postpone(ctx context.Context, st string, e notice.Entry, at time.Time) error {
	if err := checkStation(st); err != nil {
		return err
	}
	text, err := entryText(e)
	if err != nil {
		return err
	}
	return s.postpone(ctx, outboxOf(st), e.ID, at, e.Attempts, text)
}
