package notice_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// friday is a published day on 17 July 2026, two days after noon, with one booking at ten.
func friday() (reception.Day, reception.Booking) {
	d := reception.Day{
		ID: "20260717-r1", Name: "委员接待日", Theme: "河道", Planned: "2026-07-17", Date: "2026-07-17", From: 9 * 60, To: 12 * 60,
		Target: station.Target{Kind: station.ForPlace, ID: "jetty"}, State: reception.Published, Terms: reception.Terms{Min: 1},
		Roster: []reception.Seat{{Member: "a", State: reception.Planned}},
	}
	b := reception.Booking{
		ID: "b1", Number: "A012", Slot: 10 * 60, Person: filer, Persons: 1, State: reception.Booked,
		Name: subject, Phone: phone, Words: "票价",
	}
	return d, b
}

var before = noon.Add(-time.Minute).UnixMilli()

func visitorOf(about string) notice.Entry {
	return notice.Entry{Day: "20260717-r1", Booking: "b1", Purpose: notice.VisitorBooking, Person: filer, About: about, At: before}
}

func memberOf(member, about string) notice.Entry {
	return notice.Entry{Day: "20260717-r1", Purpose: notice.MemberDuty, Member: member, About: about, At: before}
}

func TestComposeDay(t *testing.T) {
	t.Parallel()
	d, b := friday()
	cancelled := d
	cancelled.State, cancelled.Reason = reception.Cancelled, "汛期"
	moved := d
	moved.Date, moved.From, moved.To = "2026-12-14", 14*60, 24*60
	moved.Postponed = []reception.Postponed{{From: d.Date, Reason: "汛期", At: before}}
	offered := b
	offered.OfferedUntil = noon.Add(30 * time.Minute).UnixMilli()
	swap := d
	swap.Swaps = []reception.Swap{{ID: "s1", From: "a", To: "b", State: reception.SwapAgreed}}
	empty := d
	empty.Roster = nil
	for name, tc := range map[string]struct {
		e                 notice.Entry
		day               reception.Day
		booking           *reception.Booking
		hint, body, page  string
		number, due, when string
	}{
		"reminder":  {visitorOf(notice.AboutReminder), d, &b, "请按时来，不能来请点此取消", "7月17日 周五 10:00", "pages/booking/index?id=hh.20260717-r1.b1", "A012", "2026-07-17 10:00", "7月17日 周五 09:00–12:00"},
		"cancelled": {visitorOf(notice.AboutCancelled), cancelled, &b, "这天的接待取消了，点此看原因", "7月17日 周五 09:00–12:00的接待取消：汛期", "pages/booking/index?id=hh.20260717-r1.b1", "A012", "2026-07-17 10:00", "7月17日 周五 09:00–12:00"},
		"moved":     {visitorOf(notice.AboutMoved), moved, &b, "改到12月14日 周一14:00，点此看", "改到12月14日 周一 14:00–24:00：汛期", "pages/booking/index?id=hh.20260717-r1.b1", "A012", "2026-12-14 14:00", "12月14日 周一 14:00–24:00"},
		"offered":   {visitorOf(notice.AboutOffered), d, &offered, "有空位了，请在12:30前点此确认", "7月17日 周五 10:00", "pages/booking/index?id=hh.20260717-r1.b1", "A012", "2026-07-17 10:00", "7月17日 周五 09:00–12:00"},
		"changed":   {visitorOf(notice.AboutChanged), d, &b, "工作站改到7月17日 周五10:00", "7月17日 周五 10:00", "pages/booking/index?id=hh.20260717-r1.b1", "A012", "2026-07-17 10:00", "7月17日 周五 09:00–12:00"},
		"put on":    {memberOf("a", notice.AboutRosterChanged), d, nil, "您排在这天的班上，请点此确认", "7月17日 周五 09:00–12:00", "pages/duty/index?day=20260717-r1", "2026-07-17", "2026-07-17 09:00", "7月17日 周五 09:00–12:00"},
		"taken off": {memberOf("b", notice.AboutRosterChanged), d, nil, "这天的班有变，您不用来了", "7月17日 周五 09:00–12:00", "pages/duty/index?day=20260717-r1", "2026-07-17", "2026-07-17 09:00", "7月17日 周五 09:00–12:00"},
		"a swap":    {notice.Entry{Day: d.ID, Swap: "s1", Purpose: notice.LiaisonUrge, Liaison: "l1", About: notice.AboutSwap}, swap, nil, "张三的换班等您批准", "7月17日 周五 09:00–12:00", "pages/inbox/index", "2026-07-17", "2026-07-17 09:00", "7月17日 周五 09:00–12:00"},
		"a hole":    {notice.Entry{Day: d.ID, Purpose: notice.LiaisonUrge, Liaison: "l1", About: notice.AboutHole}, empty, nil, "还没有委员来，请尽快排班", "7月17日 周五 09:00–12:00", "pages/inbox/index", "2026-07-17", "2026-07-17 09:00", "7月17日 周五 09:00–12:00"},
	} {
		m := notice.ComposeDay(tc.e, tc.e.Purpose, tc.day, tc.booking, town)
		for what, pair := range map[string][2]string{
			"hint": {m.Data[notice.Hint], tc.hint}, "body": {m.Data[notice.Body], tc.body}, "page": {m.Page, tc.page},
			"number": {m.Data[notice.Number], tc.number}, "due": {m.Data[notice.Due], tc.due}, "when": {notice.WhenOf(tc.day), tc.when},
			"subject": {m.Data[notice.Subject], "委员接待日：河道"}, "place": {m.Data[notice.Place], "水车码头"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s is %q, want %q", name, what, pair[0], pair[1])
			}
		}
		if n := utf8.RuneCountInString(tc.hint); n > 20 {
			t.Errorf("%s: the hint has %d characters", name, n)
		}
		for what, text := range m.Data {
			if text == "" || strings.Contains(text, phone) || strings.Contains(text, subject) || strings.Contains(text, b.Words) {
				t.Errorf("%s: %s is %q", name, what, text)
			}
		}
	}
	m := notice.ComposeDay(memberOf("a", notice.AboutDuty), notice.MemberDuty, d, nil, town).WithDays(2)
	if m.Page != "pages/duty/index" || m.Data[notice.Hint] != "另有2条，请点此看排班" {
		t.Errorf("several: %+v", m)
	}
}

func TestStaleDay(t *testing.T) {
	t.Parallel()
	type change func(*reception.Day, *reception.Booking)
	state := func(s reception.BookingState) change {
		return func(_ *reception.Day, b *reception.Booking) { b.State = s }
	}
	cancel := func(d *reception.Day, _ *reception.Booking) { d.State = reception.Cancelled }
	swap := func(s reception.SwapState) change {
		return func(d *reception.Day, _ *reception.Booking) {
			d.Swaps = []reception.Swap{{ID: "s1", From: "a", To: "b", State: s}}
		}
	}
	moveAt := func(at int64) change {
		return func(d *reception.Day, _ *reception.Booking) {
			d.Date, d.Postponed = "2026-07-18", []reception.Postponed{{From: d.Date, At: at}}
		}
	}
	about := func(e notice.Entry) notice.Entry { e.Swap = "s1"; return e }
	plan := notice.Entry{Day: "20260717-r1", Purpose: notice.LiaisonUrge, Liaison: "l1", About: notice.AboutHole}
	for name, tc := range map[string]struct {
		e      notice.Entry
		change change
		now    time.Time
		want   bool
	}{
		"a reminder":                     {visitorOf(notice.AboutReminder), nil, noon, false},
		"a reminder as the slot begins":  {visitorOf(notice.AboutReminder), nil, time.Date(2026, 7, 17, 10, 0, 0, 0, station.Zone), true},
		"a reminder of a day that moved": {visitorOf(notice.AboutReminder), moveAt(before + 1), noon, true},
		"the day is over":                {visitorOf(notice.AboutMoved), nil, time.Date(2026, 7, 17, 12, 0, 0, 0, station.Zone), true},
		"called off":                     {visitorOf(notice.AboutMoved), state(reception.CalledOff), noon, true},
		"moved":                          {visitorOf(notice.AboutMoved), moveAt(before), noon, false},
		"moved again":                    {visitorOf(notice.AboutMoved), moveAt(before + 1), noon, true},
		"moved and cancelled":            {visitorOf(notice.AboutMoved), cancel, noon, true},
		"cancelled":                      {visitorOf(notice.AboutCancelled), cancel, noon, false},
		"cancelled, and bookings end": {visitorOf(notice.AboutCancelled), func(d *reception.Day, b *reception.Booking) {
			d.State, b.State = reception.Cancelled, reception.CalledOff
		}, noon, false},
		"restored":        {visitorOf(notice.AboutCancelled), nil, noon, true},
		"somebody else's": {visitorOf(notice.AboutChanged), func(_ *reception.Day, b *reception.Booking) { b.Person = "u-other" }, noon, true},
		"changed":         {visitorOf(notice.AboutChanged), nil, noon, false},
		"an offer": {visitorOf(notice.AboutOffered), func(_ *reception.Day, b *reception.Booking) {
			b.State, b.OfferedUntil = reception.Offered, noon.UnixMilli()+1
		}, noon, false},
		"an offer's end": {visitorOf(notice.AboutOffered), func(_ *reception.Day, b *reception.Booking) {
			b.State, b.OfferedUntil = reception.Offered, noon.UnixMilli()
		}, noon, true},
		"duty":             {memberOf("a", notice.AboutDuty), nil, noon, false},
		"no duty any more": {memberOf("b", notice.AboutDuty), nil, noon, true},
		"taken off":        {memberOf("b", notice.AboutRosterChanged), nil, noon, false},
		"a day cancelled":  {memberOf("a", notice.AboutDayCancelled), cancel, noon, false},
		"a day restored":   {memberOf("a", notice.AboutDayCancelled), nil, noon, true},
		"asked":            {about(memberOf("b", notice.AboutSwapAsked)), swap(reception.SwapAsked), noon, false},
		"answered":         {about(memberOf("b", notice.AboutSwapAsked)), swap(reception.SwapAgreed), noon, true},
		"agreed":           {about(memberOf("a", notice.AboutSwapAgreed)), swap(reception.SwapAgreed), noon, false},
		"approved":         {about(memberOf("a", notice.AboutSwapApproved)), swap(reception.SwapApproved), noon, false},
		"no such swap":     {about(memberOf("a", notice.AboutSwapApproved)), nil, noon, true},
		"refused":          {about(memberOf("a", notice.AboutSwapRefused)), swap(reception.SwapRefused), noon, false},
		"expired":          {about(memberOf("a", notice.AboutSwapExpired)), swap(reception.SwapWithdrawn), noon, false},
		"the swap ended":   {about(notice.Entry{Day: plan.Day, Purpose: notice.LiaisonUrge, Liaison: "l1", About: notice.AboutSwap}), swap(reception.SwapDone), noon, true},
		"a hole":           {plan, nil, noon, false},
		"no hole":          {plan, cancel, noon, true},
	} {
		d, b := friday()
		if tc.change != nil {
			tc.change(&d, &b)
		}
		booking := &b
		if tc.e.Booking == "" {
			booking = nil
		}
		if got := tc.e.StaleDay(d, booking, tc.now); got != tc.want {
			t.Errorf("%s: stale %v", name, got)
		}
	}
	d, _ := friday()
	if !visitorOf(notice.AboutChanged).StaleDay(d, nil, noon) {
		t.Error("a booking that is not there is told of")
	}
}

// TestUntilDay: a reminder waits for the morning, and a change of the day on which people would come in vain does not.
func TestUntilDay(t *testing.T) {
	t.Parallel()
	d, _ := friday()
	eve, earlier := time.Date(2026, 7, 16, 23, 0, 0, 0, station.Zone), time.Date(2026, 7, 14, 23, 0, 0, 0, station.Zone)
	away := d
	away.Date, away.Postponed = "2026-07-24", []reception.Postponed{{From: d.Date, At: before}}
	for name, tc := range map[string]struct {
		about string
		day   reception.Day
		now   time.Time
		waits bool
	}{
		"a reminder":                  {notice.AboutReminder, d, eve, true},
		"cancelled the night before":  {notice.AboutCancelled, d, eve, false},
		"cancelled days before":       {notice.AboutCancelled, d, earlier, true},
		"moved away the night before": {notice.AboutMoved, away, eve, false},
		"an offer":                    {notice.AboutOffered, d, earlier, false},
		"a roster":                    {notice.AboutRosterChanged, d, eve, true},
		"a member's day":              {notice.AboutDayCancelled, d, eve, false},
		"by day":                      {notice.AboutReminder, d, noon, false},
	} {
		want := tc.now
		if tc.waits {
			want = night.End(tc.now)
		}
		e := notice.Entry{Day: d.ID, About: tc.about, At: before}
		if got := e.UntilDay(night, tc.day, tc.now); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestNobodyIsToldOfADayThatIsOver: whatever the entry, the day and the booking.
func TestNobodyIsToldOfADayThatIsOver(t *testing.T) {
	t.Parallel()
	abouts := []string{
		notice.AboutReminder, notice.AboutCancelled, notice.AboutMoved, notice.AboutOffered, notice.AboutChanged, notice.AboutDuty,
		notice.AboutSwapAsked, notice.AboutSwapExpired, notice.AboutDayCancelled, notice.AboutDayMoved, notice.AboutRosterChanged, notice.AboutHole,
	}
	states := []reception.State{reception.Draft, reception.Published, reception.Held, reception.Closed, reception.Cancelled}
	rapid.Check(t, func(t *rapid.T) {
		d, b := friday()
		d.State = rapid.SampledFrom(states).Draw(t, "state")
		b.State = rapid.SampledFrom([]reception.BookingState{reception.Booked, reception.Offered, reception.Waiting, reception.CalledOff}).Draw(t, "booking")
		e := visitorOf(rapid.SampledFrom(abouts).Draw(t, "about"))
		if rapid.Bool().Draw(t, "member") {
			e.Booking, e.Person, e.Member, e.Purpose = "", "", "a", notice.MemberDuty
		}
		now := d.End().Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "later")) * time.Second)
		if !e.StaleDay(d, &b, now) {
			t.Fatalf("%s is told at %s", e.About, now)
		}
	})
}
