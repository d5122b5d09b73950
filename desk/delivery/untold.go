package delivery

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
	"mashang/domain/station"
)

// ClearUndelivered takes the caller off the list of the untold, as they have the submission
// before them. What fails here leaves a line too many on the liaison's list.
func (svc *Service) ClearUndelivered(ctx context.Context, c access.Caller, s casework.Submission) {
	if len(entriesOf(c, s)) == 0 {
		return
	}
	// Nearly nobody is on the list. Asking first spares the others a write.
	listed, err := svc.store.UndeliveredReceivers(ctx, s.ID)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
	svc.ClearUndeliveredListed(ctx, c, s, listed)
}

// ClearUndeliveredListed is knows where the listed receivers are known already.
func (svc *Service) ClearUndeliveredListed(ctx context.Context, c access.Caller, s casework.Submission, listed []string) {
	if len(listed) == 0 {
		return
	}
	for _, e := range entriesOf(c, s) {
		if receiver := record.Receiver(e); slices.Contains(listed, receiver) {
			svc.DropUndelivered(ctx, s.ID, receiver)
		}
	}
}

// entriesOf are the entries that name the caller among those of a submission.
func entriesOf(c access.Caller, s casework.Submission) (who []notice.Entry) {
	if c.Person == s.Filer {
		who = append(who, notice.Entry{Person: c.Person})
	}
	switch {
	case c.Station != s.Station:
	case c.Role == access.Member && c.ID == s.Assignee:
		who = append(who, notice.Entry{Member: c.ID})
	case c.RelationTo(s.AccessResource()).Assistant():
		who = append(who, assistant(c.Role, c.ID))
	case c.Role == access.Liaison && len(s.Dangers) > 0: // of nothing else they are told
		who = append(who, notice.Entry{Liaison: c.ID})
	}
	return who
}

// assistant is an entry that names a body that assists.
func assistant(role access.Role, id string) notice.Entry {
	if role == access.Department {
		return notice.Entry{Department: id}
	}
	return notice.Entry{Member: id}
}

// ClearStaleUndelivered takes off the list who need not be told any more: everybody when the
// submission is over, else the member who had it and who need not assist.
func (svc *Service) ClearStaleUndelivered(ctx context.Context, was, next casework.Submission) {
	for i, a := range was.Assists {
		if next.State.Open() && a.State == casework.Asked && next.Assists[i].State != casework.Asked {
			svc.DropUndelivered(ctx, was.ID, record.Receiver(assistant(a.Role, a.Who)))
		}
	}
	switch {
	case !next.State.Open():
		svc.DropUndelivered(ctx, was.ID, "")
	case was.Assignee != "" && was.Assignee != next.Assignee:
		svc.DropUndelivered(ctx, was.ID, record.Receiver(notice.Entry{Member: was.Assignee}))
	}
}

// undeliveredLife is how long somebody stays on the list after their matter is over. By
// then the liaison has called them or never will.
const undeliveredLife = 60 * 24 * time.Hour

// ExpireUndelivered takes off a station's list the entries of matters that have been
// over for undeliveredLife, and of matters that are not there any more, and returns how
// many entries it looked at. Entries of open matters stay, however old they are.
func (svc *Service) ExpireUndelivered(ctx context.Context, st string) (int, error) {
	old := svc.kit.Now().Add(-undeliveredLife)
	looked := 0
	for after, more := (record.Cursor{}), true; more; {
		var list []record.Undelivered
		var err error
		if list, after, more, err = svc.store.UndeliveredPage(ctx, st, after, kit.SweepSize); err != nil {
			return looked, err
		}
		// The longest waiting come first, and nobody is listed before there is
		// something to tell: behind a young entry are only young ones.
		if i := slices.IndexFunc(list, func(u record.Undelivered) bool { return u.Since.After(old) }); i >= 0 {
			list, more = list[:i], false
		}
		ids := make([]string, len(list))
		for i, u := range list {
			ids[i] = u.Submission
		}
		found, err := svc.kit.Records.LoadMany(ctx, st, ids)
		if err != nil {
			return looked, err
		}
		over := map[string]bool{}
		for _, s := range found {
			over[s.ID] = !s.State.Open() && !s.ClosedAt.Time().After(old)
		}
		for _, u := range list {
			looked++
			ended, known := over[u.Submission]
			if !known {
				if ended, err = svc.isGone(ctx, u.Submission); err != nil {
					return looked, err
				}
			}
			if !ended {
				continue
			}
			if err := svc.store.ResolveUndelivered(ctx, st, u.ID()); err != nil {
				return looked, err
			}
		}
	}
	return looked, nil
}

// isGone reports whether a submission is surely not there any more. One that cannot
// be read is: it may be open.
func (svc *Service) isGone(ctx context.Context, id string) (bool, error) {
	_, err := svc.kit.Records.Load(ctx, id)
	if fault.Is(err, fault.Unavailable) {
		return false, err
	}
	return fault.Is(err, fault.NotFound), nil
}

// DropUndelivered takes a receiver, or with "" everybody, off the list of the untold for a
// submission. What fails leaves a line too many and is logged.
func (svc *Service) DropUndelivered(ctx context.Context, submission, receiver string) {
	if err := svc.store.DropUndelivered(ctx, submission, receiver); err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
}

// RecordFailure puts the receiver of a message that the platform took and did not
// deliver on the list of the untold.
func (svc *Service) RecordFailure(ctx context.Context, p record.Person, a record.InboundEvent) error {
	if a.ErrorCode == 0 || a.MsgID == "" {
		return nil
	}
	stations, err := svc.store.Visited(ctx, p.ID)
	if err != nil {
		return err
	}
	if p.Station != "" && !slices.Contains(stations, p.Station) {
		stations = append([]string{p.Station}, stations...)
	}
	for _, st := range stations {
		told, err := svc.store.NoticesByMsgID(ctx, st, a.MsgID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		svc.kit.Config.Observe("notice", string(record.DeliveryFailed))
		for _, e := range told {
			if err := svc.addFailed(ctx, p, e); err != nil {
				return err
			}
		}
		return nil
	}
	if a.Attempts <= kit.MaxEarlyAttempts {
		return kit.ErrEarly // what became of the sending is being written
	}
	return nil
}

// awaited reports whether a body is still to answer as an assistant.
func awaited(s casework.Submission, role access.Role, id string) bool {
	a, ok := s.AssistOf(role, id)
	return ok && a.State == casework.Asked
}

// addFailed lists the person for a notice, unless it no longer holds.
func (svc *Service) addFailed(ctx context.Context, p record.Person, e notice.Entry) error {
	s, st, err := svc.kit.Load(ctx, e.Submission)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	here := p.Station == st.ID && p.Role == e.Purpose.Audience()
	switch {
	case here && p.Role == string(access.Member) && p.Ref == s.Assignee:
		e.Member = p.Ref
	case here && awaited(s, access.Role(p.Role), p.Ref):
		to := assistant(access.Role(p.Role), p.Ref)
		e.Member, e.Department = to.Member, to.Department
	case here && p.Role == string(access.Liaison):
		e.Liaison = p.Ref
	case e.Purpose.Audience() == string(access.Visitor) && p.ID == s.Filer:
		e.Person = p.ID
	default:
		return nil // it is somebody else's matter by now
	}
	over := !s.State.Open() && e.Purpose != notice.VisitorClosed
	if over || !slices.Contains(st.ChannelsToTry(), station.ChannelLiaison) {
		return nil
	}
	return svc.addUndelivered(ctx, e, record.DeliveryFailed)
}
