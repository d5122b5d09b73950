package inbound_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestPhotoInChat: a photo replies to the submission opened last, is checked like any other, and is sent once
// however often it is delivered.
func TestPhotoInChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	photo := record.InboundEvent{Kind: kit.EventImage, Media: "media-1"}
	if got := b.SendEvent(desktest.PhoneOfM01, photo); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	if got := b.SendEvent(desktest.PhoneOfM01, photo); !strings.Contains(got, "不能确定") || !strings.Contains(got, s.Number) {
		t.Errorf("nothing opened: %q", got)
	}
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	b.ServeFile([]byte("#!AMR\n"))
	if got := b.SendEvent(desktest.PhoneOfM01, photo); !strings.Contains(got, "重新发送") {
		t.Errorf("no photo: %q", got)
	}
	if n := len(b.Load(s.ID).Thread); n != 0 || b.Line.Calls(desktest.MediaGetPath) != 1 {
		t.Fatalf("%d entries, %d fetched", n, b.Line.Calls(desktest.MediaGetPath))
	}
	b.ServeFile(desktest.JpegOf(t, 7))
	for range 2 { // pressed twice
		b.ChatAnswer(desktest.PhoneOfM01, "收到") // opens the window again
		if got := b.SendEvent(desktest.PhoneOfM01, photo); !strings.Contains(got, "已把照片答复到 "+s.Number) {
			t.Errorf("answered %q", got)
		}
	}
	thread := b.Load(s.ID).Thread
	last := thread[len(thread)-1]
	if len(thread) != 1 || last.What != access.Reply || len(last.Photos) != 1 {
		t.Fatalf("%d entries, the last %+v", len(thread), last)
	}
	if known, err := b.Store.Safeties(t.Context(), last.Photos); err != nil || known[last.Photos[0]] != record.Checking {
		t.Errorf("known of the photo: %v, %v", known, err)
	}
	b.Clock.Advance(31 * time.Minute)
	if got := b.SendEvent(desktest.PhoneOfM01, photo); !strings.Contains(got, "不能确定") {
		t.Errorf("after half an hour: %q", got)
	}
}

// TestPhotoComesBack after a crash between the reply and its end, though the
// visitor has written since.
func TestPhotoComesBack(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	b.ServeFile(desktest.JpegOf(t, 7))
	photo := record.InboundEvent{ID: "photo", OpenID: desktest.PhoneOfM01, Kind: kit.EventImage, Media: "media-1"}
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{photo}); err != nil {
		t.Fatal(err)
	}
	dying := b.SecondDesk(func(p *desk.Parts) { p.Store = &desktest.CrashingStore{Store: b.Store, Dies: 1} })
	if _, err := dying.Inbound.ProcessQueue(t.Context()); err == nil {
		t.Fatal("it was to die")
	}
	b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Message{Text: "快些"})
	b.Clock.Advance(31 * time.Second)
	b.Receive()
	if n := len(b.Load(s.ID).Thread); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// TestCardChooses the submission of the next answer.
func TestCardChooses(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	page := func(id string) record.InboundEvent {
		return record.InboundEvent{Kind: kit.EventCard, Page: "pages/matter/index?from=chat&id=" + id}
	}
	if got := b.SendEvent(desktest.PhoneOfM01, page("x")); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	first := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	second := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	other := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m02"))
	for _, a := range []record.InboundEvent{
		page(other.ID), {Kind: kit.EventCard}, {Kind: kit.EventCard, Page: "pages/scan/index?id=" + first.ID},
	} {
		b.ChatAnswer(desktest.PhoneOfM01, "你好")
		if got := b.SendEvent(desktest.PhoneOfM01, a); !strings.Contains(got, "不是您待答复") {
			t.Errorf("%q is answered %q", a.Page, got)
		}
	}
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	for _, s := range []matters.View{first, second} {
		if got := b.SendEvent(desktest.PhoneOfM01, page(s.ID)); !strings.Contains(got, "已选定 "+s.Number) {
			t.Errorf("answered %q", got)
		}
	}
	b.ChatAnswer(desktest.PhoneOfM01, "马上去修")
	if b.Replies(first.ID) != "" || b.Replies(second.ID) != "马上去修" {
		t.Errorf("replied %q and %q", b.Replies(first.ID), b.Replies(second.ID))
	}
}

// TestVoiceAndOthers get an answer that says what to do instead.
func TestVoiceAndOthers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	if got := b.SendEvent(desktest.PhoneOfM01, record.InboundEvent{Kind: kit.EventVoice}); !strings.Contains(got, "请输入文字") {
		t.Errorf("a voice is answered %q", got)
	}
	want := b.ChatAnswer(desktest.PhoneOfFiler, "你好")
	for _, kind := range []string{kit.EventImage, kit.EventVoice, kit.EventCard} {
		if got := b.SendEvent(desktest.PhoneOfFiler, record.InboundEvent{Kind: kind}); got != want {
			t.Errorf("a visitor's %s is answered %q", kind, got)
		}
	}
}

// TestEnterLists the member's assigned submissions, once a day.
func TestEnterLists(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	enter := func(openid string) string {
		t.Helper()
		before := len(b.ChatTexts(openid))
		if err := b.Emu.Enter(t.Context(), openid); err != nil {
			t.Fatal(err)
		}
		b.Receive()
		return strings.Join(b.ChatTexts(openid)[before:], "|")
	}
	if got := enter(desktest.PhoneOfFiler) + enter(desktest.PhoneOfM01); got != "" {
		t.Errorf("without a matter: %q", got)
	}
	b.Clock.Advance(time.Second)
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	for day := range 2 {
		if got := enter(desktest.PhoneOfM01); !strings.Contains(got, s.Number) {
			t.Errorf("day %d: %q", day, got)
		}
		b.Clock.Advance(time.Minute)
		if got := enter(desktest.PhoneOfM01); got != "" {
			t.Errorf("again on day %d: %q", day, got)
		}
		b.Clock.Advance(24 * time.Hour)
	}
}

// TestEnteringByASubmissionsButton selects that submission for the next texts, whatever others the member has.
func TestEnteringByASubmissionsButton(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	first := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Clock.Advance(time.Minute)
	second := b.File(b.Visitor("another-visitor"), b.Key(station.ForMember, "m01"))
	for _, s := range []string{first.Number, second.Number, first.Number} {
		before := len(b.ChatTexts(desktest.PhoneOfM01))
		if err := b.Emu.EnterFrom(t.Context(), desktest.PhoneOfM01, "pages/matter/index?id=x", s); err != nil {
			t.Fatal(err)
		}
		b.Receive()
		if got := strings.Join(b.ChatTexts(desktest.PhoneOfM01)[before:], "|"); !strings.Contains(got, "已选定 "+s) {
			t.Errorf("entering by %s: %q", s, got)
		}
		b.Clock.Advance(2 * time.Minute)
	}
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, "明天上午派人去修"); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	if b.Replies(first.ID) != "明天上午派人去修" || b.Replies(second.ID) != "" {
		t.Errorf("answered %q and %q", b.Replies(first.ID), b.Replies(second.ID))
	}
}
