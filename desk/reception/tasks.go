package reception

import (
	"context"
	"errors"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// sweepPeriod is how often days are looked at: offers lapse after half an hour.
const sweepPeriod = time.Minute

const (
	// dutyBefore is how many days before it members are reminded of their day.
	dutyBefore = 3
	// toldJustNow is for how long after a day is published, which tells them, members are not reminded of it.
	toldJustNow = time.Hour
	// reminderHour is when visitors are reminded, the evening before.
	reminderHour = 17
	// holesAgain is how long after it was told of a day's hole the liaison is told again.
	holesAgain = 48 * time.Hour
)

// Tasks returns the area's background loops.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{svc.kit.StationTask("receptions", sweepPeriod, func(ctx context.Context, st string) (int, error) {
		return 0, svc.Sweep(ctx, st)
	})}
}

// Sweep does what is due at a station: it publishes days, tells of holes, reminds, takes back offers that lapsed, ends
// days that are over, and takes out what was kept for a day alone. Each step is of one day; what another process has
// done meanwhile is left.
func (svc *Service) Sweep(ctx context.Context, id string) error {
	st, err := svc.kit.Roster(ctx, id)
	if err != nil {
		return err
	}
	w, err := svc.docs.around(ctx, id)
	if err != nil || len(st.Receptions) == 0 && len(w.days) == 0 {
		return err
	}
	now := svc.kit.Now()
	today := now.In(station.Zone).Format(time.DateOnly)
	cal, err := svc.docs.plan(ctx, st, reception.AddDays(today, -before), reception.AddDays(today, maxPublish))
	if err != nil {
		return err
	}
	book := reception.Book{Station: st, Days: cal.Days}
	failed := svc.docs.dropWishes(ctx, id, now)
	for _, d := range cal.Days {
		// A day that cannot be read keeps none of the others from what is due.
		if err := svc.sweepDay(ctx, st, book, d, now); err != nil && ctx.Err() == nil {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// maxPublish is how many days before a day it may be published at most.
const maxPublish = 60

func (svc *Service) sweepDay(ctx context.Context, st *station.Station, book reception.Book, d reception.Day, now time.Time) error {
	switch {
	case d.State == reception.Published || d.DueToPublish(now):
		ch, err := svc.due(ctx, st, book, d, now)
		if err != nil || len(ch.days)+len(ch.bookings) == 0 {
			return err
		}
		_, err = svc.docs.commit(ctx, st.ID, ch) // what another was faster at is done
		return err
	case d.Revision > 0 && !d.Purged && now.After(d.End().Add(reception.KeepFor)):
		return svc.purge(ctx, st, d)
	default:
		return nil
	}
}

// due is what is due on a day.
func (svc *Service) due(ctx context.Context, st *station.Station, book reception.Book, d reception.Day, now time.Time) (change, error) {
	var ch change
	next, marked := d, false
	if d.DueToPublish(now) {
		published, err := svc.published(access.Caller{}, d)
		if err != nil {
			return ch, err
		}
		ch, next = published, published.days[0]
		ch.days = nil
	}
	if next.State == reception.Published {
		if next.ToldDuty == 0 && !now.Before(next.Start().AddDate(0, 0, -dutyBefore)) && now.Before(next.Start()) && now.Sub(time.UnixMilli(next.PublishedAt)) > toldJustNow {
			next.ToldDuty = now.UnixMilli()
			ch.tellAll(next, notice.AboutDuty)
		}
		var unanswered []reception.Swap
		next, unanswered = next.Unanswered(now)
		for _, s := range unanswered {
			ch.tell(notice.Entry{Purpose: notice.MemberDuty, About: notice.AboutSwapExpired, Member: s.From, Swap: s.ID}, next)
		}
		marked = len(unanswered) > 0
		h := book.Hole(next, now)
		again := now.Sub(time.UnixMilli(next.ToldHoles)) >= holesAgain
		switch {
		case !h.Open():
			next.ToldOf = "" // a hole that comes after this one is told at once
		case h.Key() != next.ToldOf || again:
			next.ToldOf, next.ToldHoles = h.Key(), now.UnixMilli()
			for _, l := range st.Liaisons {
				if !l.Left && !l.Admin {
					ch.tell(notice.Entry{Purpose: notice.LiaisonUrge, About: notice.AboutHole, Liaison: l.ID}, next)
				}
			}
		}
	}
	b, err := svc.docs.bookings(ctx, st.ID, d.ID)
	if err != nil {
		return ch, err
	}
	if ended, over := next.Finish(now); over {
		ch.event(access.Caller{}, "day.held", "day/"+d.ID, map[string]string{"date": d.Date})
		ch.days = []reception.Day{ended}
		if b.Revision > 0 {
			ch.bookings = []reception.Bookings{b.Finish(now)}
		}
		return ch, nil
	}
	if next.State != d.State || next.ToldDuty != d.ToldDuty || next.ToldHoles != d.ToldHoles || next.ToldOf != d.ToldOf || marked {
		ch.days = []reception.Day{next}
	}
	if b.Revision > 0 {
		svc.dueBookings(&ch, next, b, now)
	}
	return ch, nil
}

// dueBookings reminds those who come tomorrow, and takes back offers that lapsed.
func (svc *Service) dueBookings(ch *change, d reception.Day, b reception.Bookings, now time.Time) {
	evening := midnight(reception.AddDays(d.Date, -1)).Add(reminderHour * time.Hour)
	changed := false
	next, offered := b.Offer(d, now)
	for i, x := range next.List {
		if x.State != b.List[i].State {
			changed = true
		}
		if x.State == reception.Booked && x.RemindedAt == 0 && x.Person != "" && !now.Before(evening) && now.Before(d.Start()) && x.At < evening.UnixMilli() {
			if !changed {
				next, changed = next.Copy(), true
			}
			next.List[i].RemindedAt = now.UnixMilli()
			ch.tell(notice.Entry{Purpose: notice.VisitorBooking, About: notice.AboutReminder, Person: x.Person, Booking: x.ID}, d)
		}
	}
	for _, x := range offered {
		if x.Person != "" {
			ch.tell(notice.Entry{Purpose: notice.VisitorBooking, About: notice.AboutOffered, Person: x.Person, Booking: x.ID}, d)
		}
	}
	if changed {
		ch.bookings = append(ch.bookings, next)
		if len(ch.days) == 0 {
			ch.holds = append(ch.holds, record.Document{Kind: record.DocumentDay, ID: d.ID, Revision: d.Revision})
		}
	}
}

// purge takes out what was kept for a day alone.
func (svc *Service) purge(ctx context.Context, st *station.Station, d reception.Day) error {
	b, err := svc.docs.bookings(ctx, st.ID, d.ID)
	if err != nil {
		return err
	}
	d.Purged = true
	ch := change{days: []reception.Day{d}}
	if b.Revision > 0 {
		ch.bookings = []reception.Bookings{b.Purge()}
	}
	_, err = svc.docs.commit(ctx, st.ID, ch)
	return err
}
