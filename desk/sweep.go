package desk

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

const sweepSize = 100

// Sweep gives what members who left still hold to the pool and what absent ones
// hold to their substitutes, and back on their return, makes provisional
// deadlines certain and reminds of what is due. It returns of how many
// submissions somebody was reminded; each once by whichever process comes first.
func (d *Desk) Sweep(ctx context.Context, st string) (int, error) {
	if err := d.release(ctx, st); err != nil {
		return 0, err
	}
	if err := d.handOver(ctx, st); err != nil {
		return 0, err
	}
	if err := d.urgeAssists(ctx, st, d.now()); err != nil {
		return 0, err
	}
	roster, err := d.roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return 0, nil // its first roster is on its way
	}
	if err != nil {
		return 0, err
	}
	if err := d.recount(ctx, roster); err != nil {
		return 0, err
	}
	if err := d.relay(ctx, roster); err != nil {
		return 0, err
	}
	return d.remind(ctx, roster)
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
			list, _, _, err := d.records.Page(ctx, st, Index{Name: name, Arg: m.ID}, Cursor{}, sweepSize)
			if err != nil {
				return err
			}
			for _, s := range list {
				next, err := s.Apply(casework.Step{
					Act: casework.Release, By: casework.Actor{Role: access.System}, Reason: m.Name + "已不在本站",
				}, d.clockOf(roster, d.now()), d.now())
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
