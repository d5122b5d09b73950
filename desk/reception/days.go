package reception

import (
	"context"
	"errors"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// DayView is a day with what it lacks, as the station's staff and members see it.
type DayView struct {
	reception.Day

	// Station is the roster that the day's ids are of. It must not be changed.
	Station *station.Station
	Hole    reception.Hole
	// Edits says that the caller may edit the day.
	Edits bool
	// Where is the place's name; Locked says that a swap now needs the liaison.
	Where  string
	Locked bool
	// Stray is set if the rule would not yield this day any more: it was published before the rule changed.
	Stray bool
}

// Plan is what a station has planned in a span of time.
type Plan struct {
	Days    []DayView
	Skipped []reception.Skipped
	// Unknown is the first year in the span whose holidays are not announced, 0 for none.
	Unknown int
	// Edits says that the caller may edit at least one of the days.
	Edits bool
}

// maxSpan is how many days one plan spans.
const maxSpan = 400

// span checks two local dates; "" from is today and "" to eight weeks later.
func (svc *Service) span(from, to string) (string, string, error) {
	now := svc.kit.Now().In(station.Zone)
	if from == "" {
		from = now.Format(time.DateOnly)
	}
	a, err1 := time.Parse(time.DateOnly, from)
	if to == "" && err1 == nil {
		to = a.AddDate(0, 0, 55).Format(time.DateOnly)
	}
	b, err2 := time.Parse(time.DateOnly, to)
	var check fault.Check
	check.Require(err1 == nil, "from", "日期须为 2026-12-04 的形式")
	check.Require(err2 == nil, "to", "日期须为 2026-12-04 的形式")
	if errors.Join(err1, err2) == nil {
		check.Require(!b.Before(a), "to", "结束日期早于开始日期")
		check.Require(b.Sub(a) < maxSpan*24*time.Hour, "to", "一次最多看 %d 天", maxSpan)
	}
	return from, to, check.Err()
}

// Days returns the station's days from one local date to another, both included, for members and staff.
func (svc *Service) Days(ctx context.Context, c access.Caller, from, to string) (Plan, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return Plan{}, err
	}
	if err := may(c, access.ReadReception, st, station.Target{}); err != nil {
		return Plan{}, err
	}
	if from, to, err = svc.span(from, to); err != nil {
		return Plan{}, err
	}
	cal, err := svc.docs.plan(ctx, st, from, to)
	if err != nil {
		return Plan{}, err
	}
	now := svc.kit.Now()
	book := reception.Book{Station: st, Days: cal.Days}
	days := st.Calendar(svc.kit.Days)
	out := Plan{Skipped: cal.Skipped, Days: make([]DayView, len(cal.Days))}
	a, _ := time.ParseInLocation(time.DateOnly, from, station.Zone)
	b, _ := time.ParseInLocation(time.DateOnly, to, station.Zone)
	out.Unknown = days.Unknown(a, b)
	ruled := map[string]reception.Day{}
	for _, d := range reception.Plan(st, days, nil, reception.AddDays(from, -reception.MaxPostpone), reception.AddDays(to, reception.MaxPostpone)).Days {
		ruled[d.ID] = d
	}
	for i, d := range cal.Days {
		out.Days[i] = svc.viewOf(c, st, book, d, now)
		r, ok := ruled[d.ID]
		out.Days[i].Stray = d.Strays(r, ok)
		out.Edits = out.Edits || out.Days[i].Edits
	}
	return out, nil
}

func (svc *Service) viewOf(c access.Caller, st *station.Station, book reception.Book, d reception.Day, now time.Time) DayView {
	where, _ := st.Resolve(d.Target)
	return DayView{
		Day: d, Station: st, Hole: book.Hole(d, now), Where: where, Locked: d.Locked(now),
		Edits: may(c, access.EditReception, st, d.Target) == nil,
	}
}

// Day returns one day.
func (svc *Service) Day(ctx context.Context, c access.Caller, id string) (DayView, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return DayView{}, err
	}
	if err := may(c, access.ReadReception, st, station.Target{}); err != nil {
		return DayView{}, err
	}
	d, err := svc.docs.find(ctx, st, id)
	if err != nil {
		return DayView{}, err
	}
	return svc.view(ctx, c, st, d)
}

func (svc *Service) view(ctx context.Context, c access.Caller, st *station.Station, d reception.Day) (DayView, error) {
	book, err := svc.docs.bookOn(ctx, st, d.Date)
	v := svc.viewOf(c, st, book, d, svc.kit.Now())
	r, ok := reception.FindRules(st, st.Calendar(svc.kit.Days), d.ID)
	v.Stray = d.Strays(r, ok)
	return v, err
}

// act is an audited edit of a day, whose line names the day and has the reason.
func (svc *Service) act(ctx context.Context, c access.Caller, a access.ReceptionAct, what audit.Action, id, why string, revision *int,
	do func(ctx context.Context, st *station.Station, d reception.Day) (change, error),
) (DayView, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return DayView{}, err
	}
	d, err := svc.docs.find(ctx, st, id)
	if err != nil {
		return DayView{}, err
	}
	if err := may(c, a, st, d.Target); err != nil {
		return DayView{}, err
	}
	// What is refused leaves no line.
	if revision != nil && *revision != d.Version {
		return DayView{}, changed()
	}
	if _, err := do(ctx, st, d); err != nil {
		return DayView{}, err
	}
	return audit.Do(ctx, svc.audit, st.ID, audit.Act{By: c, What: what, Object: id, Why: why}, func(w audit.Written) (DayView, error) {
		return editDay(ctx, svc, w, c, a, id, revision, do)
	})
}

// dayActs are the acts on days whose lines are written.
var dayActs = []audit.Action{
	audit.EditDay, audit.PublishDay, audit.CancelDay, audit.RestoreDay, audit.KeepDay, audit.MoveDay, audit.CloseDay, audit.AddDay,
	audit.ApproveSwap, audit.RefuseSwap, audit.SwapFor, audit.FillDays,
}

func editDay(ctx context.Context, svc *Service, w audit.Written, c access.Caller, a access.ReceptionAct, id string, revision *int,
	do func(ctx context.Context, st *station.Station, d reception.Day) (change, error),
) (DayView, error) {
	if err := w.Of(dayActs...); err != nil {
		return DayView{}, err
	}
	d, err := svc.edit(ctx, c, a, id, revision, do)
	if err != nil {
		return DayView{}, err
	}
	st, err := svc.station(ctx, c)
	if err != nil {
		return DayView{}, err
	}
	return svc.view(ctx, c, st, d)
}

// SetRoster replaces who sits on a day.
func (svc *Service) SetRoster(ctx context.Context, c access.Caller, id string, revision int, members []string, why string) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.EditDay, id, why, &revision, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		book, err := svc.docs.bookOn(ctx, st, d.Date)
		if err != nil {
			return change{}, err
		}
		next, err := book.SetRoster(d, members, why, svc.kit.Now())
		if err != nil {
			return change{}, err
		}
		ch := change{days: []reception.Day{next}}
		ch.hold(book, d)
		ch.event(c, "day.roster", "day/"+id, rosterData(next))
		ch.tellChanged(d, next)
		return ch, nil
	})
}

// rosterData is who sits, for an event.
func rosterData(d reception.Day) map[string]string {
	data := map[string]string{"date": d.Date}
	for _, s := range d.Roster {
		data["seat."+s.Member] = string(s.State)
	}
	return data
}

// tellChanged tells those who are put on a published day, and those who are taken off it.
func (c *change) tellChanged(was, next reception.Day) {
	if next.State != reception.Published {
		return
	}
	old, now := was.Members(), next.Members()
	for _, m := range slices.Concat(old, now) {
		if slices.Contains(old, m) != slices.Contains(now, m) {
			c.tell(notice.Entry{Purpose: notice.MemberDuty, About: notice.AboutRosterChanged, Member: m}, next)
		}
	}
}

// tellAll tells everybody who sits on the day.
func (c *change) tellAll(d reception.Day, about string) {
	for _, m := range d.Members() {
		c.tell(notice.Entry{Purpose: notice.MemberDuty, About: about, Member: m}, d)
	}
}

// tellBooked tells everybody who has booked.
func (c *change) tellBooked(d reception.Day, b reception.Bookings, about string) {
	for _, x := range b.List {
		if x.Open() && x.State != reception.Arrived {
			c.tell(notice.Entry{Purpose: notice.VisitorBooking, About: about, Person: x.Person, Booking: x.ID}, d)
		}
	}
}

// SetOutline changes what is written of a day: its theme, the sectors that come for it, what it is not for, and the
// record afterwards.
func (svc *Service) SetOutline(ctx context.Context, c access.Caller, id string, revision int, o reception.Outline) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.EditDay, id, "", &revision, func(_ context.Context, st *station.Station, d reception.Day) (change, error) {
		next, err := d.WithOutline(o, st)
		ch := change{days: []reception.Day{next}}
		ch.event(c, "day.outline", "day/"+id, map[string]string{"date": d.Date, "theme": next.Theme})
		return ch, err
	})
}

// Publish makes a day everybody's.
func (svc *Service) Publish(ctx context.Context, c access.Caller, id string, revision int) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.PublishDay, id, "", &revision, func(_ context.Context, _ *station.Station, d reception.Day) (change, error) {
		return svc.published(c, d)
	})
}

func (svc *Service) published(c access.Caller, d reception.Day) (change, error) {
	next, err := d.Publish(svc.kit.Now())
	ch := change{days: []reception.Day{next}}
	ch.event(c, "day.published", "day/"+d.ID, rosterData(next))
	ch.tellAll(next, notice.AboutRosterChanged)
	return ch, err
}

// Cancel takes a day off with a reason, and tells everybody who sits or has booked.
func (svc *Service) Cancel(ctx context.Context, c access.Caller, id string, revision int, reason string) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.CancelDay, id, reason, &revision, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		next, err := d.Cancel(reason, svc.kit.Now())
		if err != nil {
			return change{}, err
		}
		ch := change{days: []reception.Day{next}}
		ch.event(c, "day.cancelled", "day/"+id, map[string]string{"date": d.Date})
		return svc.withBooked(ctx, st, d, ch, notice.AboutDayCancelled, notice.AboutCancelled)
	})
}

// withBooked adds the notices to those who sit, if the day was published before, and to those who have booked. The bookings
// must be as they were, so that nobody books meanwhile and is not told.
func (svc *Service) withBooked(ctx context.Context, st *station.Station, d reception.Day, ch change, members, visitors string) (change, error) {
	b, err := svc.docs.bookings(ctx, st.ID, d.ID)
	if err != nil {
		return change{}, err
	}
	ch.holds = append(ch.holds, record.Document{Kind: record.DocumentBookings, ID: d.ID, Revision: b.Revision})
	if d.PublishedAt != 0 {
		ch.tellAll(ch.days[0], members)
	}
	ch.tellBooked(ch.days[0], b, visitors)
	return ch, nil
}

// Keep lets a published day stay as it is although its rule was changed since.
func (svc *Service) Keep(ctx context.Context, c access.Caller, id string, revision int) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.KeepDay, id, "", &revision, func(_ context.Context, st *station.Station, d reception.Day) (change, error) {
		ruled, ok := reception.FindRules(st, st.Calendar(svc.kit.Days), d.ID)
		next, err := d.Keep(ruled, ok)
		ch := change{days: []reception.Day{next}}
		ch.event(c, "day.kept", "day/"+id, map[string]string{"date": d.Date})
		return ch, err
	})
}

// Restore takes a cancellation back.
func (svc *Service) Restore(ctx context.Context, c access.Caller, id string, revision int) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.RestoreDay, id, "", &revision, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		book, err := svc.docs.bookOn(ctx, st, d.Date)
		if err != nil {
			return change{}, err
		}
		next, err := book.Restore(d, svc.kit.Now())
		if err != nil {
			return change{}, err
		}
		ch := change{days: []reception.Day{next}}
		ch.hold(book, next)
		ch.event(c, "day.restored", "day/"+id, map[string]string{"date": d.Date})
		return svc.withBooked(ctx, st, d, ch, notice.AboutRosterChanged, notice.AboutRestored)
	})
}

// Postpone moves a day to another date and time with a reason, and tells everybody who sits or has booked.
func (svc *Service) Postpone(ctx context.Context, c access.Caller, id string, revision int, date string, from, to int, reason string) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.MoveDay, id, reason, &revision, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		if _, err := d.Postpone(date, from, to, reason, svc.kit.Now()); err != nil {
			return change{}, err // a date that is none has no book
		}
		book, err := svc.docs.bookOn(ctx, st, d.Date, date)
		if err != nil {
			return change{}, err
		}
		next, err := book.Postpone(d, date, from, to, reason, svc.kit.Now())
		if err != nil {
			return change{}, err
		}
		b, err := svc.docs.bookings(ctx, st.ID, id)
		if err != nil {
			return change{}, err
		}
		moved := b.Shift(d, next)
		ch := change{days: []reception.Day{next}}
		ch.hold(book, next)
		if b.Revision > 0 {
			ch.bookings = []reception.Bookings{moved}
		} else {
			ch.holds = append(ch.holds, record.Document{Kind: record.DocumentBookings, ID: id})
		}
		ch.event(c, "day.moved", "day/"+id, map[string]string{"from": d.Date, "date": next.Date})
		if d.State == reception.Published {
			ch.tellAll(next, notice.AboutDayMoved)
		}
		ch.tellBooked(next, moved, notice.AboutMoved)
		return ch, nil
	})
}

// Close ends the writing of what came of a day and says who was there.
func (svc *Service) Close(ctx context.Context, c access.Caller, id string, revision int, present []string) (DayView, error) {
	return svc.act(ctx, c, access.EditReception, audit.CloseDay, id, "", &revision, func(ctx context.Context, st *station.Station, d reception.Day) (change, error) {
		for _, id := range present {
			if _, ok := st.Member(id); !ok {
				return change{}, kit.Field("present", "没有编号为“"+id+"”的委员")
			}
		}
		next, err := d.Close(present, svc.kit.Now())
		if err != nil {
			return change{}, err
		}
		b, err := svc.docs.bookings(ctx, st.ID, id)
		if err != nil {
			return change{}, err
		}
		ch := change{days: []reception.Day{next}}
		if b.Revision > 0 {
			ch.bookings = []reception.Bookings{b.Finish(svc.kit.Now())}
		}
		ch.event(c, "day.closed", "day/"+id, rosterData(next))
		return ch, nil
	})
}

// NewDay is a day of no rule.
type NewDay struct {
	Name   string
	Date   string
	Target station.Target
	From   int
	To     int
	Terms  reception.Terms
}

// AddDay adds a day of no rule, as a draft. A key that the caller used before adds nothing.
func (svc *Service) AddDay(ctx context.Context, c access.Caller, key string, n NewDay) (DayView, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return DayView{}, err
	}
	if err := may(c, access.EditReception, st, n.Target); err != nil {
		return DayView{}, err
	}
	d, err := reception.NewDay(st, keyed(c, key)[:10], n.Name, n.Date, n.Target, n.From, n.To, n.Terms, svc.kit.Now())
	if err != nil {
		return DayView{}, err
	}
	return audit.Do(ctx, svc.audit, st.ID, audit.Act{By: c, What: audit.AddDay, Object: d.ID}, func(w audit.Written) (DayView, error) {
		return addDay(ctx, svc, w, c, st, d)
	})
}

func addDay(ctx context.Context, svc *Service, w audit.Written, c access.Caller, st *station.Station, d reception.Day) (DayView, error) {
	if err := w.Of(audit.AddDay); err != nil {
		return DayView{}, err
	}
	ch := change{days: []reception.Day{d}}
	ch.event(c, "day.added", "day/"+d.ID, map[string]string{"date": d.Date})
	if _, err := svc.docs.commit(ctx, st.ID, ch); err != nil {
		return DayView{}, err
	}
	// If it was there already, this request had been sent before.
	stored, err := svc.docs.find(ctx, st, d.ID)
	if err != nil {
		return DayView{}, err
	}
	return svc.view(ctx, c, st, stored)
}

// Proposal is a proposed roster with the day it is for.
type Proposal struct {
	reception.Proposal

	View DayView
	// Prefers is what those who are added say of the day, by member.
	Prefers map[string]reception.Preference
}

// Fill proposes who could sit on the coming days from one local date to another that lack somebody; aim is how many
// should sit on each, 0 for the minimum. Nothing is changed.
func (svc *Service) Fill(ctx context.Context, c access.Caller, from, to string, aim int) ([]Proposal, []reception.MonthNeed, error) {
	st, err := svc.station(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	m, _ := st.Member(c.ID)
	convenes := c.Role == access.Member && (m.Convener || len(m.Convenes) > 0) && !m.Left
	if err := access.MayReception(c, access.EditReception, st.ID, convenes); err != nil {
		return nil, nil, err
	}
	if from, to, err = svc.span(from, to); err != nil {
		return nil, nil, err
	}
	if aim < 0 || aim > reception.MaxRoster {
		return nil, nil, fault.New(fault.Invalid, "每天的人数须为 0 至 %d", reception.MaxRoster)
	}
	cal, err := svc.docs.plan(ctx, st, from, to)
	if err != nil {
		return nil, nil, err
	}
	// Who edits a room alone gets proposals for that room alone.
	book := reception.Book{Station: st, Days: cal.Days}
	sat, err := svc.sat(ctx, st, from)
	if err != nil {
		return nil, nil, err
	}
	wishes, err := svc.docs.wishes(ctx, st, cal.Days)
	if err != nil {
		return nil, nil, err
	}
	now := svc.kit.Now()
	byID := map[string]reception.Day{}
	for _, d := range cal.Days {
		byID[d.ID] = d
	}
	var list []Proposal
	for _, p := range book.Fill(now, sat, wishes, aim) {
		if d := byID[p.Day]; may(c, access.EditReception, st, d.Target) == nil {
			x := Proposal{Proposal: p, View: svc.viewOf(c, st, book, d, now), Prefers: map[string]reception.Preference{}}
			for _, id := range p.Adds {
				x.Prefers[id] = wishes[id].Of(p.Day)
			}
			list = append(list, x)
		}
	}
	return list, reception.Reach(cal.Days, serving(st), 1, aim), nil
}

func serving(st *station.Station) (n int) {
	for _, m := range st.Members {
		if !m.Left {
			n++
		}
	}
	return n
}

// fairSpan is how many days before a span fairness looks back. With less than a year, what somebody sat in the first half
// is forgotten in the second, and they sit half as often again as others.
const fairSpan = 365

// sat counts how often each member has sat in the year before a local date.
func (svc *Service) sat(ctx context.Context, st *station.Station, before string) (map[string]int, error) {
	days, err := svc.docs.read(ctx, st.ID, reception.AddDays(before, -fairSpan), reception.AddDays(before, -1))
	if err != nil {
		return nil, err
	}
	sat := map[string]int{}
	for _, d := range days {
		if d.State == reception.Cancelled {
			continue
		}
		for _, s := range d.Roster {
			if s.State != reception.Out && s.State != reception.Missing {
				sat[s.Member]++
			}
		}
	}
	return sat, nil
}

// Filled is a roster that somebody accepts for a day; Revision is the Version of the day that they saw.
type Filled struct {
	Day      string
	Revision int
	Members  []string
}

// maxFill is how many days one request fills.
const maxFill = 60

// Accept puts the rosters of several days, all or nothing.
func (svc *Service) Accept(ctx context.Context, c access.Caller, list []Filled) error {
	if len(list) == 0 || len(list) > maxFill {
		return fault.New(fault.Invalid, "一次排 1 至 %d 天", maxFill)
	}
	st, err := svc.station(ctx, c)
	if err != nil {
		return err
	}
	if _, err := svc.filled(ctx, c, st, list); err != nil {
		return err // what is refused leaves no line
	}
	return audit.Run(ctx, svc.audit, st.ID, audit.Act{By: c, What: audit.FillDays, Object: list[0].Day}, func(w audit.Written) error {
		return fillDays(ctx, svc, w, c, st, list)
	})
}

func fillDays(ctx context.Context, svc *Service, w audit.Written, c access.Caller, st *station.Station, list []Filled) error {
	if err := w.Of(audit.FillDays); err != nil {
		return err
	}
	for range kit.MaxConflictRetries {
		ch, err := svc.filled(ctx, c, st, list)
		if err != nil {
			return err
		}
		if ok, err := svc.docs.commit(ctx, st.ID, ch); ok || err != nil {
			return err
		}
		svc.docs.forget(st.ID)
	}
	return busy()
}

// filled puts the rosters one after the other, so that each sees those before it.
func (svc *Service) filled(ctx context.Context, c access.Caller, st *station.Station, list []Filled) (change, error) {
	var ch change
	days := make([]reception.Day, len(list))
	var dates []string
	for i, x := range list {
		d, err := svc.docs.find(ctx, st, x.Day)
		if err != nil {
			return ch, err
		}
		if err := may(c, access.EditReception, st, d.Target); err != nil {
			return ch, err
		}
		if d.Version != x.Revision {
			return ch, fault.New(fault.Conflict, "%s 刚刚被别人改过，请重新排一次", d.Date)
		}
		days[i], dates = d, append(dates, d.Date)
	}
	book, err := svc.docs.bookOn(ctx, st, dates...)
	if err != nil {
		return ch, err
	}
	for i, x := range list {
		next, err := book.SetRoster(days[i], x.Members, "", svc.kit.Now())
		if err != nil {
			return ch, err
		}
		for j, o := range book.Days {
			if o.ID == next.ID {
				book.Days[j] = next
			}
		}
		next.Version++
		next.ChangedAt = svc.kit.Now().UnixMilli()
		ch.days = append(ch.days, next)
		ch.event(c, "day.roster", "day/"+next.ID, rosterData(next))
		ch.tellChanged(days[i], next)
	}
	for _, d := range days {
		ch.hold(book, d)
	}
	return ch, nil
}
