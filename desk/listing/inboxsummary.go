package listing

import (
	"context"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// InboxSummary counts what waits for a caller. It is cheap enough to be asked for every few seconds: its cost
// grows with what is late alone.
type InboxSummary struct {
	// Todo counts what the caller is to do next: a member's open submissions, a department's unanswered assists,
	// the liaison's unassigned submissions.
	Todo int
	// Late counts those of Todo that are past their time.
	Late int
	// Assists counts a member's unanswered assists, and AssistsLate those that are past their time.
	Assists, AssistsLate int
	// Alarms counts the dangers that no liaison has handled; 0 for anybody else.
	Alarms int
	// Place is the newest position in the station's feed. While it stays, no submission has changed.
	Place string
}

// InboxSummary counts what waits for the caller. Only members, departments and the liaison have an inbox.
func (svc *Service) InboxSummary(ctx context.Context, c access.Caller) (InboxSummary, error) {
	if err := RequireInbox(c); err != nil {
		return InboxSummary{}, err
	}
	var sum InboxSummary
	var err error
	// The place is read first: what changes meanwhile is counted, and seen again with the next place.
	if sum.Place, err = svc.Place(ctx, c.Station); err != nil {
		return InboxSummary{}, err
	}
	switch c.Role {
	case access.Member:
		if sum.Todo, sum.Late, err = svc.waiting(ctx, c, record.Inbox, c.ID); err == nil {
			sum.Assists, sum.AssistsLate, err = svc.waiting(ctx, c, record.AssistPending, record.AssistantKey(c.Role, c.ID))
		}
	case access.Department:
		sum.Todo, sum.Late, err = svc.waiting(ctx, c, record.AssistPending, record.AssistantKey(c.Role, c.ID))
	default:
		if sum.Todo, sum.Late, err = svc.waiting(ctx, c, record.Pool, ""); err == nil {
			sum.Alarms, err = svc.store.Count(ctx, c.Station, record.Index{Name: record.Alarms})
		}
	}
	return sum, err
}

// RequireInbox admits those for whom submissions wait.
func RequireInbox(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	switch c.Role {
	case access.Member, access.Department, access.Liaison:
		return nil
	default:
		return fault.New(fault.Denied, "待办只对委员、协办部门和联络员开放")
	}
}

// waiting counts an index, and what in it is late for the caller.
func (svc *Service) waiting(ctx context.Context, c access.Caller, name record.IndexName, arg string) (all, late int, err error) {
	ix := record.Index{Name: name, Arg: arg}
	if all, err = svc.store.Count(ctx, c.Station, ix); err != nil || all == 0 || name == record.Pool {
		return all, 0, err
	}
	now := casework.At(svc.kit.Now())
	at, more := record.Cursor{}, true
	for scanned := 0; more && scanned < kit.MaxScanned && at.Score <= float64(now); {
		var list []casework.Submission
		if list, at, more, err = svc.kit.Records.Page(ctx, c.Station, ix, at, lateBatch); err != nil {
			return 0, 0, err
		}
		scanned += len(list)
		for _, s := range list {
			if lateFor(c, name, s, now) {
				late++
			}
		}
	}
	return all, late, nil
}

// lateBatch is how many submissions are read at once while late ones are counted. Both indexes are sorted by
// due time, so one batch is enough for whoever is not far behind.
const lateBatch = 10

func lateFor(c access.Caller, name record.IndexName, s casework.Submission, now casework.Millis) bool {
	if name == record.AssistPending {
		a, ok := s.AssistOf(c.Role, c.ID)
		return ok && a.Late(now)
	}
	return s.PausedAt == 0 && s.DueAt < now
}
