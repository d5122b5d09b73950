package desk

import (
	"context"
	"log/slog"
	"time"

	"mashang/access"
	"mashang/casework"
	"mashang/fault"
	"mashang/notice"
	"mashang/record"
)

// urgeEvery is the time between two urges of the same submission, and in a
// surge.
const (
	urgeEvery      = 24 * time.Hour
	urgeSurgeEvery = 2 * time.Hour
)

const sweepSize = 100

// Sweep gives what members who left still hold to the pool and what absent ones
// hold to their substitutes, and back on their return, urges the members
// of one station's overdue submissions and returns how many it urged. Each is
// urged once by whichever process comes first.
func (d *Desk) Sweep(ctx context.Context, st string) (int, error) {
	if err := d.release(ctx, st); err != nil {
		return 0, err
	}
	if err := d.handOver(ctx, st); err != nil {
		return 0, err
	}
	now := d.now()
	if err := d.urgeAssists(ctx, st, now); err != nil {
		return 0, err
	}
	every := urgeEvery
	if d.surging(ctx, st, now) {
		every = urgeSurgeEvery
	}
	ids, err := d.store.Overdue(ctx, st, now, sweepSize)
	if err != nil {
		return 0, err
	}
	urged := 0
	for _, id := range ids {
		s, err := d.store.Load(ctx, id)
		if fault.Is(err, fault.Unavailable) {
			return urged, err
		}
		if err != nil {
			// One that cannot be read must not keep the others from being urged.
			d.log.WarnContext(ctx, "overdue submission not read", slog.String("submission", id), slog.Any("err", err))
			continue
		}
		entry := notice.Entry{
			Submission: s.ID, Purpose: notice.MemberUrge, Member: s.Assignee,
			Version: s.Version, At: int64(casework.At(now)),
		}
		if entry.ID, err = d.newID(""); err != nil {
			return urged, err
		}
		ok, err := d.store.Urge(ctx, s, now, now.Add(every), entry)
		if err != nil {
			return urged, err
		}
		if ok {
			urged++
			d.cfg.Observe("urged", "")
		}
	}
	if urged > 0 {
		d.wake(st)
	}
	return urged, nil
}

// release returns what members who are no longer on the roster hold to the
// pool, where the liaison sees it.
func (d *Desk) release(ctx context.Context, st string) error {
	roster, err := d.roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil // its first roster is on its way
	}
	if err != nil {
		return err
	}
	for _, m := range roster.Members {
		if !m.Gone {
			continue
		}
		for _, name := range []record.IndexName{record.Inbox, record.Answered} {
			list, _, _, err := d.store.Page(ctx, st, Index{Name: name, Arg: m.ID}, Cursor{}, sweepSize)
			if err != nil {
				return err
			}
			for _, s := range list {
				next, err := s.Apply(casework.Step{
					Act: casework.Release, By: casework.Actor{Role: access.System}, Reason: m.Name + "已不在本站",
				}, d.clock, d.now())
				if err != nil {
					return err
				}
				// Whoever acted in between moved it; the next round looks again.
				if _, err := d.store.Commit(ctx, s, next, nil); err != nil {
					return err
				}
				d.cfg.Observe("act", string(casework.Release))
			}
		}
	}
	return nil
}
