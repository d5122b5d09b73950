package reception_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	deskreception "mashang/desk/reception"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// linked makes a link and returns its station and token.
func linked(t *testing.T, b *desktest.Bundle, c access.Caller) (st, token string) {
	t.Helper()
	state, link, err := b.Reception.Feeds.Make(t.Context(), c)
	if err != nil || !state.On {
		t.Fatalf("%+v, %v", state, err)
	}
	rest, ok1 := strings.CutPrefix(link, "https://q.example.cn/calendar/")
	rest, ok2 := strings.CutSuffix(rest, ".ics")
	st, token, ok3 := strings.Cut(rest, "/")
	if !ok1 || !ok2 || !ok3 || len(token) < 32 {
		t.Fatalf("%q", link)
	}
	return st, token
}

// read returns the calendar without the folds of its lines.
func read(t *testing.T, b *desktest.Bundle, st, token string) string {
	t.Helper()
	out := desktest.Must1(b.Reception.Feeds.Read(t.Context(), st, token))(t)
	return strings.ReplaceAll(string(out), "\r\n ", "")
}

// dead fails the test if a link still leads somewhere.
func dead(t *testing.T, b *desktest.Bundle, what, st, token string) {
	t.Helper()
	if _, err := b.Reception.Feeds.Read(t.Context(), st, token); !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: %v", what, err)
	}
}

const uid = "UID:" + friday + ".%s@lj.mashang\r\n"

// TestASwapMovesTheEvent from one member's calendar to the other's.
func TestASwapMovesTheEvent(t *testing.T) {
	t.Parallel()
	b := court(t)
	d := published(t, b)
	desktest.Must1(b.Reception.SetOutline(t.Context(), b.Liaison(), friday, d.Version, reception.Outline{Theme: "物业, 停车; 充电"}))(t)
	desktest.Must1(b.Reception.Book(t.Context(), b.Visitor("villager"), "book-0001", desktest.Here, friday, deskreception.Party{
		Slot: 9 * 60, Persons: 3, Words: "宅基地", Name: "王大爷", Phone: "13900000001",
	}))(t)
	m1, m2 := b.Member("m01"), b.Member("m02")
	st, gives := linked(t, b, m1)
	_, takes := linked(t, b, m2)
	text := read(t, b, st, gives)
	for _, want := range []string{
		fmt.Sprintf(uid, "m01"), "SEQUENCE:3\r\n", "DTSTART;TZID=Asia/Shanghai:20260724T090000\r\nDTEND;TZID=Asia/Shanghai:20260724T120000\r\n",
		"SUMMARY:接待日：物业\\, 停车\\; 充电\r\n", "STATUS:CONFIRMED\r\n", "DESCRIPTION:预约 1 批 3 人\r\n", "DTSTAMP:20260722T040000Z\r\n",
		"URL:https://q.example.cn/m/pages/duty/index\r\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, secret := range []string{"宅基地", "王大爷", "13900000001", "0001\r\n"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q of a visitor in\n%s", secret, text)
		}
	}
	if strings.Contains(read(t, b, st, takes), friday) {
		t.Error("the day stands with somebody who does not sit")
	}
	v := desktest.Must1(b.Reception.AskSwap(t.Context(), m1, "swap-0001", friday, deskreception.AskedSwap{To: "m02", Reason: "生病"}))(t)
	desktest.Must1(b.Reception.Agree(t.Context(), m2, friday, v.Swaps[0].ID))(t)
	if !strings.Contains(read(t, b, st, gives), friday) {
		t.Error("a swap that is not approved moved the day")
	}
	desktest.Must1(b.Reception.Approve(t.Context(), b.Liaison(), friday, v.Swaps[0].ID, ""))(t)
	if strings.Contains(read(t, b, st, gives), friday) || !strings.Contains(read(t, b, st, takes), fmt.Sprintf(uid, "m02")) {
		t.Error("the approved swap did not move the day")
	}
}

// TestAMovedDayAndACancelledOne keep their event: the one raises its sequence, the other says why.
func TestAMovedDayAndACancelledOne(t *testing.T) {
	t.Parallel()
	b := court(t)
	d := published(t, b)
	st, token := linked(t, b, b.Member("m01"))
	b.Clock.Advance(time.Hour)
	d = desktest.Must1(b.Reception.Postpone(t.Context(), b.Liaison(), friday, d.Version, "2026-07-25", 14*60, 17*60, "开会"))(t)
	text := read(t, b, st, token)
	for _, want := range []string{fmt.Sprintf(uid, "m01"), "SEQUENCE:3\r\n", "TZID=Asia/Shanghai:20260725T140000\r\n", "LAST-MODIFIED:20260722T050000Z\r\n", "原定 2026-07-24，已改期：开会"} {
		if !strings.Contains(text, want) {
			t.Errorf("moved: no %q in\n%s", want, text)
		}
	}
	desktest.Must1(b.Reception.Cancel(t.Context(), b.Liaison(), friday, d.Version, "停电"))(t)
	text = read(t, b, st, token)
	for _, want := range []string{fmt.Sprintf(uid, "m01"), "SEQUENCE:4\r\n", "SUMMARY:已取消：", "STATUS:CANCELLED\r\n", "DESCRIPTION:取消原因：停电\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("cancelled: no %q in\n%s", want, text)
		}
	}
}

// TestTheCalendarHasWeeklyDuty four weeks back and eight ahead, without what a published day replaces. A draft is duty
// alone, as the list of duty has it.
func TestTheCalendarHasWeeklyDuty(t *testing.T) {
	t.Parallel()
	b := court(t)
	st, token := linked(t, b, b.Member("m03"))
	text := read(t, b, st, token)
	if n := strings.Count(text, "SUMMARY:值班："); n != 13 || strings.Contains(text, "接待日：") || strings.Contains(text, "-j01") {
		t.Errorf("%d turns in\n%s", n, text)
	}
	for _, want := range []string{"TZID=Asia/Shanghai:20260624T110000", "TZID=Asia/Shanghai:20260916T110000"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	// A day of the station at that hour, on which the member does not sit, takes the slot away.
	n := desktest.Must1(b.Reception.AddDay(t.Context(), b.Liaison(), "day-0001", deskreception.NewDay{
		Name: "法律咨询", Date: "2026-07-29", Target: station.Target{Kind: station.ForStation}, From: 10 * 60, To: 12 * 60,
	}))(t)
	n = desktest.Must1(b.Reception.SetRoster(t.Context(), b.Liaison(), n.ID, n.Version, []string{"m01"}, ""))(t)
	_, other := linked(t, b, b.Member("m01"))
	if text := read(t, b, st, other); strings.Count(text, "BEGIN:VEVENT") != 1 || strings.Contains(text, "法律咨询") || !strings.Contains(text, "TZID=Asia/Shanghai:20260729T100000") {
		t.Errorf("a draft:\n%s", text)
	}
	desktest.Must1(b.Reception.Publish(t.Context(), b.Liaison(), n.ID, n.Version))(t)
	if text := read(t, b, st, token); strings.Count(text, "SUMMARY:值班：") != 12 || strings.Contains(text, "20260729T") {
		t.Errorf("replaced:\n%s", text)
	}
	if text := read(t, b, st, other); strings.Count(text, "BEGIN:VEVENT") != 1 || !strings.Contains(text, "SUMMARY:接待日：法律咨询\r\n") {
		t.Errorf("m01:\n%s", text)
	}
}

// TestTheStationsCalendar: staff see all published days.
func TestTheStationsCalendar(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	st, token := linked(t, b, b.Liaison())
	text := read(t, b, st, token)
	if strings.Count(text, "BEGIN:VEVENT") != 1 || !strings.Contains(text, "UID:"+friday+"@lj.mashang\r\n") {
		t.Errorf("%s", text)
	}
}

// TestALinkEnds: by another one, by its owner, with the binding, with the place in the roster, with the person. Nothing
// of it is stored but a hash, and nobody else has one.
func TestALinkEnds(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	m1, m3 := b.Member("m01"), b.Member("m03")
	st, first := linked(t, b, m1)
	_, second := linked(t, b, m1)
	dead(t, b, "replaced", st, first)
	read(t, b, st, second)
	for what, x := range map[string][2]string{
		"another station's": {desktest.There, second}, "no station's": {"nowhere", second}, "no name of one": {"{站}", second}, "no token": {st, ""}, "a token cut short": {st, second[:len(second)-1]},
		"its id alone": {st, strings.Split(second, "-")[0] + "-"}, "another id": {st, "0123456789abcdef01234567-" + strings.Split(second, "-")[1]}, "signs": {st, "../x-{}"},
	} {
		dead(t, b, what, x[0], x[1])
	}
	stored := desktest.Must1(b.Server.Client(t).HGetAll(t.Context(), "{"+st+"}:d:feed").Result())(t)
	if len(stored) != 1 || strings.Contains(fmt.Sprint(stored), strings.Split(second, "-")[1]) {
		t.Errorf("%d stored", len(stored))
	}
	b.Clock.Advance(24 * time.Hour)
	read(t, b, st, second)
	state := desktest.Must1(b.Reception.Feeds.State(t.Context(), m1))(t)
	if !state.On || !state.Since.Equal(desktest.Start) || state.Asked != "2026-07-23" {
		t.Errorf("%+v", state)
	}
	if state := desktest.Must1(b.Reception.Feeds.State(t.Context(), m3))(t); state.On {
		t.Errorf("another's: %+v", state)
	}
	for range 2 { // a repeated call does nothing
		if err := b.Reception.Feeds.End(t.Context(), m1); err != nil {
			t.Fatal(err)
		}
	}
	dead(t, b, "switched off", st, second)
	if state := desktest.Must1(b.Reception.Feeds.State(t.Context(), m1))(t); state.On || state.Asked != "" {
		t.Errorf("switched off: %+v", state)
	}

	_, unbound := linked(t, b, m1)
	if err := b.Identity.Unbind(t.Context(), b.Liaison(), access.Member, "m01"); err != nil {
		t.Fatal(err)
	}
	dead(t, b, "without the binding", st, unbound)
	if v := desktest.Must1(b.Server.Client(t).HGetAll(t.Context(), "{"+st+"}:d:feed").Result())(t); strings.Contains(fmt.Sprint(v), m1.Person) {
		t.Error("a link without its binding is kept, and would read again with the next one")
	}
	visitor := access.Caller{Person: m1.Person, Role: access.Visitor}
	if _, _, err := b.Reception.Feeds.Make(t.Context(), visitor); err == nil {
		t.Error("a visitor made a link")
	}
	if err := b.Privacy.Erase(t.Context(), visitor); err != nil {
		t.Fatal(err)
	}
	dead(t, b, "erased", st, unbound)
	if n := desktest.Must1(b.Server.Client(t).HLen(t.Context(), "{"+st+"}:d:feed").Result())(t); n != 0 {
		t.Errorf("%d feeds are left", n)
	}

	_, retired := linked(t, b, m3)
	desktest.Must1(b.Roster.RemoveEntry(t.Context(), b.Liaison(), station.TableMember, roster.Edit{Version: b.Stored().Version, ID: "m03"}))(t)
	dead(t, b, "out of the roster", st, retired)
}
