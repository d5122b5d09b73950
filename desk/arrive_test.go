package desk_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// says writes into the chat and returns what is answered there.
func (b *bundle) says(openid, words string) string {
	b.t.Helper()
	before := len(b.emu.Chat(openid))
	if err := b.emu.Write(b.t.Context(), openid, words); err != nil {
		b.t.Fatal(err)
	}
	b.receive()
	lines := b.emu.Chat(openid)
	if len(lines) != before+2 {
		b.t.Fatalf("%d lines after %q", len(lines)-before, words)
	}
	return lines[len(lines)-1].Text
}

// replies are what was answered to a matter, in order.
func (b *bundle) replies(id string) string {
	b.t.Helper()
	var list []string
	for _, e := range b.load(id).Thread {
		if e.What == casework.Reply {
			list = append(list, e.Text)
		}
	}
	return strings.Join(list, "|")
}

// TestChatByNumber answers by whole and short numbers, however they are written.
func TestChatByNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	for i, form := range []string{
		"%s 马上去修", "%[2]s 马上去修", "#%[2]s，马上去修", "＃ %[2]s：马上去修", "#%[2]s马上去修", "%s马上去修", "%[2]s\n马上去修",
	} {
		s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
		_, short, _ := strings.Cut(s.Number, "-")
		words := strings.Replace(fmt.Sprintf(form, s.Number, short), "%!(EXTRA string="+short+")", "", 1)
		answer := b.says(phoneOfM01, words)
		if got := b.replies(s.ID); got != "马上去修" || !strings.Contains(answer, s.Number) {
			t.Errorf("%d %q: replied %q, answered %q", i, words, got, answer)
		}
		if st := b.load(s.ID).State; st != casework.Answered {
			t.Errorf("%d: %s", i, st)
		}
	}
}

// TestChatAsksBack wants nothing to be guessed.
func TestChatAsksBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	if got := b.says(phoneOfM01, "你好"); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	var ids []string
	file := func() matters.View {
		s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
		ids = append(ids, s.ID)
		return s
	}
	first := file()
	b.clock.Advance(24 * time.Hour)
	second := file() // the same last digits on another day
	third := file()
	_, short, _ := strings.Cut(third.Number, "-")
	for words, want := range map[string]string{
		"马上去修":              "不能确定",
		"0001 马上去修":         "多件",
		"0099 马上去修":         "没有找到",
		"260101-0001 马上去修":  "没有找到",
		first.Number:        "请在编号后面",
		first.Number + " ，": "请在编号后面",
		short:               "请在编号后面",
		short + "马上去修":      "不能确定开头",
		"13800138000 找他":    "不能确定您要",
		"2000元已经退了":         "不能确定您要",
	} {
		if got := b.says(phoneOfM01, words); !strings.Contains(got, want) {
			t.Errorf("%q is answered %q, want %q", words, got, want)
		}
	}
	for _, id := range ids {
		if got := b.replies(id); got != "" {
			t.Errorf("guessed: %q", got)
		}
	}
	// What was opened last is meant for half an hour.
	if _, err := b.Matters.Get(t.Context(), m, second.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.says(phoneOfM01, "0099 找不到"); !strings.Contains(got, "没有找到") {
		t.Errorf("a number that is none of theirs: %q", got)
	}
	if got := b.says(phoneOfM01, short); !strings.Contains(got, "请在编号后面") {
		t.Errorf("a number alone: %q", got)
	}
	b.clock.Advance(30 * time.Minute)
	b.says(phoneOfM01, "2000元已经退了")
	if got := b.replies(second.ID); got != "2000元已经退了" {
		t.Errorf("replied %q", got)
	}
	b.clock.Advance(time.Second)
	if got := b.says(phoneOfM01, "还有一点"); !strings.Contains(got, "不能确定") {
		t.Errorf("after half an hour: %q", got)
	}
	// A look of somebody else's at it, or at a matter given away, means nothing.
	if _, err := b.Matters.Get(t.Context(), m, first.ID); err != nil {
		t.Fatal(err)
	}
	b.act(m, first.ID, access.Transfer, to("m02", "请你办"))
	if got := b.says(phoneOfM01, "马上"); !strings.Contains(got, "不能确定") {
		t.Errorf("opened and given away: %q", got)
	}
	b.act(m, second.ID, access.Close, closing(casework.Solved, "好了"))
	if got := b.says(phoneOfM01, second.Number+" 再说一句"); !strings.Contains(got, "没有找到") {
		t.Errorf("what is closed: %q", got)
	}
}

// TestChatOfOthers: a visitor and a liaison are told where to go.
func TestChatOfOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.liaison()
	b.bound(there, access.Member, "m01")
	for _, openid := range []string{"never-seen", openidOf(here, access.Liaison, "l01")} {
		if got := b.says(openid, s.Number+" 我来答"); !strings.Contains(got, "扫一扫") {
			t.Errorf("%s is answered %q", openid, got)
		}
	}
	if got := b.says(openidOf(there, access.Member, "m01"), s.Number+" 我来答"); !strings.Contains(got, "没有待答复") {
		t.Errorf("another station's member is answered %q", got)
	}
	if got := b.replies(s.ID); got != "" {
		t.Errorf("replied %q", got)
	}
}

// TestManyInHand finds a number beyond the first page.
func TestManyInHand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.bound(there, access.Member, "m01")
	var last matters.View
	for range 101 {
		last = b.file(b.visitor(phoneOfFiler), b.keyIn(there, station.ForMember, "m01"))
		b.act(m, last.ID, access.Reply, text("好"))
	}
	b.says(openidOf(there, access.Member, "m01"), last.Number+" 还有一点")
	if got := b.replies(last.ID); got != "好|还有一点" {
		t.Errorf("replied %q", got)
	}
}

// TestRepeatedDelivery: the platform sends a push up to three times.
func TestRepeatedDelivery(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	text := record.Arrival{ID: "msg-1", Kind: kit.ArrivedText, OpenID: phoneOfM01, Text: s.Number + " 马上去修"}
	grant := record.Arrival{ID: "evt-1", Kind: kit.ArrivedConsent, OpenID: phoneOfM01, Template: template(notice.MemberNew), Accepted: true}
	for range 3 {
		if err := b.Inbound.Arrive(t.Context(), []record.Arrival{text, grant}); err != nil {
			t.Fatal(err)
		}
		b.receive()
	}
	if got := b.replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if got := b.consents(phoneOfM01, notice.MemberNew); got != 1 {
		t.Errorf("%d consents", got)
	}
	// The same words in another delivery are meant, unless nothing was said since.
	b.act(b.visitor(phoneOfFiler), s.ID, access.Message, func(r *matters.ActRequest) { r.Text = "真的？" })
	text.ID = "msg-2"
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{text}); err != nil {
		t.Fatal(err)
	}
	b.receive()
	text.ID = "msg-3"
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{text}); err != nil {
		t.Fatal(err)
	}
	b.receive()
	if got := b.replies(s.ID); got != "马上去修|马上去修" {
		t.Errorf("replied %q", got)
	}
}

// consents is how many the person has left, by our count.
func (b *bundle) consents(openid string, p notice.Purpose) int {
	b.t.Helper()
	person, err := b.store.PersonByOpenID(b.t.Context(), openid, "unused")
	if err != nil {
		b.t.Fatal(err)
	}
	left, err := b.store.ConsentsLeft(b.t.Context(), person.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return left[p]
}

// TestCrashAfterReplying: the delivery comes back, and is not said again even
// though the visitor has written meanwhile.
func TestCrashAfterReplying(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	if err := b.emu.Write(t.Context(), phoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	dying := b.another(func(p *desk.Parts) { p.Store = &broken{Store: b.store, finish: 1} })
	if _, err := dying.Inbound.Receive(t.Context()); err == nil {
		t.Fatal("it was to die")
	}
	b.act(b.visitor(phoneOfFiler), s.ID, access.Message, text("快些"))
	b.clock.Advance(31 * time.Second)
	b.receive()
	if got := b.replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if st := b.load(s.ID).State; st != casework.Accepted {
		t.Errorf("the visitor's word is answered by a ghost: %s", st)
	}
	b.clock.Advance(time.Hour)
	before := len(b.emu.Chat(phoneOfM01))
	b.receive()
	if after := len(b.emu.Chat(phoneOfM01)); after != before {
		t.Error("the delivery is still worked on")
	}
}

// TestChatIsDown: the reply stands though its confirmation does not arrive.
func TestChatIsDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.line.on(chatPath, busy)
	if err := b.emu.Write(t.Context(), phoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	b.receive()
	b.clock.Advance(time.Hour)
	b.receive()
	if got := b.replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if strings.Contains(b.log.String(), "马上去修") || strings.Contains(b.log.String(), phoneOfM01) {
		t.Error("the log holds what was written, or by whom")
	}
}

// TestUnknownArrivals are tried a while and then let go.
func TestUnknownArrivals(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{{ID: "x", Kind: "earthquake", OpenID: "somebody"}}); err != nil {
		t.Fatal(err)
	}
	took := 0
	for range 6 {
		n, err := b.Inbound.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		took += n
		b.clock.Advance(time.Minute)
	}
	if took != 2 {
		t.Errorf("tried %d times", took)
	}
	b.liaison()
	lost, err := b.Overview.UnreadPushes(t.Context(), b.liaison())
	if err != nil || len(lost) != 1 || !strings.Contains(lost[0].Why, "反复处理都没有成功") || !lost[0].At.Equal(start) {
		t.Errorf("what was let go is listed as %+v, %v", lost, err)
	}
}

func TestConsentsAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.consent("somebody", notice.VisitorReply, 3)
	if err := b.emu.Reject(t.Context(), "somebody", template(notice.VisitorReply)); err != nil {
		t.Fatal(err)
	}
	b.receive()
	c := b.visitor("somebody")
	if err := b.Delivery.Subscribe(t.Context(), c, []delivery.Grant{
		{Template: template(notice.VisitorReply), Accepted: true},
		{Template: template(notice.VisitorReply)},
		{Template: template(notice.VisitorClosed), Accepted: true},
	}); err != nil {
		t.Fatal(err)
	}
	// The client's report is of one of the taps that the platform told of.
	if got := b.consents("somebody", notice.VisitorReply); got != 3 {
		t.Errorf("%d consents", got)
	}
	if got := b.consents("somebody", notice.VisitorClosed); got != 1 {
		t.Errorf("%d consents", got)
	}
	unknown := []delivery.Grant{{Template: template(notice.VisitorReply), Accepted: true}, {Template: "none", Accepted: true}}
	if err := b.Delivery.Subscribe(t.Context(), c, unknown); wrong(err) != "grants" {
		t.Errorf("an unknown template: %v", err)
	}
	if err := b.Delivery.Subscribe(t.Context(), c, make([]delivery.Grant, 11)); wrong(err) != "grants" {
		t.Errorf("too many: %v", err)
	}
	if got := b.consents("somebody", notice.VisitorReply); got != 3 {
		t.Errorf("a refused call left %d", got)
	}
	if err := b.emu.Withdraw(t.Context(), "somebody", template(notice.VisitorReply)); err != nil {
		t.Fatal(err)
	}
	b.receive()
	if got := b.consents("somebody", notice.VisitorReply); got != 0 {
		t.Errorf("%d consents after it was switched off", got)
	}
}

// TestChatSaysWhatIsWrong: a reply that cannot be made is answered with why.
func TestChatSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	if err := b.emu.Enter(t.Context(), phoneOfM01); err != nil { // the program may write now
		t.Fatal(err)
	}
	b.receive()
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	long := record.Arrival{ID: "long", Kind: kit.ArrivedText, OpenID: phoneOfM01, Text: s.Number + " " + strings.Repeat("长", 2001)}
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{long, {ID: "blank", Kind: kit.ArrivedText, OpenID: phoneOfM01, Text: "\u200b"}}); err != nil {
		t.Fatal(err)
	}
	b.receive()
	var said []string
	for _, line := range b.emu.Chat(phoneOfM01) {
		said = append(said, line.Text)
	}
	all := strings.Join(said, "|")
	if len(said) != 2 || !strings.Contains(all, "最多 2000 字") || !strings.Contains(all, "没有收到文字") {
		t.Errorf("answered %q", all)
	}
	if got := b.replies(s.ID); got != "" {
		t.Errorf("replied %q", got)
	}
}

// TestChatNamesVoices wants what has no text to be told apart in the list.
func TestChatNamesVoices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	v := b.visitor(phoneOfFiler)
	u, err := b.Uploads.Upload(t.Context(), v, bytes.NewReader(mp3()))
	if err != nil {
		t.Fatal(err)
	}
	s := b.file(v, b.key(station.ForMember, "m01"), says(""), func(r *filing.Request) { r.Filing.Voice = u.ID })
	if got := b.says(phoneOfM01, "你好"); !strings.HasSuffix(got, s.Number+" 投诉 语音留言") {
		t.Errorf("listed as %q", got)
	}
}
