package reception

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// Book is everything that says where a station's members are: the days around those that are looked at. Its rules
// look no further.
type Book struct {
	Station *station.Station
	Days    []Day
}

// Busy returns where else the member sits during a day, false for nowhere. A weekly slot at another target counts
// too, unless the roster of a day replaces it.
func (b Book) Busy(member string, d Day) (where string, busy bool) {
	for i := range b.Days {
		if o := &b.Days[i]; keeps(o, member, &d) {
			return o.Name + "（" + o.Date + "）", true
		}
	}
	if b.onSlot(member, d) {
		return "另一处的班", true
	}
	return "", false
}

// keeps reports whether the day keeps a member from another one, because they sit on it.
func keeps(d *Day, member string, o *Day) bool {
	return d.Date == o.Date && d.ID != o.ID && d.State != Cancelled && d.Overlaps(*o) && d.Sits(member) >= 0
}

// onSlot reports whether a weekly slot at another target keeps a member from the day.
func (b Book) onSlot(member string, d Day) bool {
	slots := b.slots(member, d)
	if len(slots) == 0 {
		return false
	}
	m := b.serving(member)
	if m == nil {
		return false
	}
	st := station.Station{Members: []station.Member{*m}, Duty: slots}
	for i := range b.Days {
		if o := &b.Days[i]; o.Date == d.Date && o.ID != d.ID && o.Target != d.Target {
			st.Days = appendRoster(st.Days, o)
		}
	}
	return slices.ContainsFunc(st.ShiftsOf(member, at(d.Date, 0), 1), func(s station.Shift) bool {
		return s.Target != d.Target && s.From.Before(d.End()) && d.Start().Before(s.To)
	})
}

// slots returns the weekly slots of a member that could keep them from a day. Most members have none, so that nobody's
// shifts are worked out.
func (b Book) slots(member string, d Day) (list []station.DutySlot) {
	weekday := weekdayOf(d)
	for i := range b.Station.Duty {
		s := &b.Station.Duty[i]
		if s.Weekday != weekday && s.Date != d.Date || s.Member != member {
			continue
		}
		here := station.Reception{Room: s.Room, Place: s.Place}.Target() == d.Target
		if !s.Surge && !here && s.From < d.To && d.From < s.To {
			list = append(list, *s)
		}
	}
	return list
}

// on returns the book of one local date alone, which is all that says whether somebody is free on it.
func (b Book) on(date string) Book {
	one := Book{Station: b.Station}
	for i := range b.Days {
		if b.Days[i].Date == date {
			one.Days = append(one.Days, b.Days[i])
		}
	}
	return one
}

// byDate returns the books of all local dates, each as on returns it.
func (b Book) byDate() map[string]Book {
	all := map[string]Book{}
	for i := range b.Days {
		one := all[b.Days[i].Date]
		one.Station, one.Days = b.Station, append(one.Days, b.Days[i])
		all[b.Days[i].Date] = one
	}
	return all
}

// serving returns a member who has not left, without a copy; nil for nobody.
func (b Book) serving(id string) *station.Member {
	for i := range b.Station.Members {
		if m := &b.Station.Members[i]; m.ID == id {
			if m.Left {
				return nil
			}
			return m
		}
	}
	return nil
}

// Free reports whether the member can be given a seat on the day: they serve, are not absent, have none there, also
// none for which they are out, and sit nowhere at that time.
func (b Book) Free(member string, d Day) bool {
	m := b.serving(member)
	return m != nil && b.free(m, d)
}

func (b Book) free(m *station.Member, d Day) bool {
	if m.Left || m.Away(d.Start()) || d.seat(m.ID) >= 0 {
		return false
	}
	_, busy := b.Busy(m.ID, d)
	return !busy
}

// Coming returns the seats that are filled: their members serve, are not absent, and do not want to swap.
func (b Book) Coming(d Day) (list []station.Member) {
	for _, s := range d.Roster {
		m := b.serving(s.Member)
		if m != nil && s.State != Out && !m.Away(d.Start()) && d.openSwap(s.Member) < 0 {
			list = append(list, *m)
		}
	}
	return list
}

// Lacking are the sectors and the expertise of a day's terms and theme that none of the members has.
func (d Day) Lacking(members []station.Member) (sectors, expertise []string) {
	for _, name := range slices.Concat(d.Terms.Sectors, d.Sectors) {
		has := slices.ContainsFunc(members, func(m station.Member) bool { return m.Sector == name })
		if !has && !slices.Contains(sectors, name) {
			sectors = append(sectors, name)
		}
	}
	for _, name := range d.Terms.Expertise {
		if !slices.ContainsFunc(members, func(m station.Member) bool { return knows(m, name) }) {
			expertise = append(expertise, name)
		}
	}
	return sectors, expertise
}

// knows reports whether a member has the expertise.
func knows(m station.Member, name string) bool {
	return slices.ContainsFunc(m.Expertise, func(e string) bool { return fold.Key(e) == fold.Key(name) })
}

// Hole is what a coming day lacks.
type Hole struct {
	Day string
	// Nobody is set if no member comes; Few is how many are missing to the minimum.
	Nobody bool
	Few    int
	// Sectors and Expertise are needed and not there.
	Sectors   []string
	Expertise []string
	// Away are members on the roster who are absent or have left, and Out those who cannot come.
	Away []string
	Out  []string
	// Swapping are members whose swap is open.
	Swapping []string
	// Double are members who sit elsewhere at that time.
	Double []string
}

// Open reports whether something is to be done.
func (h Hole) Open() bool {
	return h.Nobody || h.Few > 0 || len(h.Sectors)+len(h.Expertise)+len(h.Away)+len(h.Swapping)+len(h.Double) > 0
}

// Key names what is lacking: two holes with one key lack the same. It is "" for nothing.
func (h Hole) Key() string {
	if !h.Open() {
		return ""
	}
	parts := []string{strconv.FormatBool(h.Nobody), strconv.Itoa(h.Few)}
	for _, list := range [][]string{h.Sectors, h.Expertise, h.Away, h.Out, h.Swapping, h.Double} {
		parts = append(parts, strings.Join(list, ","))
	}
	return strings.Join(parts, ";")
}

// Hole returns what the day lacks. A day that is over or cancelled lacks nothing.
func (b Book) Hole(d Day, now time.Time) Hole {
	h := Hole{Day: d.ID}
	if !d.Live() || !now.Before(d.End()) {
		return h
	}
	coming := b.Coming(d)
	h.Nobody, h.Few = len(coming) == 0, max(0, d.Terms.Min-len(coming))
	h.Sectors, h.Expertise = d.Lacking(coming)
	for _, s := range d.Roster {
		m := b.serving(s.Member)
		switch {
		case s.State == Out:
			h.Out = append(h.Out, s.Member)
		case m == nil || m.Away(d.Start()):
			h.Away = append(h.Away, s.Member)
		case d.openSwap(s.Member) >= 0:
			h.Swapping = append(h.Swapping, s.Member)
		}
		if s.State != Out {
			if _, busy := b.Busy(s.Member, d); busy {
				h.Double = append(h.Double, s.Member)
			}
		}
	}
	return h
}

// Holes returns the days of the book that lack something, in order.
func (b Book) Holes(now time.Time) (list []Hole) {
	days := b.byDate()
	for _, d := range b.Days {
		if h := days[d.Date].Hole(d, now); h.Open() {
			list = append(list, h)
		}
	}
	return list
}

// SetRoster replaces who sits on the day. Whoever stays keeps their state. Whoever is out stays so, unless they are
// listed: then they are planned again. why is the reason for a roster by which the day lacks a sector or an expertise that it had; it may be
// empty as long as nothing is lost.
func (b Book) SetRoster(d Day, members []string, why string, now time.Time) (Day, error) {
	if !d.Live() || !now.Before(d.End()) {
		return d, fault.New(fault.WrongState, "这一天已经%s，不能再排班", d.endedAs())
	}
	var check fault.Check
	check.Require(len(members) <= MaxRoster, "members", "一天最多 %d 位委员", MaxRoster)
	check.Require(d.Terms.Max == 0 || len(members) <= d.Terms.Max, "members", "这一天最多 %d 位委员", d.Terms.Max)
	check.Require(len([]rune(why)) <= MaxReason, "why", "原因最多 %d 字", MaxReason)
	next := d.clone()
	next.Roster = nil
	for _, id := range members {
		m := b.serving(id)
		switch i := d.Sits(id); {
		case m == nil:
			check.Require(false, "members", "没有编号为“%s”的委员", id)
		case next.Sits(id) >= 0:
		case i >= 0:
			next.Roster = append(next.Roster, d.Roster[i])
		default:
			check.Require(!m.Away(d.Start()), "members", "%s那天请假了", m.Name)
			where, busy := b.Busy(id, d)
			check.Require(!busy, "members", "%s那时在%s", m.Name, where)
			next.Roster = append(next.Roster, Seat{Member: id, State: Planned, Why: fold.Stored(why)})
		}
	}
	// Who has said that they cannot come is not asked again.
	for _, s := range d.Roster {
		if s.State == Out && next.seat(s.Member) < 0 {
			next.Roster = append(next.Roster, s)
		}
	}
	// A swap ends with the seat that it was about.
	for i, s := range next.Swaps {
		if s.Open() && next.Sits(s.From) < 0 {
			next.Swaps[i] = s.ended(SwapDone, now)
		}
	}
	had1, had2 := d.Lacking(b.Coming(d))
	lacks1, lacks2 := d.Lacking(b.Coming(next))
	lost := joined(without(lacks1, had1), without(lacks2, had2))
	check.Require(lost == "" || fold.Visible(why), "why", "这样排就没有“%s”的委员了，请说明原因", lost)
	if err := check.Err(); err != nil {
		return d, err
	}
	return next, nil
}

// Confirm is a member's word that they come, or with out that they cannot and look for nobody. Either ends their open
// swap.
func (d Day) Confirm(member string, out bool, now time.Time) (Day, error) {
	i := d.Sits(member)
	if i < 0 || !d.Live() {
		return d, fault.New(fault.NotFound, "您不在这一天的班上")
	}
	if !now.Before(d.End()) {
		return d, fault.New(fault.WrongState, "这一天已经过去")
	}
	d = d.clone()
	d.Roster[i].State = Confirmed
	if out {
		d.Roster[i].State = Out
	}
	endSwap(&d, member, SwapWithdrawn, now)
	return d, nil
}

// Postpone is Day.Postpone for a day with a roster: who sits elsewhere at the new time is out, so that nobody is in
// two places and the hole is seen.
func (b Book) Postpone(d Day, date string, from, to int, reason string, now time.Time) (Day, error) {
	next, err := d.Postpone(date, from, to, reason, now)
	if err != nil {
		return d, err
	}
	return b.settled(next, now), nil
}

// Restore is Day.Restore for a day with a roster: who has been given another seat meanwhile is out.
func (b Book) Restore(d Day, now time.Time) (Day, error) {
	next, err := d.Restore(now)
	if err != nil {
		return d, err
	}
	return b.settled(next, now), nil
}

// settled marks those as out who sit elsewhere at the time of the day.
func (b Book) settled(d Day, now time.Time) Day {
	d = d.clone()
	for i, s := range d.Roster {
		if _, busy := b.Busy(s.Member, d); busy && s.State != Out {
			d.Roster[i].State = Out
			endSwap(&d, s.Member, SwapWithdrawn, now)
		}
	}
	return d
}
