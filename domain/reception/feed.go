package reception

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/domain/station"
)

// Event is one entry of a calendar that programs subscribe to. It never repeats, because swaps change who sits.
type Event struct {
	// UID stays as long as the event does, however it is moved, and is unique over all stations.
	UID      string
	From, To time.Time
	// Changed is when what it says was changed last; Sequence is raised with each act on it.
	Changed  time.Time
	Sequence int
	Summary  string
	Where    string
	// Notes are lines. They have nothing of what visitors said or gave.
	Notes     string
	Cancelled bool
}

// Feed is a calendar that programs subscribe to.
type Feed struct {
	Name   string
	Events []Event
}

// FeedBefore and FeedAhead are how many days before and after today a feed has.
const (
	FeedBefore = 28
	FeedAhead  = 56
)

// FeedSpan returns the first and the last local date of a feed.
func FeedSpan(now time.Time) (from, to string) {
	today := now.In(station.Zone).Format(time.DateOnly)
	return AddDays(today, -FeedBefore), AddDays(today, FeedAhead)
}

// InFeed reports whether a feed has the stored day: it was published, lies within the span, and the member sits on it, who
// is "" for the feed of the whole station.
func (d Day) InFeed(member string, now time.Time) bool {
	from, to := FeedSpan(now)
	return d.PublishedAt != 0 && d.Date >= from && d.Date <= to && (member == "" || d.Sits(member) >= 0)
}

// FeedOf returns the calendar of a member, or with "" that of the station. days are the station's stored days, booked are
// the bookings by day, of days without any none. since is when the feed was made: it is taken for the time of change
// of weekly duty, of which none is stored.
func FeedOf(st *station.Station, days []Day, booked map[string]Bookings, member string, since, now time.Time) Feed {
	f := Feed{Name: "接待日 · " + st.Name}
	if member != "" {
		f.Name = "接待与值班 · " + st.Name
	}
	for _, d := range days {
		if d.InFeed(member, now) {
			f.Events = append(f.Events, d.event(st, booked[d.ID], member, now))
		}
	}
	if member != "" {
		f.Events = append(f.Events, weekly(st, days, member, since, now)...)
	}
	slices.SortStableFunc(f.Events, func(a, b Event) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.UID, b.UID))
	})
	f.Events = slices.CompactFunc(f.Events, func(a, b Event) bool { return a.UID == b.UID })
	return f
}

// event is the day as a calendar shows it.
func (d Day) event(st *station.Station, b Bookings, member string, now time.Time) Event {
	e := Event{
		UID: uidOf(st, d.ID, member), From: d.Start(), To: d.End(), Sequence: d.Version, Summary: d.title(),
		Changed: time.UnixMilli(max(d.PublishedAt, d.ChangedAt)), Where: placeOf(st, d.Target), Cancelled: d.State == Cancelled,
	}
	var notes []string
	switch {
	case e.Cancelled:
		e.Summary = "已取消：" + e.Summary
		notes = append(notes, "取消原因："+d.Reason)
	default:
		if n := len(d.Postponed); n > 0 {
			notes = append(notes, fmt.Sprintf("原定 %s，已改期：%s", d.Postponed[0].From, d.Postponed[n-1].Reason))
		}
		if parties, persons := b.expected(); parties > 0 {
			notes = append(notes, fmt.Sprintf("预约 %d 批 %d 人", parties, persons))
		} else if d.State == Published && d.bookable() > 0 && now.Before(d.Start()) {
			notes = append(notes, "还没有人预约")
		}
	}
	e.Notes = strings.Join(notes, "\n")
	return e
}

// title is what the day is about.
func (d Day) title() string {
	switch {
	case d.Theme != "":
		return "接待日：" + d.Theme
	case strings.Contains(d.Name, "接待"):
		return d.Name
	default:
		return "接待日：" + d.Name
	}
}

// expected counts who has or had a seat, and how many come with them.
func (b Bookings) expected() (parties, persons int) {
	for _, x := range b.List {
		if x.holds() || x.State == Missed {
			parties, persons = parties+1, persons+x.Persons
		}
	}
	return parties, persons
}

// weekly are a member's turns beside the published days, as the final roster has them.
func weekly(st *station.Station, days []Day, member string, since, now time.Time) (list []Event) {
	rest := *st
	rest.Days = nil
	for _, d := range days {
		n := len(rest.Days)
		if rest.Days = appendRoster(rest.Days, &d); len(rest.Days) > n && d.PublishedAt != 0 {
			rest.Days[n].Members = nil // it has an event of its own, and still replaces the slots that it overlaps
		}
	}
	from, _ := FeedSpan(now)
	for _, x := range rest.ShiftsOf(member, at(from, 0), FeedBefore+FeedAhead+1) {
		name, _ := st.Resolve(x.Target)
		key := strings.Join([]string{x.From.In(station.Zone).Format("20060102T1504"), string(x.Target.Kind), x.Target.ID}, "-")
		list = append(list, Event{
			UID: uidOf(st, key, member), From: x.From, To: x.To, Changed: since, Summary: "值班：" + name, Where: placeOf(st, x.Target),
		})
	}
	return list
}

func uidOf(st *station.Station, key, member string) string {
	if member != "" {
		key += "." + member
	}
	return key + "@" + st.ID + ".mashang"
}

// placeOf is where somebody goes: the place's name, and the address as far as there is one.
func placeOf(st *station.Station, t station.Target) string {
	name, _ := st.Resolve(t)
	switch {
	case t.Kind == station.ForStation && st.Address != "":
		return name + "（" + st.Address + "）"
	case t.Kind != station.ForStation && st.Village(t) != "" && !strings.Contains(name, st.Village(t)):
		return st.Village(t) + " " + name
	default:
		return name
	}
}
