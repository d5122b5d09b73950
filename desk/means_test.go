package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// wantUntold compares the list: receiver's name or role, purpose, and a word of
// why.
func (b *bundle) wantUntold(want ...string) []overview.Untold {
	b.t.Helper()
	p, err := b.Overview.UntoldList(b.t.Context(), b.liaison(), "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	got := make([]string, len(p.Items))
	for i, u := range p.Items {
		name := u.Name
		if name == "" {
			name = string(u.Role)
		}
		got[i] = name + " " + string(u.Purpose) + " " + u.Why
	}
	if len(got) != len(want) {
		b.t.Fatalf("listed %q, want %q", got, want)
	}
	for i, w := range want {
		name, why, _ := strings.Cut(w, ": ")
		if !strings.HasPrefix(got[i], name+" ") || !strings.Contains(got[i], why) {
			b.t.Errorf("listed %q, want %q", got[i], w)
		}
	}
	today, err := b.Overview.Today(b.t.Context(), b.liaison())
	if err != nil || today.Untold != len(want) {
		b.t.Errorf("today says %d, %v", today.Untold, err)
	}
	return p.Items
}

// TestToldByChat: the window is open, so that who gave no consent is told there,
// up to the last message but one.
func TestToldByChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.member("m01")
	b.says(phoneOfM01, "你好")
	var last matters.View
	for range 4 {
		last = b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
		b.deliver()
	}
	told := memberNewTold + "sent_by_chat"
	b.wantTold(told, told, told, memberNewTold+"no_consent")
	b.wantUntold("陈一 member_new: 提醒次数已用完，请电话告知")
	said := b.chatted(phoneOfM01)
	if len(said) != 4 {
		t.Fatalf("said %q", said)
	}
	s := b.load(last.ID)
	for _, want := range []string{"新的诉求", "编号：", "类型：投诉", "地点：下滩村", "期限：2026-", "直接回复", "加内容即可答复"} {
		if !strings.Contains(said[3], want) {
			t.Errorf("%q lacks %q", said[3], want)
		}
	}
	// The one that is kept answers them.
	if answer := b.says(phoneOfM01, s.Number+" 马上去修"); !strings.Contains(answer, "已答复") {
		t.Errorf("answered %q", answer)
	}
	b.wantUntold() // who has answered knows of it
	if _, err := b.Matters.Get(t.Context(), m, last.ID); err != nil {
		t.Fatal(err)
	}
	b.deliver()
	// So is a visitor.
	b.says(phoneOfFiler, "你好")
	b.act(m, last.ID, access.Close, closing(casework.Solved, "修好了"))
	b.deliver()
	said = b.chatted(phoneOfFiler)
	if got := said[len(said)-1]; !strings.Contains(got, "已办结") || !strings.Contains(got, "修好了") || !strings.Contains(got, "已解决") {
		t.Errorf("the visitor reads %q", got)
	}
}

// TestChatWaitsForTheLane and counts no attempt.
func TestChatWaitsForTheLane(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.says(phoneOfM01, "你好")
	person := b.member("m01").Person
	if err := b.store.ClearConsents(t.Context(), person, notice.MemberNew); err != nil {
		t.Fatal(err)
	}
	release, ok, err := b.store.Lane(t.Context(), person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 3 {
		b.deliver()
		b.clock.Advance(time.Second)
	}
	if len(b.told()) != 0 || len(b.chatted(phoneOfM01)) != 1 {
		t.Fatalf("told %v, said %q", b.told(), b.chatted(phoneOfM01))
	}
	release()
	b.deliver()
	b.wantTold(memberNewTold + "sent_by_chat")
}

// TestChatIsClosedByThePlatform: then the liaison is the next means.
func TestChatIsClosedByThePlatform(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	b.says(phoneOfM01, "你好")
	b.refuses(chatPath, 45047)
	b.deliver()
	b.wantTold(memberNewTold + "no_consent")
	b.wantUntold("陈一 member_new: 提醒次数已用完")
	if left, err := b.store.ChatLeft(t.Context(), b.member("m01").Person, b.clock.Now()); left != 0 || err != nil {
		t.Errorf("%d may be sent, %v", left, err)
	}
}

// TestChatOutage is tried again, and given to the liaison in the end.
func TestChatOutage(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	b.says(phoneOfM01, "你好")
	b.line.on(chatPath, func(*http.Request) (*http.Response, error) { return nil, errDied })
	for range 4 {
		b.deliver()
		b.clock.Advance(time.Minute)
	}
	b.wantTold(memberNewTold + "no_consent")
	b.wantUntold("陈一 member_new: 提醒次数已用完")
}

// TestTheStationsMeans: what a station does not want is not done.
func TestTheStationsMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		means        []station.Means
		chat, listed int
	}{
		{nil, 1, 0},
		{[]station.Means{station.ByLiaison}, 0, 1},
		{[]station.Means{station.ByLiaison, station.ByChat}, 0, 1},
		{[]station.Means{station.ByChat}, 1, 0},
	} {
		b := setup(t)
		st := town()
		st.Means = c.means
		b.put(st, 1)
		b.clock.Advance(time.Minute)
		b.member("m01")
		b.says(phoneOfM01, "你好")
		b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
		b.deliver()
		n, err := b.store.CountUntold(t.Context(), here)
		if got := len(b.chatted(phoneOfM01)) - 1; got != c.chat || n != c.listed || err != nil {
			t.Errorf("%v: %d by chat, %d listed, %v", c.means, got, n, err)
		}
	}
}
