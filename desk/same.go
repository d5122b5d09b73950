package desk

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// onLead are the acts of members and staff that are done to the lead when they
// are asked of one that follows it: an answer must reach everybody.
var onLead = []access.Action{
	access.Accept, access.Ask, access.Reply, access.TakeBack, access.Transfer, access.Return, access.Close, access.Extend, access.Assign,
	access.Assist, access.Fulfil, access.Promise,
}

// Merge lets a submission go on with another of its station: the liaison's.
func (d *Desk) Merge(ctx context.Context, c access.Caller, id, into string, version int, reason string) (View, error) {
	return d.pair(ctx, c, access.Merge, id, version, reason, func(st *station.Station, s casework.Submission) (casework.Submission, error) {
		x, err := d.reach(ctx, c, access.Merge, into)
		lead := x.s
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) || err == nil && lead.Station != s.Station {
			return lead, field("into", "没有找到要并入的诉求，请核对")
		}
		if err == nil && routing.Concerns(st, s, lead.Assignee) {
			return lead, field("into", "那件诉求的办理委员与此事有关，应当回避，不能并入")
		}
		return lead, err
	}, casework.Submission.MergeInto)
}

// Split lets a submission go its own way again: the liaison's.
func (d *Desk) Split(ctx context.Context, c access.Caller, id string, version int, reason string) (View, error) {
	return d.pair(ctx, c, access.Split, id, version, reason, func(_ *station.Station, s casework.Submission) (casework.Submission, error) {
		if s.Lead == "" {
			return s, fault.New(fault.WrongState, "这件诉求没有并入其他诉求")
		}
		lead, _, err := d.load(ctx, s.Lead)
		return lead, err
	}, casework.Submission.Part)
}

// pair changes a submission and the one it is to go on with, or went on with.
func (d *Desk) pair(
	ctx context.Context, c access.Caller, act access.Action, id string, version int, reason string,
	other func(*station.Station, casework.Submission) (casework.Submission, error), change pairing,
) (View, error) {
	if err := access.Can(c, act); err != nil {
		return View{}, err
	}
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return View{}, field("reason", "请写明原因（500 字以内）")
	}
	for range rounds {
		x, err := d.reachNow(ctx, c, act, id, &version)
		if err != nil {
			return View{}, err
		}
		s, st := x.s, x.st
		lead, err := other(st, s)
		if err != nil {
			return View{}, err
		}
		next, ok, err := d.change(ctx, s, lead, casework.Actor{Role: c.Role, ID: c.ID, Name: c.Name}, reason, change)
		if err != nil {
			return View{}, err
		}
		if ok {
			d.cfg.Observe("act", string(act))
			return d.after(ctx, c, st, next), nil
		}
	}
	return View{}, fault.New(fault.Unavailable, "多人正在同时处理这两件诉求，请稍后再试")
}

// pairing is what casework does to two submissions at once.
type pairing func(s, lead casework.Submission, by casework.Actor, reason string, now time.Time) (casework.Submission, casework.Submission, error)

// change does a pairing and tells the filer; ok is false when one of the two is no
// longer as it was.
func (d *Desk) change(
	ctx context.Context, s, lead casework.Submission, by casework.Actor, reason string, change pairing,
) (next casework.Submission, ok bool, err error) {
	next, leading, err := change(s, lead, by, reason, d.now())
	if err != nil {
		return s, false, err
	}
	tell, err := d.progress(next)
	if err != nil {
		return s, false, err
	}
	ok, err = d.store.CommitAll(ctx, s.Station, []record.Change{{Was: s, Next: next}, {Was: lead, Next: leading}}, tell)
	if ok {
		d.moved(ctx, s, next)
		d.wake(s.Station)
	}
	return next, ok, err
}

// progress tells the filer of a step that no act of their member is.
func (d *Desk) progress(s casework.Submission) ([]notice.Entry, error) {
	id, err := d.newID("")
	return []notice.Entry{{
		ID: id, Submission: s.ID, Purpose: notice.VisitorProgress, Person: s.Filer, Version: s.Version, At: int64(s.Last().At),
	}}, err
}

// follow lets what was just filed go on with a lead its filer chose. If that fails
// it waits in the pool like any other, and the liaison sees both.
func (d *Desk) follow(ctx context.Context, s casework.Submission, lead string) casework.Submission {
	by := casework.Actor{Role: access.Visitor, ID: s.Filer}
	for range rounds {
		l, st, err := d.load(ctx, lead)
		if err == nil && routing.Concerns(st, s, l.Assignee) {
			return s // the pool has it, and not whom it is about
		}
		if err != nil {
			d.log.WarnContext(ctx, "not joined", slog.String("submission", s.ID), slog.Any("err", err))
			return s
		}
		next, ok, err := d.change(ctx, s, l, by, "与已有诉求反映同一问题", casework.Submission.MergeInto)
		switch {
		case err != nil:
			d.log.WarnContext(ctx, "not joined", slog.String("submission", s.ID), slog.Any("err", err))
			return s
		case ok:
			d.cfg.Observe("act", string(casework.Merge))
			return next
		}
	}
	return s
}

// leave takes a follower that went its own way by a step of its filer's off its
// lead's list, together with the step.
func (d *Desk) leave(ctx context.Context, was, next casework.Submission) ([]record.Change, error) {
	list := []record.Change{{Was: was, Next: next}}
	lead, _, err := d.load(ctx, was.Lead)
	if fault.Is(err, fault.NotFound) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	if left := lead.Leave(next, d.now()); left.Version != lead.Version {
		list = append(list, record.Change{Was: lead, Next: left})
	}
	return list, nil
}

// relay tells followers what was done to their leads, a hundred leads a round.
// Each follower is changed once, by whichever process comes first.
func (d *Desk) relay(ctx context.Context, st *station.Station) error {
	ids, err := d.store.Relays(ctx, st.ID, sweepSize)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.relayOne(ctx, id); fault.Is(err, fault.Unavailable) {
			return err
		} else if err != nil {
			// One that cannot be read must not keep the others from hearing.
			d.log.WarnContext(ctx, "followers not told", slog.String("submission", id), slog.Any("err", err))
		}
	}
	return nil
}

func (d *Desk) relayOne(ctx context.Context, id string) error {
	lead, st, err := d.load(ctx, id)
	if err != nil {
		return err
	}
	var followers []casework.Submission
	var unread []string
	for _, f := range lead.Same {
		s, err := d.records.Load(ctx, f)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// It must not keep the others from hearing. The lead stays on the list for it.
			d.log.WarnContext(ctx, "follower not read", slog.String("submission", f), slog.Any("err", err))
			unread = append(unread, f)
			continue
		}
		followers = append(followers, s)
	}
	if lead.State == casework.Withdrawn {
		return d.succeed(ctx, st, lead, followers, unread)
	}
	for _, f := range followers {
		if f.Follows() && routing.Concerns(st, f, lead.Assignee) {
			// Whom it is about has the lead now: this one is the liaison's again.
			return d.partFrom(ctx, f, lead)
		}
		next, ok := f.Hear(lead, d.now())
		if !ok {
			continue
		}
		tell, err := d.tellFiler(next)
		if err != nil {
			return err
		}
		if ok, err = d.store.Commit(ctx, f, next, tell); err != nil {
			return err
		}
		if !ok {
			return nil // the next round looks again
		}
		d.moved(ctx, f, next)
		d.wake(lead.Station)
	}
	if len(unread) > 0 {
		return nil
	}
	return d.store.Heard(ctx, lead.ID, lead.Version)
}

// partFrom takes a follower from a lead whose member it is about. The lead is on the
// list again, and the next round tells the others.
func (d *Desk) partFrom(ctx context.Context, f, lead casework.Submission) error {
	alone, leading, err := f.Part(lead, casework.Actor{Role: access.System}, "办理委员应当回避，由联络员重新分派", d.now())
	if err != nil {
		return err
	}
	alone.Assignee, alone.State = "", casework.Pooled
	tell, err := d.progress(alone)
	if err != nil {
		return err
	}
	_, err = d.store.CommitAll(ctx, f.Station, []record.Change{{Was: f, Next: alone}, {Was: lead, Next: leading}}, tell)
	return err
}

// tellFiler are the notices of the newest step that are for the filer: its member
// has been told of the lead.
func (d *Desk) tellFiler(s casework.Submission) ([]notice.Entry, error) {
	tell, err := d.entries(s)
	return slices.DeleteFunc(tell, func(e notice.Entry) bool { return e.Person == "" }), err
}

// succeed puts the first follower in a withdrawn lead's place; what the others are
// owed from before it was reopened is owed to each alone. unread are followers that
// cannot be read: they stay the lead's, which stays on the list, until they can.
func (d *Desk) succeed(ctx context.Context, st *station.Station, lead casework.Submission, followers []casework.Submission, unread []string) error {
	if len(followers) == 0 && len(unread) > 0 {
		return nil
	}
	old, left := lead.Succeed(followers, d.now())
	old.Same = unread
	list := []record.Change{{Was: lead, Next: old}}
	for _, f := range followers {
		if f.Owed() && f.Lead == lead.ID {
			now := d.now()
			list = append(list, record.Change{Was: f, Next: f.Alone(d.clockOf(st, now), now)})
		}
	}
	var tell []notice.Entry
	for _, next := range left {
		i := slices.IndexFunc(followers, func(f casework.Submission) bool { return f.ID == next.ID })
		list = append(list, record.Change{Was: followers[i], Next: next})
	}
	if len(left) > 0 && left[0].Assignee != "" {
		id, err := d.newID("")
		if err != nil {
			return err
		}
		tell = append(tell, notice.Entry{
			ID: id, Submission: left[0].ID, Purpose: notice.MemberNew, Member: left[0].Assignee,
			Version: left[0].Version, At: int64(left[0].Last().At),
		})
	}
	ok, err := d.store.CommitAll(ctx, lead.Station, list, tell)
	if ok {
		d.wake(lead.Station)
		if len(unread) > 0 {
			return nil
		}
		return d.store.Heard(ctx, lead.ID, lead.Version)
	}
	return err
}
