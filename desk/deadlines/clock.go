package deadlines

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// finalizeDeadlines recomputes provisional deadlines whose year's calendar is known by now.
func (svc *Service) finalizeDeadlines(ctx context.Context, st *station.Station) error {
	for after, more := (record.Cursor{}), true; more; {
		var list []casework.Submission
		var err error
		if list, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.Provisional}, after, kit.SweepSize); err != nil {
			return err
		}
		for _, s := range list {
			if s.Clocks == nil || !svc.kit.Days.Known(s.Clocks.UnknownYear) {
				continue
			}
			if _, err := svc.applyAsSystem(ctx, st, s, casework.Recount{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// reminderRound collects the notices of one sweep: one per receiver, about the most urgent submission, with the
// others added.
type reminderRound struct {
	st    *station.Station
	now   time.Time
	clock casework.Clock
	due   []record.Reminded
	// entries holds the notices by receiver; order is the order in which the receivers came.
	entries  map[receiver]*notice.Entry
	order    []receiver
	earliest map[receiver]casework.Millis
}

// receiver is who gets one notice. A squad's leader gets a separate one for the squad's submissions.
type receiver struct {
	member, liaison string
	squad           bool
}

// remind notifies people about due and overdue submissions, outside the quiet hours. A person gets one notice
// for everything that became due since the last round, and a submission counts once even if several of its
// reminders have passed. It returns the number of submissions.
func (svc *Service) remind(ctx context.Context, st *station.Station) (int, error) {
	now := svc.kit.Now().In(station.Zone)
	if svc.kit.Config.Quiet.Until(notice.MemberUrge, now).After(now) {
		return 0, nil
	}
	release, ok, err := svc.store.LockReminders(ctx, st.ID, reminderLockTTL)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	timers, err := svc.store.Timers(ctx, st.ID, now, maxReminders)
	if err != nil {
		return 0, err
	}
	r := reminderRound{st: st, now: now, clock: svc.kit.ClockOf(st, now), entries: map[receiver]*notice.Entry{}, earliest: map[receiver]casework.Millis{}}
	changed := map[string]bool{}
	done := 0
	for try := 0; len(timers) > 0 && try < maxReminderTries; try++ {
		if err := svc.collectReminders(ctx, &r, timers, changed); err != nil {
			return done, err
		}
		lost, err := svc.commitReminders(ctx, &r)
		if err != nil {
			return done, err
		}
		if len(lost) == 0 {
			done += len(r.due)
			break
		}
		for _, id := range lost {
			changed[id] = true
		}
	}
	if done > 0 {
		svc.kit.Wake(st.ID)
	}
	return done, nil
}

const (
	// reminderLockTTL bounds how long a process holds the lock on a station's reminders.
	reminderLockTTL = 30 * time.Second
	// maxReminders is how many submissions one round handles. The rest waits for the next.
	maxReminders = 500
	// maxReminderTries bounds the tries; each leaves out the submissions that changed during the one before.
	maxReminderTries = 5
)

// collectReminders collects the notices for the submissions whose timer is due.
func (svc *Service) collectReminders(ctx context.Context, r *reminderRound, timers []record.Timer, skip map[string]bool) error {
	r.due, r.order = nil, nil
	clear(r.entries)
	clear(r.earliest)
	for _, t := range timers {
		if skip[t.Submission] {
			continue
		}
		s, err := svc.kit.Records.Load(ctx, t.Submission)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// One unreadable submission must not keep the others from being reminded of.
			svc.kit.Log.WarnContext(ctx, "overdue submission not read", slog.String("submission", t.Submission), slog.Any("err", err))
			continue
		}
		r.due = append(r.due, record.Reminded{
			Timer: t, Version: s.Version, Next: s.NextReminder(r.clock, r.now.Add(time.Millisecond)),
		})
		r.addReminders(s, s.RemindersBetween(r.clock, t.At, casework.At(r.now)))
	}
	return nil
}

// addReminders adds notices to all whom one of the passed reminders addresses, in the wording of the last
// reminder.
func (r *reminderRound) addReminders(s casework.Submission, reached []casework.Reminder) {
	if len(reached) == 0 {
		return
	}
	levels := map[casework.Level]bool{}
	last := reached[0]
	for _, x := range reached {
		if levels[x.Level] = true; x.At >= last.At {
			last = x
		}
	}
	about := wordingOf(s, last)
	if levels[casework.ToHolder] || levels[casework.ToLeader] {
		r.addForHolder(s, about)
	}
	if levels[casework.ToLeader] && s.Assignee != "" {
		for _, m := range kit.Leaders(r.st, s, r.now) {
			r.add(s, receiver{member: m.ID, squad: true}, notice.AboutSquad)
		}
	}
	if levels[casework.ToLiaison] {
		r.addForLiaisons(s, about)
	}
	if levels[casework.ToHead] {
		r.addForHead(s, about)
	}
}

// wordingOf returns the notice's wording for a reminder.
func wordingOf(s casework.Submission, r casework.Reminder) string {
	switch {
	case s.Owed() && r.Late:
		return notice.AboutBroken
	case s.Owed():
		return notice.AboutPromise
	case r.First && r.Late:
		return notice.AboutFirstLate
	case r.First:
		return notice.AboutFirst
	case r.Late:
		return ""
	default:
		return notice.AboutSoon
	}
}

func (r *reminderRound) addForHolder(s casework.Submission, about string) {
	m, ok := r.st.Member(s.Assignee)
	if s.Assignee == "" || s.Owed() && (!ok || m.Left || m.Away(r.now)) {
		r.addForLiaisons(s, about) // a promise stays with its member, even when they left or are away
		return
	}
	r.add(s, receiver{member: s.Assignee}, about)
}

func (r *reminderRound) addForLiaisons(s casework.Submission, about string) {
	for _, l := range r.st.Liaisons {
		if !l.Left && !l.Admin {
			r.add(s, receiver{liaison: l.ID}, about)
		}
	}
}

// addForHead adds a notice to the station's head, or to the liaisons again when the station has none.
func (r *reminderRound) addForHead(s casework.Submission, about string) {
	head := r.clock.Terms.Head
	if l, ok := r.st.Liaison(head); head == "" || !ok || l.Left || l.Admin {
		r.addForLiaisons(s, about)
		return
	}
	r.add(s, receiver{liaison: head}, about)
}

// add adds a submission to a receiver's notice. The submission that is due first leads the notice.
func (r *reminderRound) add(s casework.Submission, to receiver, about string) {
	e, ok := r.entries[to]
	switch {
	case !ok:
		e = &notice.Entry{Purpose: notice.MemberUrge, Member: to.member, Liaison: to.liaison, At: int64(casework.At(r.now))}
		if to.liaison != "" {
			e.Purpose = notice.LiaisonUrge
		}
		r.entries[to], r.order = e, append(r.order, to)
	case e.Submission == s.ID || slices.Contains(e.Also, s.ID):
		return // two reminders are due at once
	case s.NextDue() >= r.earliest[to]:
		e.Also = append(e.Also, s.ID)
		return
	default:
		e.Also = append(e.Also, e.Submission)
	}
	e.Submission, e.Version, e.About, r.earliest[to] = s.ID, s.Version, about, s.NextDue()
}

// commitReminders stores the next reminders and queues the notices. lost are the submissions that changed
// meanwhile; then nothing was stored.
func (svc *Service) commitReminders(ctx context.Context, r *reminderRound) (lost []string, err error) {
	if len(r.due) == 0 {
		return nil, nil
	}
	notices := make([]notice.Entry, len(r.order))
	for i, to := range r.order {
		notices[i] = *r.entries[to]
		if notices[i].ID, err = svc.kit.NewID(""); err != nil {
			return nil, err
		}
	}
	lost, err = svc.store.Remind(ctx, r.st.ID, r.due, notices, r.now)
	if err != nil || len(lost) > 0 {
		return lost, err
	}
	for range r.due {
		svc.kit.Config.Observe("urged", "")
	}
	return nil, nil
}
