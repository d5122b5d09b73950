package deadlines

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// forgetAbsences removes absences that are long over from the station's roster.
func (svc *Service) forgetAbsences(ctx context.Context, st *station.Station) error {
	old := func(m station.Member) bool { return slices.ContainsFunc(m.Absences, svc.roster.LongOver) }
	if !slices.ContainsFunc(st.Members, old) {
		return nil
	}
	_, err := svc.roster.ChangeRoster(ctx, st.ID, func(st *station.Station) error {
		for i, m := range st.Members {
			if old(m) {
				st.Members[i].Absences = slices.DeleteFunc(slices.Clone(m.Absences), svc.roster.LongOver)
			}
		}
		return nil
	})
	return err
}

// coverAbsent transfers the open submissions of absent members to their substitutes, and returns them after the
// absence. Answered ones stay. Each is transferred once, by whichever process comes first. Nothing happens in
// the quiet hours: absences begin at midnight, and nobody should be woken by ten notices.
func (svc *Service) coverAbsent(ctx context.Context, st string) error {
	now := svc.kit.Now()
	if svc.kit.Config.Quiet.Until(notice.MemberUrge, now).After(now) {
		return nil
	}
	roster, err := svc.kit.Roster(ctx, st)
	if fault.Is(err, fault.NotFound) {
		return nil // the station's first roster is not stored yet
	}
	if err != nil {
		return err
	}
	if err := svc.forgetAbsences(ctx, roster); err != nil {
		return err
	}
	if err := svc.dropPreviousRoster(ctx, roster); err != nil {
		return err
	}
	transferred := 0
	for _, m := range roster.Members {
		if m.Left || !m.Away(now) {
			continue
		}
		if sub, ok := roster.Substitute(m.ID, now); ok {
			n, err := svc.coverFor(ctx, roster, m, sub)
			if transferred += n; err != nil {
				return err
			}
		}
	}
	n, err := svc.handBack(ctx, roster)
	if transferred+n > 0 {
		svc.kit.Wake(st)
	}
	return err
}

// coverFor transfers one absent member's open submissions to the substitute.
func (svc *Service) coverFor(ctx context.Context, st *station.Station, m station.Member, sub string) (int, error) {
	list, _, _, err := svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.Inbox, Arg: m.ID}, record.Cursor{}, kit.SweepSize)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	person, err := svc.store.Bound(ctx, record.Invite{Station: st.ID, Role: string(access.Member), Ref: sub})
	if err != nil {
		return 0, err
	}
	to, _ := st.Member(sub)
	transferred := 0
	for _, s := range list {
		var act casework.Act = casework.Cover{To: to.ID, ToName: to.Name, Reason: m.Name + "委员外出"}
		switch {
		case handover.IsParty(s, person) || routing.Concerns(st, s, sub):
			// The substitute may not have this one: the liaison decides.
			act = casework.Release{Reason: m.Name + "委员外出，代办委员应当回避"}
		case slices.Contains(s.ReturnedBy(), sub):
			act = casework.Release{Reason: m.Name + "委员外出，代办委员已退回过这件诉求"}
		case sub == s.CoverFor:
			act = casework.Resume{To: to.ID, ToName: to.Name, Reason: to.Name + "委员已返回"}
		}
		ok, err := svc.applyAsSystem(ctx, st, s, act)
		if err != nil {
			return transferred, err
		}
		if ok {
			transferred++
		}
	}
	return transferred, nil
}

// handBack returns submissions to members who are back.
func (svc *Service) handBack(ctx context.Context, st *station.Station) (int, error) {
	transferred, now := 0, svc.kit.Now()
	for after, more := (record.Cursor{}), true; more; {
		var list []casework.Submission
		var err error
		if list, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.Covered}, after, kit.SweepSize); err != nil {
			return transferred, err
		}
		for _, s := range list {
			m, ok := st.Member(s.CoverFor)
			if !ok || m.Left || m.Away(now) || m.ID == s.Assignee {
				continue // the present assignee keeps it
			}
			ok, err := svc.applyAsSystem(ctx, st, s, casework.Resume{To: m.ID, ToName: m.Name, Reason: m.Name + "委员已返回"})
			if err != nil {
				return transferred, err
			}
			if ok {
				transferred++
			}
		}
	}
	return transferred, nil
}

// applyAsSystem does one act as the system and queues its notices. ok is false after a concurrent change; the
// next round handles it.
func (svc *Service) applyAsSystem(ctx context.Context, st *station.Station, s casework.Submission, act casework.Act) (ok bool, err error) {
	next, err := s.Apply(act, casework.Actor{Role: access.System}, svc.kit.ClockOf(st, svc.kit.Now()), svc.kit.Now())
	if err != nil {
		// One submission that cannot be changed must not keep the others from being changed.
		svc.kit.Log.WarnContext(ctx, "submission not moved", slog.String("submission", s.ID), slog.String("act", string(casework.NameOf(act))), slog.Any("err", err))
		return false, nil
	}
	notices, err := svc.matters.Entries(next)
	if err != nil {
		return false, err
	}
	if ok, err = svc.store.Commit(ctx, s, next, notices); err != nil || !ok {
		return false, err
	}
	svc.delivery.ClearStaleUndelivered(ctx, s, next)
	svc.kit.Config.Observe("act", string(casework.NameOf(act)))
	return true, nil
}

// dropPreviousRoster drops the undo copy of the roster after an hour, because it may hold removed personal data
// such as a phone number.
func (svc *Service) dropPreviousRoster(ctx context.Context, st *station.Station) error {
	old := func(st *station.Station) bool {
		return st.Previous != nil && svc.kit.Now().Sub(time.UnixMilli(st.Previous.At)) > roster.KeepBefore
	}
	if !old(st) {
		return nil
	}
	_, err := svc.roster.ChangeRoster(ctx, st.ID, func(*station.Station) error { return nil })
	return err
}
