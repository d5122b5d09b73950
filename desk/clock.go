package desk

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// clockOf is the station's clock at the moment.
func (d *Desk) clockOf(st *station.Station, now time.Time) casework.Clock {
	return casework.Clock{Days: st.Calendar(d.days), Terms: st.Terms(), Rules: st.RulesVersion(), Surge: st.Surging(now)}
}

// warnings are what keeps the station's clocks from being right.
func (d *Desk) warnings(ctx context.Context, st *station.Station, now time.Time) ([]string, error) {
	var list []string
	for _, y := range d.days.Missing(now) {
		list = append(list, fmt.Sprintf("还没有 %d 年的放假和调休安排，落在该年的期限只能暂定。请管理员在国务院办公厅通知公布后录入。", y))
	}
	n, err := d.store.Count(ctx, st.ID, Index{Name: record.Provisional})
	if err != nil {
		return nil, err
	}
	if n > 0 {
		list = append(list, fmt.Sprintf("有 %d 件诉求的期限是暂定的，录入放假安排后会自动重算。", n))
	}
	watched, err := d.watched(ctx, st)
	for _, w := range watched {
		list = append(list, w.Sentence())
	}
	return list, err
}

// recount makes provisional deadlines certain whose year is known by now.
func (d *Desk) recount(ctx context.Context, st *station.Station) error {
	for after, more := (Cursor{}), true; more; {
		var list []casework.Submission
		var err error
		if list, after, more, err = d.records.Page(ctx, st.ID, Index{Name: record.Provisional}, after, sweepSize); err != nil {
			return err
		}
		for _, s := range list {
			if s.Clocks == nil || !d.days.Known(s.Clocks.Unsure) {
				continue
			}
			if _, err := d.moveFor(ctx, st, s, casework.Step{Act: casework.Recount}); err != nil {
				return err
			}
		}
	}
	return nil
}

// thing is what access needs to know of a submission, with who may look at it
// because it is late: the leaders of its member's squads.
func (d *Desk) thing(st *station.Station, s casework.Submission) access.Thing {
	t := s.Thing()
	if now := casework.At(d.now()); s.Reminds() && s.Assignee != "" && s.Late(now) {
		for _, l := range leaders(st, s, now.Time()) {
			t.Leaders = append(t.Leaders, l.ID)
		}
	}
	return t
}

// reminding is what one sweep tells: for each receiver the most urgent matter,
// and which others.
type reminding struct {
	st    *station.Station
	now   time.Time
	clock casework.Clock
	fired []record.Reminded
	// to holds the entries by receiver, in the order in which they came.
	to    map[receiver]*notice.Entry
	order []receiver
	due   map[receiver]casework.Millis
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
func (d *Desk) remind(ctx context.Context, st *station.Station) (int, error) {
	now := d.now().In(station.Zone)
	if d.cfg.Quiet.Until(notice.MemberUrge, now).After(now) {
		return 0, nil
	}
	release, ok, err := d.store.Turn(ctx, st.ID, turnTime)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	timers, err := d.store.Timers(ctx, st.ID, now, remindMost)
	if err != nil {
		return 0, err
	}
	r := reminding{st: st, now: now, clock: d.clockOf(st, now), to: map[receiver]*notice.Entry{}, due: map[receiver]casework.Millis{}}
	missed := map[string]bool{}
	done := 0
	for try := 0; len(timers) > 0 && try < remindTries; try++ {
		if err := d.gather(ctx, &r, timers, missed); err != nil {
			return done, err
		}
		lost, err := d.fire(ctx, &r)
		if err != nil {
			return done, err
		}
		if len(lost) == 0 {
			done += len(r.fired)
			break
		}
		for _, id := range lost {
			missed[id] = true
		}
	}
	if done > 0 {
		d.wake(st.ID)
	}
	return done, nil
}

const (
	// turnTime is how long a process has for a station's reminders.
	turnTime = 30 * time.Second
	// remindMost is of how many submissions one round tells; more wait for the
	// next.
	remindMost = 500
	// remindTries is how often those that changed meanwhile are left out.
	remindTries = 5
)

// gather works out what is to be told of those that have a timer.
func (d *Desk) gather(ctx context.Context, r *reminding, timers []record.Timer, leave map[string]bool) error {
	r.fired, r.order = nil, nil
	clear(r.to)
	clear(r.due)
	for _, t := range timers {
		if leave[t.Submission] {
			continue
		}
		s, err := d.records.Load(ctx, t.Submission)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			// One that cannot be read must not keep the others from being told of.
			d.log.WarnContext(ctx, "overdue submission not read", slog.String("submission", t.Submission), slog.Any("err", err))
			continue
		}
		r.fired = append(r.fired, record.Reminded{
			Timer: t, Version: s.Version, Next: s.Next(r.clock, r.now.Add(time.Millisecond)),
		})
		r.tellOf(s, s.Reached(r.clock, t.At, casework.At(r.now)))
	}
	return nil
}

// tellOf tells everybody whom a reminder has reached, in the words of the last.
func (r *reminding) tellOf(s casework.Submission, reached []casework.Reminder) {
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
		for _, m := range leaders(r.st, s, r.now) {
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

func (r *reminding) tellHolder(s casework.Submission, about string) {
	m, ok := r.st.Member(s.Assignee)
	if s.Assignee == "" || s.Owed() && (!ok || m.Gone || m.Away(r.now)) {
		r.tellLiaisons(s, about) // what is owed stays with who left or is away
		return
	}
	r.tell(s, receiver{member: s.Assignee}, about)
}

func (r *reminding) tellLiaisons(s casework.Submission, about string) {
	for _, l := range r.st.Liaisons {
		if !l.Gone && !l.Admin {
			r.tell(s, receiver{liaison: l.ID}, about)
		}
	}
}

// tellHead tells the station's head, or the liaisons once more where none is
// named.
func (r *reminding) tellHead(s casework.Submission, about string) {
	head := r.clock.Terms.Head
	if l, ok := r.st.Liaison(head); head == "" || !ok || l.Gone || l.Admin {
		r.tellLiaisons(s, about)
		return
	}
	r.tell(s, receiver{liaison: head}, about)
}

// tell adds a matter to what one person is told: the one that is due first leads.
func (r *reminding) tell(s casework.Submission, to receiver, about string) {
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
	case s.NextDue() >= r.due[to]:
		e.Also = append(e.Also, s.ID)
		return
	default:
		e.Also = append(e.Also, e.Submission)
	}
	e.Submission, e.Version, e.About, r.due[to] = s.ID, s.Version, about, s.NextDue()
}

// fire writes down that it is told, and queues it; lost are those that changed
// meanwhile, and then nothing is done.
func (d *Desk) fire(ctx context.Context, r *reminding) (lost []string, err error) {
	if len(r.fired) == 0 {
		return nil, nil
	}
	tell := make([]notice.Entry, len(r.order))
	for i, to := range r.order {
		tell[i] = *r.to[to]
		if tell[i].ID, err = d.newID(""); err != nil {
			return nil, err
		}
	}
	lost, err = d.store.Remind(ctx, r.st.ID, r.fired, tell, r.now)
	if err != nil || len(lost) > 0 {
		return lost, err
	}
	for range r.fired {
		d.cfg.Observe("urged", "")
	}
	return nil, nil
}

// leaders are the leaders of the member's squads who can be told: there, and
// neither the member nor somebody whom it concerns.
func leaders(st *station.Station, s casework.Submission, now time.Time) []station.Member {
	var list []station.Member
	for _, q := range st.Squads {
		m, ok := st.Member(q.Leader)
		if !q.Has(s.Assignee) || !ok || m.Gone || m.ID == s.Assignee || m.Away(now) || routing.Concerns(st, s, m.ID) ||
			slices.ContainsFunc(list, func(o station.Member) bool { return o.ID == m.ID }) {
			continue
		}
		list = append(list, m)
	}
	return list
}
