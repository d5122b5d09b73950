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

// finalizeDeadlines makes provisional deadlines certain whose year is known by now.
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
			if _, err := svc.moveFor(ctx, st, s, casework.Recount{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// reminderRound is what one sweep tells: for each receiver the most urgent matter,
// and which others.
type reminderRound struct {
	st    *station.Station
	now   time.Time
	clock casework.Clock
	due   []record.Reminded
	// to holds the entries by receiver, in the order in which they came.
	to       map[receiver]*notice.Entry
	order    []receiver
	earliest map[receiver]casework.Millis
}

// receiver is who is told in one message: a squad's leader of the squad's matters
// apart from their own.
type receiver struct {
	member, liaison string
	squad           bool
}

// remind tells who is to see to what is due or late, in humane hours. One message
// tells a person of everything that became due since the last round, however long
// nobody looked; a matter of which several reminders have passed meanwhile is
// told of once. It returns of how many submissions somebody was reminded.
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
	timers, err := svc.store.Timers(ctx, st.ID, now, remindMost)
	if err != nil {
		return 0, err
	}
	r := reminderRound{st: st, now: now, clock: svc.kit.ClockOf(st, now), to: map[receiver]*notice.Entry{}, earliest: map[receiver]casework.Millis{}}
	missed := map[string]bool{}
	done := 0
	for try := 0; len(timers) > 0 && try < remindTries; try++ {
		if err := svc.collectReminders(ctx, &r, timers, missed); err != nil {
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
			missed[id] = true
		}
	}
	if done > 0 {
		svc.kit.Wake(st.ID)
	}
	return done, nil
}

const (
	// reminderLockTTL is how long a process has for a station's reminders.
	reminderLockTTL = 30 * time.Second
	// remindMost is of how many submissions one round tells; more wait for the
	// next.
	remindMost = 500
	// remindTries is how often those that changed meanwhile are left out.
	remindTries = 5
)

// collectReminders works out what is to be told of those that have a timer.
func (svc *Service) collectReminders(ctx context.Context, r *reminderRound, timers []record.Timer, leave map[string]bool) error {
	r.due, r.order = nil, nil
	clear(r.to)
	clear(r.earliest)
	for _, t := range timers {
		if leave[t.Submission] {
			continue
		}
		s, err := svc.kit.Records.Load(ctx, t.Submission)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// One that cannot be read must not keep the others from being told of.
			svc.kit.Log.WarnContext(ctx, "overdue submission not read", slog.String("submission", t.Submission), slog.Any("err", err))
			continue
		}
		r.due = append(r.due, record.Reminded{
			Timer: t, Version: s.Version, Next: s.NextReminder(r.clock, r.now.Add(time.Millisecond)),
		})
		r.tellOf(s, s.RemindersBetween(r.clock, t.At, casework.At(r.now)))
	}
	return nil
}

// tellOf tells everybody whom a reminder has reached, in the words of the last.
func (r *reminderRound) tellOf(s casework.Submission, reached []casework.Reminder) {
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
	about := aboutOf(s, last)
	if levels[casework.ToHolder] || levels[casework.ToLeader] {
		r.tellHolder(s, about)
	}
	if levels[casework.ToLeader] && s.Assignee != "" {
		for _, m := range kit.Leaders(r.st, s, r.now) {
			r.tell(s, receiver{member: m.ID, squad: true}, notice.AboutSquad)
		}
	}
	if levels[casework.ToLiaison] {
		r.tellLiaisons(s, about)
	}
	if levels[casework.ToHead] {
		r.tellHead(s, about)
	}
}

// aboutOf says in which words a reminder is told.
func aboutOf(s casework.Submission, r casework.Reminder) string {
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

func (r *reminderRound) tellHolder(s casework.Submission, about string) {
	m, ok := r.st.Member(s.Assignee)
	if s.Assignee == "" || s.Owed() && (!ok || m.Left || m.Away(r.now)) {
		r.tellLiaisons(s, about) // what is owed stays with who left or is away
		return
	}
	r.tell(s, receiver{member: s.Assignee}, about)
}

func (r *reminderRound) tellLiaisons(s casework.Submission, about string) {
	for _, l := range r.st.Liaisons {
		if !l.Left && !l.Admin {
			r.tell(s, receiver{liaison: l.ID}, about)
		}
	}
}

// tellHead tells the station's head, or the liaisons once more where none is
// named.
func (r *reminderRound) tellHead(s casework.Submission, about string) {
	head := r.clock.Terms.Head
	if l, ok := r.st.Liaison(head); head == "" || !ok || l.Left || l.Admin {
		r.tellLiaisons(s, about)
		return
	}
	r.tell(s, receiver{liaison: head}, about)
}

// tell adds a matter to what one person is told: the one that is due first leads.
func (r *reminderRound) tell(s casework.Submission, to receiver, about string) {
	e, ok := r.to[to]
	switch {
	case !ok:
		e = &notice.Entry{Purpose: notice.MemberUrge, Member: to.member, Liaison: to.liaison, At: int64(casework.At(r.now))}
		if to.liaison != "" {
			e.Purpose = notice.LiaisonUrge
		}
		r.to[to], r.order = e, append(r.order, to)
	case e.Submission == s.ID || slices.Contains(e.Also, s.ID):
		return // by two reminders at once
	case s.NextDue() >= r.earliest[to]:
		e.Also = append(e.Also, s.ID)
		return
	default:
		e.Also = append(e.Also, e.Submission)
	}
	e.Submission, e.Version, e.About, r.earliest[to] = s.ID, s.Version, about, s.NextDue()
}

// commitReminders writes down that it is told, and queues it; lost are those that changed
// meanwhile, and then nothing is done.
func (svc *Service) commitReminders(ctx context.Context, r *reminderRound) (lost []string, err error) {
	if len(r.due) == 0 {
		return nil, nil
	}
	tell := make([]notice.Entry, len(r.order))
	for i, to := range r.order {
		tell[i] = *r.to[to]
		if tell[i].ID, err = svc.kit.NewID(""); err != nil {
			return nil, err
		}
	}
	lost, err = svc.store.Remind(ctx, r.st.ID, r.due, tell, r.now)
	if err != nil || len(lost) > 0 {
		return lost, err
	}
	for range r.due {
		svc.kit.Config.Observe("urged", "")
	}
	return nil, nil
}
