package notice

import (
	"time"

	"mashang/domain/reception"
	"mashang/domain/station"
)

// daySituation is a situation of a notice about a reception day, and how the made-up day and booking then differ.
type daySituation struct {
	when, about string
	change      func(*reception.Day, *reception.Booking)
}

func cancelledDay(d *reception.Day, _ *reception.Booking) {
	d.State, d.Reason = reception.Cancelled, "会场临时检修"
}

func movedDay(d *reception.Day, _ *reception.Booking) {
	d.Postponed = []reception.Postponed{{From: d.Planned, Reason: "会场临时检修"}}
}

func withSwap(state reception.SwapState) func(*reception.Day, *reception.Booking) {
	return func(d *reception.Day, _ *reception.Booking) { d.Swaps[0].State = state }
}

var daySituations = map[Purpose][]daySituation{
	VisitorBooking: {
		{when: "接待前一天", about: AboutReminder},
		{when: "接待日取消时", about: AboutCancelled, change: cancelledDay},
		{when: "接待日改期时", about: AboutMoved, change: movedDay},
		{when: "取消的接待日又恢复时", about: AboutRestored},
		{when: "候补有了空位时", about: AboutOffered, change: func(d *reception.Day, b *reception.Booking) {
			b.State, b.OfferedUntil = reception.Offered, d.Start().Add(-24*time.Hour).UnixMilli()
		}},
		{when: "工作站改了预约时间时", about: AboutChanged},
	},
	MemberDuty: {
		{when: "值班前三天", about: AboutDuty},
		{when: "有人请委员换班时", about: AboutSwapAsked, change: withSwap(reception.SwapAsked)},
		{when: "有人找人换班时", about: AboutSwapOpen, change: withSwap(reception.SwapAsked)},
		{when: "对方愿意换班时", about: AboutSwapAgreed, change: withSwap(reception.SwapAgreed)},
		{when: "换班没有成时", about: AboutSwapRefused, change: withSwap(reception.SwapRefused)},
		{when: "换班批准时", about: AboutSwapApproved, change: withSwap(reception.SwapApproved)},
		{when: "快到时间还没有人接班时", about: AboutSwapExpired, change: withSwap(reception.SwapAsked)},
		{when: "接待日取消时", about: AboutDayCancelled, change: cancelledDay},
		{when: "接待日改期时", about: AboutDayMoved, change: movedDay},
		{when: "排班有变时", about: AboutRosterChanged},
	},
	LiaisonUrge: {
		{when: "接待日缺委员时", about: AboutHole, change: func(d *reception.Day, _ *reception.Booking) { d.Roster = nil }},
		{when: "换班等联络员批准时", about: AboutSwap, change: withSwap(reception.SwapAgreed)},
	},
}

// dayExamples returns the purpose's messages about a made-up reception day.
func dayExamples(p Purpose, st *station.Station, now time.Time) []Example {
	list := make([]Example, len(daySituations[p]))
	for i, x := range daySituations[p] {
		d, b := exampleDay(st, now)
		if x.change != nil {
			x.change(&d, &b)
		}
		e := Entry{Day: d.ID, Purpose: p, About: x.about, At: now.UnixMilli()}
		booking := &b
		switch p {
		case VisitorBooking:
			e.Booking = b.ID
		case MemberDuty:
			e.Member, booking = d.Roster[0].Member, nil
			e.Swap = d.Swaps[0].ID
		default:
			e.Swap, booking = d.Swaps[0].ID, nil
		}
		list[i] = Example{When: x.when, Message: ComposeDay(e, p, d, booking, st)}
	}
	return list
}

// exampleDay returns a made-up reception day with a booking and a swap.
func exampleDay(st *station.Station, now time.Time) (reception.Day, reception.Booking) {
	date := now.In(station.Zone).AddDate(0, 0, 3)
	d := reception.Day{
		ID: date.Format("20060102") + "-example", Name: "委员接待日", Planned: date.Format(time.DateOnly), Date: date.Format(time.DateOnly),
		Target: station.Target{Kind: station.ForStation}, From: 9 * 60, To: 12 * 60, State: reception.Published,
		Terms: reception.Terms{Min: 1}, Roster: []reception.Seat{{State: reception.Planned}},
		Swaps: []reception.Swap{{ID: "example"}},
	}
	if len(st.Places) > 0 {
		d.Target = station.Target{Kind: station.ForPlace, ID: st.Places[0].ID}
	}
	for _, m := range st.Members {
		if !m.Left {
			d.Roster[0].Member, d.Swaps[0].From = m.ID, m.ID
			break
		}
	}
	return d, reception.Booking{ID: "example", Number: "A012", Slot: d.From + 60, Persons: 1, State: reception.Booked}
}
