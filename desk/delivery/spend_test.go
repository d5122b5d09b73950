package delivery_test

import (
	"testing"

	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// Without a consent for answers the answer goes by the template of progress, and
// an acceptance before it does not use up the last of those.
func TestAnotherTemplateStandsIn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor(desktest.PhoneOfFiler), b.Member("m01")
	for _, p := range []notice.Purpose{notice.VisitorReply, notice.VisitorClosed} {
		b.Consent(desktest.PhoneOfFiler, p, 1)
		if err := b.Emu.Withdraw(t.Context(), desktest.PhoneOfFiler, desktest.Template(p)); err != nil {
			t.Fatal(err)
		}
	}
	b.Consent(desktest.PhoneOfFiler, notice.VisitorProgress, 1)
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Accept{})
	b.Deliver()
	if got := b.Emu.Messages(desktest.PhoneOfFiler); len(got) != 0 || b.Seen.Of("notice", string(notice.ConsentReserved)) != 1 {
		t.Fatalf("told of the acceptance: %+v, %v", got, b.Seen.N)
	}
	b.Act(m, s.ID, casework.Reply{Text: "今晚就修"})
	b.Deliver()
	got := b.Emu.Messages(desktest.PhoneOfFiler)
	if len(got) != 1 || got[0].Template != desktest.Template(notice.VisitorProgress) ||
		got[0].Data["phrase2"].Value != "已答复" || got[0].Data["thing4"].Value != "委员已经答复，点此查看" {
		t.Fatalf("the answer: %+v", got)
	}
	if n := b.Consents(desktest.PhoneOfFiler, notice.VisitorProgress); n != 0 {
		t.Errorf("%d left", n)
	}
}

// A count that was wrong is put right by the platform's 43101, and another
// template is tried in the same breath.
func TestAWrongCountCostsOneCall(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor(desktest.PhoneOfFiler), b.Member("m01")
	b.Consent(desktest.PhoneOfFiler, notice.VisitorReply, 3)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorProgress, 3)
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Deliver()
	if err := b.Emu.SetFaults(emulator.Fault{Path: desktest.SendPath, Kind: emulator.FaultErrcode, Code: 43101, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.Act(m, s.ID, casework.Reply{Text: "今晚就修"})
	before := b.Line.Calls(desktest.SendPath)
	b.Deliver()
	got := b.Emu.Messages(desktest.PhoneOfFiler)
	if len(got) != 1 || got[0].Template != desktest.Template(notice.VisitorProgress) || b.Line.Calls(desktest.SendPath)-before != 2 {
		t.Fatalf("%d calls, told %+v", b.Line.Calls(desktest.SendPath)-before, got)
	}
	if n := b.Consents(desktest.PhoneOfFiler, notice.VisitorReply); n != 0 {
		t.Errorf("%d left of what the platform says is used up", n)
	}
}

// Counts that are wrong of everything cost two calls, not one for each template.
func TestNoThirdTemplate(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	var grants []delivery.Grant
	for _, p := range []notice.Purpose{notice.MemberNew, notice.MemberMessage, notice.MemberUrge} {
		grants = append(grants, delivery.Grant{Template: desktest.Template(p), Accepted: true})
	}
	if err := b.Delivery.Subscribe(t.Context(), b.Member("m01"), grants); err != nil {
		t.Fatal(err)
	}
	b.Deliver()
	if n := b.Line.Calls(desktest.SendPath); n != 2 {
		t.Errorf("%d calls", n)
	}
	if n := b.Consents(desktest.PhoneOfM01, notice.MemberUrge); n != 1 {
		t.Errorf("%d left of the third", n)
	}
}
