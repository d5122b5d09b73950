package desk_test

import (
	"testing"

	"mashang/desk/delivery"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// Without a consent for answers the answer goes by the template of progress, and
// an acceptance before it does not use up the last of those.
func TestAnotherTemplateStandsIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor(phoneOfFiler), b.member("m01")
	for _, p := range []notice.Purpose{notice.VisitorReply, notice.VisitorClosed} {
		b.consent(phoneOfFiler, p, 1)
		if err := b.emu.Withdraw(t.Context(), phoneOfFiler, template(p)); err != nil {
			t.Fatal(err)
		}
	}
	b.consent(phoneOfFiler, notice.VisitorProgress, 1)
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Accept)
	b.deliver()
	if got := b.emu.Messages(phoneOfFiler); len(got) != 0 || b.seen.of("notice", string(notice.Spared)) != 1 {
		t.Fatalf("told of the acceptance: %+v, %v", got, b.seen.n)
	}
	b.act(m, s.ID, access.Reply, text("今晚就修"))
	b.deliver()
	got := b.emu.Messages(phoneOfFiler)
	if len(got) != 1 || got[0].Template != template(notice.VisitorProgress) ||
		got[0].Data["phrase2"].Value != "已答复" || got[0].Data["thing4"].Value != "委员已经答复，点此查看" {
		t.Fatalf("the answer: %+v", got)
	}
	if n := b.consents(phoneOfFiler, notice.VisitorProgress); n != 0 {
		t.Errorf("%d left", n)
	}
}

// A count that was wrong is put right by the platform's 43101, and another
// template is tried in the same breath.
func TestAWrongCountCostsOneCall(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor(phoneOfFiler), b.member("m01")
	b.consent(phoneOfFiler, notice.VisitorReply, 3)
	b.consent(phoneOfFiler, notice.VisitorProgress, 3)
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.deliver()
	if err := b.emu.SetFaults(emulator.Fault{Path: sendPath, Kind: emulator.FaultErrcode, Code: 43101, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.act(m, s.ID, access.Reply, text("今晚就修"))
	before := b.line.calls(sendPath)
	b.deliver()
	got := b.emu.Messages(phoneOfFiler)
	if len(got) != 1 || got[0].Template != template(notice.VisitorProgress) || b.line.calls(sendPath)-before != 2 {
		t.Fatalf("%d calls, told %+v", b.line.calls(sendPath)-before, got)
	}
	if n := b.consents(phoneOfFiler, notice.VisitorReply); n != 0 {
		t.Errorf("%d left of what the platform says is used up", n)
	}
}

// Counts that are wrong of everything cost two calls, not one for each template.
func TestNoThirdTemplate(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	var grants []delivery.Grant
	for _, p := range []notice.Purpose{notice.MemberNew, notice.MemberMessage, notice.MemberUrge} {
		grants = append(grants, delivery.Grant{Template: template(p), Accepted: true})
	}
	if err := b.Delivery.Subscribe(t.Context(), b.member("m01"), grants); err != nil {
		t.Fatal(err)
	}
	b.deliver()
	if n := b.line.calls(sendPath); n != 2 {
		t.Errorf("%d calls", n)
	}
	if n := b.consents(phoneOfM01, notice.MemberUrge); n != 1 {
		t.Errorf("%d left of the third", n)
	}
}
