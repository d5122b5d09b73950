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
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// ClearUndelivered removes the caller's entries from the undelivered list: they are looking at the submission.
// After an error the liaison's list has an entry too many.
func (svc *Service) ClearUndelivered(ctx context.Context, c access.Caller, s casework.Submission) {
	if len(entriesOf(c, s)) == 0 {
		return
	}
	// Few people are listed. Reading first spares the others a write.
	entries, err := svc.store.UndeliveredOf(ctx, s.Station, []string{s.ID})
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
	listed := make([]string, len(entries))
	for i, u := range entries {
		listed[i] = u.Receiver
	}
	svc.ClearUndeliveredListed(ctx, c, s, listed)
}

// ClearUndeliveredListed is ClearUndelivered with the submission's listed receivers.
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

// ClearUndeliveredDay removes the caller's entries about a reception day from the undelivered list: they are looking at
// their booking, or at the day on which they sit. After an error the liaison's list has an entry too many.
func (svc *Service) ClearUndeliveredDay(ctx context.Context, c access.Caller, st, day string) {
	about := record.DayRef(st, day)
	// Few people are listed. Reading first spares the others a write.
	entries, err := svc.store.UndeliveredOf(ctx, st, []string{about})
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
		return
	}
	for _, u := range entries {
		role, id := record.ParseReceiver(u.Receiver)
		theirs := role == c.Role && id == c.ID && st == c.Station
		if role == access.Visitor {
			theirs = svc.hasBooked(ctx, c, st, day, id)
		}
		if theirs {
			svc.DropUndelivered(ctx, about, u.Receiver)
		}
	}
}

// hasBooked reports whether a booking is the caller's.
func (svc *Service) hasBooked(ctx context.Context, c access.Caller, st, day, booking string) bool {
	list, err := svc.bookings(ctx, st, day)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
		return false
	}
	i, err := list.Find(booking)
	return err == nil && c.Person != "" && list.List[i].Person == c.Person
}

// entriesOf returns entries that name the caller as a receiver of notices about the submission.
func entriesOf(c access.Caller, s casework.Submission) (entries []notice.Entry) {
	if c.Person == s.Filer {
		entries = append(entries, notice.Entry{Person: c.Person})
	}
	switch {
	case c.Station != s.Station:
	case c.Role == access.Member && c.ID == s.Assignee:
		entries = append(entries, notice.Entry{Member: c.ID})
	case c.RelationTo(s.AccessResource()).Assistant():
		entries = append(entries, assistantEntry(c.Role, c.ID))
	case c.Role == access.Liaison && len(s.Dangers) > 0: // liaisons are notified about dangers only
		entries = append(entries, notice.Entry{Liaison: c.ID})
	}
	return entries
}

// assistantEntry returns an entry that names an assistant.
func assistantEntry(role access.Role, id string) notice.Entry {
	if role == access.Department {
		return notice.Entry{Department: id}
	}
	return notice.Entry{Member: id}
}

// ListCall puts the filer on the undelivered list because their member asked the liaison to call. The entry stays when
// the filer opens the submission: what the member wants to say is not in it.
func (svc *Service) ListCall(ctx context.Context, s casework.Submission) error {
	return svc.store.PutUndelivered(ctx, record.Undelivered{
		Submission: s.ID, Purpose: record.CallPurpose, Receiver: record.CallReceiver, Why: record.CallAsked, Since: svc.kit.Now(),
	})
}

// ClearStaleUndelivered removes outdated entries: all of a submission that is over, else those of its former
// member and of former assistants.
func (svc *Service) ClearStaleUndelivered(ctx context.Context, was, next casework.Submission) {
	for i, a := range was.Assists {
		if next.State.Open() && a.State == casework.Asked && next.Assists[i].State != casework.Asked {
			svc.DropUndelivered(ctx, was.ID, record.Receiver(assistantEntry(a.Role, a.Who)))
		}
	}
	switch {
	case !next.State.Open():
		svc.DropUndelivered(ctx, was.ID, "")
	case was.Assignee != "" && was.Assignee != next.Assignee:
		svc.DropUndelivered(ctx, was.ID, record.Receiver(notice.Entry{Member: was.Assignee}))
	}
}

// undeliveredTTL is how long an entry stays listed after its submission is over. By then the liaison has called
// the person or never will.
const undeliveredTTL = 60 * 24 * time.Hour

// ExpireUndelivered removes entries whose submission has been over for undeliveredTTL, or whose reception day is over,
// and those of which neither exists any more. It returns how many entries it read. Entries of open submissions stay,
// however old they are.
func (svc *Service) ExpireUndelivered(ctx context.Context, st string) (int, error) {
	old := svc.kit.Now().Add(-undeliveredTTL)
	read := 0
	for after, more := (record.Cursor{}), true; more; {
		var list []record.Undelivered
		var err error
		if list, after, more, err = svc.store.UndeliveredPage(ctx, st, after, kit.SweepSize); err != nil {
			return read, err
		}
		over, err := svc.daysOver(ctx, st, list)
		if err != nil {
			return read, err
		}
		// An entry is never older than its submission, so that of a young one cannot have been over for long.
		list = slices.DeleteFunc(list, func(u record.Undelivered) bool {
			_, isDay := over[u.Submission]
			return !isDay && u.Since.After(old)
		})
		var ids []string
		for _, u := range list {
			if _, isDay := over[u.Submission]; !isDay {
				ids = append(ids, u.Submission)
			}
		}
		found, err := svc.kit.Records.LoadMany(ctx, st, ids)
		if err != nil {
			return read, err
		}
		for _, s := range found {
			over[s.ID] = !s.State.Open() && !s.ClosedAt.Time().After(old)
		}
		for _, u := range list {
			read++
			ended, known := over[u.Submission]
			if !known {
				if ended, err = svc.isGone(ctx, u.Submission); err != nil {
					return read, err
				}
			}
			if !ended {
				continue
			}
			if err := svc.store.ResolveUndelivered(ctx, st, u.ID()); err != nil {
				return read, err
			}
		}
	}
	return read, nil
}

// daysOver reports for each reception day of the entries whether it is over or does not exist.
func (svc *Service) daysOver(ctx context.Context, st string, list []record.Undelivered) (map[string]bool, error) {
	over := map[string]bool{}
	for _, u := range list {
		id, isDay := record.ParseDayRef(u.Submission)
		if _, known := over[u.Submission]; !isDay || known {
			continue
		}
		d, err := document[reception.Day](ctx, svc, st, record.DocumentDay, id)
		switch fault.CodeOf(err) {
		case "":
			over[u.Submission] = !svc.kit.Now().Before(d.End())
		case fault.NotFound:
			over[u.Submission] = true
		case fault.Internal:
			over[u.Submission] = false // it may be coming
		default:
			return nil, err
		}
	}
	return over, nil
}

// isGone reports whether a submission certainly no longer exists. An unreadable one still exists: it may be
// open.
func (svc *Service) isGone(ctx context.Context, id string) (bool, error) {
	_, err := svc.kit.Records.Load(ctx, id)
	if fault.Is(err, fault.Unavailable) {
		return false, err
	}
	return fault.Is(err, fault.NotFound), nil
}

// DropUndelivered removes a receiver, or all with "", from the undelivered list of a submission, or of what
// record.DayRef names. An error is logged;
// the list then has an entry too many.
func (svc *Service) DropUndelivered(ctx context.Context, submission, receiver string) {
	if err := svc.store.DropUndelivered(ctx, submission, receiver); err != nil {
		svc.kit.Log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
}

// RecordFailure lists the receiver of a message that the platform accepted and did not deliver.
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
		notices, err := svc.store.NoticesByMsgID(ctx, st, a.MsgID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		svc.kit.Config.Observe("notice", string(record.DeliveryFailed))
		for _, e := range notices {
			if e.Day != "" {
				err = svc.addFailedDay(ctx, st, p, e)
			} else {
				err = svc.addFailed(ctx, p, e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if a.Attempts <= kit.MaxEarlyAttempts {
		return kit.ErrEarly // the result of the sending may not be stored yet
	}
	return nil
}

// isAwaited reports whether an assistant's answer is awaited.
func isAwaited(s casework.Submission, role access.Role, id string) bool {
	a, ok := s.AssistOf(role, id)
	return ok && a.State == casework.Asked
}

// addFailed lists the person for a notice, unless it is outdated.
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
	case here && isAwaited(s, access.Role(p.Role), p.Ref):
		to := assistantEntry(access.Role(p.Role), p.Ref)
		e.Member, e.Department = to.Member, to.Department
	case here && p.Role == string(access.Liaison):
		e.Liaison = p.Ref
	case e.Purpose.Audience() == string(access.Visitor) && p.ID == s.Filer:
		e.Person = p.ID
	default:
		return nil // somebody else has the submission by now
	}
	over := !s.State.Open() && e.Purpose != notice.VisitorClosed
	if over || !slices.Contains(st.ChannelsToTry(), station.ChannelLiaison) {
		return nil
	}
	return svc.addUndelivered(ctx, st.ID, e, record.DeliveryFailed)
}

// addFailedDay is addFailed for a reception day. The line of the outcome names booking and swap.
func (svc *Service) addFailedDay(ctx context.Context, st string, p record.Person, e notice.Entry) error {
	t, err := svc.loadDay(ctx, st, e)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	here := p.Station == st && p.Role == e.Purpose.Audience()
	switch {
	case e.Booking != "":
		e.Person = p.ID // it is stale if the booking is another's
	case here && p.Role == string(access.Member):
		e.Member = p.Ref
	case here && p.Role == string(access.Liaison):
		e.Liaison = p.Ref
	default:
		return nil
	}
	if t.stale(e, svc.kit.Now()) || !liaisonCanHelp(e, t, record.DeliveryFailed) || !slices.Contains(t.station.ChannelsToTry(), station.ChannelLiaison) {
		return nil
	}
	return svc.addUndelivered(ctx, st, e, record.DeliveryFailed)
}
