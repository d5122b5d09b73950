package desk

import (
	"context"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Numbers are the phone numbers of a submission, in clear.
type Numbers struct {
	Phone         string
	OnBehalfPhone string
}

// Phone shows the numbers of a submission to its station's liaison. Who looked
// and why is written down before anything is shown; if that fails, nothing is. Too many
// in a short time are refused with TooMany.
func (d *Desk) Phone(ctx context.Context, c access.Caller, id, reason string) (Numbers, error) {
	if err := access.Can(c, access.Reveal); err != nil {
		return Numbers{}, err
	}
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return Numbers{}, field("reason", "请写明查看电话的原因（500 字以内），会留下记录")
	}
	x, err := d.reach(ctx, c, access.Reveal, id)
	if err != nil {
		return Numbers{}, err
	}
	s := x.s
	behalf := s.OnBehalf != nil && s.OnBehalf.Phone != ""
	if s.Phone == "" && !behalf {
		return Numbers{}, fault.New(fault.NotFound, "这件诉求没有留电话")
	}
	if err := d.mayReveal(ctx, c, x.st); err != nil {
		return Numbers{}, err
	}
	if err := d.Record(ctx, s.Station, Audited{
		At: d.now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: "phone", Thing: s.ID, Why: reason,
	}); err != nil {
		return Numbers{}, err
	}
	return d.numbers(s)
}

// Today is what a liaison sees first.
type Today struct {
	Date string
	// Held and Pooled wait for the liaison; Overdue and DueToday for members.
	Held, Pooled, Assigned, Accepted, Waiting, Answered int
	Overdue, DueToday                                   int
	// Alarms are dangers no liaison has seen to; HeldPhotos wait for one.
	Alarms, HeldPhotos int
	// Untold could not be told of something.
	Untold int
	// Assists wait for an assistant, AssistsLate past the time given.
	Assists, AssistsLate int
	// OldestWaiting is since when the oldest in the pool waits, zero for none.
	OldestWaiting time.Time
	OnDuty        []Duty
	Surge         SurgeState
	// Warnings are what should be mended soon, in Chinese.
	Warnings []string
	// UnreadPushes are those of the last seven days; a warning speaks of them.
	UnreadPushes int
}

// Today counts the station's open submissions and says who is on duty.
func (d *Desk) Today(ctx context.Context, c access.Caller) (Today, error) {
	if err := access.Staff(c, false); err != nil {
		return Today{}, err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return Today{}, err
	}
	d.want(st.ID)
	now := d.now().In(station.Zone)
	t := Today{Date: now.Format(time.DateOnly)}
	for state, n := range map[casework.State]*int{
		casework.Held: &t.Held, casework.Pooled: &t.Pooled, casework.Assigned: &t.Assigned,
		casework.Accepted: &t.Accepted, casework.Waiting: &t.Waiting, casework.Answered: &t.Answered,
	} {
		if *n, err = d.store.Count(ctx, st.ID, Index{Name: record.InState, Arg: string(state)}); err != nil {
			return Today{}, err
		}
	}
	if t.Overdue, t.DueToday, err = d.store.Due(ctx, st.ID, now, endOfDay(now)); err != nil {
		return Today{}, err
	}
	if t.Alarms, err = d.store.Count(ctx, st.ID, Index{Name: record.Alarms}); err != nil {
		return Today{}, err
	}
	if t.HeldPhotos, err = d.store.CountHeldPhotos(ctx, st.ID); err != nil {
		return Today{}, err
	}
	if t.Untold, err = d.store.CountUntold(ctx, st.ID); err != nil {
		return Today{}, err
	}
	if t.Assists, err = d.store.Count(ctx, st.ID, Index{Name: record.Assists}); err != nil {
		return Today{}, err
	}
	if t.AssistsLate, err = d.store.AssistsLate(ctx, st.ID, now); err != nil {
		return Today{}, err
	}
	if t.Surge, err = d.surgeState(ctx, st); err != nil {
		return Today{}, err
	}
	if t.Warnings, err = d.warnings(ctx, st, now); err != nil {
		return Today{}, err
	}
	n, unread, err := d.unreadWarning(ctx, now)
	if err != nil {
		return Today{}, err
	}
	if t.UnreadPushes = n; n > 0 {
		t.Warnings = append(t.Warnings, unread)
	}
	oldest, _, _, err := d.records.Page(ctx, st.ID, Index{Name: record.Pool}, Cursor{}, 1)
	if err != nil {
		return Today{}, err
	}
	if len(oldest) > 0 {
		t.OldestWaiting = oldest[0].FiledAt.Time()
	}
	for _, x := range st.DutyAt(station.Target{Kind: station.ForStation}, now) {
		m, _ := st.Member(x.Member)
		t.OnDuty = append(t.OnDuty, Duty{Member: cardOf(m), From: x.From, To: x.To})
	}
	return t, nil
}

func endOfDay(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
}
