package matters

import (
	"context"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// SeenVersion is a submission in the version somebody saw.
type SeenVersion struct {
	ID      string
	Version int
}

// AssignResult is what became of one of several that were given to a member.
type AssignResult struct {
	ID string
	// Err is why it was not, nil when it was.
	Err error
	// View is it afterwards, or what leads it: that was given then.
	View View
	// Before is who had it, nil for nobody, so that it can be given back.
	Before *codes.MemberCard
}

// AssignMany gives submissions to a member, each by the act that gives one. What
// cannot be given stays where it is and keeps the others from nothing; only when
// the store is gone the rest is not tried.
func (svc *Service) AssignMany(ctx context.Context, c access.Caller, list []SeenVersion, to, reason, note string) ([]AssignResult, error) {
	if err := access.Can(c, access.Assign); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	reason, note = casework.Clean(reason), casework.Clean(note)
	m, there := st.Member(to)
	var check fault.Check
	check.Require(len(list) > 0 && len(list) <= kit.MaxAtOnce, "items", "一次可以分派 1 至 100 件，请调整选择")
	check.Require(there && !m.Left, "to", "本站没有这位委员，请重新选择")
	check.Require(reason != "" && casework.Runes(reason) <= casework.MaxReason, "reason", "请写明原因（500 字以内）")
	check.Require(casework.Runes(note) <= casework.MaxReason, "note", "给群众的说明最多 500 字")
	if err := check.Err(); err != nil {
		return nil, err
	}
	out := make([]AssignResult, len(list))
	// One moment for all of them, when the last has been given.
	told := svc.kit.Now().Add(bulkNoticeDelay + time.Duration(len(list))*bulkNoticeDelayEach)
	var gone error
	for i, s := range list {
		if gone != nil {
			out[i] = AssignResult{ID: s.ID, Err: gone}
			continue
		}
		out[i] = svc.assignOne(ctx, c, s, casework.Assign{To: to, Reason: reason, Note: note}, told)
		if fault.Is(out[i].Err, fault.Unavailable) {
			gone = out[i].Err
		}
	}
	return out, nil
}

// The member's notices of matters that are given at once wait for one another for
// bulkNoticeDelay, and for bulkNoticeDelayEach a matter: what giving one takes on a slow store.
const (
	bulkNoticeDelay     = 5 * time.Second
	bulkNoticeDelayEach = 300 * time.Millisecond
)

// delayNotices lets the first notices to a member leave at the time and not before; a
// zero time leaves them as they are.
func delayNotices(list []notice.Entry, until time.Time) {
	if until.IsZero() {
		return
	}
	for i := range list {
		if list[i].Purpose == notice.MemberNew {
			list[i].NotBefore = until.UnixMilli()
		}
	}
}

// assignOne gives one of them; the member hears of it at told.
func (svc *Service) assignOne(ctx context.Context, c access.Caller, seen SeenVersion, act casework.Assign, told time.Time) AssignResult {
	g := AssignResult{ID: seen.ID}
	x, err := svc.kit.Submission(ctx, c, access.Assign, seen.ID)
	if err == nil && x.Submission().Follows() {
		// What leads it is given; whoever has that has this one.
		x, err = svc.kit.Submission(ctx, c, access.Assign, x.Submission().Lead)
	}
	if err == nil {
		g.View, err = svc.act(ctx, c, seen.ID, &seen.Version, act, told)
	}
	if g.Err = err; err != nil {
		return g
	}
	if m, ok := x.Station().Member(x.Submission().Assignee); ok {
		card := codes.CardOf(m)
		g.Before = &card
	}
	return g
}
