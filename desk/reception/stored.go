package reception

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/journal"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// window are the stored days around now that a station's cache holds.
type window struct {
	// From and To are local dates, both included.
	from, to string
	days     []reception.Day
}

const (
	// before and ahead bound the window in days; the page of eight weeks, what members wish and what was moved are within
	// it.
	before = 70
	ahead  = wishAhead + reception.MaxPostpone + 4
	// maxDays bounds how many days one read returns: ten rooms and a station on every day of a window.
	maxDays = 4_000
	// pageDays is how many are read in one round trip.
	pageDays = 500
)

// around returns the stored days around now.
func (docs *documents) around(ctx context.Context, st string) (window, error) {
	return docs.days.Get(ctx, st, func(ctx context.Context, _ window) (window, error) {
		now := docs.kit.Now().In(station.Zone)
		w := window{from: now.AddDate(0, 0, -before).Format(time.DateOnly), to: now.AddDate(0, 0, ahead).Format(time.DateOnly)}
		var err error
		w.days, err = docs.read(ctx, st, w.from, w.to)
		return w, err
	})
}

// read returns the stored days from one local date to another, both included, unreadable ones left out.
func (docs *documents) read(ctx context.Context, st, from, to string) ([]reception.Day, error) {
	a, err1 := time.ParseInLocation(time.DateOnly, from, station.Zone)
	b, err2 := time.ParseInLocation(time.DateOnly, to, station.Zone)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "日期须为 2026-12-04 的形式")
	}
	var days []reception.Day
	met := map[string]bool{}
	at, end := a.UnixMilli(), b.AddDate(0, 0, 1).UnixMilli()
	for {
		list, more, err := docs.store.DocumentsBetween(ctx, st, record.DocumentDay, at, end, pageDays)
		if err != nil {
			return nil, err
		}
		for _, doc := range list {
			if met[doc.ID] {
				continue // those that begin at one moment may stand on two pages
			}
			met[doc.ID] = true
			d, err := dayOf(doc)
			if err != nil {
				docs.kit.Log.LogAttrs(ctx, slog.LevelError, "a reception day cannot be read", slog.String("day", doc.ID), slog.Any("err", err))
				continue
			}
			days = append(days, d)
		}
		if !more {
			return days, nil
		}
		if last := list[len(list)-1].At; last == at || len(days) > maxDays {
			return nil, fault.New(fault.Invalid, "这段时间的接待日太多了，请选短一些")
		} else {
			at = last
		}
	}
}

func dayOf(doc record.Document) (d reception.Day, err error) {
	if err := json.Unmarshal(doc.Body, &d); err != nil {
		return d, fault.Wrap(err, fault.Internal, "接待日的数据已损坏，请联系管理员核对备份")
	}
	d.ID, d.Revision = doc.ID, doc.Revision
	return d, nil
}

// withDays returns the roster with the rosters of single days, which say who is on duty. If they cannot be read the
// weekly slots count, as what needs the roster must go on.
func (docs *documents) withDays(ctx context.Context, st *station.Station) *station.Station {
	joined, err := docs.duty.Get(ctx, st.ID, func(ctx context.Context, old *station.Station) (*station.Station, error) {
		w, err := docs.around(ctx, st.ID)
		if err != nil || len(w.days) == 0 {
			return st, err
		}
		next := *st
		next.Days = reception.Rosters(w.days)
		return &next, nil
	})
	switch {
	case err != nil:
		docs.kit.Log.WarnContext(ctx, "rosters of days not read", slog.String("station", st.ID), slog.Any("err", err))
		return st
	case joined.Version != st.Version:
		next := *st
		next.Days = joined.Days
		return &next
	default:
		return joined
	}
}

// forget drops what is cached of a station's days.
func (docs *documents) forget(st string) {
	docs.days.Forget(st)
	docs.duty.Forget(st)
}

// take waits for the caller's turn to change something; release ends it.
func (docs *documents) take(ctx context.Context, key string) (release func(), err error) {
	turn := docs.turns[maphash.String(docs.seed, key)%uint64(len(docs.turns))]
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "现在人太多，请稍后再试")
	}
}

// change is what an act changes, all or nothing.
type change struct {
	days     []reception.Day
	bookings []reception.Bookings
	bookers  []booker
	wishes   []memberWishes
	feeds    []feed
	notices  []notice.Entry
	events   []journal.Event
	// holds are read and must be as they were.
	holds []record.Document
}

// hold keeps the other days on a day's date as they are, so that nobody is put in two places by two acts at once. Days
// that the change writes, or holds already, are left.
func (c *change) hold(b reception.Book, d reception.Day) {
	for _, o := range b.Days {
		writes := slices.ContainsFunc(c.days, func(x reception.Day) bool { return x.ID == o.ID })
		holds := slices.ContainsFunc(c.holds, func(x record.Document) bool { return x.ID == o.ID })
		if o.Date == d.Date && !writes && !holds {
			c.holds = append(c.holds, record.Document{Kind: record.DocumentDay, ID: o.ID, Revision: o.Revision})
		}
	}
}

// tell adds a notice about a day.
func (c *change) tell(e notice.Entry, d reception.Day) {
	e.Day = d.ID
	c.notices = append(c.notices, e)
}

// event adds an event of somebody's act; what happened by nobody's has the zero caller.
func (c *change) event(by access.Caller, what, of string, data map[string]string) {
	who := "station"
	switch {
	case by.ID != "":
		who = string(by.Role) + "/" + by.ID
	case by.Person != "":
		who = string(access.Visitor)
	}
	c.events = append(c.events, journal.Event{What: what, Of: of, By: who, Data: data})
}

// commit writes a change; false means that somebody else was faster, and nothing was done.
func (docs *documents) commit(ctx context.Context, st string, c change) (bool, error) {
	now := docs.kit.Now().UnixMilli()
	out := record.DocumentChange{Holds: c.holds}
	for _, d := range c.days {
		doc, err := document(record.DocumentDay, d.ID, d.Revision, d.Start().UnixMilli(), d)
		if err != nil {
			return false, err
		}
		out.Writes = append(out.Writes, doc)
	}
	for _, b := range c.bookings {
		doc, err := document(record.DocumentBookings, b.Day, b.Revision, midnight(dateOf(b.Day)).UnixMilli(), b)
		if err != nil {
			return false, err
		}
		out.Writes = append(out.Writes, doc)
	}
	for _, b := range c.bookers {
		doc, err := document(record.DocumentBooker, b.Person, b.Revision, 0, b)
		if err != nil {
			return false, err
		}
		if len(b.Open) == 0 {
			doc.Body = nil // nothing of them stays
		}
		out.Writes = append(out.Writes, doc)
	}
	for _, w := range c.wishes {
		doc, err := document(record.DocumentWishes, w.Member, w.Revision, w.until(), w)
		if err != nil {
			return false, err
		}
		if len(w.Days) == 0 {
			doc.Body = nil
		}
		out.Writes = append(out.Writes, doc)
	}
	for _, f := range c.feeds {
		doc, err := document(record.DocumentFeed, f.ID, f.Revision, 0, f)
		if err != nil {
			return false, err
		}
		if f.erased {
			doc.Body = nil
		}
		out.Writes = append(out.Writes, doc)
	}
	for _, e := range c.notices {
		id, err := docs.kit.NewID("")
		if err != nil {
			return false, err
		}
		e.ID, e.At = id, now
		out.Notices = append(out.Notices, e)
	}
	for _, e := range c.events {
		e.At = now
		line, err := e.Line()
		if err != nil {
			return false, err
		}
		out.Events = append(out.Events, line)
	}
	ok, err := docs.store.CommitDocuments(ctx, st, out)
	if ok || err != nil {
		docs.forget(st)
	}
	if ok && len(out.Notices) > 0 {
		docs.kit.Wake(st)
	}
	return ok, err
}

// dateOf is the planned date in a day's id; bookings stand at it, wherever their day is moved.
func dateOf(id string) string {
	digits, _, _ := strings.Cut(id, "-")
	at, err := time.Parse("20060102", digits)
	if err != nil {
		return ""
	}
	return at.Format(time.DateOnly)
}

func document(kind record.DocumentKind, id string, revision int, at int64, v any) (record.Document, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return record.Document{}, fault.Wrap(err, fault.Internal, "接待数据无法保存，请稍后再试")
	}
	return record.Document{Kind: kind, ID: id, Revision: revision, At: at, Body: body}, nil
}

// find returns a day by its id: the stored one, or that of a rule. It is NotFound for another id.
func (docs *documents) find(ctx context.Context, st *station.Station, id string) (reception.Day, error) {
	doc := record.Document{Kind: record.DocumentDay, ID: id}
	if !doc.Valid() {
		return reception.Day{}, noDay()
	}
	list, err := docs.store.Documents(ctx, st.ID, record.DocumentDay, id)
	if err != nil {
		return reception.Day{}, err
	}
	if len(list) == 1 {
		return dayOf(list[0])
	}
	d, ok := reception.FindRules(st, st.Calendar(docs.kit.Days), id)
	if !ok {
		return d, noDay()
	}
	return d, nil
}

func noDay() error { return fault.New(fault.NotFound, "没有找到这个接待日") }

// plan returns what is planned from one local date to another, both included.
func (docs *documents) plan(ctx context.Context, st *station.Station, from, to string) (reception.Calendar, error) {
	// What was moved lies outside the span by at most MaxPostpone days.
	a, b := reception.AddDays(from, -reception.MaxPostpone), reception.AddDays(to, reception.MaxPostpone)
	w, err := docs.around(ctx, st.ID)
	if err != nil {
		return reception.Calendar{}, err
	}
	days := w.days
	if a < w.from || b > w.to {
		if days, err = docs.read(ctx, st.ID, a, b); err != nil {
			return reception.Calendar{}, err
		}
	}
	return reception.Plan(st, st.Calendar(docs.kit.Days), days, from, to), nil
}

// bookOn returns the book of the days on the local dates.
func (docs *documents) bookOn(ctx context.Context, st *station.Station, dates ...string) (reception.Book, error) {
	dates = slices.Sorted(slices.Values(dates))
	cal, err := docs.plan(ctx, st, dates[0], dates[len(dates)-1])
	return reception.Book{Station: st, Days: cal.Days}, err
}

// station returns the caller's station, with its days.
func (svc *Service) station(ctx context.Context, c access.Caller) (*station.Station, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	return svc.kit.Roster(ctx, c.Station)
}

// may asks access for an act on a day.
func may(c access.Caller, a access.ReceptionAct, st *station.Station, t station.Target) error {
	m, _ := st.Member(c.ID)
	return access.MayReception(c, a, st.ID, c.Role == access.Member && m.Convening(t))
}

// edit changes one day of the caller's station: it reads, lets do decide, and commits, again if somebody was faster.
// revision is the Version that the caller saw; nil for an act that fits whatever there is.
func (svc *Service) edit(ctx context.Context, c access.Caller, a access.ReceptionAct, id string, revision *int,
	do func(ctx context.Context, st *station.Station, d reception.Day) (change, error),
) (reception.Day, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return reception.Day{}, err
	}
	release, err := svc.docs.take(ctx, st.ID+" "+id)
	if err != nil {
		return reception.Day{}, err
	}
	defer release()
	for range kit.MaxConflictRetries {
		d, err := svc.docs.find(ctx, st, id)
		if err != nil {
			return d, err
		}
		if err := may(c, a, st, d.Target); err != nil {
			return d, err
		}
		if revision != nil && *revision != d.Version {
			return d, changed()
		}
		ch, err := do(ctx, st, d)
		if err != nil {
			return d, err
		}
		for i := range ch.days {
			ch.days[i].Version++
			ch.days[i].ChangedAt = svc.kit.Now().UnixMilli()
		}
		ok, err := svc.docs.commit(ctx, st.ID, ch)
		if err != nil {
			return d, err
		}
		if ok {
			return svc.docs.find(ctx, st, id)
		}
		svc.docs.forget(st.ID)
	}
	return reception.Day{}, busy()
}

func changed() error {
	return fault.New(fault.Conflict, "这一天刚刚被别人改过，请刷新后再操作")
}

func busy() error { return fault.New(fault.Unavailable, "现在人太多，请稍后再试") }
