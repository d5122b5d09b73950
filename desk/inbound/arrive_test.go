package inbound_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestChatByNumber answers by whole and short numbers, however they are written.
func TestChatByNumber(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	for i, form := range []string{
		"%s 马上去修", "%[2]s 马上去修", "#%[2]s，马上去修", "＃ %[2]s：马上去修", "#%[2]s马上去修", "%s马上去修", "%[2]s\n马上去修",
	} {
		s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
		_, short, _ := strings.Cut(s.Number, "-")
		words := strings.Replace(fmt.Sprintf(form, s.Number, short), "%!(EXTRA string="+short+")", "", 1)
		answer := b.ChatAnswer(desktest.PhoneOfM01, words)
		if got := b.Replies(s.ID); got != "马上去修" || !strings.Contains(answer, s.Number) {
			t.Errorf("%d %q: replied %q, answered %q", i, words, got, answer)
		}
		if st := b.Load(s.ID).State; st != casework.Answered {
			t.Errorf("%d: %s", i, st)
		}
	}
}

// TestChatAsksBack wants nothing to be guessed.
func TestChatAsksBack(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	if got := b.ChatAnswer(desktest.PhoneOfM01, "你好"); !strings.Contains(got, "没有待答复") {
		t.Errorf("nothing in hand: %q", got)
	}
	var ids []string
	file := func() matters.View {
		s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
		ids = append(ids, s.ID)
		return s
	}
	first := file()
	b.Clock.Advance(24 * time.Hour)
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
		if got := b.ChatAnswer(desktest.PhoneOfM01, words); !strings.Contains(got, want) {
			t.Errorf("%q is answered %q, want %q", words, got, want)
		}
	}
	for _, id := range ids {
		if got := b.Replies(id); got != "" {
			t.Errorf("guessed: %q", got)
		}
	}
	// The submission opened last is selected for half an hour.
	if _, err := b.Matters.Get(t.Context(), m, second.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.ChatAnswer(desktest.PhoneOfM01, "0099 找不到"); !strings.Contains(got, "没有找到") {
		t.Errorf("a number that is none of theirs: %q", got)
	}
	if got := b.ChatAnswer(desktest.PhoneOfM01, short); !strings.Contains(got, "请在编号后面") {
		t.Errorf("a number alone: %q", got)
	}
	b.Clock.Advance(30 * time.Minute)
	b.ChatAnswer(desktest.PhoneOfM01, "2000元已经退了")
	if got := b.Replies(second.ID); got != "2000元已经退了" {
		t.Errorf("replied %q", got)
	}
	b.Clock.Advance(time.Second)
	if got := b.ChatAnswer(desktest.PhoneOfM01, "还有一点"); !strings.Contains(got, "不能确定") {
		t.Errorf("after half an hour: %q", got)
	}
	// Somebody else's look at it, or a look at a reassigned submission, selects nothing.
	if _, err := b.Matters.Get(t.Context(), m, first.ID); err != nil {
		t.Fatal(err)
	}
	b.Act(m, first.ID, casework.Transfer{To: "m02", Reason: "请你办"})
	if got := b.ChatAnswer(desktest.PhoneOfM01, "马上"); !strings.Contains(got, "不能确定") {
		t.Errorf("opened and given away: %q", got)
	}
	b.Act(m, second.ID, casework.Close{Outcome: casework.Solved, Text: "好了"})
	if got := b.ChatAnswer(desktest.PhoneOfM01, second.Number+" 再说一句"); !strings.Contains(got, "没有找到") {
		t.Errorf("what is closed: %q", got)
	}
}

// TestChatOfOthers: a visitor and a liaison are directed elsewhere.
func TestChatOfOthers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Liaison()
	b.Bound(desktest.There, access.Member, "m01")
	for _, openid := range []string{"never-seen", desktest.OpenidOf(desktest.Here, access.Liaison, "l01")} {
		if got := b.ChatAnswer(openid, s.Number+" 我来答"); !strings.Contains(got, "扫一扫") {
			t.Errorf("%s is answered %q", openid, got)
		}
	}
	if got := b.ChatAnswer(desktest.OpenidOf(desktest.There, access.Member, "m01"), s.Number+" 我来答"); !strings.Contains(got, "没有待答复") {
		t.Errorf("another station's member is answered %q", got)
	}
	if got := b.Replies(s.ID); got != "" {
		t.Errorf("replied %q", got)
	}
}

// TestManyAssigned finds a number beyond the first page.
func TestManyAssigned(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Bound(desktest.There, access.Member, "m01")
	var last matters.View
	for range 101 {
		last = b.File(b.Visitor(desktest.PhoneOfFiler), b.KeyIn(desktest.There, station.ForMember, "m01"))
		b.Act(m, last.ID, casework.Reply{Text: "好"})
	}
	b.ChatAnswer(desktest.OpenidOf(desktest.There, access.Member, "m01"), last.Number+" 还有一点")
	if got := b.Replies(last.ID); got != "好|还有一点" {
		t.Errorf("replied %q", got)
	}
}

// TestRepeatedDelivery: the platform sends a push up to three times.
func TestRepeatedDelivery(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	text := record.InboundEvent{ID: "msg-1", Kind: kit.EventText, OpenID: desktest.PhoneOfM01, Text: s.Number + " 马上去修"}
	grant := record.InboundEvent{ID: "evt-1", Kind: kit.EventConsent, OpenID: desktest.PhoneOfM01, Template: desktest.Template(notice.MemberNew), Accepted: true}
	for range 3 {
		if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{text, grant}); err != nil {
			t.Fatal(err)
		}
		b.Receive()
	}
	if got := b.Replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if got := b.Consents(desktest.PhoneOfM01, notice.MemberNew); got != 1 {
		t.Errorf("%d consents", got)
	}
	// The same words in another delivery are meant, unless nothing was said since.
	b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Message{Text: "真的？"})
	text.ID = "msg-2"
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{text}); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	text.ID = "msg-3"
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{text}); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	if got := b.Replies(s.ID); got != "马上去修|马上去修" {
		t.Errorf("replied %q", got)
	}
}

// TestCrashAfterReplying: the delivery comes back, and is not said again even
// though the visitor has written meanwhile.
func TestCrashAfterReplying(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	dying := b.SecondDesk(func(p *desk.Parts) { p.Store = &desktest.CrashingStore{Store: b.Store, Dies: 1} })
	if _, err := dying.Inbound.ProcessQueue(t.Context()); err == nil {
		t.Fatal("it was to die")
	}
	b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Message{Text: "快些"})
	b.Clock.Advance(31 * time.Second)
	b.Receive()
	if got := b.Replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if st := b.Load(s.ID).State; st != casework.Accepted {
		t.Errorf("the visitor's word is answered by a ghost: %s", st)
	}
	b.Clock.Advance(time.Hour)
	before := len(b.Emu.Chat(desktest.PhoneOfM01))
	b.Receive()
	if after := len(b.Emu.Chat(desktest.PhoneOfM01)); after != before {
		t.Error("the delivery is still worked on")
	}
}

// TestChatIsDown: the reply stands though its confirmation does not arrive.
func TestChatIsDown(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Line.Handle(desktest.ChatPath, desktest.Busy)
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	b.Clock.Advance(time.Hour)
	b.Receive()
	if got := b.Replies(s.ID); got != "马上去修" {
		t.Errorf("replied %q", got)
	}
	if strings.Contains(b.Log.String(), "马上去修") || strings.Contains(b.Log.String(), desktest.PhoneOfM01) {
		t.Error("the log holds what was written, or by whom")
	}
}

// TestUnknownArrivals are tried a while and then let go.
func TestUnknownArrivals(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{{ID: "x", Kind: "earthquake", OpenID: "somebody"}}); err != nil {
		t.Fatal(err)
	}
	took := 0
	for range 6 {
		n, err := b.Inbound.ProcessQueue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		took += n
		b.Clock.Advance(time.Minute)
	}
	if took != 2 {
		t.Errorf("tried %d times", took)
	}
	b.Liaison()
	lost, err := b.Overview.UnreadPushes(t.Context(), b.Liaison())
	if err != nil || len(lost) != 1 || !strings.Contains(lost[0].Why, "反复处理都没有成功") || !lost[0].At.Equal(desktest.Start) {
		t.Errorf("what was let go is listed as %+v, %v", lost, err)
	}
}

func TestConsentsAreCounted(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Consent("somebody", notice.VisitorReply, 3)
	if err := b.Emu.Reject(t.Context(), "somebody", desktest.Template(notice.VisitorReply)); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	c := b.Visitor("somebody")
	if err := b.Delivery.Subscribe(t.Context(), c, []delivery.Grant{
		{Template: desktest.Template(notice.VisitorReply), Accepted: true},
		{Template: desktest.Template(notice.VisitorReply)},
		{Template: desktest.Template(notice.VisitorClosed), Accepted: true},
	}); err != nil {
		t.Fatal(err)
	}
	// The client's report belongs to one of the taps that the platform reported.
	if got := b.Consents("somebody", notice.VisitorReply); got != 3 {
		t.Errorf("%d consents", got)
	}
	if got := b.Consents("somebody", notice.VisitorClosed); got != 1 {
		t.Errorf("%d consents", got)
	}
	unknown := []delivery.Grant{{Template: desktest.Template(notice.VisitorReply), Accepted: true}, {Template: "none", Accepted: true}}
	if err := b.Delivery.Subscribe(t.Context(), c, unknown); desktest.WrongFields(err) != "grants" {
		t.Errorf("an unknown template: %v", err)
	}
	if err := b.Delivery.Subscribe(t.Context(), c, make([]delivery.Grant, 11)); desktest.WrongFields(err) != "grants" {
		t.Errorf("too many: %v", err)
	}
	if got := b.Consents("somebody", notice.VisitorReply); got != 3 {
		t.Errorf("a refused call left %d", got)
	}
	if err := b.Emu.Withdraw(t.Context(), "somebody", desktest.Template(notice.VisitorReply)); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	if got := b.Consents("somebody", notice.VisitorReply); got != 0 {
		t.Errorf("%d consents after it was switched off", got)
	}
}

// TestChatSaysWhatIsWrong: a reply that cannot be made is answered with why.
func TestChatSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	if err := b.Emu.Enter(t.Context(), desktest.PhoneOfM01); err != nil { // the program may write now
		t.Fatal(err)
	}
	b.Receive()
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	long := record.InboundEvent{ID: "long", Kind: kit.EventText, OpenID: desktest.PhoneOfM01, Text: s.Number + " " + strings.Repeat("长", 2001)}
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{long, {ID: "blank", Kind: kit.EventText, OpenID: desktest.PhoneOfM01, Text: "\u200b"}}); err != nil {
		t.Fatal(err)
	}
	b.Receive()
	var said []string
	for _, line := range b.Emu.Chat(desktest.PhoneOfM01) {
		said = append(said, line.Text)
	}
	all := strings.Join(said, "|")
	if len(said) != 2 || !strings.Contains(all, "最多 2000 字") || !strings.Contains(all, "没有收到文字") {
		t.Errorf("answered %q", all)
	}
	if got := b.Replies(s.ID); got != "" {
		t.Errorf("replied %q", got)
	}
}

// TestChatNamesVoices: submissions without text are distinguishable in the list.
func TestChatNamesVoices(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	v := b.Visitor(desktest.PhoneOfFiler)
	u, err := b.Uploads.Upload(t.Context(), v, bytes.NewReader(desktest.Mp3()))
	if err != nil {
		t.Fatal(err)
	}
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText(""), func(r *filing.Request) { r.Filing.Voice = u.ID })
	if got := b.ChatAnswer(desktest.PhoneOfM01, "你好"); !strings.HasSuffix(got, s.Number+" 投诉 语音留言") {
		t.Errorf("listed as %q", got)
	}
}
