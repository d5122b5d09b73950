package deadlines

import (
	"context"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Sweep gives what members who left still hold to the pool and what absent ones
// hold to their substitutes, and back on their return, makes provisional
// deadlines certain and reminds of what is due. It returns of how many
// submissions somebody was reminded; each once by whichever process comes first.
func (svc *Service) Sweep(ctx context.Context, st string) (int, error) {
	if err := svc.poolFromFormer(ctx, st); err != nil {
		return 0, err
	}
	if err := svc.handOver(ctx, st); err != nil {
		return 0, err
	}
	if err := svc.urgeAssists(ctx, st, svc.kit.Now()); err != nil {
		return 0, err
	}
	roster, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return 0, nil // its first roster is on its way
	}
	if err != nil {
		return 0, err
	}
	if err := svc.finalizeDeadlines(ctx, roster); err != nil {
		return 0, err
	}
	if err := svc.relay(ctx, roster); err != nil {
		return 0, err
	}
	return svc.remind(ctx, roster)
}

// poolFromFormer returns what members who are no longer on the roster hold to the
// pool, where the liaison sees it.
func (svc *Service) poolFromFormer(ctx context.Context, st string) error {
	roster, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil // its first roster is on its way
	}
	if err != nil {
		return err
	}
	for _, m := range roster.Members {
		if !m.Left {
			continue
		}
		for _, name := range []record.IndexName{record.Inbox, record.Answered} {
			list, _, _, err := svc.kit.Records.Page(ctx, st, record.Index{Name: name, Arg: m.ID}, record.Cursor{}, kit.SweepSize)
			if err != nil {
				return err
			}
			for _, s := range list {
				next, err := s.Apply(casework.Release{Reason: m.Name + "已不在本站"}, casework.Actor{Role: access.System},
					svc.kit.ClockOf(roster, svc.kit.Now()), svc.kit.Now())
				if err != nil {
					return err
				}
				// Whoever acted in between moved it; the next round looks again.
				if _, err := svc.store.Commit(ctx, s, next, nil); err != nil {
					return err
				}
				svc.kit.Config.Observe("act", string(casework.Released))
			}
		}
	}
	return nil
}
