package delivery_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// dayID is two days after every test begins.
const dayID = "20260724-r1"

// receptionDay is a published day on which m01 sits.
func receptionDay(b *desktest.Bundle) reception.Day {
	date := b.Clock.Now().In(station.Zone).AddDate(0, 0, 2).Format(time.DateOnly)
	return reception.Day{
		ID: dayID, Name: "委员接待日", Planned: date, Date: date, From: 9 * 60, To: 12 * 60, State: reception.Published,
		Target: station.Target{Kind: station.ForStation}, Terms: reception.Terms{Min: 1, Seats: 3, SlotMinutes: 60},
		Roster: []reception.Seat{{Member: "m01", State: reception.Planned}},
	}
}

// commitDay stores the day with its bookings, as they are now, and queues notices.
func commitDay(b *desktest.Bundle, d reception.Day, list []reception.Booking, entries ...notice.Entry) {
	b.T.Helper()
	var c record.DocumentChange
	for kind, body := range map[record.DocumentKind]any{record.DocumentDay: d, record.DocumentBookings: reception.Bookings{Last: len(list), List: list}} {
		w := record.Document{Kind: kind, ID: d.ID, At: d.Start().UnixMilli()}
		var err error
		if w.Body, err = json.Marshal(body); err != nil {
			b.T.Fatal(err)
		}
		old, err := b.Store.Documents(b.T.Context(), desktest.Here, kind, d.ID)
		if err != nil {
			b.T.Fatal(err)
		}
		if len(old) > 0 {
			w.Revision = old[0].Revision
		}
		c.Writes = append(c.Writes, w)
	}
	for _, e := range entries {
		e.ID, e.Day, e.At = desktest.Fresh(), d.ID, b.Clock.Now().UnixMilli()
		c.Notices = append(c.Notices, e)
	}
	if ok, err := b.Store.CommitDocuments(b.T.Context(), desktest.Here, c); err != nil || !ok {
		b.T.Fatal(ok, err)
	}
}

func booked(n int, person string) reception.Booking {
	return reception.Booking{
		ID: fmt.Sprintf("b%d", n), Number: fmt.Sprintf("A%03d", n), Slot: 10 * 60, Person: person, Persons: 1, State: reception.Booked,
	}
}

// toBooking is a notice about a booking.
func toBooking(x reception.Booking, about string) notice.Entry {
	return notice.Entry{Purpose: notice.VisitorBooking, Booking: x.ID, Person: x.Person, About: about}
}

func cancelled(d reception.Day) reception.Day {
	d.State, d.Reason = reception.Cancelled, "汛期"
	return d
}

// TestADayIsTold: by subscribe message to whoever booked and whoever sits, with the page of each.
func TestADayIsTold(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberDuty, 1)
	v := b.Visitor(desktest.PhoneOfFiler)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorBooking, 1)
	x := booked(12, v.Person)
	commitDay(b, cancelled(receptionDay(b)), []reception.Booking{x}, toBooking(x, notice.AboutCancelled),
		notice.Entry{Purpose: notice.MemberDuty, Member: "m01", About: notice.AboutDayCancelled})
	b.Deliver()
	got := b.NoticeOutcomes()
	slices.Sort(got)
	if !slices.Equal(got, []string{"member_duty member sent", "visitor_booking visitor sent"}) {
		t.Fatalf("%q", got)
	}
	for openid, page := range map[string]string{
		desktest.PhoneOfFiler: "pages/booking/index?id=" + desktest.Here + "." + dayID + ".b12", desktest.PhoneOfM01: "pages/duty/index?day=" + dayID,
	} {
		list := b.Emu.Messages(openid)
		if len(list) != 1 || list[0].Page != page {
			t.Errorf("%s got %+v", openid, list)
		}
	}
	b.WantUndelivered()
}

// TestSeveralDaysInOneMessage: who was put on three rosters gets one message.
func TestSeveralDaysInOneMessage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberDuty, 3)
	for i := range 3 {
		d := receptionDay(b)
		d.ID = fmt.Sprintf("2026072%d-r1", i)
		commitDay(b, d, nil, notice.Entry{Purpose: notice.MemberDuty, Member: "m01", About: notice.AboutRosterChanged})
	}
	b.Deliver()
	b.WantOutcomes("member_duty member sent", "member_duty member joined", "member_duty member joined")
	if list := b.Emu.Messages(desktest.PhoneOfM01); len(list) != 1 || list[0].Page != "pages/duty/index" {
		t.Errorf("%+v", list)
	}
}

// TestADayFallsBack: without a consent the chat is tried, then a text, then the liaison is asked.
func TestADayFallsBack(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	chatter, texter, silent := b.Visitor("chatter"), webVisitor(b), b.Visitor("silent")
	b.ChatAnswer("chatter", "你好")
	list := []reception.Booking{booked(1, chatter.Person), booked(2, texter.Person), booked(3, silent.Person)}
	list[1].Phone = desktest.Must1(b.Parts.Sealer.Seal(phoneOfWebVisitor, notice.BookingSeal(desktest.Here, "b2")))(t)
	entries := []notice.Entry{{Purpose: notice.MemberDuty, Member: "m01", About: notice.AboutDayCancelled}}
	for _, x := range list {
		entries = append(entries, toBooking(x, notice.AboutCancelled))
	}
	commitDay(b, cancelled(receptionDay(b)), list, entries...)
	b.Deliver()
	said := b.ChatTexts("chatter")
	for _, want := range []string{"您预约的接待取消了", "号码：A001", "取消：汛期"} {
		if last := said[len(said)-1]; !strings.Contains(last, want) {
			t.Errorf("%q lacks %q", last, want)
		}
	}
	texts := notices(b)
	if len(texts) != 1 || !strings.Contains(texts[0], "号码A002") || strings.Contains(texts[0], "汛期") || !strings.Contains(texts[0], "/m/pages/booking/index?id="+desktest.Here+"."+dayID+".b2") {
		t.Errorf("sent %q", texts)
	}
	got := map[string]string{}
	for _, u := range b.UndeliveredHere() {
		number := ""
		if u.Day.Booking != nil {
			number = u.Day.Booking.Number
		}
		got[u.Name+number] = u.Why
		if u.Day.ID != dayID || u.Day.State != reception.Cancelled || u.View.ID != "" {
			t.Errorf("listed %+v", u)
		}
	}
	if len(got) != 2 || !strings.Contains(got["陈一"], "电话告知") || !strings.Contains(got["A003"], "没有留电话") {
		t.Errorf("listed %q", got)
	}
}

// TestAnObsoleteDay: a day that is over is not told of, and nobody stays listed for it; neither is a reminder worth a call.
func TestAnObsoleteDay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	d, x := receptionDay(b), booked(1, b.Visitor("somebody").Person)
	commitDay(b, d, []reception.Booking{x}, toBooking(x, notice.AboutReminder), toBooking(x, notice.AboutCancelled))
	b.Deliver()
	b.WantUndelivered() // nothing is cancelled
	b.WantOutcomeCounts(map[string]int{"visitor_booking visitor no_consent": 1, "visitor_booking visitor moot": 1})
	commitDay(b, cancelled(d), []reception.Booking{x}, toBooking(x, notice.AboutCancelled))
	b.Deliver()
	b.WantUndelivered("visitor visitor_booking: 没有留电话")
	b.Clock.Set(d.End())
	if _, err := b.Delivery.ExpireUndelivered(t.Context(), desktest.Here); err != nil {
		t.Fatal(err)
	}
	b.WantUndelivered()
	commitDay(b, cancelled(d), []reception.Booking{x}, toBooking(x, notice.AboutCancelled), notice.Entry{Purpose: notice.MemberDuty, Member: "m01", About: notice.AboutDayCancelled})
	b.Deliver()
	b.WantOutcomeCounts(map[string]int{
		"visitor_booking visitor no_consent": 2, "visitor_booking visitor moot": 2, "member_duty member moot": 1,
	})
	b.WantUndelivered()
}

// TestOpeningTheDayClearsTheList: of whoever opens it, and of nobody else. The liaison ticks off the rest.
func TestOpeningTheDayClearsTheList(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, second, m := b.Visitor("first"), b.Visitor("second"), b.Member("m01")
	list := []reception.Booking{booked(1, first.Person), booked(2, second.Person)}
	commitDay(b, cancelled(receptionDay(b)), list, toBooking(list[0], notice.AboutCancelled), toBooking(list[1], notice.AboutCancelled),
		notice.Entry{Purpose: notice.MemberDuty, Member: "m01", About: notice.AboutDayCancelled})
	b.Deliver()
	listed := func(want int) {
		t.Helper()
		if n := len(b.UndeliveredHere()); n != want {
			t.Errorf("%d are listed, want %d", n, want)
		}
	}
	listed(3)
	for _, c := range []access.Caller{b.Visitor("other"), b.Member("m02"), b.Liaison()} {
		b.Delivery.ClearUndeliveredDay(t.Context(), c, desktest.Here, dayID)
	}
	listed(3)
	b.Delivery.ClearUndeliveredDay(t.Context(), first, desktest.Here, dayID)
	listed(2)
	b.Delivery.ClearUndeliveredDay(t.Context(), m, desktest.Here, dayID)
	listed(1)
	ofDay := desktest.Must1(b.Overview.UndeliveredOf(t.Context(), b.Liaison(), nil, []string{dayID}))(t).Items
	if len(ofDay) != 1 || ofDay[0].Day.Booking.Number != "A002" {
		t.Fatalf("of the day: %+v", ofDay)
	}
	if err := b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), ofDay[0].ID, "当面说了"); err != nil {
		t.Fatal(err)
	}
	listed(0)
}

// TestADayThatFailsLater: the platform took the message and did not deliver it.
func TestADayThatFailsLater(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor(desktest.PhoneOfFiler)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorBooking, 2)
	if err := b.Store.Visit(t.Context(), v.Person, desktest.Here); err != nil { // as booking does
		t.Fatal(err)
	}
	x, d := booked(1, v.Person), receptionDay(b)
	commitDay(b, cancelled(d), []reception.Booking{x}, toBooking(x, notice.AboutCancelled))
	b.Deliver()
	b.WantOutcomes("visitor_booking visitor sent")
	lines, err := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:told", "-", "+").Result()
	if err != nil {
		t.Fatal(err)
	}
	msg := fmt.Sprint(lines[0].Values["w"])
	failed := func(openid string) {
		b.PushEvents(record.InboundEvent{ID: desktest.Fresh(), Kind: kit.EventSent, OpenID: openid, MsgID: msg, ErrorCode: 3})
	}
	b.Visitor("somebody")
	failed("somebody")
	b.WantUndelivered()
	failed(desktest.PhoneOfFiler)
	b.WantUndelivered("visitor visitor_booking: 没有留电话")
}

// TestNobodyComesInVain: after a day is cancelled or moved every party that had booked is told, or the liaison is to tell
// them, whoever they are and whatever they allowed.
func TestNobodyComesInVain(t *testing.T) {
	t.Parallel()
	for _, about := range []string{notice.AboutCancelled, notice.AboutMoved} {
		b := desktest.Setup(t)
		var list []reception.Booking
		var entries []notice.Entry
		for i := range 24 {
			person := ""
			switch openid := fmt.Sprintf("party-%d", i); i % 4 {
			case 0: // without an account
			case 1:
				person = b.Visitor(openid).Person
			case 2:
				person = b.Visitor(openid).Person
				b.Consent(openid, notice.VisitorBooking, 1)
			default:
				person = b.Visitor(openid).Person
				b.ChatAnswer(openid, "你好")
			}
			x := booked(i, person)
			list, entries = append(list, x), append(entries, toBooking(x, about))
		}
		d := receptionDay(b)
		if about == notice.AboutCancelled {
			d = cancelled(d)
		} else {
			d.Postponed = []reception.Postponed{{From: d.Date, Reason: "汛期", At: b.Clock.Now().UnixMilli()}}
			d.Date = b.Clock.Now().In(station.Zone).AddDate(0, 0, 9).Format(time.DateOnly)
		}
		commitDay(b, d, list, entries...)
		b.Deliver()
		told := 0
		for _, o := range b.NoticeOutcomes() {
			if strings.HasSuffix(o, " sent") || strings.HasSuffix(o, " sent_by_chat") {
				told++
			}
		}
		listed := len(b.UndeliveredHere())
		if told != 12 || listed != 12 || b.PendingNotices() != 0 {
			t.Errorf("%s: %d are told and %d listed of %d", about, told, listed, len(list))
		}
	}
}
