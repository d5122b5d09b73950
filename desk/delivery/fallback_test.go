package delivery_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestSentByChat: while the window is open, a person without consent is notified in the chat, up to the last
// message but one.
func TestSentByChat(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	var last matters.View
	for range 4 {
		last = b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
		b.Deliver()
	}
	told := memberNewTold + "sent_by_chat"
	b.WantOutcomes(told, told, told, memberNewTold+"no_consent")
	b.WantUndelivered("陈一 member_new: 提醒次数已用完，请电话告知")
	said := b.ChatTexts(desktest.PhoneOfM01)
	if len(said) != 4 {
		t.Fatalf("said %q", said)
	}
	s := b.Load(last.ID)
	for _, want := range []string{"新的诉求", "编号：", "类型：投诉", "地点：下滩村", "期限：2026-", "直接回复", "加内容即可答复"} {
		if !strings.Contains(said[3], want) {
			t.Errorf("%q lacks %q", said[3], want)
		}
	}
	// The one that is kept answers them.
	if answer := b.ChatAnswer(desktest.PhoneOfM01, s.Number+" 马上去修"); !strings.Contains(answer, "已答复") {
		t.Errorf("answered %q", answer)
	}
	b.WantUndelivered() // who has answered knows of it
	if _, err := b.Matters.Get(t.Context(), m, last.ID); err != nil {
		t.Fatal(err)
	}
	b.Deliver()
	// So is a visitor.
	b.ChatAnswer(desktest.PhoneOfFiler, "你好")
	b.Act(m, last.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	b.Deliver()
	said = b.ChatTexts(desktest.PhoneOfFiler)
	if got := said[len(said)-1]; !strings.Contains(got, "已办结") || !strings.Contains(got, "修好了") || !strings.Contains(got, "已解决") {
		t.Errorf("the visitor reads %q", got)
	}
}

// TestTheChatSaysWhatItIsAbout: a nudge and a note that names somebody are no passed deadline, how a matter ended is told
// as in a text, and whoever filed it for somebody reads that it is another's.
func TestTheChatSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.PutEntry(b.Admin(), "l02", station.Liaison{Name: "林小溪"})
	m, zhou := b.Member("m01"), b.Liaison()
	b.Department()
	b.Bound(desktest.Here, access.Liaison, "l02")
	said := func(openid, head string) {
		t.Helper()
		b.Deliver()
		texts := b.ChatTexts(openid)
		if last := texts[len(texts)-1]; !strings.HasPrefix(last, head+"\n") {
			t.Errorf("%q, want %q", last, head)
		}
	}
	department, lin := desktest.OpenidOf(desktest.Here, access.Department, "d01"), desktest.OpenidOf(desktest.Here, access.Liaison, "l02")
	for _, openid := range []string{desktest.PhoneOfM01, department, lin} {
		b.ChatAnswer(openid, "你好")
	}
	child := b.Visitor("the-child")
	id := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf).ID
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.AskAssist{Department: "d01", Text: "请核实", Days: 2})
	said(department, "有诉求请贵单位协办")
	if _, _, err := b.Notes.Nudge(t.Context(), zhou, id); err != nil {
		t.Fatal(err)
	}
	said(department, "联络员催您答复协办")
	said(desktest.PhoneOfM01, "联络员催您办理一件诉求")
	desktest.Must1(b.Notes.Add(t.Context(), zhou, id, "", "请@林小溪 看看"))(t)
	said(lin, "同事在内部备注里提到您")

	b.Act(m, id, casework.Recall{Assist: 1, Reason: "不用了"})
	offer := desktest.Must1(b.Handover.Make(t.Context(), child, id, "13900139000", false))(t)
	desktest.Must1(b.Handover.Redeem(t.Context(), b.Caller(b.ByPhone("13900139000").Token), offer.Digits, ""))(t)
	b.ChatAnswer("the-child", "你好")
	b.Act(m, id, casework.Reply{Text: "已经报修"})
	said("the-child", "您替人提交的诉求有了答复")
	b.Act(m, id, casework.Close{Outcome: casework.Agreed, Text: "下周换", Day: b.Clock.Now().AddDate(0, 0, 7).Format(time.DateOnly)})
	said("the-child", "您替人提交的诉求有了约定，待落实")
}

// TestChatWaitsForThePersonsLock and counts no attempt.
func TestChatWaitsForThePersonsLock(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	person := b.Member("m01").Person
	if err := b.Store.ClearConsents(t.Context(), person, notice.MemberNew); err != nil {
		t.Fatal(err)
	}
	release, ok, err := b.Store.LockPerson(t.Context(), person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 3 {
		b.Deliver()
		b.Clock.Advance(time.Second)
	}
	if len(b.NoticeOutcomes()) != 0 || len(b.ChatTexts(desktest.PhoneOfM01)) != 1 {
		t.Fatalf("told %v, said %q", b.NoticeOutcomes(), b.ChatTexts(desktest.PhoneOfM01))
	}
	release()
	b.Deliver()
	b.WantOutcomes(memberNewTold + "sent_by_chat")
}

// TestChatIsClosedByThePlatform: then the liaison is the next channel.
func TestChatIsClosedByThePlatform(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	b.FailPath(desktest.ChatPath, 45047)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "no_consent")
	b.WantUndelivered("陈一 member_new: 提醒次数已用完")
	if left, err := b.Store.ChatLeft(t.Context(), b.Member("m01").Person, b.Clock.Now()); left != 0 || err != nil {
		t.Errorf("%d may be sent, %v", left, err)
	}
}

// TestChatOutage is tried again, and given to the liaison in the end.
func TestChatOutage(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	b.Line.Handle(desktest.ChatPath, func(*http.Request) (*http.Response, error) { return nil, desktest.ErrDied })
	for range 4 {
		b.Deliver()
		b.Clock.Advance(time.Minute)
	}
	b.WantOutcomes(memberNewTold + "no_consent")
	b.WantUndelivered("陈一 member_new: 提醒次数已用完")
}

// TestFallbackChannels: a channel that the station does not use is not tried.
func TestFallbackChannels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		means        []station.FallbackChannel
		chat, listed int
	}{
		{nil, 1, 0},
		{[]station.FallbackChannel{station.ChannelLiaison}, 0, 1},
		{[]station.FallbackChannel{station.ChannelLiaison, station.ChannelChat}, 0, 1},
		{[]station.FallbackChannel{station.ChannelChat}, 1, 0},
	} {
		b := desktest.Setup(t)
		st := desktest.Town()
		st.FallbackChannels = c.means
		b.Put(st, 1)
		b.Clock.Advance(time.Minute)
		b.Member("m01")
		b.ChatAnswer(desktest.PhoneOfM01, "你好")
		b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
		b.Deliver()
		n, err := b.Store.Count(t.Context(), desktest.Here, record.Index{Name: record.Unreached})
		if got := len(b.ChatTexts(desktest.PhoneOfM01)) - 1; got != c.chat || n != c.listed || err != nil {
			t.Errorf("%v: %d by chat, %d listed, %v", c.means, got, n, err)
		}
	}
}
