package inbound_test

import (
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestVisitorsAnswerInTheChat: the text goes to the submission that waits for the visitor, whatever number it
// has, and to no other.
func TestVisitorsAnswerInTheChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "我要反映路灯不亮"); !strings.Contains(got, "扫一扫") {
		t.Errorf("who filed nothing is told %q", got)
	}
	idle := b.File(filer, b.Key(station.ForMember, "m01"))
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "村口那盏"); !strings.Contains(got, idle.Number) || !strings.Contains(got, "前写上编号") {
		t.Errorf("with nothing asked: %q", got)
	}
	first := b.FileAndAsk(filer)
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "在村口小卖部旁边"); !strings.Contains(got, "已补充到 "+first.Number) {
		t.Errorf("the answer is confirmed as %q", got)
	}
	if b.Messages(first.ID) != "在村口小卖部旁边" || b.Load(first.ID).State != casework.Accepted {
		t.Errorf("added %q, %s", b.Messages(first.ID), b.Load(first.ID).State)
	}
	first, second := b.FileAndAsk(filer), b.FileAndAsk(filer)
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "在学校门口"); !strings.Contains(got, first.Number) || !strings.Contains(got, second.Number) || strings.Contains(got, idle.Number) {
		t.Errorf("with two that wait: %q", got)
	}
	for _, words := range []string{"收到，谢谢", "[OK]", "怎么用"} {
		if got := b.ChatAnswer(desktest.PhoneOfFiler, words); !strings.Contains(got, "在等您补充") {
			t.Errorf("%q is answered %q", words, got)
		}
	}
	b.ChatAnswer(desktest.PhoneOfFiler, "编号"+wide(second.Number)+"：在学校门口")
	b.ChatAnswer(desktest.PhoneOfFiler, idle.Number+" 还是不亮")
	if got := b.Messages(first.ID) + "/" + b.Messages(second.ID) + "/" + b.Messages(idle.ID); got != "/在学校门口/还是不亮" {
		t.Errorf("added %q", got)
	}
	// Somebody else's number is none of theirs.
	others := b.FileAndAsk(b.Visitor("neighbour"))
	if got := b.ChatAnswer(desktest.PhoneOfFiler, others.Number+" 在桥头"); !strings.Contains(got, "没有找到") || b.Messages(others.ID) != "" {
		t.Errorf("another's: %q", got)
	}
	if b.ChatAnswer("never-seen", others.Number+" 在桥头"); b.Messages(others.ID) != "" {
		t.Error("a stranger wrote into it")
	}
}

// TestAProxyAnswersInTheChat: who handed a submission over and follows it helps to answer there too, and no more once
// that is ended.
func TestAProxyAnswersInTheChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor(desktest.PhoneOfFiler), b.Visitor("the-mother")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(child, mother, v.ID, false)
	b.Act(b.Member("m01"), v.ID, casework.Ask{Text: "在几楼？"})
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "三楼东户"); !strings.Contains(got, "已补充到 "+v.Number) || b.Messages(v.ID) != "三楼东户" {
		t.Errorf("%q, added %q", got, b.Messages(v.ID))
	}
	if last := b.Load(v.ID).Last(); !last.Proxy {
		t.Errorf("%+v", last)
	}
	if _, err := b.Handover.EndFollowing(t.Context(), mother, v.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.ChatAnswer(desktest.PhoneOfFiler, v.Number+" 四楼"); strings.Contains(got, "已补充") || b.Messages(v.ID) != "三楼东户" {
		t.Errorf("after the end: %q, added %q", got, b.Messages(v.ID))
	}
}

// TestVisitorsPhotoInTheChat goes to the one submission that waits.
func TestVisitorsPhotoInTheChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	b.ChatAnswer(desktest.PhoneOfFiler, "你好")
	b.ServeFile(desktest.JpegOf(t, 7))
	photo := record.InboundEvent{Kind: kit.EventImage, Media: "media-1"}
	if got := b.SendEvent(desktest.PhoneOfFiler, photo); !strings.Contains(got, "扫一扫") {
		t.Errorf("nothing waits: %q", got)
	}
	s := b.FileAndAsk(filer)
	if got := b.SendEvent(desktest.PhoneOfFiler, record.InboundEvent{Kind: kit.EventVoice}); !strings.Contains(got, "请输入文字") {
		t.Errorf("a voice is answered %q", got)
	}
	if got := b.SendEvent(desktest.PhoneOfFiler, photo); !strings.Contains(got, "已把照片补充到 "+s.Number) || b.Messages(s.ID) != "*" {
		t.Errorf("answered %q, added %q", got, b.Messages(s.ID))
	}
	one, two := b.FileAndAsk(filer), b.FileAndAsk(filer)
	b.ChatAnswer(desktest.PhoneOfFiler, "你好")
	if got := b.SendEvent(desktest.PhoneOfFiler, photo); !strings.Contains(got, "没有发出") || b.Messages(one.ID)+b.Messages(two.ID) != "" {
		t.Errorf("two wait: %q", got)
	}
}

// TestEmergencyInTheChat: anyone who writes it gets the numbers first, and the liaisons are alarmed if it
// belongs to a submission.
func TestEmergencyInTheChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, filer := b.Member("m01"), b.Visitor(desktest.PhoneOfFiler)
	first := func(who, words string) string {
		t.Helper()
		got := b.ChatAnswer(who, words)
		line, rest, _ := strings.Cut(got, "\n")
		for _, number := range []string{"110", "119", "120"} {
			if !strings.Contains(line, number) {
				t.Errorf("%s: the first line of %q is without %s", words, got, number)
			}
		}
		return rest
	}
	for _, who := range []string{"never-seen", desktest.PhoneOfFiler, desktest.PhoneOfM01} {
		first(who, "家里着火了，救命啊")
	}
	s := b.File(filer, b.Key(station.ForMember, "m01"))
	if got := first(desktest.PhoneOfFiler, "家里着火了，救命啊"); !strings.Contains(got, "已经提醒本站联络员") {
		t.Errorf("then: %q", got)
	}
	if now := b.Load(s.ID); !now.HasOpenDanger() || b.Messages(s.ID) != "家里着火了，救命啊" {
		t.Errorf("alarming %v, added %q", now.HasOpenDanger(), b.Messages(s.ID))
	}
	if b.Seen.Of("alarm", "") != 1 {
		t.Errorf("%d alarms", b.Seen.Of("alarm", ""))
	}
	// A member's cry for help is no answer to the visitor of the selected submission.
	s = b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	if got := first(desktest.PhoneOfM01, "有人持刀砍人，快来救人"); !strings.Contains(got, "没有作为答复") || b.Replies(s.ID) != "" || b.Load(s.ID).HasOpenDanger() {
		t.Errorf("a member's cry: %q, replied %q", got, b.Replies(s.ID))
	}
	first(desktest.PhoneOfM01, s.Number+" 对方持刀，已报警")
	if b.Replies(s.ID) != "对方持刀，已报警" || !b.Load(s.ID).HasOpenDanger() {
		t.Errorf("to a matter: %q, alarming %v", b.Replies(s.ID), b.Load(s.ID).HasOpenDanger())
	}
	// With two that could be meant it is asked which, after the numbers.
	b.FileAndAsk(filer)
	b.FileAndAsk(filer)
	if got := first(desktest.PhoneOfFiler, "煤气泄漏了"); !strings.Contains(got, "没有发出") {
		t.Errorf("with two that wait: %q", got)
	}
}

// TestMembersOwnMatter: a member who filed something answers a question about it.
func TestMembersOwnMatter(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m02")
	s := b.FileAndAsk(m)
	openid := desktest.OpenidOf(desktest.Here, access.Member, "m02")
	b.ChatAnswer(openid, "在桥头")
	if got := b.Messages(s.ID); got != "在桥头" {
		t.Errorf("added %q", got)
	}
	inHand := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m02"))
	b.Act(b.Member("m01"), s.ID, casework.Ask{Text: "哪座桥？"})
	if got := b.ChatAnswer(openid, "铁桥"); !strings.Contains(got, "不能确定") || b.Replies(inHand.ID) != "" {
		t.Errorf("with one in hand: %q", got)
	}
	b.ChatAnswer(openid, "#"+strings.Split(s.Number, "-")[1]+" 铁桥")
	if got := b.Messages(s.ID); got != "在桥头|铁桥" {
		t.Errorf("added %q", got)
	}
}
