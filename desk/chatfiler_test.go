package desk_test

import (
	"strings"
	"testing"

	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

// messages are what the filer added to a matter, in order.
func (b *bundle) messages(id string) string {
	b.t.Helper()
	var list []string
	for _, e := range b.load(id).Thread {
		if e.What == casework.Message {
			list = append(list, e.Text+strings.Repeat("*", len(e.Photos)))
		}
	}
	return strings.Join(list, "|")
}

// asked is a matter whose member has asked its filer something.
func (b *bundle) asked(filer access.Caller) matters.View {
	b.t.Helper()
	s := b.file(filer, b.key(station.ForMember, "m01"))
	b.act(b.member("m01"), s.ID, access.Ask, text("在哪个路口？"))
	return s
}

// TestVisitorsAnswerInTheChat: what they write goes to the matter that waits for
// them, whatever number it has, and to no other.
func TestVisitorsAnswerInTheChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	filer := b.visitor(phoneOfFiler)
	if got := b.says(phoneOfFiler, "我要反映路灯不亮"); !strings.Contains(got, "扫一扫") {
		t.Errorf("who filed nothing is told %q", got)
	}
	idle := b.file(filer, b.key(station.ForMember, "m01"))
	if got := b.says(phoneOfFiler, "村口那盏"); !strings.Contains(got, idle.Number) || !strings.Contains(got, "前写上编号") {
		t.Errorf("with nothing asked: %q", got)
	}
	first := b.asked(filer)
	if got := b.says(phoneOfFiler, "在村口小卖部旁边"); !strings.Contains(got, "已补充到 "+first.Number) {
		t.Errorf("the answer is confirmed as %q", got)
	}
	if b.messages(first.ID) != "在村口小卖部旁边" || b.load(first.ID).State != casework.Accepted {
		t.Errorf("added %q, %s", b.messages(first.ID), b.load(first.ID).State)
	}
	first, second := b.asked(filer), b.asked(filer)
	if got := b.says(phoneOfFiler, "在学校门口"); !strings.Contains(got, first.Number) || !strings.Contains(got, second.Number) || strings.Contains(got, idle.Number) {
		t.Errorf("with two that wait: %q", got)
	}
	for _, words := range []string{"收到，谢谢", "[OK]", "怎么用"} {
		if got := b.says(phoneOfFiler, words); !strings.Contains(got, "在等您补充") {
			t.Errorf("%q is answered %q", words, got)
		}
	}
	b.says(phoneOfFiler, "编号"+wide(second.Number)+"：在学校门口")
	b.says(phoneOfFiler, idle.Number+" 还是不亮")
	if got := b.messages(first.ID) + "/" + b.messages(second.ID) + "/" + b.messages(idle.ID); got != "/在学校门口/还是不亮" {
		t.Errorf("added %q", got)
	}
	// Somebody else's number is none of theirs.
	others := b.asked(b.visitor("neighbour"))
	if got := b.says(phoneOfFiler, others.Number+" 在桥头"); !strings.Contains(got, "没有找到") || b.messages(others.ID) != "" {
		t.Errorf("another's: %q", got)
	}
	if b.says("never-seen", others.Number+" 在桥头"); b.messages(others.ID) != "" {
		t.Error("a stranger wrote into it")
	}
}

// TestVisitorsPhotoInTheChat goes to the one matter that waits.
func TestVisitorsPhotoInTheChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	filer := b.visitor(phoneOfFiler)
	b.says(phoneOfFiler, "你好")
	b.keeps(jpegOf(t, 7))
	photo := record.Arrival{Kind: kit.ArrivedImage, Media: "media-1"}
	if got := b.sends(phoneOfFiler, photo); !strings.Contains(got, "扫一扫") {
		t.Errorf("nothing waits: %q", got)
	}
	s := b.asked(filer)
	if got := b.sends(phoneOfFiler, record.Arrival{Kind: kit.ArrivedVoice}); !strings.Contains(got, "请输入文字") {
		t.Errorf("a voice is answered %q", got)
	}
	if got := b.sends(phoneOfFiler, photo); !strings.Contains(got, "已把照片补充到 "+s.Number) || b.messages(s.ID) != "*" {
		t.Errorf("answered %q, added %q", got, b.messages(s.ID))
	}
	one, two := b.asked(filer), b.asked(filer)
	b.says(phoneOfFiler, "你好")
	if got := b.sends(phoneOfFiler, photo); !strings.Contains(got, "没有发出") || b.messages(one.ID)+b.messages(two.ID) != "" {
		t.Errorf("two wait: %q", got)
	}
}

// TestEmergencyInTheChat: whoever writes it is told the numbers first, and the
// station's liaisons are alarmed where it belongs to a matter.
func TestEmergencyInTheChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, filer := b.member("m01"), b.visitor(phoneOfFiler)
	first := func(who, words string) string {
		t.Helper()
		got := b.says(who, words)
		line, rest, _ := strings.Cut(got, "\n")
		for _, number := range []string{"110", "119", "120"} {
			if !strings.Contains(line, number) {
				t.Errorf("%s: the first line of %q is without %s", words, got, number)
			}
		}
		return rest
	}
	for _, who := range []string{"never-seen", phoneOfFiler, phoneOfM01} {
		first(who, "家里着火了，救命啊")
	}
	s := b.file(filer, b.key(station.ForMember, "m01"))
	if got := first(phoneOfFiler, "家里着火了，救命啊"); !strings.Contains(got, "已经提醒本站联络员") {
		t.Errorf("then: %q", got)
	}
	if now := b.load(s.ID); !now.Alarming() || b.messages(s.ID) != "家里着火了，救命啊" {
		t.Errorf("alarming %v, added %q", now.Alarming(), b.messages(s.ID))
	}
	if b.seen.of("alarm", "") != 1 {
		t.Errorf("%d alarms", b.seen.of("alarm", ""))
	}
	// A member's cry for help is no answer to the visitor of what they looked at.
	s = b.file(b.visitor("neighbour"), b.key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	if got := first(phoneOfM01, "有人持刀砍人，快来救人"); !strings.Contains(got, "没有作为答复") || b.replies(s.ID) != "" || b.load(s.ID).Alarming() {
		t.Errorf("a member's cry: %q, replied %q", got, b.replies(s.ID))
	}
	first(phoneOfM01, s.Number+" 对方持刀，已报警")
	if b.replies(s.ID) != "对方持刀，已报警" || !b.load(s.ID).Alarming() {
		t.Errorf("to a matter: %q, alarming %v", b.replies(s.ID), b.load(s.ID).Alarming())
	}
	// With two that could be meant it is asked which, after the numbers.
	b.asked(filer)
	b.asked(filer)
	if got := first(phoneOfFiler, "煤气泄漏了"); !strings.Contains(got, "没有发出") {
		t.Errorf("with two that wait: %q", got)
	}
}

// TestMembersOwnMatter: a member who filed something answers a question about it.
func TestMembersOwnMatter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m02")
	s := b.asked(m)
	openid := openidOf(here, access.Member, "m02")
	b.says(openid, "在桥头")
	if got := b.messages(s.ID); got != "在桥头" {
		t.Errorf("added %q", got)
	}
	inHand := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m02"))
	b.act(b.member("m01"), s.ID, access.Ask, text("哪座桥？"))
	if got := b.says(openid, "铁桥"); !strings.Contains(got, "不能确定") || b.replies(inHand.ID) != "" {
		t.Errorf("with one in hand: %q", got)
	}
	b.says(openid, "#"+strings.Split(s.Number, "-")[1]+" 铁桥")
	if got := b.messages(s.ID); got != "在桥头|铁桥" {
		t.Errorf("added %q", got)
	}
}
