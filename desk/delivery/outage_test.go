package delivery_test

import (
	"sync"
	"testing"
	"time"

	"mashang/desk/codes"
	"mashang/desk/delivery"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// useCases are all of them, as somebody with every right calls them.
func useCases(b *desktest.Bundle, token, id string) map[string]func() error {
	ctx := b.T.Context()
	v, m, l := b.Visitor(desktest.PhoneOfFiler), b.Member("m01"), b.Liaison()
	key := b.Key(station.ForMember, "m01")
	yes := true
	code := b.Emu.LoginCode("newcomer")
	pic := desktest.JpegOf(b.T, 77)
	return map[string]func() error{
		"open":   func() error { _, err := b.Identity.Open(ctx, code, key); return err },
		"caller": func() error { _, err := b.Identity.Caller(ctx, token); return err },
		"leave":  func() error { return b.Identity.SignOut(ctx, "some token") },
		"bind":   func() error { _, err := b.Identity.Bind(ctx, v, "0123456789abcdef"); return err },
		"invite": func() error { _, err := b.Identity.Invite(ctx, l, "m02", false); return err },
		"submit": func() error {
			_, err := b.Filing.Submit(ctx, v, desktest.Fresh(), desktest.Request(key, desktest.Phone("13800138000")))
			return err
		},
		"get": func() error { _, err := b.Matters.Get(ctx, m, id); return err },
		"accept": func() error {
			_, err := b.Matters.Act(ctx, m, id, new(1), casework.Accept{})
			return err
		},
		"message": func() error {
			_, err := b.Matters.Act(ctx, v, id, nil, casework.Message{Text: "在吗"})
			return err
		},
		"mine":  func() error { return desktest.Third(b.Matters.Mine(ctx, v, "", 0)) },
		"inbox": func() error { return desktest.Third(b.Matters.Inbox(ctx, m, matters.Filter{}, "", 0)) },
		"pool":  func() error { return desktest.Third(b.Matters.PoolList(ctx, l, "", 0)) },
		"list": func() error {
			return desktest.Refusal(b.Overview.Matters(ctx, l, overview.MatterFilter{Query: "x"}, "", 0))
		},
		"today":    func() error { _, err := b.Overview.Today(ctx, l); return err },
		"phone":    func() error { _, err := b.Overview.Phone(ctx, l, id, "看看"); return err },
		"codes":    func() error { _, err := b.Codes.Codes(ctx, l, codes.CodeFilter{}, "", 0); return err },
		"sign":     func() error { _, err := b.Codes.Sign(ctx, key); return err },
		"new code": func() error { _, err := b.Codes.NewCode(ctx, l, station.Target{Kind: station.ForStation}); return err },
		"change":   func() error { _, err := b.Codes.ChangeCode(ctx, l, key, codes.CodeChange{Revoked: &yes}); return err },
		"upload":   func() error { _, err := b.Uploads.Upload(ctx, v, desktest.Reader(pic)); return err },
		"file":     func() error { _, err := b.Matters.File(ctx, m, "f-some", false); return err },
		"subscribe": func() error {
			return b.Delivery.Subscribe(ctx, v, []delivery.Grant{{Template: desktest.Template(notice.VisitorReply), Accepted: true}})
		},
		"arrive": func() error {
			return b.Inbound.Enqueue(ctx, []record.InboundEvent{{ID: "a", Kind: kit.EventText, OpenID: "somebody", Text: "x"}})
		},
		"receive": func() error { _, err := b.Inbound.ProcessQueue(ctx); return err },
		"deliver": func() error { _, err := b.Delivery.Deliver(ctx, desktest.Here); return err },
		"sweep":   func() error { _, err := b.Deadlines.Sweep(ctx, desktest.Here); return err },
	}
}

// TestRedisDown kills the server under every use case: each answers Unavailable
// at once, nothing is half-written, and all heals when it returns.
func TestRedisDown(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	token := b.Open("somebody", "").Token
	id := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"), desktest.Phone("13800138000")).ID
	b.Liaison()
	b.Clock.Advance(time.Hour) // nothing that was read is fresh
	cases := useCases(b, token, id)
	before := b.DumpKeys()
	b.Server.Kill(t)
	for name, call := range cases {
		if err := call(); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Server.Start(t)
	for key, value := range b.DumpKeys() {
		if before[key] != value {
			t.Errorf("%s was written in the outage", key)
		}
	}
	b.Caller(token)
	b.Act(b.Member("m01"), id, casework.Reply{Text: "好"})
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Deliver()
	if n := len(b.NoticeOutcomes()); n != 3 {
		t.Errorf("%d notices after it healed", n)
	}
}

// TestRedisHangs: many concurrent callers fail together with the first, not one after the other.
func TestRedisHangs(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor(desktest.PhoneOfFiler)
	b.Clock.Advance(time.Hour)
	b.Server.Hang(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if _, err := b.Filing.Submit(t.Context(), v, desktest.Fresh(), desktest.Request(b.Key(station.ForMember, "m01"))); !fault.Is(err, fault.Unavailable) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}()
	timeout := time.NewTimer(15 * time.Second) // half a second each: one after another they take 20
	defer timeout.Stop()
	select {
	case <-done:
	case <-timeout.C:
		t.Error("callers wait for one another")
	}
	b.Server.Resume(t)
	<-done
	b.File(v, b.Key(station.ForMember, "m01"))
	if n := b.Count(record.Index{Name: record.All}); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// TestOtherProcesses: another process's change is seen within the documented time.
func TestOtherProcesses(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	other := b.SecondDesk()
	token := b.Open(desktest.OpenidOf(desktest.Here, access.Member, b.Member("m01").ID), "").Token
	look := func() access.Role {
		t.Helper()
		c, err := other.Identity.Caller(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return c.Role
	}
	key := b.Key(station.ForMember, "m01")
	revoked := func() bool {
		t.Helper()
		s, err := other.Codes.Sign(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return s.Revoked
	}
	if look() != access.Member || revoked() {
		t.Fatal("to begin with")
	}
	// Somebody else binds the role here; a code is revoked here.
	in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: desktest.Here, Role: "member", Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(t.Context(), b.Visitor("new-phone"), in.Code); err != nil {
		t.Fatal(err)
	}
	yes := true
	if _, err := b.Codes.ChangeCode(t.Context(), b.Liaison(), key, codes.CodeChange{Revoked: &yes}); err != nil {
		t.Fatal(err)
	}
	if c := b.Caller(token); c.Role != access.Visitor {
		t.Errorf("here it is seen at once, not %s", c.Role)
	}
	if s, err := b.Codes.Sign(t.Context(), key); err != nil || !s.Revoked {
		t.Errorf("here it is seen at once: %+v, %v", s, err)
	}
	b.Clock.Advance(5 * time.Second)
	if !revoked() {
		t.Error("the code still works after five seconds")
	}
	b.Clock.Advance(5 * time.Second)
	if look() != access.Visitor {
		t.Error("the old phone still is the member after ten seconds")
	}
}

// TestLeavingEndsASessionElsewhere within ten seconds.
func TestLeavingEndsASessionElsewhere(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	other := b.SecondDesk()
	token := b.Open("somebody", "").Token
	if _, err := other.Identity.Caller(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if err := b.Identity.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Caller(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("here: %v", err)
	}
	b.Clock.Advance(10 * time.Second)
	if _, err := other.Identity.Caller(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("there: %v", err)
	}
}

// TestKilledInTheMiddle kills the server while people file and act. Whatever
// was acknowledged is there once, in one queue, with its notice.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.KeyIn(desktest.Here, station.ForMember, "m01")
	v := b.Visitor(desktest.PhoneOfFiler)
	var mu sync.Mutex
	acked := map[string]string{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				idem := desktest.Fresh()
				r := desktest.Request(key)
				for {
					got, err := b.Filing.Submit(t.Context(), v, idem, r)
					if err == nil {
						mu.Lock()
						acked[idem] = got.ID
						mu.Unlock()
						break
					}
					if !fault.Is(err, fault.Unavailable) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	some := func(n int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(acked) >= n
		}
	}
	b.Until("some are filed", some(20))
	b.Server.Kill(t)
	b.Server.Start(t)
	mu.Lock()
	n := len(acked)
	mu.Unlock()
	b.Until("more are filed", some(n+20))
	close(stop)
	wg.Wait()
	ids := map[string]bool{}
	for _, id := range acked {
		ids[id] = true
	}
	if all := b.Count(record.Index{Name: record.All}); all != len(ids) || len(ids) != len(acked) {
		t.Errorf("%d acknowledged, %d of them different, %d in the list", len(acked), len(ids), all)
	}
	queued := b.Count(record.Index{Name: record.Inbox, Arg: "m01"}) + b.Count(record.Index{Name: record.Inbox, Arg: "m02"}) +
		b.Count(record.Index{Name: record.Pool})
	held := b.Count(record.Index{Name: record.InState, Arg: string(casework.Assigned)})
	if queued != len(ids) || b.PendingNotices() != held {
		t.Errorf("%d in queues, %d notices of %d assigned", queued, b.PendingNotices(), held)
	}
}
