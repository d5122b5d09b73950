package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestUntoldSaysWhatToDo for each reason, and shows no phone.
func TestUntoldSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m03")) // has bound no phone
	b.deliver()
	b.clock.Advance(time.Second)
	b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"), func(r *filing.Request) {
		r.Filing.Text, r.Filing.Phone = "有人溺水了，快来救人", "13800138000"
	})
	b.refuses(sendPath, 47003)
	b.deliver()
	b.clock.Advance(time.Second)
	b.line.on(sendPath, busy)
	b.act(b.member("m01"), s.ID, access.Reply, text("马上到"))
	b.deliver()
	// Nobody can call a visitor who left no number.
	silent := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.deliver()
	b.act(b.member("m01"), silent.ID, access.Reply, text("就来"))
	b.deliver()
	list := b.wantUntold(
		"陈三 member_new: 请电话告知，并发邀请码", "周联络 liaison_alarm: 管理员发邀请码", "visitor visitor_reply: 多次发送都没有成功",
	)
	for _, u := range list {
		if u.View.Number == "" || u.Since.IsZero() || !strings.HasSuffix(u.ID, string(u.Purpose)) {
			t.Errorf("%+v", u)
		}
	}
}

// TestWhoLeavesTheList: who is told later, who looks, who acts, whose matter is
// over or was handed on.
func TestWhoLeavesTheList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(b *bundle, s matters.View)
		want []string
	}{
		"nothing": {func(*bundle, matters.View) {}, []string{"陈一 member_new"}},
		"a look": {func(b *bundle, s matters.View) {
			if _, err := b.Matters.Get(b.t.Context(), b.member("m01"), s.ID); err != nil {
				b.t.Fatal(err)
			}
		}, nil},
		"a colleague's look": {func(b *bundle, s matters.View) {
			_, _ = b.Matters.Get(b.t.Context(), b.member("m02"), s.ID)
			if _, err := b.Matters.Get(b.t.Context(), b.visitor(phoneOfFiler), s.ID); err != nil {
				b.t.Fatal(err)
			}
		}, []string{"陈一 member_new"}},
		"an act":     {func(b *bundle, s matters.View) { b.act(b.member("m01"), s.ID, access.Accept) }, nil},
		"taken back": {func(b *bundle, s matters.View) { b.act(b.visitor(phoneOfFiler), s.ID, access.Withdraw) }, nil},
		"handed on":  {func(b *bundle, s matters.View) { b.act(b.liaison(), s.ID, access.Assign, to("m04", "请他办")) }, nil},
		"another word": {func(b *bundle, s matters.View) {
			b.act(b.visitor(phoneOfFiler), s.ID, access.Message, text("快些"))
		}, []string{"陈一 member_new"}},
		"told of later": {func(b *bundle, s matters.View) {
			b.consent(phoneOfM01, notice.MemberMessage, 1)
			b.act(b.visitor(phoneOfFiler), s.ID, access.Message, text("快些"))
			b.deliver()
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, s := withNotice(t)
			b.deliver()
			b.wantUntold("陈一 member_new")
			c.do(b, s)
			b.wantUntold(c.want...)
		})
	}
}

// TestUntoldEndsWithItsMatterAndATerm: an open matter's entry stays however old it
// is, and one that is over goes 60 days later.
func TestUntoldEndsWithItsMatterAndATerm(t *testing.T) {
	t.Parallel()
	b, open := withNotice(t)
	b.deliver()
	b.clock.Advance(time.Second) // of one moment the ids would decide the order
	over := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Phone = "13800138000" })
	b.act(b.member("m01"), over.ID, access.Accept)
	b.act(b.member("m01"), over.ID, access.Close, closing(casework.Solved, "好了"))
	b.deliver()
	const member, visitor = "陈一 member_new", "visitor visitor_closed"
	b.wantUntold(member, visitor)
	const term = 60 * 24 * time.Hour
	b.clock.Advance(term - time.Hour)
	expire := func(looked int) {
		t.Helper()
		n, err := b.Delivery.ExpireUntold(t.Context(), here)
		if err != nil || n != looked {
			t.Errorf("looked at %d, %v, want %d", n, err, looked)
		}
	}
	expire(0)
	b.clock.Advance(2 * time.Hour)
	expire(2)
	b.wantUntold(member)
	expire(1)
	b.act(b.liaison(), open.ID, access.Assign, to("m04", "请他办"))
	b.wantUntold()
}

// TestTick takes one off the list, once, and writes it down.
func TestTick(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	b.deliver()
	id := b.wantUntold("陈一 member_new")[0].ID
	elsewhere := b.bound(there, access.Liaison, "l01")
	for name, err := range map[string]error{
		"a member":          b.Overview.TickUntold(t.Context(), b.member("m01"), id, ""),
		"another station":   b.Overview.TickUntold(t.Context(), elsewhere, id, ""),
		"no such":           b.Overview.TickUntold(t.Context(), b.liaison(), id+"x", ""),
		"too long":          b.Overview.TickUntold(t.Context(), b.liaison(), id, strings.Repeat("长", 501)),
		"an id of no shape": b.Overview.TickUntold(t.Context(), b.liaison(), "..", ""),
	} {
		if !slices.Contains([]fault.Code{fault.Denied, fault.NotFound, fault.Invalid}, fault.CodeOf(err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.wantUntold("陈一 member_new")
	if err := b.Overview.TickUntold(t.Context(), b.liaison(), id, "打过电话了"); err != nil {
		t.Fatal(err)
	}
	b.wantUntold()
	if err := b.Overview.TickUntold(t.Context(), b.liaison(), id, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("again: %v", err)
	}
	lines, err := b.server.Client(t).XRevRangeN(t.Context(), "{"+here+"}:audit", "+", "-", 1).Result()
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	all := fmt.Sprint(lines[0].Values)
	for _, want := range []string{"untold_done", s.ID, "打过电话了", "l01"} {
		if !strings.Contains(all, want) {
			t.Errorf("the audit %q lacks %q", all, want)
		}
	}
}

// TestFailedLater: the platform took the message and did not deliver it.
func TestFailedLater(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	b.consent(phoneOfM01, notice.MemberNew, 1)
	b.consent(phoneOfFiler, notice.VisitorReply, 1)
	b.deliver()
	b.act(b.member("m01"), s.ID, access.Reply, text("去修"))
	b.deliver()
	b.wantUntold()
	lines, err := b.server.Client(t).XRange(t.Context(), "{"+here+"}:told", "-", "+").Result()
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	id := func(i int) string { w, _ := lines[i].Values["w"].(string); return w }
	if id(0) == "" || id(1) == "" {
		t.Fatalf("no message ids in %v", lines)
	}
	fails := func(openid, msg string, code int64) {
		b.arrive(record.Arrival{ID: fresh(), Kind: kit.ArrivedSent, OpenID: openid, MsgID: msg, ErrorCode: code})
	}
	fails(phoneOfM01, id(0), 0)
	fails(phoneOfM01, id(1), 3) // not theirs
	b.wantUntold()
	fails(phoneOfM01, id(0), 3)
	b.clock.Advance(time.Second)
	fails(phoneOfFiler, id(1), 3)
	b.wantUntold("陈一 member_new: 微信没有送达", "visitor visitor_reply: 微信没有送达")
	if n := b.seen.of("notice", string(record.FailedLater)); n != 3 {
		t.Errorf("observed %d", n)
	}
	// What is over needs nobody to be told.
	b.act(b.member("m01"), s.ID, access.Close, closing(casework.Solved, "好了"))
	fails(phoneOfM01, id(0), 3)
	b.wantUntold()
}

// TestFailedBeforeItWasSent: the platform's word can overtake the writing down
// of what was sent, and is kept for a while; of what is not ours it is let go.
func TestFailedBeforeItWasSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := b.Inbound.Arrive(t.Context(), []record.Arrival{{ID: "x", Kind: kit.ArrivedSent, OpenID: phoneOfM01, MsgID: "1", ErrorCode: 3}}); err != nil {
		t.Fatal(err)
	}
	took := 0
	for range 8 {
		n, err := b.Inbound.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		took += n
		b.clock.Advance(time.Second)
	}
	if took != 4 || b.seen.of("arrival", "dropped") != 0 {
		t.Errorf("worked on %d times", took)
	}
}
