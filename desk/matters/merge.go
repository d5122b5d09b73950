package matters

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// leadActs are acts of members and staff that are applied to the lead when they are done on a follower, because
// an answer must reach all followers.
var leadActs = []access.Action{
	access.Accept, access.Ask, access.Reply, access.TakeBack, access.Transfer, access.Return, access.Close, access.Extend, access.Assign,
	access.Assist, access.Fulfil, access.Promise,
}

// Merge makes a submission follow another one of its station, given by its id or number. It is the liaison's act.
func (svc *Service) Merge(ctx context.Context, c access.Caller, id, into string, version int, reason string) (View, error) {
	return svc.pair(ctx, c, access.Merge, id, version, reason, func(st *station.Station, s casework.Submission) (casework.Submission, error) {
		id, err := resolveInto(ctx, svc.listing, st.ID, into)
		if err != nil {
			return s, err
		}
		x, err := svc.kit.Submission(ctx, c, access.Merge, id)
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

// Split ends the following of a lead. It is the liaison's act.
func (svc *Service) Split(ctx context.Context, c access.Caller, id string, version int, reason string) (View, error) {
	return svc.pair(ctx, c, access.Split, id, version, reason, func(_ *station.Station, s casework.Submission) (casework.Submission, error) {
		if s.Lead == "" {
			return s, fault.New(fault.WrongState, "这件诉求没有并入其他诉求")
		}
		lead, _, err := svc.kit.Load(ctx, s.Lead)
		return lead, err
	}, casework.Submission.SplitFrom)
}

// pair changes a submission and the lead that loadLead returns, in one commit.
func (svc *Service) pair(
	ctx context.Context, c access.Caller, act access.Action, id string, version int, reason string,
	loadLead func(*station.Station, casework.Submission) (casework.Submission, error), change pairChange,
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
		lead, err := loadLead(st, s)
		if err != nil {
			return View{}, err
		}
		line := audit.Act{By: c, What: staffActs[act], Object: id, Why: lead.Number}
		next, ok, err := svc.changePair(ctx, s, lead, casework.Actor{Role: c.Role, ID: c.ID, Name: c.Name}, reason, change, line)
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

// pairChange changes a submission and its lead together.
type pairChange func(s, lead casework.Submission, by casework.Actor, reason string, now time.Time) (casework.Submission, casework.Submission, error)

// changePair commits a pairChange with a notice to the filer, after its audit line, if that has an action. ok is
// false when one of the two has changed meanwhile.
func (svc *Service) changePair(
	ctx context.Context, s, lead casework.Submission, by casework.Actor, reason string, change pairChange, line audit.Act,
) (next casework.Submission, ok bool, err error) {
	next, leading, err := change(s, lead, by, reason, svc.kit.Now())
	if err != nil {
		return s, false, err
	}
	notices, err := svc.progressNotice(next)
	if err != nil {
		return s, false, err
	}
	commit := func() (bool, error) {
		return svc.store.CommitAll(ctx, s.Station, []record.Change{{Was: s, Next: next}, {Was: lead, Next: leading}}, notices)
	}
	if line.What == "" {
		ok, err = commit()
	} else {
		ok, err = audit.Do(ctx, svc.audit, s.Station, line, func(audit.Written) (bool, error) { return commit() })
	}
	if ok {
		svc.delivery.ClearStaleUndelivered(ctx, s, next)
		svc.kit.Wake(s.Station)
	}
	return next, ok, err
}

// progressNotice returns a notice to the filer about a step that is not an act of the member's.
func (svc *Service) progressNotice(s casework.Submission) ([]notice.Entry, error) {
	return svc.withIDs(notice.WithProxy(s, []notice.Entry{{
		Submission: s.ID, Purpose: notice.VisitorProgress, Person: s.Filer, Version: s.Version, At: int64(s.Last().At),
	}}))
}

// JoinLead makes a new submission follow the lead that its filer chose. If that fails it stays in the pool, and
// the liaison sees both.
func (svc *Service) JoinLead(ctx context.Context, s casework.Submission, lead string) casework.Submission {
	by := casework.Actor{Role: access.Visitor, ID: s.Filer}
	for range kit.MaxConflictRetries {
		l, st, err := svc.kit.Load(ctx, lead)
		if err == nil && routing.Concerns(st, s, l.Assignee) {
			return s // its lead's member must not have it: it stays in the pool
		}
		if err != nil {
			svc.kit.Log.WarnContext(ctx, "not joined", slog.String("submission", s.ID), slog.Any("err", err))
			return s
		}
		next, ok, err := svc.changePair(ctx, s, l, by, "与已有诉求反映同一问题", casework.Submission.MergeInto, audit.Act{})
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

// leaveLead returns the changes by which a follower leaves its lead through a step of its filer.
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

// NotifyFollowers passes a lead's newest state on to its followers.
func (svc *Service) NotifyFollowers(ctx context.Context, id string) error {
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
			// The other followers are notified. The lead stays on the relay list for this one.
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
			// The lead's new assignee is concerned by this one: it goes back to the liaison.
			return svc.splitFromLead(ctx, f, lead)
		}
		next, ok := f.SyncWithLead(lead, svc.kit.Now())
		if !ok {
			continue
		}
		notices, err := svc.filerNotices(next)
		if err != nil {
			return err
		}
		if ok, err = svc.store.Commit(ctx, f, next, notices); err != nil {
			return err
		}
		if !ok {
			return nil // the next round tries again
		}
		svc.delivery.ClearStaleUndelivered(ctx, f, next)
		svc.kit.Wake(lead.Station)
	}
	if len(unread) > 0 {
		return nil
	}
	return svc.store.FinishRelay(ctx, lead.ID, lead.Version)
}

// splitFromLead takes a follower from a lead whose member it concerns. The lead is put on the relay list again,
// and the next round notifies the others.
func (svc *Service) splitFromLead(ctx context.Context, f, lead casework.Submission) error {
	alone, leading, err := f.SplitFrom(lead, casework.Actor{Role: access.System}, "办理委员应当回避，由联络员重新分派", svc.kit.Now())
	if err != nil {
		return err
	}
	alone.Assignee, alone.State = "", casework.Pooled
	notices, err := svc.progressNotice(alone)
	if err != nil {
		return err
	}
	_, err = svc.store.CommitAll(ctx, f.Station, []record.Change{{Was: f, Next: alone}, {Was: lead, Next: leading}}, notices)
	return err
}

// filerNotices returns the newest step's notices to the filer. The member was notified about the lead.
func (svc *Service) filerNotices(s casework.Submission) ([]notice.Entry, error) {
	notices, err := svc.Entries(s)
	return slices.DeleteFunc(notices, func(e notice.Entry) bool { return e.Person == "" }), err
}

// promoteFollower puts the first follower in the place of a withdrawn lead. A follower with an unfulfilled
// promise gets reminders of its own. unread are followers that cannot be read: they stay with the lead, which
// stays on the relay list until they can.
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
	var notices []notice.Entry
	for _, next := range left {
		i := slices.IndexFunc(followers, func(f casework.Submission) bool { return f.ID == next.ID })
		list = append(list, record.Change{Was: followers[i], Next: next})
	}
	if len(left) > 0 && left[0].Assignee != "" {
		id, err := svc.kit.NewID("")
		if err != nil {
			return err
		}
		notices = append(notices, notice.Entry{
			ID: id, Submission: left[0].ID, Purpose: notice.MemberNew, Member: left[0].Assignee,
			Version: left[0].Version, At: int64(left[0].Last().At),
		})
	}
	ok, err := svc.store.CommitAll(ctx, lead.Station, list, notices)
	if ok {
		svc.kit.Wake(lead.Station)
		if len(unread) > 0 {
			return nil
		}
		return svc.store.FinishRelay(ctx, lead.ID, lead.Version)
	}
	return err
}
