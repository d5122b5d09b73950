package notice

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/domain/reception"
	"mashang/domain/station"
)

// This file is about reception days: whoever comes, sits or plans is told.

// dutyPage is the page with a member's days.
const dutyPage = "pages/duty/index"

// BookingSeal is what the sealed fields of a booking are bound to.
func BookingSeal(st, booking string) string { return "booking " + st + "/" + booking }

// BookingRef names a booking in a page's address. It is useless to people who may not see it.
func BookingRef(st, day, booking string) string { return st + "." + day + "." + booking }

// UntilDay returns when the entry about a day may be sent: now, or the end of the quiet hours. What changes the day or
// offers a seat does not wait until the day itself, on which people may be on their way. now must be in the station's
// location.
func (e Entry) UntilDay(q Quiet, d reception.Day, now time.Time) time.Time {
	until := q.End(now)
	if !until.After(now) {
		return now
	}
	switch e.About {
	case AboutOffered:
		return now // an offer is over before the night is
	case AboutCancelled, AboutMoved, AboutRestored, AboutChanged, AboutDayCancelled, AboutDayMoved:
		date := until.Format(time.DateOnly)
		if date >= d.Date || slices.ContainsFunc(d.Postponed, func(p reception.Postponed) bool { return p.At >= e.At && date >= p.From }) {
			return now
		}
	}
	return until
}

// StaleDay is Stale for an entry about a reception day: the day is over, the booking or the swap has ended, or a later
// notice says more. b is the entry's booking, nil for none.
func (e Entry) StaleDay(d reception.Day, b *reception.Booking, now time.Time) bool {
	if !now.Before(d.End()) {
		return true
	}
	switch {
	case e.Booking != "":
		return b == nil || b.Person != e.Person || e.staleBooking(d, *b, now)
	case e.Swap != "":
		i := slices.IndexFunc(d.Swaps, func(s reception.Swap) bool { return s.ID == e.Swap })
		return i < 0 || !d.Live() || e.staleSwap(d, d.Swaps[i], now)
	}
	sits := d.Sits(e.Member) >= 0
	switch e.About {
	case AboutDayCancelled:
		return d.State != reception.Cancelled
	case AboutDuty:
		return !d.Live() || !sits || e.movedSince(d) || !now.Before(d.Start())
	case AboutDayMoved:
		return !d.Live() || !sits || e.movedSince(d)
	default:
		return !d.Live()
	}
}

// movedSince reports whether the day was moved after the entry's act; the move is told by itself.
func (e Entry) movedSince(d reception.Day) bool {
	return slices.ContainsFunc(d.Postponed, func(p reception.Postponed) bool { return p.At > e.At })
}

func (e Entry) staleBooking(d reception.Day, b reception.Booking, now time.Time) bool {
	switch e.About {
	case AboutCancelled: // the booking may have ended with the day
		return d.State != reception.Cancelled
	case AboutOffered:
		return !d.Live() || b.State != reception.Offered || now.UnixMilli() >= b.OfferedUntil
	case AboutReminder:
		return !d.Live() || b.State != reception.Booked || e.movedSince(d) || !now.Before(timeOf(d, &b))
	case AboutMoved:
		return !d.Live() || !b.Open() || e.movedSince(d)
	default:
		return !d.Live() || !b.Open()
	}
}

func (e Entry) staleSwap(d reception.Day, s reception.Swap, now time.Time) bool {
	switch e.About {
	case AboutSwapAsked:
		return s.State != reception.SwapAsked || s.To != e.Member
	case AboutSwapOpen:
		return s.State != reception.SwapAsked || s.To != "" || s.From == e.Member || d.Sits(e.Member) >= 0
	case AboutSwapAgreed:
		return s.State != reception.SwapAgreed
	case AboutSwapRefused:
		return s.State != reception.SwapRefused
	case AboutSwapApproved:
		return s.State != reception.SwapApproved
	case AboutSwapExpired:
		return s.State == reception.SwapApproved || s.State == reception.SwapAgreed || d.Sits(e.Member) < 0
	default:
		return !s.Open() || !now.Before(d.Start())
	}
}

// timeOf returns when a party is to come; the day's beginning without a booking, or if its slot is none of the day's.
func timeOf(d reception.Day, b *reception.Booking) time.Time {
	if b == nil || b.Slot < d.From || b.Slot >= d.To {
		return d.Start()
	}
	return d.Start().Add(time.Duration(b.Slot-d.From) * time.Minute)
}

// WhenOf says in words when a day is: "12月4日 周五 9:00–12:00".
func WhenOf(d reception.Day) string {
	return dateWords(d.Start()) + " " + d.Start().Format("15:04") + "–" + clockWords(d.To)
}

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

func dateWords(t time.Time) string { return t.Format("1月2日") + " 周" + weekdays[t.Weekday()] }

// clockWords formats minutes after midnight, which may be 24:00.
func clockWords(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// NameOf returns the day's name with its theme.
func NameOf(d reception.Day) string {
	name := cmp.Or(d.Name, "委员接待日")
	if d.Theme != "" {
		name += "：" + d.Theme
	}
	return line(name)
}

// PlaceOf returns where the day is.
func PlaceOf(d reception.Day, st *station.Station) string {
	name, _ := st.Resolve(d.Target)
	if d.Target.Kind == station.ForMember {
		name = st.Village(d.Target)
	}
	return cmp.Or(name, st.Name)
}

// ComposeDay is Compose for an entry about a reception day. b is the entry's booking, nil for none. The page shows the
// booking to whoever booked, the day to a member, and their list to a liaison.
func ComposeDay(e Entry, use Purpose, d reception.Day, b *reception.Booking, st *station.Station) Message {
	m := Message{Purpose: use, Page: inboxPage, Data: map[string]string{
		Number:  d.Date,
		Subject: NameOf(d),
		Place:   PlaceOf(d, st),
		Due:     timeOf(d, b).Format(TimeLayout),
		State:   dayStates[e.About],
		Who:     st.Name,
	}}
	switch e.Purpose.Audience() {
	case "visitor":
		m.Page = "pages/booking/index?id=" + BookingRef(st.ID, d.ID, e.Booking)
		m.Data[Hint] = bookingHint(e, d, b)
		if b != nil {
			m.Data[Number] = b.Number
		}
	case "member":
		m.Page = dutyPage + "?day=" + d.ID
		m.Data[Hint] = dutyHint(e, d, st)
	default:
		m.Data[Hint] = planHint(e, d, st)
	}
	m.Data[Body] = dayBody(e, d, b)
	return m
}

// dayStates have at most five characters.
var dayStates = map[string]string{
	AboutReminder: "即将接待", AboutCancelled: "已取消", AboutMoved: "已改期", AboutRestored: "照常进行", AboutOffered: "有空位", AboutChanged: "已改时间",
	AboutDuty: "即将值班", AboutSwapAsked: "请您换班", AboutSwapOpen: "找人换班", AboutSwapAgreed: "等待批准", AboutSwapRefused: "没有换成",
	AboutSwapApproved: "已换班", AboutSwapExpired: "没人接班", AboutDayCancelled: "已取消", AboutDayMoved: "已改期", AboutRosterChanged: "排班有变",
	AboutHole: "缺委员", AboutSwap: "换班待批",
}

// movedHint says when it is now.
func movedHint(t time.Time) string {
	return "改到" + dateWords(t) + t.Format("15:04") + "，点此看"
}

func bookingHint(e Entry, d reception.Day, b *reception.Booking) string {
	at := timeOf(d, b)
	switch e.About {
	case AboutCancelled:
		return "这天的接待取消了，点此看原因"
	case AboutMoved:
		return movedHint(at)
	case AboutRestored:
		return "这天的接待照常进行，点此看"
	case AboutOffered:
		if b == nil {
			return "有空位了，请点此确认"
		}
		return "有空位了，请在" + time.UnixMilli(b.OfferedUntil).In(station.Zone).Format("15:04") + "前点此确认"
	case AboutChanged:
		return "工作站" + strings.TrimSuffix(movedHint(at), "，点此看")
	default:
		return "请按时来，不能来请点此取消"
	}
}

func dutyHint(e Entry, d reception.Day, st *station.Station) string {
	from, to := swapNames(e, d, st)
	sits := d.Sits(e.Member) >= 0
	switch e.About {
	case AboutSwapAsked:
		return from + "请您换班，请点此答复"
	case AboutSwapOpen:
		return from + "找人换班，您能去请点此"
	case AboutSwapAgreed:
		return to + "愿意换班，等待批准"
	case AboutSwapRefused:
		if sits {
			return "换班没有成，您仍在班上"
		}
		return "换班没有成，您不用来"
	case AboutSwapApproved:
		if sits {
			return "换班批准了，这天您值班"
		}
		return "换班批准了，这天您不用来"
	case AboutSwapExpired:
		return "没有人接班，请联系联络员"
	case AboutDayCancelled:
		return "这天的接待取消了，不用来"
	case AboutDayMoved:
		return movedHint(d.Start())
	case AboutRosterChanged:
		if sits {
			return "您排在这天的班上，请点此确认"
		}
		return "这天的班有变，您不用来了"
	default:
		return "请按时到，不能来请点此换班"
	}
}

// swapNames returns the names of both members of the entry's swap; words in their places for nobody.
func swapNames(e Entry, d reception.Day, st *station.Station) (from, to string) {
	from, to = "有委员", "有委员"
	for _, s := range d.Swaps {
		if s.ID == e.Swap {
			if m, ok := st.Member(s.From); ok {
				from = m.Name
			}
			if m, ok := st.Member(s.To); ok {
				to = m.Name
			}
		}
	}
	return from, to
}

// planHint says what the liaison has to do. Whether a member sits elsewhere as well is not known from the day alone.
func planHint(e Entry, d reception.Day, st *station.Station) string {
	if e.About == AboutSwap {
		from, _ := swapNames(e, d, st)
		if slices.ContainsFunc(d.Swaps, func(s reception.Swap) bool { return s.ID == e.Swap && s.State == reception.SwapAsked }) {
			return from + "要换班，还没有人接"
		}
		return from + "的换班等您批准"
	}
	coming := reception.Book{Station: st, Days: []reception.Day{d}}.Coming(d)
	missing := max(0, d.Terms.Min-len(coming))
	sectors, expertise := d.Lacking(coming)
	switch {
	case len(coming) == 0:
		return "还没有委员来，请尽快排班"
	case missing > 0:
		return "还缺" + strconv.Itoa(missing) + "位委员，请尽快排班"
	case len(sectors) > 0:
		return "缺" + sectors[0] + "界别的委员"
	case len(expertise) > 0:
		return "没有委员懂" + expertise[0]
	default:
		return "请核对这天的排班"
	}
}

// dayBody is the notice in a sentence, for the chat and for templates with room for one.
func dayBody(e Entry, d reception.Day, b *reception.Booking) string {
	when := WhenOf(d)
	switch e.About {
	case AboutCancelled, AboutDayCancelled:
		if d.Reason != "" {
			return when + "的接待取消：" + line(d.Reason)
		}
		return when + "的接待取消"
	case AboutRestored:
		return when + "的接待照常进行"
	case AboutMoved, AboutDayMoved:
		if n := len(d.Postponed); n > 0 {
			return "改到" + when + "：" + line(d.Postponed[n-1].Reason)
		}
		return "改到" + when
	}
	if b != nil {
		t := timeOf(d, b)
		return dateWords(t) + " " + t.Format("15:04")
	}
	return when
}

// JoinsDay reports whether one message may cover this entry of a member and others: nothing in it needs an answer by
// itself.
func (e Entry) JoinsDay() bool {
	return e.Member != "" && (e.About == AboutDuty || e.About == AboutRosterChanged || e.About == AboutSwapOpen)
}

// WithDays mentions the number of a member's other days in the message and makes it open all of them.
func (m Message) WithDays(others int) Message {
	if others < 1 {
		return m
	}
	m.Page = dutyPage
	m.Data[Hint] = "另有" + strconv.Itoa(others) + "条，请点此看排班"
	return m
}
