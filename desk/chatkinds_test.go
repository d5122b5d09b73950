package desk_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/station"
)

const mediaGetPath = "/cgi-bin/media/get"

// keeps lets the platform have one file, whatever the id.
func (b *bundle) keeps(data []byte) {
	b.line.on(mediaGetPath, func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"image/jpeg"}},
			Body: io.NopCloser(bytes.NewReader(data)), Request: r,
		}, nil
	})
}

// sends is something of the kind from the phone, and what was answered to it;
// the platform lets it be answered as if it were a text.
func (b *bundle) sends(openid string, a record.Arrival) string {
	b.t.Helper()
	a.ID, a.OpenID = fresh(), openid
	before := len(b.chatted(openid))
	b.arrive(a)
	said := b.chatted(openid)
	if len(said) == before {
		return ""
	}
	return strings.Join(said[before:], "|")
}

// TestPhotoInChat: a photo answers what was opened last, is checked like any
// other, and is sent once however often it comes.
func TestPhotoInChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	b.says(phoneOfM01, "你好")
	photo := record.Arrival{Kind: kit.ArrivedImage, Media: "media-1"}
	if got := b.sends(phoneOfM01, photo); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	if got := b.sends(phoneOfM01, photo); !strings.Contains(got, "不能确定") || !strings.Contains(got, s.Number) {
		t.Errorf("nothing opened: %q", got)
	}
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	b.keeps([]byte("#!AMR\n"))
	if got := b.sends(phoneOfM01, photo); !strings.Contains(got, "重新发送") {
		t.Errorf("no photo: %q", got)
	}
	if n := len(b.load(s.ID).Thread); n != 0 || b.line.calls(mediaGetPath) != 1 {
		t.Fatalf("%d entries, %d fetched", n, b.line.calls(mediaGetPath))
	}
	b.keeps(jpegOf(t, 7))
	for range 2 { // pressed twice
		b.says(phoneOfM01, "收到") // opens the window again
		if got := b.sends(phoneOfM01, photo); !strings.Contains(got, "已把照片答复到 "+s.Number) {
			t.Errorf("answered %q", got)
		}
	}
	thread := b.load(s.ID).Thread
	last := thread[len(thread)-1]
	if len(thread) != 1 || last.What != casework.Reply || len(last.Photos) != 1 {
		t.Fatalf("%d entries, the last %+v", len(thread), last)
	}
	if known, err := b.store.Safeties(t.Context(), last.Photos); err != nil || known[last.Photos[0]] != record.Checking {
		t.Errorf("known of the photo: %v, %v", known, err)
	}
	b.clock.Advance(31 * time.Minute)
	if got := b.sends(phoneOfM01, photo); !strings.Contains(got, "不能确定") {
		t.Errorf("after half an hour: %q", got)
	}
}

// TestPhotoComesBack after a crash between the reply and its end, though the
// visitor has written since.
func TestPhotoComesBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), m, s.ID); err != nil {
		t.Fatal(err)
	}
	b.keeps(jpegOf(t, 7))
	photo := record.Arrival{ID: "photo", OpenID: phoneOfM01, Kind: kit.ArrivedImage, Media: "media-1"}
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{photo}); err != nil {
		t.Fatal(err)
	}
	dying := b.another(func(p *desk.Parts) { p.Store = &broken{Store: b.store, finish: 1} })
	if _, err := dying.Inbound.Receive(t.Context()); err == nil {
		t.Fatal("it was to die")
	}
	b.act(b.visitor(phoneOfFiler), s.ID, access.Message, text("快些"))
	b.clock.Advance(31 * time.Second)
	b.receive()
	if n := len(b.load(s.ID).Thread); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// TestCardChooses the matter that the next answer is to.
func TestCardChooses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	b.says(phoneOfM01, "你好")
	page := func(id string) record.Arrival {
		return record.Arrival{Kind: kit.ArrivedCard, Page: "pages/matter/index?from=chat&id=" + id}
	}
	if got := b.sends(phoneOfM01, page("x")); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	first := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	second := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	other := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m02"))
	for _, a := range []record.Arrival{
		page(other.ID), {Kind: kit.ArrivedCard}, {Kind: kit.ArrivedCard, Page: "pages/scan/index?id=" + first.ID},
	} {
		b.says(phoneOfM01, "你好")
		if got := b.sends(phoneOfM01, a); !strings.Contains(got, "不是您待答复") {
			t.Errorf("%q is answered %q", a.Page, got)
		}
	}
	b.says(phoneOfM01, "你好")
	for _, s := range []matters.View{first, second} {
		if got := b.sends(phoneOfM01, page(s.ID)); !strings.Contains(got, "已选定 "+s.Number) {
			t.Errorf("answered %q", got)
		}
	}
	b.says(phoneOfM01, "马上去修")
	if b.replies(first.ID) != "" || b.replies(second.ID) != "马上去修" {
		t.Errorf("replied %q and %q", b.replies(first.ID), b.replies(second.ID))
	}
}

// TestVoiceAndOthers are told what to do instead.
func TestVoiceAndOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	b.says(phoneOfM01, "你好")
	if got := b.sends(phoneOfM01, record.Arrival{Kind: kit.ArrivedVoice}); !strings.Contains(got, "请输入文字") {
		t.Errorf("a voice is answered %q", got)
	}
	want := b.says(phoneOfFiler, "你好")
	for _, kind := range []string{kit.ArrivedImage, kit.ArrivedVoice, kit.ArrivedCard} {
		if got := b.sends(phoneOfFiler, record.Arrival{Kind: kind}); got != want {
			t.Errorf("a visitor's %s is answered %q", kind, got)
		}
	}
}

// TestEnterLists what a member has in hand, once a day.
func TestEnterLists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	enter := func(openid string) string {
		t.Helper()
		before := len(b.chatted(openid))
		if err := b.emu.Enter(t.Context(), openid); err != nil {
			t.Fatal(err)
		}
		b.receive()
		return strings.Join(b.chatted(openid)[before:], "|")
	}
	if got := enter(phoneOfFiler) + enter(phoneOfM01); got != "" {
		t.Errorf("without a matter: %q", got)
	}
	b.clock.Advance(time.Second)
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	for day := range 2 {
		if got := enter(phoneOfM01); !strings.Contains(got, s.Number) {
			t.Errorf("day %d: %q", day, got)
		}
		b.clock.Advance(time.Minute)
		if got := enter(phoneOfM01); got != "" {
			t.Errorf("again on day %d: %q", day, got)
		}
		b.clock.Advance(24 * time.Hour)
	}
}

// TestEnteringByAMattersButton makes that matter the one that the next words
// answer, whatever others the member has in hand.
func TestEnteringByAMattersButton(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	first := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.clock.Advance(time.Minute)
	second := b.file(b.visitor("another-visitor"), b.key(station.ForMember, "m01"))
	for _, s := range []string{first.Number, second.Number, first.Number} {
		before := len(b.chatted(phoneOfM01))
		if err := b.emu.EnterFrom(t.Context(), phoneOfM01, "pages/matter/index?id=x", s); err != nil {
			t.Fatal(err)
		}
		b.receive()
		if got := strings.Join(b.chatted(phoneOfM01)[before:], "|"); !strings.Contains(got, "已选定 "+s) {
			t.Errorf("entering by %s: %q", s, got)
		}
		b.clock.Advance(2 * time.Minute)
	}
	if err := b.emu.Write(t.Context(), phoneOfM01, "明天上午派人去修"); err != nil {
		t.Fatal(err)
	}
	b.receive()
	if b.replies(first.ID) != "明天上午派人去修" || b.replies(second.ID) != "" {
		t.Errorf("answered %q and %q", b.replies(first.ID), b.replies(second.ID))
	}
}
