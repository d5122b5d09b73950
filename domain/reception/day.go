// Package reception holds what a station does on its reception days: who sits, whom they swap with, who has booked,
// and which days lack somebody.
//
// A day exists in two ways. The roster's rules yield days; a day that somebody has changed or that was published is
// stored, and stands in the place of the rule's. So a change of a rule never moves a published day.
package reception

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// State is how far a day is.
type State string

// The states of a day.
const (
	Draft     State = "draft"
	Published State = "published"
	Held      State = "held" // it is over, and what came of it is being written
	Closed    State = "closed"
	Cancelled State = "cancelled"
)

// SeatState is what is known of somebody who is to sit.
type SeatState string

// The states of a seat.
const (
	Planned   SeatState = "planned"
	Confirmed SeatState = "confirmed"
	Out       SeatState = "out" // cannot come, and nobody has taken the seat
	Present   SeatState = "present"
	Missing   SeatState = "missing"
)

// Seat is one member who is to sit on a day.
type Seat struct {
	Member string    `json:"member"`
	State  SeatState `json:"state"`
	// Why is the liaison's reason for somebody who lacks what the day needs.
	Why string `json:"why,omitempty"`
}

// Terms are what a day needs and what can be booked. They are the rule's at the time when the day was stored.
type Terms struct {
	Min         int      `json:"min"`
	Max         int      `json:"max,omitempty"`
	Sectors     []string `json:"sectors,omitempty"`
	Expertise   []string `json:"expertise,omitempty"`
	Seats       int      `json:"seats,omitempty"`
	SlotMinutes int      `json:"slot"`
	WalkIns     int      `json:"walk_ins,omitempty"`
	PublishDays int      `json:"publish"`
	LockHours   int      `json:"lock"`
}

// Postponed is one move of a published day by somebody's act.
type Postponed struct {
	From   string `json:"from"` // a local date
	Reason string `json:"reason"`
	At     int64  `json:"at"` // UTC milliseconds
}

// Day is one reception.
type Day struct {
	// ID is "<planned date without hyphens>-<rule>", or "<date>-x<random>" for a day of no rule.
	ID   string `json:"-"`
	Rule string `json:"rule,omitempty"`
	Name string `json:"name"`
	// Planned is the rule's date and Date the one on which it is; both are 2006-01-02.
	Planned string         `json:"planned"`
	Date    string         `json:"date"`
	Target  station.Target `json:"target"`
	// From and To are minutes after local midnight.
	From int `json:"from"`
	To   int `json:"to"`
	// Theme is what the day is about, and Sectors are those whose members come for it ("1+N").
	Theme   string   `json:"theme,omitempty"`
	Sectors []string `json:"sectors,omitempty"`
	// NotFor says in the announcement what the day is not for.
	NotFor string `json:"not_for,omitempty"`
	State  State  `json:"state"`
	// Reason is why it is cancelled.
	Reason    string      `json:"reason,omitempty"`
	Postponed []Postponed `json:"postponed,omitempty"`
	Terms     Terms       `json:"terms"`
	Roster    []Seat      `json:"roster,omitempty"`
	Swaps     []Swap      `json:"swaps,omitempty"`
	// PublishedAt, and ToldHoles, when the liaison was last told of a hole, are UTC milliseconds, 0 for never.
	PublishedAt int64 `json:"published,omitempty"`
	ToldHoles   int64 `json:"told_holes,omitempty"`
	// ToldOf is the Key of the hole that the liaison was told of, "" since there was none.
	ToldOf string `json:"told_of,omitempty"`
	// Purged is set once what visitors said is gone.
	Purged bool `json:"purged,omitempty"`
	// ToldDuty is when those who sit were reminded.
	ToldDuty int64 `json:"told_duty,omitempty"`
	// Kept is what the rule said when somebody decided that the day stays as it is, "" for never.
	Kept string `json:"kept,omitempty"`
	// Note is what was written down of the day.
	Note string `json:"note,omitempty"`
	// ChangedAt is when the last of people's acts was, in UTC milliseconds; 0 for a day that has seen none.
	ChangedAt int64 `json:"changed,omitempty"`
	// Version counts people's acts. What the station does by itself, such as publishing or telling, raises it not, so
	// that it is in nobody's way.
	Version int `json:"version,omitempty"`
	// Revision counts the stored versions; 0 for a day that is only a rule's.
	Revision int `json:"-"`
	// Clash is set by Plan if another day of the rule overlaps it. Uncertain is the recurrence's.
	Clash     bool `json:"-"`
	Uncertain bool `json:"-"`
}

// The greatest lengths, in characters, and counts.
const (
	MaxTheme   = 30
	MaxReason  = 100
	MaxNote    = 1000
	MaxSectors = 12
	MaxRoster  = 50
	// MaxPostpone is how many days from its planned date a day may lie.
	MaxPostpone = 60
)

// Start is when the day begins.
func (d Day) Start() time.Time { return at(d.Date, d.From) }

// End is when the day ends.
func (d Day) End() time.Time { return at(d.Date, d.To) }

// at is a minute of a local date.
func at(date string, minute int) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, station.Zone)
	if err != nil {
		return time.Time{}
	}
	return day.Add(time.Duration(minute) * time.Minute)
}

// Live reports whether people can come: it is neither over nor cancelled.
func (d Day) Live() bool { return d.State == Draft || d.State == Published }

// Moved reports whether the day is on another date than planned.
func (d Day) Moved() bool { return d.Date != d.Planned }

// Locked reports whether a swap now needs the liaison.
func (d Day) Locked(now time.Time) bool {
	return !now.Before(d.Start().Add(-time.Duration(d.Terms.LockHours) * time.Hour))
}

// DueToPublish reports whether a draft is to be published.
func (d Day) DueToPublish(now time.Time) bool {
	return d.State == Draft && !now.Before(d.Start().AddDate(0, 0, -d.Terms.PublishDays)) && now.Before(d.Start())
}

// Sits returns the place of a member's seat, -1 for none. Who is out has none.
func (d Day) Sits(member string) int {
	return slices.IndexFunc(d.Roster, func(s Seat) bool { return s.Member == member && s.State != Out })
}

// seat returns the place of a member's seat, also of one for which they are out; -1 for none.
func (d Day) seat(member string) int {
	return slices.IndexFunc(d.Roster, func(s Seat) bool { return s.Member == member })
}

// Members returns who sits, without those who are out.
func (d Day) Members() (list []string) {
	for _, s := range d.Roster {
		if s.State != Out {
			list = append(list, s.Member)
		}
	}
	return list
}

// Overlaps reports whether somebody could not sit on both days.
func (d Day) Overlaps(o Day) bool { return d.Date == o.Date && d.From < o.To && o.From < d.To }

// clone copies what an act changes.
func (d Day) clone() Day {
	d.Roster, d.Swaps, d.Postponed = slices.Clone(d.Roster), slices.Clone(d.Swaps), slices.Clone(d.Postponed)
	d.Sectors = slices.Clone(d.Sectors)
	return d
}

// termsOf returns a rule's terms.
func termsOf(r station.Reception) Terms {
	r = r.Filled()
	return Terms{
		Min: r.Min, Max: r.Max, Sectors: r.Sectors, Expertise: r.Expertise,
		Seats: r.Seats, SlotMinutes: r.SlotMinutes, WalkIns: r.WalkIns, PublishDays: r.PublishDays, LockHours: r.LockHours,
	}
}

// IDOf returns the id of a rule's day.
func IDOf(rule, planned string) string { return strings.ReplaceAll(planned, "-", "") + "-" + rule }

// ofRule is the day as the rule has it.
func ofRule(r station.Reception, x recurrence.Day) Day {
	return Day{
		ID: IDOf(r.ID, x.Planned), Rule: r.ID, Name: r.Name, Planned: x.Planned, Date: x.Date, Target: r.Target(),
		From: r.From, To: r.To, State: Draft, Terms: termsOf(r), Uncertain: x.Uncertain,
	}
}

// Skipped is a day that a holiday took away.
type Skipped struct {
	Rule    string
	Name    string
	Planned string
	Target  station.Target
}

// Calendar is what a station has planned in a span of time.
type Calendar struct {
	// Days are in the order of their beginnings, cancelled ones included.
	Days []Day
	// Skipped are in the order of their planned dates.
	Skipped []Skipped
}

// maxShift is how many days a holiday may move a day, and more: so long before a span a day may be planned that a
// holiday moves into it.
const maxShift = 61

// Plan joins the days of a station's rules with those that are stored, from one local date to another, both included.
// A stored day stands in the place of the rule's with the same id, on whatever date it is now; only the names of its
// sectors follow the roster.
func Plan(st *station.Station, cal *calendar.Calendar, stored []Day, from, to string) Calendar {
	byID := make(map[string]bool, len(stored))
	var out Calendar
	for _, d := range stored {
		byID[d.ID] = true
		if d.Date >= from && d.Date <= to {
			d.Sectors, d.Terms.Sectors = renamed(st, d.Sectors), renamed(st, d.Terms.Sectors)
			out.Days = append(out.Days, d)
		}
	}
	for _, r := range st.Receptions {
		rule, err := recurrence.Parse(r.Repeat)
		if err != nil {
			continue // the roster's check refuses it
		}
		begin := max(AddDays(from, -maxShift), r.ValidFrom)
		end := to
		if r.ValidTo != "" {
			end = min(end, r.ValidTo)
		}
		for _, x := range rule.Days(begin, end, r.Filled().Holidays, cal, station.Zone) {
			switch {
			case byID[IDOf(r.ID, x.Planned)]:
			case x.Skipped():
				if x.Planned >= from {
					out.Skipped = append(out.Skipped, Skipped{r.ID, r.Name, x.Planned, r.Target()})
				}
			case x.Date >= from && x.Date <= to:
				out.Days = append(out.Days, ofRule(r, x))
			}
		}
	}
	slices.SortStableFunc(out.Days, byStart)
	for i := range out.Days {
		out.Days[i].Clash = clashes(out.Days, i)
	}
	slices.SortStableFunc(out.Skipped, func(a, b Skipped) int { return cmp.Compare(a.Planned, b.Planned) })
	return out
}

// renamed returns sectors by the names that they have now: a day that was stored keeps the former ones, and no member
// has those.
func renamed(st *station.Station, names []string) []string {
	for i, name := range names {
		if x, ok := st.Sector(name); ok && x.Name != name {
			names = slices.Clone(names)
			names[i] = x.Name
		}
	}
	return names
}

// clashes reports whether another day of its rule overlaps the i-th of days that are in order. The recurrence does not
// know of days that somebody moved.
func clashes(days []Day, i int) bool {
	d := &days[i]
	same := func(o *Day) bool {
		return d.Rule != "" && o.Rule == d.Rule && d.State != Cancelled && o.State != Cancelled && o.Overlaps(*d)
	}
	for j := i - 1; j >= 0 && days[j].Date == d.Date; j-- {
		if same(&days[j]) {
			return true
		}
	}
	for j := i + 1; j < len(days) && days[j].Date == d.Date; j++ {
		if same(&days[j]) {
			return true
		}
	}
	return false
}

func byStart(a, b Day) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
}

// AddDays returns the local date some days later.
func AddDays(date string, days int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.AddDate(0, 0, days).Format(time.DateOnly)
}

// FindRules returns the day of a rule with the id, as the rules have it; false if no rule yields it.
func FindRules(st *station.Station, cal *calendar.Calendar, id string) (Day, bool) {
	digits, rule, _ := strings.Cut(id, "-")
	planned, err := time.Parse("20060102", digits)
	r, ok := st.Reception(rule)
	if err != nil || !ok {
		return Day{}, false
	}
	date := planned.Format(time.DateOnly)
	// A clash is seen only beside the days around it.
	for _, d := range Plan(&station.Station{Receptions: []station.Reception{r}}, cal, nil, AddDays(date, -maxShift), AddDays(date, maxShift)).Days {
		if d.ID == id {
			return d, true
		}
	}
	return Day{}, false
}

// Strays reports whether a stored day that nobody has moved is not what its rule has now: the rule was changed after it
// was stored. ok is false if the rule has no such day. A day that was kept strays again once the rule says something else.
func (d Day) Strays(ruled Day, ok bool) bool {
	if d.Rule == "" || d.Revision == 0 || !d.Live() || len(d.Postponed) > 0 {
		return false
	}
	differs := !ok || ruled.Date != d.Date || ruled.From != d.From || ruled.To != d.To || ruled.Target != d.Target
	return differs && d.Kept != ruling(ruled, ok)
}

// ruling names what a rule says of a day.
func ruling(ruled Day, ok bool) string {
	if !ok {
		return "none"
	}
	return fmt.Sprintf("%s %d-%d %s/%s", ruled.Date, ruled.From, ruled.To, ruled.Target.Kind, ruled.Target.ID)
}

// Keep lets a day stay as it is although its rule says something else by now.
func (d Day) Keep(ruled Day, ok bool) (Day, error) {
	if !d.Strays(ruled, ok) {
		return d, fault.New(fault.WrongState, "这一天与现在的规则一样，不用决定")
	}
	d = d.clone()
	d.Kept = ruling(ruled, ok)
	return d, nil
}

// Rosters are the days as whoever asks for duty has them. A draft counts once somebody is on its roster: until then
// the weekly slots do. A cancelled day has nobody, so that no weekly slot sends people there.
func Rosters(days []Day) []station.DayRoster {
	var list []station.DayRoster
	for i := range days {
		list = appendRoster(list, &days[i])
	}
	return list
}

func appendRoster(list []station.DayRoster, d *Day) []station.DayRoster {
	if d.State == Draft && len(d.Roster) == 0 {
		return list
	}
	r := station.DayRoster{Date: d.Date, Target: d.Target, From: d.From, To: d.To}
	if d.State != Cancelled {
		r.Members = d.Members()
	}
	return append(list, r)
}

// Outline is what somebody can write of a day.
type Outline struct {
	Theme   string
	Sectors []string
	NotFor  string
	Note    string
}

// WithOutline changes what is written of the day.
func (d Day) WithOutline(o Outline, st *station.Station) (Day, error) {
	var check fault.Check
	check.Require(len([]rune(o.Theme)) <= MaxTheme, "theme", "主题最多 %d 字", MaxTheme)
	check.Require(len([]rune(o.NotFor)) <= MaxReason, "not_for", "最多 %d 字", MaxReason)
	check.Require(len([]rune(o.Note)) <= MaxNote, "note", "记录最多 %d 字", MaxNote)
	check.Require(len(o.Sectors) <= MaxSectors, "sectors", "最多 %d 个界别", MaxSectors)
	for _, name := range o.Sectors {
		known := slices.ContainsFunc(st.Sectors, func(s station.Sector) bool { return s.Name == name })
		check.Require(known, "sectors", "没有“%s”这个界别", name)
	}
	if d.State == Cancelled || d.State == Closed {
		return d, fault.New(fault.WrongState, "这一天已经%s，不能再改", stateWords[d.State])
	}
	if err := check.Err(); err != nil {
		return d, err
	}
	d = d.clone()
	d.Theme, d.NotFor, d.Note = fold.Stored(o.Theme), fold.Stored(o.NotFor), fold.Stored(o.Note)
	d.Sectors = slices.Clone(o.Sectors)
	return d, nil
}

// The states in Chinese.
var stateWords = map[State]string{Draft: "是草稿", Published: "公布", Held: "结束", Closed: "归档", Cancelled: "取消"}

// endedAs says why a day takes no more changes: by its state, or because it is over.
func (d Day) endedAs() string {
	if d.Live() {
		return "过去"
	}
	return stateWords[d.State]
}

// Publish makes a draft everybody's.
func (d Day) Publish(now time.Time) (Day, error) {
	switch {
	case d.State != Draft:
		return d, fault.New(fault.WrongState, "这一天已经%s", stateWords[d.State])
	case !now.Before(d.End()):
		return d, fault.New(fault.WrongState, "这一天已经过去，不能再公布")
	}
	d = d.clone()
	d.State, d.PublishedAt = Published, now.UnixMilli()
	return d, nil
}

// Cancel takes the day off with a reason. Open swaps end with it.
func (d Day) Cancel(reason string, now time.Time) (Day, error) {
	var check fault.Check
	reasoned(&check, reason)
	if err := check.Err(); err != nil {
		return d, err
	}
	if !d.Live() || !now.Before(d.End()) {
		return d, fault.New(fault.WrongState, "这一天已经%s，不能取消", d.endedAs())
	}
	d = d.clone()
	d.State, d.Reason = Cancelled, fold.Stored(reason)
	endSwaps(&d, now)
	return d, nil
}

// Restore takes a cancellation back, as long as the day has not begun. Book.Restore also looks where the members are
// by now.
func (d Day) Restore(now time.Time) (Day, error) {
	if d.State != Cancelled || !now.Before(d.Start()) {
		return d, fault.New(fault.WrongState, "只能恢复还没有到的已取消的日子")
	}
	d = d.clone()
	d.State, d.Reason = Published, ""
	if d.PublishedAt == 0 {
		d.State = Draft
	}
	return d, nil
}

// Postpone moves the day to another date or time with a reason. Its swaps move with it, but who had confirmed or
// agreed is asked anew: their word was for another time. Book.Postpone also looks where the members are then.
func (d Day) Postpone(date string, from, to int, reason string, now time.Time) (Day, error) {
	var check fault.Check
	_, err := time.Parse(time.DateOnly, date)
	next := d.clone()
	next.Date, next.From, next.To = date, from, to
	check.Require(err == nil, "date", "日期须为 2026-12-04 的形式")
	check.Require(err != nil || now.Before(next.Start()), "date", "请改到以后的时间")
	far := date < AddDays(d.Planned, -MaxPostpone) || date > AddDays(d.Planned, MaxPostpone)
	check.Require(err != nil || !far, "date", "最多改到前后 %d 天以内；再远请取消这一天，另外加一天", MaxPostpone)
	check.Require(date != d.Date || from != d.From || to != d.To, "date", "日期和时间都没有变")
	check.Require(from >= 0 && from < to && to <= 24*60, "from", "起止时间有误，须先早后晚，不跨零点")
	reasoned(&check, reason)
	if err := check.Err(); err != nil {
		return d, err
	}
	if !d.Live() || !now.Before(d.End()) {
		return d, fault.New(fault.WrongState, "这一天已经%s，不能改期", d.endedAs())
	}
	next.ToldDuty = 0
	next.Postponed = append(next.Postponed, Postponed{From: d.Date, Reason: fold.Stored(reason), At: now.UnixMilli()})
	for i, s := range next.Roster {
		if s.State == Confirmed {
			next.Roster[i].State = Planned
		}
	}
	for i, s := range next.Swaps {
		if s.Open() {
			next.Swaps[i].State, next.Swaps[i].Late = SwapAsked, next.Locked(now)
		}
	}
	return next, nil
}

// postponedSince reports whether somebody has moved the day at that time, in UTC milliseconds, or later.
func (d Day) postponedSince(at int64) bool {
	return slices.ContainsFunc(d.Postponed, func(p Postponed) bool { return p.At >= at })
}

// reasoned requires a reason.
func reasoned(check *fault.Check, reason string) {
	n := len([]rune(fold.Stored(reason)))
	check.Require(n > 0, "reason", "请说明原因，会告诉相关的人")
	check.Require(n <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
}

// Finish ends a published day once it is over.
func (d Day) Finish(now time.Time) (Day, bool) {
	if d.State != Published || now.Before(d.End()) {
		return d, false
	}
	d = d.clone()
	d.State = Held
	endSwaps(&d, now)
	return d, true
}

// Close ends the writing of what came of the day, and says who was there. Somebody who came without a seat, or though
// they were out, counts as well.
func (d Day) Close(present []string, now time.Time) (Day, error) {
	if d.State != Held && (d.State != Published || now.Before(d.Start())) {
		return d, fault.New(fault.WrongState, "接待开始以后才能归档")
	}
	d = d.clone()
	d.State = Closed
	for i := range d.Roster {
		switch {
		case slices.Contains(present, d.Roster[i].Member):
			d.Roster[i].State = Present
		case d.Roster[i].State != Out:
			d.Roster[i].State = Missing
		}
	}
	for _, id := range present {
		if d.seat(id) < 0 {
			d.Roster = append(d.Roster, Seat{Member: id, State: Present})
		}
	}
	endSwaps(&d, now)
	return d, nil
}

// NewDay makes a day of no rule, as a draft; tail makes its id unique among those of its date.
func NewDay(st *station.Station, tail, name, date string, t station.Target, from, to int, terms Terms, now time.Time) (Day, error) {
	r := station.Reception{
		From: from, To: to, Min: terms.Min, Max: terms.Max, Sectors: terms.Sectors, Expertise: terms.Expertise, Seats: terms.Seats,
		SlotMinutes: terms.SlotMinutes, WalkIns: terms.WalkIns, PublishDays: terms.PublishDays, LockHours: terms.LockHours,
	}
	d := Day{
		ID: strings.ReplaceAll(date, "-", "") + "-x" + tail, Name: fold.Stored(name), Planned: date, Date: date, Target: t,
		From: from, To: to, State: Draft, Terms: termsOf(r),
	}
	var check fault.Check
	_, err := time.Parse(time.DateOnly, date)
	_, known := st.Resolve(t)
	check.Require(fold.Visible(name) && len([]rune(name)) <= MaxTheme, "name", "请填名称，最多 %d 字", MaxTheme)
	check.Require(err == nil && now.Before(d.Start()), "date", "请填以后的日期，如 2026-12-04")
	check.Require(known && t.Kind != station.ForMember, "target", "没有这个地点")
	check.Require(from >= 0 && from < to && to <= 24*60, "from", "起止时间有误，须先早后晚，不跨零点")
	check.Require(terms.Seats >= 0 && terms.Seats <= 100, "seats", "每段名额须为 0 至 100")
	check.Require(terms.WalkIns >= 0 && terms.WalkIns <= terms.Seats, "walk_ins", "留给现场的名额不能多于总名额")
	check.Require(terms.Min >= 0 && terms.Min <= MaxRoster && (terms.Max == 0 || terms.Max >= d.Terms.Min), "min", "人数不合规")
	check.Require(terms.SlotMinutes == 0 || terms.SlotMinutes >= 5 && terms.SlotMinutes <= 240, "slot", "每段须为 5 至 240 分钟")
	return d, check.Err()
}
