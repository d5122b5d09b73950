package matters

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// leadActs are the acts of members and staff that are done to the lead when they
// are asked of one that follows it: an answer must reach everybody.
var leadActs = []access.Action{
	access.Accept, access.Ask, access.Reply, access.TakeBack, access.Transfer, access.Return, access.Close, access.Extend, access.Assign,
	access.Assist, access.Fulfil, access.Promise,
}

// Merge lets a submission go on with another of its station: the liaison's.
func (svc *Service) Merge(ctx context.Context, c access.Caller, id, into string, version int, reason string) (View, error) {
	return svc.pair(ctx, c, access.Merge, id, version, reason, func(st *station.Station, s casework.Submission) (casework.Submission, error) {
		x, err := svc.kit.Submission(ctx, c, access.Merge, into)
		lead := x.Submission()
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) || err == nil && lead.Station != s.Station {
			return lead, kit.Field("into", "没有找到要并入的诉求，请核对")
		}
		if err == nil && routing.Concerns(st, s, lead.Assignee) {
			return lead, kit.Field("into", "那件诉求的办理委员与此事有关，应当回避，不能并入")
		}
		return lead, err
	}, casework.Submission.MergeInto)
}

// Split lets a submission go its own way again: the liaison's.
func (svc *Service) Split(ctx context.Context, c access.Caller, id string, version int, reason string) (View, error) {
	return svc.pair(ctx, c, access.Split, id, version, reason, func(_ *station.Station, s casework.Submission) (casework.Submission, error) {
		if s.Lead == "" {
			return s, fault.New(fault.WrongState, "这件诉求没有并入其他诉求")
		}
		lead, _, err := svc.kit.Load(ctx, s.Lead)
		return lead, err
	}, casework.Submission.SplitFrom)
}

// pair changes a submission and the one it is to go on with, or went on with.
func (svc *Service) pair(
	ctx context.Context, c access.Caller, act access.Action, id string, version int, reason string,
	other func(*station.Station, casework.Submission) (casework.Submission, error), change pairing,
) (View, error) {
	if err := access.Can(c, act); err != nil {
		return View{}, err
	}
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return View{}, kit.Field("reason", "请写明原因（500 字以内）")
	}
	for range kit.MaxConflictRetries {
		x, err := svc.kit.SubmissionAt(ctx, c, act, id, &version)
		if err != nil {
			return View{}, err
		}
		s, st := x.Submission(), x.Station()
		lead, err := other(st, s)
		if err != nil {
			return View{}, err
		}
		next, ok, err := svc.change(ctx, s, lead, casework.Actor{Role: c.Role, ID: c.ID, Name: c.Name}, reason, change)
		if err != nil {
			return View{}, err
		}
		if ok {
			svc.kit.Config.Observe("act", string(act))
			return svc.After(ctx, c, st, next), nil
		}
	}
	return View{}, fault.New(fault.Unavailable, "多人正在同时处理这两件诉求，请稍后再试")
}

// pairing is what casework does to two submissions at once.
type pairing func(s, lead casework.Submission, by casework.Actor, reason string, now time.Time) (casework.Submission, casework.Submission, error)

// change does a pairing and tells the filer; ok is false when one of the two is no
// longer as it was.
func (svc *Service) change(
	ctx context.Context, s, lead casework.Submission, by casework.Actor, reason string, change pairing,
) (next casework.Submission, ok bool, err error) {
	next, leading, err := change(s, lead, by, reason, svc.kit.Now())
	if err != nil {
		return s, false, err
	}
	tell, err := svc.progress(next)
	if err != nil {
		return s, false, err
	}
	ok, err = svc.store.CommitAll(ctx, s.Station, []record.Change{{Was: s, Next: next}, {Was: lead, Next: leading}}, tell)
	if ok {
		svc.delivery.ClearStaleUndelivered(ctx, s, next)
		svc.kit.Wake(s.Station)
	}
	return next, ok, err
}

// progress tells the filer of a step that no act of their member is.
func (svc *Service) progress(s casework.Submission) ([]notice.Entry, error) {
	id, err := svc.kit.NewID("")
	return []notice.Entry{{
		ID: id, Submission: s.ID, Purpose: notice.VisitorProgress, Person: s.Filer, Version: s.Version, At: int64(s.Last().At),
	}}, err
}

// JoinLead lets what was just filed go on with a lead its filer chose. If that fails
// it waits in the pool like any other, and the liaison sees both.
func (svc *Service) JoinLead(ctx context.Context, s casework.Submission, lead string) casework.Submission {
	by := casework.Actor{Role: access.Visitor, ID: s.Filer}
	for range kit.MaxConflictRetries {
		l, st, err := svc.kit.Load(ctx, lead)
		if err == nil && routing.Concerns(st, s, l.Assignee) {
			return s // the pool has it, and not whom it is about
		}
		if err != nil {
			svc.kit.Log.WarnContext(ctx, "not joined", slog.String("submission", s.ID), slog.Any("err", err))
			return s
		}
		next, ok, err := svc.change(ctx, s, l, by, "与已有诉求反映同一问题", casework.Submission.MergeInto)
		switch {
		case err != nil:
			svc.kit.Log.WarnContext(ctx, "not joined", slog.String("submission", s.ID), slog.Any("err", err))
			return s
		case ok:
			svc.kit.Config.Observe("act", string(access.Merge))
			return next
		}
	}
	return s
}

// leaveLead takes a follower that went its own way by a step of its filer's off its
// lead's list, together with the step.
func (svc *Service) leaveLead(ctx context.Context, was, next casework.Submission) ([]record.Change, error) {
	list := []record.Change{{Was: was, Next: next}}
	lead, _, err := svc.kit.Load(ctx, was.Lead)
	if fault.Is(err, fault.NotFound) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	if left := lead.RemoveFollower(next, svc.kit.Now()); left.Version != lead.Version {
		list = append(list, record.Change{Was: lead, Next: left})
	}
	return list, nil
}

// RelayOne tells the followers of a lead what became of it.
func (svc *Service) RelayOne(ctx context.Context, id string) error {
	lead, st, err := svc.kit.Load(ctx, id)
	if err != nil {
		return err
	}
	var followers []casework.Submission
	var unread []string
	for _, f := range lead.Followers {
		s, err := svc.kit.Records.Load(ctx, f)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// It must not keep the others from hearing. The lead stays on the list for it.
			svc.kit.Log.WarnContext(ctx, "follower not read", slog.String("submission", f), slog.Any("err", err))
			unread = append(unread, f)
			continue
		}
		followers = append(followers, s)
	}
	if lead.State == casework.Withdrawn {
		return svc.promoteFollower(ctx, st, lead, followers, unread)
	}
	for _, f := range followers {
		if f.Follows() && routing.Concerns(st, f, lead.Assignee) {
			// Whom it is about has the lead now: this one is the liaison's again.
			return svc.splitFromLead(ctx, f, lead)
		}
		next, ok := f.SyncWithLead(lead, svc.kit.Now())
		if !ok {
			continue
		}
		tell, err := svc.tellFiler(next)
		if err != nil {
			return err
		}
		if ok, err = svc.store.Commit(ctx, f, next, tell); err != nil {
			return err
		}
		if !ok {
			return nil // the next round looks again
		}
		svc.delivery.ClearStaleUndelivered(ctx, f, next)
		svc.kit.Wake(lead.Station)
	}
	if len(unread) > 0 {
		return nil
	}
	return svc.store.FinishRelay(ctx, lead.ID, lead.Version)
}

// splitFromLead takes a follower from a lead whose member it is about. The lead is on the
// list again, and the next round tells the others.
func (svc *Service) splitFromLead(ctx context.Context, f, lead casework.Submission) error {
	alone, leading, err := f.SplitFrom(lead, casework.Actor{Role: access.System}, "办理委员应当回避，由联络员重新分派", svc.kit.Now())
	if err != nil {
		return err
	}
	alone.Assignee, alone.State = "", casework.Pooled
	tell, err := svc.progress(alone)
	if err != nil {
		return err
	}
	_, err = svc.store.CommitAll(ctx, f.Station, []record.Change{{Was: f, Next: alone}, {Was: lead, Next: leading}}, tell)
	return err
}

// tellFiler are the notices of the newest step that are for the filer: its member
// has been told of the lead.
func (svc *Service) tellFiler(s casework.Submission) ([]notice.Entry, error) {
	tell, err := svc.Entries(s)
	return slices.DeleteFunc(tell, func(e notice.Entry) bool { return e.Person == "" }), err
}

// promoteFollower puts the first follower in a withdrawn lead's place; what the others are
// owed from before it was reopened is owed to each alone. unread are followers that
// cannot be read: they stay the lead's, which stays on the list, until they can.
func (svc *Service) promoteFollower(ctx context.Context, st *station.Station, lead casework.Submission, followers []casework.Submission, unread []string) error {
	if len(followers) == 0 && len(unread) > 0 {
		return nil
	}
	old, left := lead.PromoteFollower(followers, svc.kit.Now())
	old.Followers = unread
	list := []record.Change{{Was: lead, Next: old}}
	for _, f := range followers {
		if f.Owed() && f.Lead == lead.ID {
			now := svc.kit.Now()
			list = append(list, record.Change{Was: f, Next: f.WithOwnReminders(svc.kit.ClockOf(st, now), now)})
		}
	}
	var tell []notice.Entry
	for _, next := range left {
		i := slices.IndexFunc(followers, func(f casework.Submission) bool { return f.ID == next.ID })
		list = append(list, record.Change{Was: followers[i], Next: next})
	}
	if len(left) > 0 && left[0].Assignee != "" {
		id, err := svc.kit.NewID("")
		if err != nil {
			return err
		}
		tell = append(tell, notice.Entry{
			ID: id, Submission: left[0].ID, Purpose: notice.MemberNew, Member: left[0].Assignee,
			Version: left[0].Version, At: int64(left[0].Last().At),
		})
	}
	ok, err := svc.store.CommitAll(ctx, lead.Station, list, tell)
	if ok {
		svc.kit.Wake(lead.Station)
		if len(unread) > 0 {
			return nil
		}
		return svc.store.FinishRelay(ctx, lead.ID, lead.Version)
	}
	return err
}
