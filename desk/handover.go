package desk

import (
	"context"
	"log/slog"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// handOver gives what members who are away have in hand to their substitutes,
// and gives it back to those who have returned. Each matter is moved once, by
// whichever process comes first; what was answered meanwhile stays where it is.
// It rests in the quiet hours: an absence begins at midnight, and nobody is to
// be woken by ten matters.
func (d *Desk) handOver(ctx context.Context, st string) error {
	now := d.now()
	if d.cfg.Quiet.Until(notice.MemberUrge, now).After(now) {
		return nil
	}
	roster, err := d.roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil // its first roster is on its way
	}
	if err != nil {
		return err
	}
	if err := d.forgetAbsences(ctx, roster); err != nil {
		return err
	}
	if err := d.forgetBefore(ctx, roster); err != nil {
		return err
	}
	moved := 0
	for _, m := range roster.Members {
		if m.Gone || !m.Away(now) {
			continue
		}
		if sub, ok := roster.Substitute(m.ID, now); ok {
			n, err := d.coverFor(ctx, roster, m, sub)
			if moved += n; err != nil {
				return err
			}
		}
	}
	n, err := d.handBack(ctx, roster)
	if moved+n > 0 {
		d.wake(st)
	}
	return err
}

// coverFor moves one absent member's open matters to who stands in for them.
func (d *Desk) coverFor(ctx context.Context, st *station.Station, m station.Member, sub string) (int, error) {
	list, _, _, err := d.records.Page(ctx, st.ID, Index{Name: record.Inbox, Arg: m.ID}, Cursor{}, sweepSize)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	person, err := d.store.Bound(ctx, Invite{Station: st.ID, Role: string(access.Member), Ref: sub})
	if err != nil {
		return 0, err
	}
	to, _ := st.Member(sub)
	moved := 0
	for _, s := range list {
		step := casework.Step{Act: casework.Cover, To: to.ID, ToName: to.Name, Reason: m.Name + "委员外出"}
		switch {
		case person != "" && person == s.Filer || routing.Concerns(st, s, sub):
			// Who stands in may not have this one: the liaison decides.
			step = casework.Step{Act: casework.Release, Reason: m.Name + "委员外出，代办委员应当回避"}
		case slices.Contains(s.Returners(), sub):
			step = casework.Step{Act: casework.Release, Reason: m.Name + "委员外出，代办委员已退回过这件诉求"}
		case sub == s.CoverFor:
			step.Act, step.Reason = casework.Resume, to.Name+"委员已返回"
		}
		ok, err := d.moveFor(ctx, st, s, step)
		if err != nil {
			return moved, err
		}
		if ok {
			moved++
		}
	}
	return moved, nil
}

// handBack returns what is held for members who are there again.
func (d *Desk) handBack(ctx context.Context, st *station.Station) (int, error) {
	moved, now := 0, d.now()
	for after, more := (Cursor{}), true; more; {
		var list []casework.Submission
		var err error
		if list, after, more, err = d.records.Page(ctx, st.ID, Index{Name: record.Covered}, after, sweepSize); err != nil {
			return moved, err
		}
		for _, s := range list {
			m, ok := st.Member(s.CoverFor)
			if !ok || m.Gone || m.Away(now) || m.ID == s.Assignee {
				continue // whoever has it goes on
			}
			ok, err := d.moveFor(ctx, st, s, casework.Step{
				Act: casework.Resume, To: m.ID, ToName: m.Name, Reason: m.Name + "委员已返回",
			})
			if err != nil {
				return moved, err
			}
			if ok {
				moved++
			}
		}
	}
	return moved, nil
}

// moveFor does one step in the system's name and tells of it; ok is false when
// somebody acted in between, and the next round looks again.
func (d *Desk) moveFor(ctx context.Context, st *station.Station, s casework.Submission, step casework.Step) (ok bool, err error) {
	step.By = casework.Actor{Role: access.System}
	next, err := s.Apply(step, d.clockOf(st, d.now()), d.now())
	if err != nil {
		// One that cannot be moved must not keep the others from being moved.
		d.log.WarnContext(ctx, "submission not moved", slog.String("submission", s.ID), slog.String("act", string(step.Act)), slog.Any("err", err))
		return false, nil
	}
	tell, err := d.entries(next)
	if err != nil {
		return false, err
	}
	if ok, err = d.store.Commit(ctx, s, next, tell); err != nil || !ok {
		return false, err
	}
	d.moved(ctx, s, next)
	d.cfg.Observe("act", string(step.Act))
	return true, nil
}
