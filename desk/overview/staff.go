package overview

import (
	"context"
	"time"

	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Phone shows a submission's phone numbers to its station's liaison, to an assistant asked with the number, and once to
// the member in charge, whose look the filer reads of in the thread. It is audited with the reason: without the line
// nothing is shown. Too many in a short time are refused with TooMany.
func (svc *Service) Phone(ctx context.Context, c access.Caller, id, reason string) (matters.Numbers, error) {
	if err := access.Can(c, access.Reveal); err != nil {
		return matters.Numbers{}, err
	}
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return matters.Numbers{}, kit.Field("reason", "请写明查看电话的原因（500 字以内），会留下记录")
	}
	x, err := svc.kit.Submission(ctx, c, access.Reveal, id)
	if err != nil {
		return matters.Numbers{}, err
	}
	s, inCharge := x.Submission(), c.Role == access.Member && x.Submission().Assignee == c.ID
	if !s.HasNumber() {
		return matters.Numbers{}, fault.New(fault.NotFound, "这件诉求没有留电话")
	}
	if status, _ := s.CallStatus(casework.ActorFor(c, access.Reveal), svc.kit.Now()); inCharge && !status.Allowed {
		return matters.Numbers{}, fault.New(fault.WrongState, "%s", status.Why)
	}
	if err := svc.roster.TakeReveal(ctx, c, x.Station()); err != nil {
		return matters.Numbers{}, err
	}
	look := audit.Act{By: c, What: audit.ShowPhone, Object: s.ID, Why: reason}
	return audit.Do(ctx, svc.audit, s.Station, look, func(w audit.Written) (matters.Numbers, error) {
		if inCharge {
			if err := matters.RecordView(ctx, svc.matters, c, id, reason); err != nil {
				return matters.Numbers{}, err
			}
		}
		return svc.matters.Numbers(w, s)
	})
}

// Today has the numbers of a liaison's start page.
type Today struct {
	Date string
	// Held and Pooled wait for the liaison; Overdue and DueToday wait for members.
	Held, Pooled, Assigned, Accepted, Waiting, Answered int
	Overdue, DueToday                                   int
	// Alarms counts unhandled dangers, HeldPhotos the photos that wait for a decision.
	Alarms, HeldPhotos int
	// Undelivered counts undelivered notices.
	Undelivered int
	// Assists counts submissions with a pending assist, AssistsLate those with an overdue one.
	Assists, AssistsLate int
	// OldestWaiting is when the oldest submission of the pool was filed, zero for none.
	OldestWaiting time.Time
	OnDuty        []codes.Duty
	Surge         roster.SurgeState
	// Warnings are what should be repaired soon, in Chinese.
	Warnings []string
	// UnreadPushes counts those of the last seven days, which a warning mentions.
	UnreadPushes int
}

// Today counts the station's open submissions and tells who is on duty.
func (svc *Service) Today(ctx context.Context, c access.Caller) (Today, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return Today{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Today{}, err
	}
	svc.listing.RequestIndex(st.ID)
	now := svc.kit.Now().In(station.Zone)
	t := Today{Date: now.Format(time.DateOnly)}
	for state, n := range map[casework.State]*int{
		casework.Held: &t.Held, casework.Pooled: &t.Pooled, casework.Assigned: &t.Assigned,
		casework.Accepted: &t.Accepted, casework.Waiting: &t.Waiting, casework.Answered: &t.Answered,
	} {
		if *n, err = svc.store.Count(ctx, st.ID, record.Index{Name: record.InState, Arg: string(state)}); err != nil {
			return Today{}, err
		}
	}
	if t.Overdue, t.DueToday, err = svc.store.Due(ctx, st.ID, now, endOfDay(now)); err != nil {
		return Today{}, err
	}
	if t.Alarms, err = svc.store.Count(ctx, st.ID, record.Index{Name: record.Alarms}); err != nil {
		return Today{}, err
	}
	if t.HeldPhotos, err = svc.store.Count(ctx, st.ID, record.Index{Name: record.HeldPhotos}); err != nil {
		return Today{}, err
	}
	if t.Undelivered, err = svc.store.Count(ctx, st.ID, record.Index{Name: record.Unreached}); err != nil {
		return Today{}, err
	}
	if t.Assists, err = svc.store.Count(ctx, st.ID, record.Index{Name: record.Assists}); err != nil {
		return Today{}, err
	}
	if t.AssistsLate, err = svc.store.AssistsLate(ctx, st.ID, now); err != nil {
		return Today{}, err
	}
	if t.Surge, err = svc.roster.SurgeState(ctx, st); err != nil {
		return Today{}, err
	}
	if t.Warnings, err = svc.warnings(ctx, st, now); err != nil {
		return Today{}, err
	}
	n, unread, err := svc.unreadWarning(ctx, now)
	if err != nil {
		return Today{}, err
	}
	if t.UnreadPushes = n; n > 0 {
		t.Warnings = append(t.Warnings, unread)
	}
	oldest, _, _, err := svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.Pool}, record.Cursor{}, 1)
	if err != nil {
		return Today{}, err
	}
	if len(oldest) > 0 {
		t.OldestWaiting = oldest[0].FiledAt.Time()
	}
	for _, x := range st.DutyAt(station.Target{Kind: station.ForStation}, now) {
		m, _ := st.Member(x.Member)
		t.OnDuty = append(t.OnDuty, codes.Duty{Member: codes.CardOf(m), From: x.From, To: x.To})
	}
	return t, nil
}

func endOfDay(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
}
