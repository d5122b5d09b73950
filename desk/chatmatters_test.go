package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestMemberIsAskedAboutTheirOwn: with a question about a matter of their own and
// one in hand that they looked at, nobody knows which they mean.
func TestMemberIsAskedAboutTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m02")
	openid := openidOf(here, access.Member, "m02")
	inHand := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m02"))
	own := b.asked(m)
	if _, err := b.Matters.Get(t.Context(), m, inHand.ID); err != nil {
		t.Fatal(err)
	}
	said := func() string { return b.replies(inHand.ID) + b.messages(own.ID) }
	b.keeps(jpegOf(t, 7))
	for _, got := range []string{b.says(openid, "铁桥"), b.sends(openid, record.Arrival{Kind: kit.ArrivedImage, Media: "media-1"})} {
		if !strings.Contains(got, "没有发出") || !strings.Contains(got, own.Number) || !strings.Contains(got, inHand.Number) || said() != "" {
			t.Errorf("answered %q, said %q", got, said())
		}
	}
	if got := b.sends(openid, record.Arrival{Kind: kit.ArrivedCard, Page: "pages/matter/index?id=" + inHand.ID}); !strings.Contains(got, "请在内容前写上编号") {
		t.Errorf("a card of the one in hand is answered %q", got)
	}
	b.says(openid, inHand.Number+" 已派人")
	b.says(openid, own.Number+" 铁桥")
	if b.replies(inHand.ID) != "已派人" || b.messages(own.ID) != "铁桥" {
		t.Errorf("said %q", said())
	}
	// Whoever comes by their own matter's button speaks of that.
	b.act(b.member("m01"), own.ID, access.Ask, text("哪一头？"))
	b.enters(openid, own.Number)
	b.says(openid, "东头")
	if got := b.sends(openid, record.Arrival{Kind: kit.ArrivedImage, Media: "media-1"}); !strings.Contains(got, "补充到 "+own.Number) || b.messages(own.ID) != "铁桥|东头|*" {
		t.Errorf("answered %q, said %q", got, said())
	}
}

// enters opens the chat by the contact button of a matter and returns what is said.
func (b *bundle) enters(openid, number string) string {
	b.t.Helper()
	before := len(b.chatted(openid))
	if err := b.emu.EnterFrom(b.t.Context(), openid, "pages/matter/index?id=x", number); err != nil {
		b.t.Fatal(err)
	}
	b.receive()
	return strings.Join(b.chatted(openid)[before:], "|")
}

// TestVisitorComesByAMattersButton: for half an hour what they write and send is
// for that matter, whichever waits for them.
func TestVisitorComesByAMattersButton(t *testing.T) {
	t.Parallel()
	b := setup(t)
	filer := b.visitor(phoneOfFiler)
	first := b.file(filer, b.key(station.ForMember, "m01"))
	waiting := b.asked(filer)
	third := b.file(filer, b.key(station.ForMember, "m01"))
	over := b.file(filer, b.key(station.ForMember, "m01"))
	b.act(b.member("m01"), over.ID, access.Reply, text("已修好"))
	b.act(b.member("m01"), over.ID, access.Close, closing(casework.Solved, "好了"))
	elsewhere := b.file(b.visitor("neighbour"), b.key(station.ForMember, "m01"))
	b.keeps(jpegOf(t, 7))
	photo := record.Arrival{Kind: kit.ArrivedImage, Media: "media-1"}

	if got := b.enters(phoneOfFiler, first.Number); !strings.Contains(got, "已选定 "+first.Number) || !strings.Contains(got, "补充到这一件") {
		t.Errorf("entering is answered %q", got)
	}
	b.says(phoneOfFiler, "还是不亮")
	b.sends(phoneOfFiler, photo)
	b.says(phoneOfFiler, waiting.Number+" 在桥头") // a number outranks it
	if got := b.messages(first.ID) + "/" + b.messages(waiting.ID); got != "还是不亮|*/在桥头" {
		t.Errorf("added %q", got)
	}
	b.act(b.member("m01"), waiting.ID, access.Ask, text("哪座桥？"))
	if got := b.sends(phoneOfFiler, record.Arrival{Kind: kit.ArrivedCard, Page: "pages/matter/index?id=" + third.ID}); !strings.Contains(got, "已选定 "+third.Number) {
		t.Errorf("a card is answered %q", got)
	}
	b.says(phoneOfFiler, "又灭了")
	if got := b.messages(third.ID) + "/" + b.messages(waiting.ID); got != "又灭了/在桥头" {
		t.Errorf("added %q", got)
	}
	// One that is over, or none of theirs, is not taken for the one that waits.
	for _, number := range []string{over.Number, elsewhere.Number} {
		b.enters(phoneOfFiler, number)
		for _, got := range []string{b.says(phoneOfFiler, "又坏了"), b.sends(phoneOfFiler, photo)} {
			if !strings.Contains(got, "没有发出") || b.messages(waiting.ID) != "在桥头" {
				t.Errorf("by %s: %q, added %q", number, got, b.messages(waiting.ID))
			}
		}
	}
	if got := b.sends(phoneOfFiler, record.Arrival{Kind: kit.ArrivedCard, Page: "pages/matter/index?id=" + elsewhere.ID}); !strings.Contains(got, "不是您") {
		t.Errorf("another's card is answered %q", got)
	}
	b.clock.Advance(31 * time.Minute)
	if b.says(phoneOfFiler, "铁桥"); b.messages(waiting.ID) != "在桥头|铁桥" {
		t.Errorf("after half an hour: added %q", b.messages(waiting.ID))
	}
}

// TestOneNumberByItsCard: of two matters with one number the card tells which.
func TestOneNumberByItsCard(t *testing.T) {
	t.Parallel()
	b := setup(t)
	filer := b.visitor(phoneOfFiler)
	first := b.file(filer, b.key(station.ForMember, "m01"))
	second := b.file(filer, b.keyIn(there, station.ForMember, "m01"))
	b.act(b.member("m01"), first.ID, access.Ask, text("在哪？"))
	if got := b.enters(phoneOfFiler, second.Number); !strings.Contains(got, "卡片") {
		t.Errorf("entering is answered %q", got)
	}
	if got := b.says(phoneOfFiler, "还在漏水"); !strings.Contains(got, "没有发出") {
		t.Errorf("without the card: %q", got)
	}
	b.sends(phoneOfFiler, record.Arrival{Kind: kit.ArrivedCard, Page: "pages/matter/index?id=" + second.ID})
	b.says(phoneOfFiler, "还在漏水")
	b.says(phoneOfFiler, second.Number+" 漏得更大")
	if got := b.messages(first.ID) + "/" + b.messages(second.ID); got != "/还在漏水|漏得更大" {
		t.Errorf("added %q", got)
	}
}

// TestTakingBackByNumber takes back the answer to that matter and no other.
func TestTakingBackByNumber(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"撤回N", "撤回 N", "N 撤回", "撤回 N 的答复", "0001 撤回", "#0001撤回", "撤回编号0001", "把0001的答复撤回", "第1件撤回", "撤回1", "发错了，撤回0001", "撤回零零零一", "取消0001", "撤回７月２２日第１件",
	} {
		b, named, opened := inHand(t)
		words = strings.ReplaceAll(words, "N", named.Number)
		b.says(phoneOfM01, named.Number+" 已联系电工")
		b.clock.Advance(time.Second)
		b.says(phoneOfM01, opened.Number+" 已通知业主")
		got := b.says(phoneOfM01, words)
		first, second := b.load(named.ID).Thread, b.load(opened.ID).Thread
		if strings.Contains(words, "月") { // is no word of taking back
			if second[0].TakenAt != 0 {
				t.Errorf("%q took back another's: %q", words, got)
			}
			continue
		}
		if first[0].TakenAt == 0 || second[0].TakenAt != 0 || !strings.Contains(got, "已撤回对 "+named.Number) {
			t.Errorf("%q is answered %q", words, got)
		}
		if got := b.says(phoneOfM01, words); !strings.Contains(got, "对 "+named.Number+" 没有可以撤回") || b.load(opened.ID).Thread[0].TakenAt != 0 {
			t.Errorf("%q again is answered %q", words, got)
		}
		if got := b.says(phoneOfM01, "撤回0099"); !strings.Contains(got, "没有撤回") || b.load(opened.ID).Thread[0].TakenAt != 0 {
			t.Errorf("a number that is none of theirs: %q", got)
		}
	}
}

// dies has a worker take what was sent up to the very end, and another do it again.
func (b *bundle) dies(a record.Arrival) {
	b.t.Helper()
	a.ID = fresh()
	if err := b.Inbound.Arrive(b.t.Context(), []record.Arrival{a}); err != nil {
		b.t.Fatal(err)
	}
	dying := b.another(func(p *desk.Parts) { p.Store = &broken{Store: b.store, finish: 1} })
	if _, err := dying.Inbound.Receive(b.t.Context()); err == nil {
		b.t.Fatal("it was to die")
	}
	b.clock.Advance(31 * time.Second)
	b.receive()
}

// TestTakingBackComesBack: what was worked on before takes back no second answer.
func TestTakingBackComesBack(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range []string{"撤回", named.Number + " 撤回"} {
		b.says(phoneOfM01, opened.Number+" 已通知业主")
		b.clock.Advance(time.Second)
		b.says(phoneOfM01, named.Number+" 已联系电工")
		b.dies(record.Arrival{OpenID: phoneOfM01, Kind: kit.ArrivedText, Text: words})
		for _, e := range append(b.load(named.ID).Thread, b.load(opened.ID).Thread...) {
			if e.What == casework.Reply && (e.TakenAt != 0) != (e.Text == "已联系电工") {
				t.Errorf("%q: taken back at %d: %q", words, e.TakenAt, e.Text)
			}
		}
		if lines := b.chatted(phoneOfM01); !strings.Contains(lines[len(lines)-1], "已撤回对 "+named.Number) {
			t.Errorf("%q is answered %q", words, lines[len(lines)-1])
		}
		b.clock.Advance(2 * time.Minute)
	}
}

// early is a store on which a process dies before it does anything.
type early struct{ desk.Store }

func (s *early) Lane(context.Context, string, time.Duration) (func(), bool, error) {
	return nil, false, errDied
}

// TestTakenBackIsNotSaid: the same words or photo after they were taken back are
// said, though the worker dies before that.
func TestTakenBackIsNotSaid(t *testing.T) {
	t.Parallel()
	b, _, opened := inHand(t)
	b.keeps(jpegOf(t, 7))
	for _, a := range []record.Arrival{
		{Kind: kit.ArrivedText, Text: "明天上午修"}, {Kind: kit.ArrivedImage, Media: "media-1"},
	} {
		b.sends(phoneOfM01, a)
		b.says(phoneOfM01, "撤回")
		b.clock.Advance(time.Second)
		a.ID, a.OpenID = fresh(), phoneOfM01
		if err := b.Inbound.Arrive(t.Context(), []record.Arrival{a}); err != nil {
			t.Fatal(err)
		}
		dying := b.another(func(p *desk.Parts) { p.Store = &early{b.store} })
		if _, err := dying.Inbound.Receive(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(time.Minute)
		b.receive()
		thread := b.load(opened.ID).Thread
		if last := thread[len(thread)-1]; last.What != casework.Reply || last.TakenAt != 0 {
			t.Errorf("%s: the last step is %+v", a.Kind, last)
		}
	}
}

// TestMeantTwice: words that were said before an arrival are meant again, though
// its worker dies.
func TestMeantTwice(t *testing.T) {
	t.Parallel()
	b, _, opened := inHand(t)
	b.says(phoneOfM01, "明天上午修")
	b.clock.Advance(time.Second)
	b.act(b.visitor(phoneOfFiler), opened.ID, access.Message, text("真的？"))
	b.clock.Advance(time.Second)
	b.dies(record.Arrival{OpenID: phoneOfM01, Kind: kit.ArrivedText, Text: "明天上午修"})
	if got := b.replies(opened.ID); got != "明天上午修|明天上午修" {
		t.Errorf("replied %q", got)
	}
	b.clock.Advance(time.Second)
	b.act(b.visitor(phoneOfFiler), opened.ID, access.Message, text("哪一天？"))
	b.clock.Advance(time.Second)
	a := record.Arrival{ID: fresh(), OpenID: phoneOfM01, Kind: kit.ArrivedText, Text: "明天上午修"}
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{a}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.another(func(p *desk.Parts) { p.Store = &early{b.store} }).Inbound.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(time.Minute)
	b.receive()
	if got := b.replies(opened.ID); got != "明天上午修|明天上午修|明天上午修" {
		t.Errorf("replied %q", got)
	}
}

// unseen is a store that cannot say what anybody filed.
type unseen struct{ desk.Store }

func (s unseen) Visited(context.Context, string) ([]string, error) {
	return nil, fault.New(fault.Internal, "读不到")
}

// TestLetGoIsSaid: whoever sent what fails again and again is told so.
func TestLetGoIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.MaxAttempts = 3 })
	b.member("m01")
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	failing := b.another(func(p *desk.Parts) { p.Store = unseen{b.store} })
	for i, openid := range []string{phoneOfFiler, phoneOfM01} {
		for _, kind := range []string{kit.ArrivedText, kit.ArrivedImage, kit.ArrivedVoice, kit.ArrivedCard} {
			if openid == phoneOfM01 && kind == kit.ArrivedVoice {
				continue // which asks nothing of the store
			}
			b.says(openid, "你好")
			before := len(b.chatted(openid))
			a := record.Arrival{ID: fresh(), OpenID: openid, Kind: kind, Text: "张大爷家漏水", Media: "media-1"}
			if err := b.Inbound.Arrive(t.Context(), []record.Arrival{a}); err != nil {
				t.Fatal(err)
			}
			for try := range 4 {
				if _, err := failing.Inbound.Receive(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := len(b.chatted(openid)) - before; n > 0 && try < 2 {
					t.Errorf("%s: %d lines after try %d", kind, n, try)
				}
				b.clock.Advance(2 * time.Minute)
			}
			if said := b.chatted(openid)[before:]; len(said) != 1 || !strings.Contains(said[0], "没有办成，请在小程序里办理") {
				t.Errorf("%d %s: told %q", i, kind, said)
			}
		}
	}
	lost, err := b.Overview.UnreadPushes(t.Context(), b.liaison())
	if err != nil || len(lost) != 7 {
		t.Errorf("%d are listed, %v", len(lost), err)
	}
	if strings.Contains(b.log.String(), "张大爷") {
		t.Error("the log holds what was written")
	}
}
