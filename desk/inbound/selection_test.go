package inbound_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestMemberIsAskedAboutTheirOwn: a text of a member with a question to answer as a filer, who has also opened
// an assigned submission, is ambiguous.
func TestMemberIsAskedAboutTheirOwn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m02")
	openid := desktest.OpenidOf(desktest.Here, access.Member, "m02")
	inHand := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m02"))
	own := b.FileAndAsk(m)
	if _, err := b.Matters.Get(t.Context(), m, inHand.ID); err != nil {
		t.Fatal(err)
	}
	said := func() string { return b.Replies(inHand.ID) + b.Messages(own.ID) }
	b.ServeFile(desktest.JpegOf(t, 7))
	for _, got := range []string{b.ChatAnswer(openid, "铁桥"), b.SendEvent(openid, record.InboundEvent{Kind: kit.EventImage, Media: "media-1"})} {
		if !strings.Contains(got, "没有发出") || !strings.Contains(got, own.Number) || !strings.Contains(got, inHand.Number) || said() != "" {
			t.Errorf("answered %q, said %q", got, said())
		}
	}
	if got := b.SendEvent(openid, record.InboundEvent{Kind: kit.EventCard, Page: "pages/matter/index?id=" + inHand.ID}); !strings.Contains(got, "请在内容前写上编号") {
		t.Errorf("a card of the one in hand is answered %q", got)
	}
	b.ChatAnswer(openid, inHand.Number+" 已派人")
	b.ChatAnswer(openid, own.Number+" 铁桥")
	if b.Replies(inHand.ID) != "已派人" || b.Messages(own.ID) != "铁桥" {
		t.Errorf("said %q", said())
	}
	// Entering by the button of their own submission selects it.
	b.Act(b.Member("m01"), own.ID, casework.Ask{Text: "哪一头？"})
	b.EnterChat(openid, own.Number)
	b.ChatAnswer(openid, "东头")
	if got := b.SendEvent(openid, record.InboundEvent{Kind: kit.EventImage, Media: "media-1"}); !strings.Contains(got, "补充到 "+own.Number) || b.Messages(own.ID) != "铁桥|东头|*" {
		t.Errorf("answered %q, said %q", got, said())
	}
}

// TestVisitorEntersByASubmissionsButton: for half an hour texts and photos are for that submission, whichever
// waits for the visitor.
func TestVisitorEntersByASubmissionsButton(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	first := b.File(filer, b.Key(station.ForMember, "m01"))
	waiting := b.FileAndAsk(filer)
	third := b.File(filer, b.Key(station.ForMember, "m01"))
	over := b.File(filer, b.Key(station.ForMember, "m01"))
	b.Act(b.Member("m01"), over.ID, casework.Reply{Text: "已修好"})
	b.Act(b.Member("m01"), over.ID, casework.Close{Outcome: casework.Solved, Text: "好了"})
	elsewhere := b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m01"))
	b.ServeFile(desktest.JpegOf(t, 7))
	photo := record.InboundEvent{Kind: kit.EventImage, Media: "media-1"}

	if got := b.EnterChat(desktest.PhoneOfFiler, first.Number); !strings.Contains(got, "已选定 "+first.Number) || !strings.Contains(got, "补充到这一件") {
		t.Errorf("entering is answered %q", got)
	}
	b.ChatAnswer(desktest.PhoneOfFiler, "还是不亮")
	b.SendEvent(desktest.PhoneOfFiler, photo)
	b.ChatAnswer(desktest.PhoneOfFiler, waiting.Number+" 在桥头") // a number outranks it
	if got := b.Messages(first.ID) + "/" + b.Messages(waiting.ID); got != "还是不亮|*/在桥头" {
		t.Errorf("added %q", got)
	}
	b.Act(b.Member("m01"), waiting.ID, casework.Ask{Text: "哪座桥？"})
	if got := b.SendEvent(desktest.PhoneOfFiler, record.InboundEvent{Kind: kit.EventCard, Page: "pages/matter/index?id=" + third.ID}); !strings.Contains(got, "已选定 "+third.Number) {
		t.Errorf("a card is answered %q", got)
	}
	b.ChatAnswer(desktest.PhoneOfFiler, "又灭了")
	if got := b.Messages(third.ID) + "/" + b.Messages(waiting.ID); got != "又灭了/在桥头" {
		t.Errorf("added %q", got)
	}
	// One that is over, or none of theirs, is not taken for the one that waits.
	for _, number := range []string{over.Number, elsewhere.Number} {
		b.EnterChat(desktest.PhoneOfFiler, number)
		for _, got := range []string{b.ChatAnswer(desktest.PhoneOfFiler, "又坏了"), b.SendEvent(desktest.PhoneOfFiler, photo)} {
			if !strings.Contains(got, "没有发出") || b.Messages(waiting.ID) != "在桥头" {
				t.Errorf("by %s: %q, added %q", number, got, b.Messages(waiting.ID))
			}
		}
	}
	if got := b.SendEvent(desktest.PhoneOfFiler, record.InboundEvent{Kind: kit.EventCard, Page: "pages/matter/index?id=" + elsewhere.ID}); !strings.Contains(got, "不是您") {
		t.Errorf("another's card is answered %q", got)
	}
	b.Clock.Advance(31 * time.Minute)
	if b.ChatAnswer(desktest.PhoneOfFiler, "铁桥"); b.Messages(waiting.ID) != "在桥头|铁桥" {
		t.Errorf("after half an hour: added %q", b.Messages(waiting.ID))
	}
}

// TestOneNumberByItsCard: the card decides between two submissions with one number.
func TestOneNumberByItsCard(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	first := b.File(filer, b.Key(station.ForMember, "m01"))
	second := b.File(filer, b.KeyIn(desktest.There, station.ForMember, "m01"))
	b.Act(b.Member("m01"), first.ID, casework.Ask{Text: "在哪？"})
	if got := b.EnterChat(desktest.PhoneOfFiler, second.Number); !strings.Contains(got, "卡片") {
		t.Errorf("entering is answered %q", got)
	}
	if got := b.ChatAnswer(desktest.PhoneOfFiler, "还在漏水"); !strings.Contains(got, "没有发出") {
		t.Errorf("without the card: %q", got)
	}
	b.SendEvent(desktest.PhoneOfFiler, record.InboundEvent{Kind: kit.EventCard, Page: "pages/matter/index?id=" + second.ID})
	b.ChatAnswer(desktest.PhoneOfFiler, "还在漏水")
	b.ChatAnswer(desktest.PhoneOfFiler, second.Number+" 漏得更大")
	if got := b.Messages(first.ID) + "/" + b.Messages(second.ID); got != "/还在漏水|漏得更大" {
		t.Errorf("added %q", got)
	}
}

// TestTakingBackByNumber retracts the answer to that submission only.
func TestTakingBackByNumber(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"撤回N", "撤回 N", "N 撤回", "撤回 N 的答复", "0001 撤回", "#0001撤回", "撤回编号0001", "把0001的答复撤回", "第1件撤回", "撤回1", "发错了，撤回0001", "撤回零零零一", "取消0001", "撤回７月２２日第１件",
	} {
		b, named, opened := inHand(t)
		words = strings.ReplaceAll(words, "N", named.Number)
		b.ChatAnswer(desktest.PhoneOfM01, named.Number+" 已联系电工")
		b.Clock.Advance(time.Second)
		b.ChatAnswer(desktest.PhoneOfM01, opened.Number+" 已通知业主")
		got := b.ChatAnswer(desktest.PhoneOfM01, words)
		first, second := b.Load(named.ID).Thread, b.Load(opened.ID).Thread
		if strings.Contains(words, "月") { // is no word of taking back
			if second[0].RetractedAt != 0 {
				t.Errorf("%q took back another's: %q", words, got)
			}
			continue
		}
		if first[0].RetractedAt == 0 || second[0].RetractedAt != 0 || !strings.Contains(got, "已撤回对 "+named.Number) {
			t.Errorf("%q is answered %q", words, got)
		}
		if got := b.ChatAnswer(desktest.PhoneOfM01, words); !strings.Contains(got, "对 "+named.Number+" 没有可以撤回") || b.Load(opened.ID).Thread[0].RetractedAt != 0 {
			t.Errorf("%q again is answered %q", words, got)
		}
		if got := b.ChatAnswer(desktest.PhoneOfM01, "撤回0099"); !strings.Contains(got, "没有撤回") || b.Load(opened.ID).Thread[0].RetractedAt != 0 {
			t.Errorf("a number that is none of theirs: %q", got)
		}
	}
}

// TestTakingBackComesBack: a retried event retracts no second answer.
func TestTakingBackComesBack(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range []string{"撤回", named.Number + " 撤回"} {
		b.ChatAnswer(desktest.PhoneOfM01, opened.Number+" 已通知业主")
		b.Clock.Advance(time.Second)
		b.ChatAnswer(desktest.PhoneOfM01, named.Number+" 已联系电工")
		b.ProcessTwice(record.InboundEvent{OpenID: desktest.PhoneOfM01, Kind: kit.EventText, Text: words})
		for _, e := range append(b.Load(named.ID).Thread, b.Load(opened.ID).Thread...) {
			if e.What == access.Reply && (e.RetractedAt != 0) != (e.Text == "已联系电工") {
				t.Errorf("%q: taken back at %d: %q", words, e.RetractedAt, e.Text)
			}
		}
		if lines := b.ChatTexts(desktest.PhoneOfM01); !strings.Contains(lines[len(lines)-1], "已撤回对 "+named.Number) {
			t.Errorf("%q is answered %q", words, lines[len(lines)-1])
		}
		b.Clock.Advance(2 * time.Minute)
	}
}

// early is a store on which a process dies before it does anything.
type early struct{ desk.Store }

func (s *early) LockPerson(context.Context, string, time.Duration) (func(), bool, error) {
	return nil, false, desktest.ErrDied
}

// TestTakenBackIsNotSaid: the same words or photo after they were taken back are
// said, though the worker dies before that.
func TestTakenBackIsNotSaid(t *testing.T) {
	t.Parallel()
	b, _, opened := inHand(t)
	b.ServeFile(desktest.JpegOf(t, 7))
	for _, a := range []record.InboundEvent{
		{Kind: kit.EventText, Text: "明天上午修"}, {Kind: kit.EventImage, Media: "media-1"},
	} {
		b.SendEvent(desktest.PhoneOfM01, a)
		b.ChatAnswer(desktest.PhoneOfM01, "撤回")
		b.Clock.Advance(time.Second)
		a.ID, a.OpenID = desktest.Fresh(), desktest.PhoneOfM01
		if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{a}); err != nil {
			t.Fatal(err)
		}
		dying := b.SecondDesk(func(p *desk.Parts) { p.Store = &early{b.Store} })
		if _, err := dying.Inbound.ProcessQueue(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Clock.Advance(time.Minute)
		b.Receive()
		thread := b.Load(opened.ID).Thread
		if last := thread[len(thread)-1]; last.What != access.Reply || last.RetractedAt != 0 {
			t.Errorf("%s: the last step is %+v", a.Kind, last)
		}
	}
}

// TestSameTextTwice: words that were said before an arrival are meant again, though
// its worker dies.
func TestSameTextTwice(t *testing.T) {
	t.Parallel()
	b, _, opened := inHand(t)
	b.ChatAnswer(desktest.PhoneOfM01, "明天上午修")
	b.Clock.Advance(time.Second)
	b.Act(b.Visitor(desktest.PhoneOfFiler), opened.ID, casework.Message{Text: "真的？"})
	b.Clock.Advance(time.Second)
	b.ProcessTwice(record.InboundEvent{OpenID: desktest.PhoneOfM01, Kind: kit.EventText, Text: "明天上午修"})
	if got := b.Replies(opened.ID); got != "明天上午修|明天上午修" {
		t.Errorf("replied %q", got)
	}
	b.Clock.Advance(time.Second)
	b.Act(b.Visitor(desktest.PhoneOfFiler), opened.ID, casework.Message{Text: "哪一天？"})
	b.Clock.Advance(time.Second)
	a := record.InboundEvent{ID: desktest.Fresh(), OpenID: desktest.PhoneOfM01, Kind: kit.EventText, Text: "明天上午修"}
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{a}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SecondDesk(func(p *desk.Parts) { p.Store = &early{b.Store} }).Inbound.ProcessQueue(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(time.Minute)
	b.Receive()
	if got := b.Replies(opened.ID); got != "明天上午修|明天上午修|明天上午修" {
		t.Errorf("replied %q", got)
	}
}

// unseen is a store that fails to list filings.
type unseen struct{ desk.Store }

func (s unseen) Visited(context.Context, string) ([]string, error) {
	return nil, fault.New(fault.Internal, "读不到")
}

// TestFailedEventsAreAnswered: the sender of an event that fails each time is told.
func TestFailedEventsAreAnswered(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.MaxAttempts = 3 })
	b.Member("m01")
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	failing := b.SecondDesk(func(p *desk.Parts) { p.Store = unseen{b.Store} })
	for i, openid := range []string{desktest.PhoneOfFiler, desktest.PhoneOfM01} {
		for _, kind := range []string{kit.EventText, kit.EventImage, kit.EventVoice, kit.EventCard} {
			if openid == desktest.PhoneOfM01 && kind == kit.EventVoice {
				continue // which asks nothing of the store
			}
			b.ChatAnswer(openid, "你好")
			before := len(b.ChatTexts(openid))
			a := record.InboundEvent{ID: desktest.Fresh(), OpenID: openid, Kind: kind, Text: "张大爷家漏水", Media: "media-1"}
			if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{a}); err != nil {
				t.Fatal(err)
			}
			for try := range 4 {
				if _, err := failing.Inbound.ProcessQueue(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := len(b.ChatTexts(openid)) - before; n > 0 && try < 2 {
					t.Errorf("%s: %d lines after try %d", kind, n, try)
				}
				b.Clock.Advance(2 * time.Minute)
			}
			if said := b.ChatTexts(openid)[before:]; len(said) != 1 || !strings.Contains(said[0], "没有办成，请在小程序里办理") {
				t.Errorf("%d %s: told %q", i, kind, said)
			}
		}
	}
	lost, err := b.Overview.UnreadPushes(t.Context(), b.Liaison())
	if err != nil || len(lost) != 7 {
		t.Errorf("%d are listed, %v", len(lost), err)
	}
	if strings.Contains(b.Log.String(), "张大爷") {
		t.Error("the log holds what was written")
	}
}
