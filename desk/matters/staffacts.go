package matters

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
)

// staffActs are the acts of a liaison that have a line in the audit as well as in the thread: what somebody did is
// found there by who did it, whatever the submissions became.
var staffActs = map[access.Action]audit.Action{
	access.Assign: audit.Assign, access.Transfer: audit.Transfer, access.Extend: audit.Extend, access.Close: audit.Close,
	access.Merge: audit.Merge, access.Split: audit.Split, access.Assist: audit.Assist, access.Recall: audit.Recall,
	access.Fulfil: audit.Fulfil, access.Promise: audit.Promise, access.HandleDanger: audit.HandleDanger, access.FollowUp: audit.FollowUp,
}

// staffLines are all lines of acts on submissions.
var staffLines = append(slices.Sorted(maps.Values(staffActs)), audit.CloseInvalid)

// staffLine returns the audit line of an act, without an action if it has none: acts of others than liaisons stand in
// the thread alone, but for a closing as invalid, which leaves the figures.
func staffLine(c access.Caller, name access.Action, was, next casework.Submission) audit.Act {
	line, e := audit.Act{By: c, Object: was.ID}, next.Last()
	switch {
	case name == access.Close && next.Outcome == casework.Invalid:
		line.What, line.Why = audit.CloseInvalid, e.Reason
	case c.Role == access.Liaison:
		line.What, line.Why = staffActs[name], cmp.Or(e.ToName, e.Outcome.Chinese())
	}
	return line
}

// commitAudited is commitAct, after the audit line of the act.
func commitAudited(
	ctx context.Context, svc *Service, c access.Caller, act casework.Act, was, next casework.Submission, notices []notice.Entry,
) (ok bool, err error) {
	line := staffLine(c, casework.NameOf(act), was, next)
	if line.What == "" {
		return svc.commitAct(ctx, was, next, notices)
	}
	return audit.Do(ctx, svc.audit, was.Station, line, func(w audit.Written) (bool, error) {
		return commitRecorded(ctx, svc, w, was, next, notices)
	})
}

// commitRecorded commits an act whose line is written.
func commitRecorded(ctx context.Context, svc *Service, w audit.Written, was, next casework.Submission, notices []notice.Entry) (ok bool, err error) {
	if err := w.Of(staffLines...); err != nil {
		return false, err
	}
	return svc.commitAct(ctx, was, next, notices)
}
