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

// SeenVersion is a submission's id with the version that the caller saw.
type SeenVersion struct {
	ID      string
	Version int
}

// AssignResult is the result of one assignment of several.
type AssignResult struct {
	ID string
	// Err is why the assignment failed, nil when it succeeded.
	Err error
	// View is the submission afterwards. For a follower it is its lead, which was assigned instead.
	View View
	// Before is the previous assignee, nil for none, so that the assignment can be reverted.
	Before *codes.MemberCard
}

// AssignMany assigns submissions to a member, each by its own act. One that fails stays where it is and does
// not stop the others; after the store has failed the rest is not tried.
func (svc *Service) AssignMany(ctx context.Context, c access.Caller, list []SeenVersion, to, reason, note string) ([]AssignResult, error) {
	if err := access.Can(c, access.Assign); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	reason, note = casework.Clean(reason), casework.Clean(note)
	m, found := st.Member(to)
	var check fault.Check
	check.Require(len(list) > 0 && len(list) <= kit.MaxAssignBatch, "items", "一次可以分派 1 至 100 件，请调整选择")
	check.Require(found && !m.Left, "to", "本站没有这位委员，请重新选择")
	check.Require(reason != "" && casework.Runes(reason) <= casework.MaxReason, "reason", "请写明原因（500 字以内）")
	check.Require(casework.Runes(note) <= casework.MaxReason, "note", "给群众的说明最多 500 字")
	if err := check.Err(); err != nil {
		return nil, err
	}
	out := make([]AssignResult, len(list))
	// All notices are sent at one moment, after the last assignment.
	notifyAt := svc.kit.Now().Add(bulkNoticeDelay + time.Duration(len(list))*bulkNoticeDelayEach)
	var storeErr error
	for i, s := range list {
		if storeErr != nil {
			out[i] = AssignResult{ID: s.ID, Err: storeErr}
			continue
		}
		out[i] = svc.assignOne(ctx, c, s, casework.Assign{To: to, Reason: reason, Note: note}, notifyAt)
		if fault.Is(out[i].Err, fault.Unavailable) {
			storeErr = out[i].Err
		}
	}
	return out, nil
}

// Notices of submissions that are assigned together wait until all are assigned: for bulkNoticeDelay plus
// bulkNoticeDelayEach per submission, the time of an assignment on a slow store.
const (
	bulkNoticeDelay     = 5 * time.Second
	bulkNoticeDelayEach = 300 * time.Millisecond
)

// delayNotices delays the members' first notices until the time. A zero time leaves them as they are.
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

// assignOne does one assignment of several; the member is notified at notifyAt.
func (svc *Service) assignOne(ctx context.Context, c access.Caller, seen SeenVersion, act casework.Assign, notifyAt time.Time) AssignResult {
	g := AssignResult{ID: seen.ID}
	x, err := svc.kit.Submission(ctx, c, access.Assign, seen.ID)
	if err == nil && x.Submission().Follows() {
		// A follower's lead is assigned: its member has the follower too.
		x, err = svc.kit.Submission(ctx, c, access.Assign, x.Submission().Lead)
	}
	if err == nil {
		g.View, err = svc.act(ctx, c, seen.ID, &seen.Version, act, notifyAt)
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
