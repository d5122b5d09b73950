package delivery_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/cmd/mashang/adapt"
	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// TestOneConsentForThree: the first due is named, the others are counted, and the
// message leads to where all are.
func TestOneConsentForThree(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	list := b.Several(3)
	b.Deliver()
	b.WantOutcomeCounts(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 2})
	got := b.Emu.Messages(desktest.PhoneOfM01)
	if len(got) != 1 || got[0].Page != "pages/inbox/index" || got[0].Data["character_string1"].Value != list[0].Number ||
		!strings.HasPrefix(got[0].Data["thing2"].Value, "（另有2件）") {
		t.Fatalf("%+v", got)
	}
	if b.PendingNotices() != 0 || b.Consents(desktest.PhoneOfM01, notice.MemberNew) != 0 || b.Seen.Of("notice", "joined") != 2 {
		t.Errorf("%d wait, observed %v", b.PendingNotices(), b.Seen.N)
	}
	b.WantUndelivered()
}

// TestManyGivenAtOnceAreOneMessage: for any number of consents, an unknown number included, and for a hundred
// assigned at once.
func TestManyGivenAtOnceAreOneMessage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 2)
	b.Several(2)
	b.Deliver()
	b.WantOutcomeCounts(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 1})
	if n := b.Consents(desktest.PhoneOfM01, notice.MemberNew); n != 1 {
		t.Errorf("%d consents are left", n)
	}
	unknown := desktest.Setup(t)
	unknown.Member("m01")
	if err := unknown.Emu.GrantQuietly(t.Context(), desktest.PhoneOfM01, desktest.Template(notice.MemberNew), 5); err != nil {
		t.Fatal(err)
	}
	unknown.Several(2)
	unknown.Deliver()
	unknown.WantOutcomeCounts(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 1})

	bulk := desktest.Setup(t)
	bulk.Member("m04")
	bulk.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m04"), notice.MemberNew, 50)
	var seen []matters.SeenVersion
	for range 40 {
		s := bulk.File(bulk.Visitor(desktest.PhoneOfFiler), bulk.Key(station.ForMember, "m01"))
		seen = append(seen, matters.SeenVersion{ID: s.ID, Version: s.Version})
	}
	if _, err := bulk.Matters.AssignMany(t.Context(), bulk.Liaison(), seen[:20], "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	bulk.Deliver() // in the middle of the work
	if got := bulk.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m04")); len(got) != 0 {
		t.Errorf("%d messages before all were given", len(got))
	}
	if _, err := bulk.Matters.AssignMany(t.Context(), bulk.Liaison(), seen[20:], "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	bulk.DeliverAll()
	got := bulk.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m04"))
	if len(got) != 1 || !strings.HasPrefix(got[0].Data["thing2"].Value, "（另有39件）") {
		t.Errorf("%d messages: %+v", len(got), got)
	}
	if n := bulk.Consents(desktest.OpenidOf(desktest.Here, access.Member, "m04"), notice.MemberNew); n != 49 {
		t.Errorf("%d consents are left", n)
	}
}

// TestASlowStoreMakesNoSecondMessage: the notice of the first assignment waits for the last, however slow the
// store is.
func TestASlowStoreMakesNoSecondMessage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m04")
	b.Consent(desktest.OpenidOf(desktest.Here, access.Member, "m04"), notice.MemberNew, 50)
	var seen []matters.SeenVersion
	for range 40 {
		s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
		seen = append(seen, matters.SeenVersion{ID: s.ID, Version: s.Version})
	}
	given := 0
	b.Seen.Each = func(event string) {
		if event != "act" {
			return
		}
		b.Clock.Advance(250 * time.Millisecond)
		if given++; given == 30 {
			b.Deliver()
		}
	}
	if _, err := b.Matters.AssignMany(t.Context(), b.Liaison(), seen, "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	b.Seen.Each = nil
	b.DeliverAll()
	got := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, "m04"))
	if len(got) != 1 || !strings.HasPrefix(got[0].Data["thing2"].Value, "（另有39件）") {
		t.Errorf("%d messages: %+v", len(got), got)
	}
}

// TestWhatTheInboxDoesNotShowIsNotJoined: its message has to lead to it.
func TestWhatTheInboxDoesNotShowIsNotJoined(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, v := b.Member("m01"), b.Visitor(desktest.PhoneOfFiler)
	list := b.Several(2)
	b.Deliver()
	b.Act(m, list[0].ID, casework.Reply{Text: "已报修"})
	b.Deliver()
	b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 1)
	b.Act(v, list[0].ID, casework.Withdraw{})
	b.Act(v, list[1].ID, casework.Message{Text: "还有一盏"})
	b.Deliver()
	if s, n := b.Seen.Of("notice", "joined"), len(b.Emu.Messages(desktest.PhoneOfM01)); s != 0 || n != 1 {
		t.Errorf("%d joined, %d arrived, told %v", s, n, b.NoticeOutcomes())
	}
}

// TestTheLeadingNoticeFails: a count that was wrong, a lost answer. The others are as
// they were before.
func TestTheLeadingNoticeFails(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	if err := b.Delivery.Subscribe(t.Context(), b.Member("m01"), []delivery.Grant{{Template: desktest.Template(notice.MemberNew), Accepted: true}}); err != nil {
		t.Fatal(err)
	}
	b.Several(3)
	b.Deliver()
	b.WantOutcomeCounts(map[string]int{memberNewTold + "no_consent": 3})
	if n := b.Line.Calls(desktest.SendPath); n != 1 || len(b.UndeliveredHere()) != 3 {
		t.Errorf("%d calls, listed %+v", n, b.UndeliveredHere())
	}

	lost := desktest.Setup(t)
	lost.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	lost.Several(3)
	if err := lost.Emu.SetFaults(emulator.Fault{Path: desktest.SendPath, Kind: emulator.FaultCutAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		lost.Deliver()
		lost.Clock.Advance(time.Minute)
	}
	// It is not known that the leading message arrived; the others were not sent.
	lost.WantOutcomeCounts(map[string]int{memberNewTold + "no_consent": 3})
	if n := len(lost.Emu.Messages(desktest.PhoneOfM01)); n != 1 || lost.PendingNotices() != 0 || len(lost.UndeliveredHere()) != 3 {
		t.Errorf("%d arrived, %d wait, listed %+v", n, lost.PendingNotices(), lost.UndeliveredHere())
	}
}

// TestAllOfAMessageThatFailedLater are listed.
func TestAllOfAMessageThatFailedLater(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	b.Several(3)
	b.Deliver()
	lines, err := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:told", "-", "+").Result()
	if err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	id, _ := lines[0].Values["w"].(string)
	b.PushEvents(record.InboundEvent{ID: desktest.Fresh(), Kind: kit.EventSent, OpenID: desktest.PhoneOfM01, MsgID: id, ErrorCode: 3})
	if id == "" || len(b.UndeliveredHere()) != 3 {
		t.Errorf("message %q, listed %+v", id, b.UndeliveredHere())
	}
}

// TestJoinedDespiteFaults has two processes notify of 400 submissions with 40 consents through a faulty
// platform: each has one outcome, and a message that joins others says so.
func TestJoinedDespiteFaults(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.Workers = 4 })
	const rounds, each = 40, 10
	b.Several(each)
	b.DeliverAll()
	before, held := b.Outcomes(), b.InboxIDs("m01")
	if err := b.Emu.SetFaults(desktest.SendFaults...); err != nil {
		t.Fatal(err)
	}
	desks := []*desk.Desk{b.Desk, b.SecondDesk(func(p *desk.Parts) { p.Platform = adapt.Platform{Client: b.SecondClient()} })}
	for round := range rounds {
		b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 1)
		for _, s := range held {
			e := notice.Entry{
				ID: fmt.Sprintf("storm-%d-%s", round, s), Submission: s, Purpose: notice.MemberMessage, Member: "m01",
				Version: 1, At: b.Clock.Now().UnixMilli(),
			}
			if err := b.Store.EnqueueNotice(t.Context(), desktest.Here, e, b.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				if _, err := d.Delivery.Deliver(t.Context(), desktest.Here); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.Clock.Advance(2 * time.Minute)
	}
	b.DeliverAll()
	after, total := b.Outcomes(), 0
	for o, n := range after {
		if n -= before[o]; n > 0 && o != notice.Sent && o != notice.Joined && o != notice.NoConsent && o != notice.Unconfirmed {
			t.Errorf("%d ended as %s", n, o)
		}
		total += after[o] - before[o]
	}
	if total != rounds*each {
		t.Errorf("%d outcomes of %d: %v", total, rounds*each, after)
	}
	others := 0
	for _, m := range b.Emu.Messages(desktest.PhoneOfM01) {
		var n int
		if _, err := fmt.Sscanf(m.Data["thing4"].Value, "另有%d件", &n); err == nil {
			others += n
		}
	}
	if n := after[notice.Joined]; n == 0 || n > others {
		t.Errorf("%d joined, and the phone was told of %d", n, others)
	}
	t.Logf("%v, the phone was told of %d more", after, others)
}
