package deadlines

import (
	"context"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Sweep does the timed work of a station: it returns former members' submissions to the pool, transfers those
// of absent members, finalizes provisional deadlines, relays leads, and sends reminders. It returns the number
// of submissions that somebody was reminded of. Each step is done once, by whichever process comes first.
func (svc *Service) Sweep(ctx context.Context, st string) (int, error) {
	if err := svc.poolFromFormer(ctx, st); err != nil {
		return 0, err
	}
	if err := svc.coverAbsent(ctx, st); err != nil {
		return 0, err
	}
	if err := svc.urgeAssists(ctx, st, svc.kit.Now()); err != nil {
		return 0, err
	}
	roster, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return 0, nil // the station's first roster is not stored yet
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

// poolFromFormer returns the open submissions of members who left the roster to the pool, where the liaison
// sees them.
func (svc *Service) poolFromFormer(ctx context.Context, st string) error {
	roster, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil // the station's first roster is not stored yet
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
				// After a concurrent change nothing is stored; the next round handles it.
				if _, err := svc.store.Commit(ctx, s, next, nil); err != nil {
					return err
				}
				svc.kit.Config.Observe("act", string(casework.Released))
			}
		}
	}
	return nil
}
