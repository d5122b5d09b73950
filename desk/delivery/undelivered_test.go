package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
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

// TestUndeliveredSaysWhatToDo for each reason, and shows no phone.
func TestUndeliveredSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m03")) // has bound no phone
	b.Deliver()
	b.Clock.Advance(time.Second)
	b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"), func(r *filing.Request) {
		r.Filing.Text, r.Filing.Phone = "有人溺水了，快来救人", "13800138000"
	})
	b.FailPath(desktest.SendPath, 47003)
	b.Deliver()
	b.Clock.Advance(time.Second)
	b.Line.Handle(desktest.SendPath, desktest.Busy)
	b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "马上到"})
	b.Deliver()
	// A visitor without a number cannot be called.
	silent := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Deliver()
	b.Act(b.Member("m01"), silent.ID, casework.Reply{Text: "就来"})
	b.Deliver()
	list := b.WantUndelivered(
		"陈三 member_new: 请电话告知，并发邀请码", "周联络 liaison_alarm: 管理员发邀请码", "visitor visitor_reply: 多次发送都没有成功",
	)
	for _, u := range list {
		if u.View.Number == "" || u.Since.IsZero() || !strings.HasSuffix(u.ID, string(u.Purpose)) {
			t.Errorf("%+v", u)
		}
	}
}

// TestUndeliveredIsCleared: by a later notice, by looking, by acting, and when the submission ends or changes
// hands.
func TestUndeliveredIsCleared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(b *desktest.Bundle, s matters.View)
		want []string
	}{
		"nothing": {func(*desktest.Bundle, matters.View) {}, []string{"陈一 member_new"}},
		"a look": {func(b *desktest.Bundle, s matters.View) {
			if _, err := b.Matters.Get(b.T.Context(), b.Member("m01"), s.ID); err != nil {
				b.T.Fatal(err)
			}
		}, nil},
		"a colleague's look": {func(b *desktest.Bundle, s matters.View) {
			_, _ = b.Matters.Get(b.T.Context(), b.Member("m02"), s.ID)
			if _, err := b.Matters.Get(b.T.Context(), b.Visitor(desktest.PhoneOfFiler), s.ID); err != nil {
				b.T.Fatal(err)
			}
		}, []string{"陈一 member_new"}},
		"an act": {func(b *desktest.Bundle, s matters.View) { b.Act(b.Member("m01"), s.ID, casework.Accept{}) }, nil},
		"taken back": {func(b *desktest.Bundle, s matters.View) {
			b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Withdraw{})
		}, nil},
		"handed on": {func(b *desktest.Bundle, s matters.View) {
			b.Act(b.Liaison(), s.ID, casework.Assign{To: "m04", Reason: "请他办"})
		}, nil},
		"another word": {func(b *desktest.Bundle, s matters.View) {
			b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Message{Text: "快些"})
		}, []string{"陈一 member_new"}},
		"told of later": {func(b *desktest.Bundle, s matters.View) {
			b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 1)
			b.Act(b.Visitor(desktest.PhoneOfFiler), s.ID, casework.Message{Text: "快些"})
			b.Deliver()
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, s := desktest.WithNotice(t)
			b.Deliver()
			b.WantUndelivered("陈一 member_new")
			c.do(b, s)
			b.WantUndelivered(c.want...)
		})
	}
}

// TestUndeliveredExpires: an open submission's entry stays however old it is; others go 60 days after the end.
func TestUndeliveredExpires(t *testing.T) {
	t.Parallel()
	b, open := desktest.WithNotice(t)
	b.Deliver()
	b.Clock.Advance(time.Second) // of one moment the ids would decide the order
	over := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Phone = "13800138000" })
	b.Act(b.Member("m01"), over.ID, casework.Accept{})
	b.Act(b.Member("m01"), over.ID, casework.Close{Outcome: casework.Solved, Text: "好了"})
	b.Deliver()
	const member, visitor = "陈一 member_new", "visitor visitor_closed"
	b.WantUndelivered(member, visitor)
	const term = 60 * 24 * time.Hour
	b.Clock.Advance(term - time.Hour)
	expire := func(looked int) {
		t.Helper()
		n, err := b.Delivery.ExpireUndelivered(t.Context(), desktest.Here)
		if err != nil || n != looked {
			t.Errorf("looked at %d, %v, want %d", n, err, looked)
		}
	}
	expire(0)
	b.Clock.Advance(2 * time.Hour)
	expire(2)
	b.WantUndelivered(member)
	expire(1)
	b.Act(b.Liaison(), open.ID, casework.Assign{To: "m04", Reason: "请他办"})
	b.WantUndelivered()
}

// TestTick takes one off the list, once, and writes it down.
func TestTick(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	b.Deliver()
	id := b.WantUndelivered("陈一 member_new")[0].ID
	elsewhere := b.Bound(desktest.There, access.Liaison, "l01")
	for name, err := range map[string]error{
		"a member":          b.Overview.ResolveUndelivered(t.Context(), b.Member("m01"), id, ""),
		"another station":   b.Overview.ResolveUndelivered(t.Context(), elsewhere, id, ""),
		"no such":           b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), id+"x", ""),
		"too long":          b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), id, strings.Repeat("长", 501)),
		"an id of no shape": b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), "..", ""),
	} {
		if !slices.Contains([]fault.Code{fault.Denied, fault.NotFound, fault.Invalid}, fault.CodeOf(err)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.WantUndelivered("陈一 member_new")
	if err := b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), id, "打过电话了"); err != nil {
		t.Fatal(err)
	}
	b.WantUndelivered()
	if err := b.Overview.ResolveUndelivered(t.Context(), b.Liaison(), id, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("again: %v", err)
	}
	lines, err := b.Server.Client(t).XRevRangeN(t.Context(), "{"+desktest.Here+"}:audit", "+", "-", 1).Result()
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

// TestFailedLater: the platform accepted the message and did not deliver it.
func TestFailedLater(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorReply, 1)
	b.Deliver()
	b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "去修"})
	b.Deliver()
	b.WantUndelivered()
	lines, err := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:told", "-", "+").Result()
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	id := func(i int) string { w, _ := lines[i].Values["w"].(string); return w }
	if id(0) == "" || id(1) == "" {
		t.Fatalf("no message ids in %v", lines)
	}
	fails := func(openid, msg string, code int64) {
		b.PushEvents(record.InboundEvent{ID: desktest.Fresh(), Kind: kit.EventSent, OpenID: openid, MsgID: msg, ErrorCode: code})
	}
	fails(desktest.PhoneOfM01, id(0), 0)
	fails(desktest.PhoneOfM01, id(1), 3) // not theirs
	b.WantUndelivered()
	fails(desktest.PhoneOfM01, id(0), 3)
	b.Clock.Advance(time.Second)
	fails(desktest.PhoneOfFiler, id(1), 3)
	b.WantUndelivered("陈一 member_new: 微信没有送达", "visitor visitor_reply: 微信没有送达")
	if n := b.Seen.Of("notice", string(record.DeliveryFailed)); n != 3 {
		t.Errorf("observed %d", n)
	}
	// A submission that is over needs no notice.
	b.Act(b.Member("m01"), s.ID, casework.Close{Outcome: casework.Solved, Text: "好了"})
	fails(desktest.PhoneOfM01, id(0), 3)
	b.WantUndelivered()
}

// TestFailedBeforeItWasSent: the platform's report may arrive before the sending is stored, and is retried for
// a while; one about an unknown message is dropped.
func TestFailedBeforeItWasSent(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	if err := b.Inbound.Enqueue(t.Context(), []record.InboundEvent{{ID: "x", Kind: kit.EventSent, OpenID: desktest.PhoneOfM01, MsgID: "1", ErrorCode: 3}}); err != nil {
		t.Fatal(err)
	}
	took := 0
	for range 8 {
		n, err := b.Inbound.ProcessQueue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		took += n
		b.Clock.Advance(time.Second)
	}
	if took != 4 || b.Seen.Of("arrival", "dropped") != 0 {
		t.Errorf("worked on %d times", took)
	}
}
