package desk_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// several files matters for m01, an hour apart.
func (b *bundle) several(n int) []matters.View {
	b.t.Helper()
	b.member("m01")
	var list []matters.View
	for range n {
		list = append(list, b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01")))
		b.clock.Advance(time.Minute)
	}
	return list
}

// counted says how often each outcome was written down.
func (b *bundle) counted(want map[string]int) {
	b.t.Helper()
	got := map[string]int{}
	for _, line := range b.told() {
		got[line]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("outcomes %v, want %v", got, want)
	}
}

// TestOneConsentForThree: the first due is named, the others are counted, and the
// message leads to where all are.
func TestOneConsentForThree(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.consent(phoneOfM01, notice.MemberNew, 1)
	list := b.several(3)
	b.deliver()
	b.counted(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 2})
	got := b.emu.Messages(phoneOfM01)
	if len(got) != 1 || got[0].Page != "pages/inbox/index" || got[0].Data["character_string1"].Value != list[0].Number ||
		!strings.HasPrefix(got[0].Data["thing2"].Value, "（另有2件）") {
		t.Fatalf("%+v", got)
	}
	if b.waiting() != 0 || b.consents(phoneOfM01, notice.MemberNew) != 0 || b.seen.of("notice", "joined") != 2 {
		t.Errorf("%d wait, observed %v", b.waiting(), b.seen.n)
	}
	b.wantUntold()
}

// TestManyGivenAtOnceAreOneMessage: however many consents there are, and when
// nobody knows how many; and a hundred given by the console in one go.
func TestManyGivenAtOnceAreOneMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.consent(phoneOfM01, notice.MemberNew, 2)
	b.several(2)
	b.deliver()
	b.counted(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 1})
	if n := b.consents(phoneOfM01, notice.MemberNew); n != 1 {
		t.Errorf("%d consents are left", n)
	}
	unknown := setup(t)
	unknown.member("m01")
	if err := unknown.emu.GrantQuietly(t.Context(), phoneOfM01, template(notice.MemberNew), 5); err != nil {
		t.Fatal(err)
	}
	unknown.several(2)
	unknown.deliver()
	unknown.counted(map[string]int{memberNewTold + "sent": 1, memberNewTold + "joined": 1})

	bulk := setup(t)
	bulk.member("m04")
	bulk.consent(openidOf(here, access.Member, "m04"), notice.MemberNew, 50)
	var seen []matters.Seen
	for range 40 {
		s := bulk.file(bulk.visitor(phoneOfFiler), bulk.key(station.ForMember, "m01"))
		seen = append(seen, matters.Seen{ID: s.ID, Version: s.Version})
	}
	if _, err := bulk.Matters.AssignMany(t.Context(), bulk.liaison(), seen[:20], "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	bulk.deliver() // in the middle of the work
	if got := bulk.emu.Messages(openidOf(here, access.Member, "m04")); len(got) != 0 {
		t.Errorf("%d messages before all were given", len(got))
	}
	if _, err := bulk.Matters.AssignMany(t.Context(), bulk.liaison(), seen[20:], "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	bulk.settled()
	got := bulk.emu.Messages(openidOf(here, access.Member, "m04"))
	if len(got) != 1 || !strings.HasPrefix(got[0].Data["thing2"].Value, "（另有39件）") {
		t.Errorf("%d messages: %+v", len(got), got)
	}
	if n := bulk.consents(openidOf(here, access.Member, "m04"), notice.MemberNew); n != 49 {
		t.Errorf("%d consents are left", n)
	}
}

// TestASlowStoreMakesNoSecondMessage: what is given first waits for what is given
// last, however long the store takes.
func TestASlowStoreMakesNoSecondMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m04")
	b.consent(openidOf(here, access.Member, "m04"), notice.MemberNew, 50)
	var seen []matters.Seen
	for range 40 {
		s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
		seen = append(seen, matters.Seen{ID: s.ID, Version: s.Version})
	}
	given := 0
	b.seen.each = func(event string) {
		if event != "act" {
			return
		}
		b.clock.Advance(250 * time.Millisecond)
		if given++; given == 30 {
			b.deliver()
		}
	}
	if _, err := b.Matters.AssignMany(t.Context(), b.liaison(), seen, "m04", "集中办理", ""); err != nil {
		t.Fatal(err)
	}
	b.seen.each = nil
	b.settled()
	got := b.emu.Messages(openidOf(here, access.Member, "m04"))
	if len(got) != 1 || !strings.HasPrefix(got[0].Data["thing2"].Value, "（另有39件）") {
		t.Errorf("%d messages: %+v", len(got), got)
	}
}

// TestWhatTheInboxDoesNotShowIsNotJoined: its message has to lead to it.
func TestWhatTheInboxDoesNotShowIsNotJoined(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, v := b.member("m01"), b.visitor(phoneOfFiler)
	list := b.several(2)
	b.deliver()
	b.act(m, list[0].ID, access.Reply, text("已报修"))
	b.deliver()
	b.consent(phoneOfM01, notice.MemberMessage, 1)
	b.act(v, list[0].ID, access.Withdraw)
	b.act(v, list[1].ID, access.Message, text("还有一盏"))
	b.deliver()
	if s, n := b.seen.of("notice", "joined"), len(b.emu.Messages(phoneOfM01)); s != 0 || n != 1 {
		t.Errorf("%d joined, %d arrived, told %v", s, n, b.told())
	}
}

// TestTheLeadDoesNotGo: a count that was wrong, a lost answer. The others are as
// they were before.
func TestTheLeadDoesNotGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	if err := b.Delivery.Subscribe(t.Context(), b.member("m01"), []delivery.Grant{{Template: template(notice.MemberNew), Accepted: true}}); err != nil {
		t.Fatal(err)
	}
	b.several(3)
	b.deliver()
	b.counted(map[string]int{memberNewTold + "no_consent": 3})
	if n := b.line.calls(sendPath); n != 1 || len(b.untoldHere()) != 3 {
		t.Errorf("%d calls, listed %+v", n, b.untoldHere())
	}

	lost := setup(t)
	lost.consent(phoneOfM01, notice.MemberNew, 1)
	lost.several(3)
	if err := lost.emu.SetFaults(emulator.Fault{Path: sendPath, Kind: emulator.FaultCutAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		lost.deliver()
		lost.clock.Advance(time.Minute)
	}
	// The one whose message arrived is not known to have; the others were not told.
	lost.counted(map[string]int{memberNewTold + "no_consent": 3})
	if n := len(lost.emu.Messages(phoneOfM01)); n != 1 || lost.waiting() != 0 || len(lost.untoldHere()) != 3 {
		t.Errorf("%d arrived, %d wait, listed %+v", n, lost.waiting(), lost.untoldHere())
	}
}

// TestAllOfAMessageThatFailedLater are listed.
func TestAllOfAMessageThatFailedLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.consent(phoneOfM01, notice.MemberNew, 1)
	b.several(3)
	b.deliver()
	lines, err := b.server.Client(t).XRange(t.Context(), "{"+here+"}:told", "-", "+").Result()
	if err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	id, _ := lines[0].Values["w"].(string)
	b.arrive(record.Arrival{ID: fresh(), Kind: kit.ArrivedSent, OpenID: phoneOfM01, MsgID: id, ErrorCode: 3})
	if id == "" || len(b.untoldHere()) != 3 {
		t.Errorf("message %q, listed %+v", id, b.untoldHere())
	}
}

// TestJoinedInAStorm has two processes tell of 400 matters with 40 consents
// through a faulty platform: each has one outcome, and of whatever was joined the
// phone was told that there is more.
func TestJoinedInAStorm(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.Workers = 4 })
	const rounds, each = 40, 10
	b.several(each)
	b.settled()
	before, held := b.outcomes(), b.inHand("m01")
	if err := b.emu.SetFaults(storm...); err != nil {
		t.Fatal(err)
	}
	desks := []*desk.Desk{b.Desk, b.another(func(p *desk.Parts) { p.Platform = platform{b.stormClient()} })}
	for round := range rounds {
		b.consent(phoneOfM01, notice.MemberMessage, 1)
		for _, s := range held {
			e := notice.Entry{
				ID: fmt.Sprintf("storm-%d-%s", round, s), Submission: s, Purpose: notice.MemberMessage, Member: "m01",
				Version: 1, At: b.clock.Now().UnixMilli(),
			}
			if err := b.store.Tell(t.Context(), here, e, b.clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				if _, err := d.Delivery.Deliver(t.Context(), here); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		b.clock.Advance(2 * time.Minute)
	}
	b.settled()
	after, total := b.outcomes(), 0
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
	for _, m := range b.emu.Messages(phoneOfM01) {
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

// settled delivers until nothing waits, not even for its turn.
func (b *bundle) settled() {
	b.t.Helper()
	for b.waiting() > 0 {
		b.deliver()
		b.clock.Advance(b.nextDue())
	}
}

// inHand are the ids of what the member's inbox holds.
func (b *bundle) inHand(id string) []string {
	b.t.Helper()
	p, err := b.Matters.Inbox(b.t.Context(), b.member(id), matters.Filter{}, "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []string
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

// untoldHere is the station's list of the untold.
func (b *bundle) untoldHere() []overview.Untold {
	b.t.Helper()
	p, err := b.Overview.UntoldList(b.t.Context(), b.liaison(), "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Items
}
