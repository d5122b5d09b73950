package desk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk"
	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

const (
	phoneOfM01     = here + "-member-m01"
	phoneOfFiler   = "villager"
	memberNewTold  = "member_new member "
	progressTold   = "visitor_progress visitor "
	replyTold      = "visitor_reply visitor "
	memberUrgeTold = "member_urge member "
)

// withNotice is a bundle with one matter for m01, whose notice waits.
func withNotice(t *testing.T, change ...func(*kit.Config)) (*bundle, matters.View) {
	t.Helper()
	b := setup(t, change...)
	b.member("m01")
	return b, b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
}

// wantTold compares the outcomes written down.
func (b *bundle) wantTold(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), b.told()); diff != "" {
		b.t.Error(diff)
	}
}

func TestSent(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	b.consent(phoneOfM01, notice.MemberNew, 1)
	b.deliver()
	b.wantTold(memberNewTold + "sent")
	got := b.emu.Messages(phoneOfM01)
	if len(got) != 1 || got[0].Template != template(notice.MemberNew) || got[0].Page != "pages/matter/index?id="+s.ID {
		t.Fatalf("%+v", got)
	}
	if v := got[0].Data["character_string1"].Value; v != s.Number {
		t.Errorf("the number reads %q", v)
	}
	if b.seen.of("notice", "sent") != 1 || b.waiting() != 0 || b.emu.Left(phoneOfM01, template(notice.MemberNew)) != 0 {
		t.Error("one message, one grant, one outcome")
	}
	// The visitor's answer goes the other way.
	b.consent(phoneOfFiler, notice.VisitorReply, 1)
	b.act(b.member("m01"), s.ID, access.Reply, text("已报修"))
	b.deliver()
	b.wantTold(memberNewTold+"sent", replyTold+"sent")
	if got := b.emu.Messages(phoneOfFiler); len(got) != 1 || got[0].Data["thing3"].Value != "已报修" {
		t.Errorf("the visitor got %+v", got)
	}
}

func TestNobodyToTell(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m03")) // has bound no phone
	b.deliver()
	b.wantTold(memberNewTold + "no_address")
	if n := b.line.calls(sendPath); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestNoConsent asks the platform while nothing is known, and no more once it
// has said no.
func TestNoConsent(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	b.deliver()
	b.wantTold(memberNewTold + "no_consent")
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.deliver()
	b.wantTold(memberNewTold+"no_consent", memberNewTold+"no_consent")
	if n := b.line.calls(sendPath); n != 1 {
		t.Errorf("%d calls, want the first alone", n)
	}
	// A count of ours that is too high is corrected by the platform.
	if err := b.Delivery.Subscribe(t.Context(), b.member("m01"), []delivery.Grant{{Template: template(notice.MemberNew), Accepted: true}, {Template: template(notice.MemberNew), Accepted: true}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	}
	b.deliver()
	if n := b.line.calls(sendPath); n != 2 {
		t.Errorf("%d calls, want one more", n)
	}
	if n := b.seen.of("notice", "no_consent"); n != 4 {
		t.Errorf("%d without consent", n)
	}
}

// TestQuietHours files and answers at night.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m, v := b.member("m01"), b.visitor(phoneOfFiler)
	b.consent(phoneOfM01, notice.MemberNew, 5)
	b.consent(phoneOfFiler, notice.VisitorReply, 5)
	b.consent(phoneOfFiler, notice.VisitorClosed, 5)
	b.clock.Set(time.Date(2026, 7, 22, 22, 0, 0, 0, station.Zone))
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.clock.Advance(time.Second)
	b.act(m, s.ID, access.Reply, text("明天去看"))
	b.clock.Advance(time.Second)
	b.act(m, s.ID, access.Close, closing(casework.Solved, "看过了"))
	b.deliver()
	// A closed matter needs no first notice; the answer leaves at any hour.
	b.wantTold(memberNewTold+"moot", replyTold+"sent")
	b.file(v, b.key(station.ForMember, "m01"))
	b.deliver()
	b.wantTold(memberNewTold+"moot", replyTold+"sent", memberNewTold+"sent")
	for _, at := range []int{23, 24 + 3, 24 + 6} {
		b.clock.Set(time.Date(2026, 7, 22, at, 59, 0, 0, station.Zone))
		b.deliver()
	}
	if b.waiting() != 1 || len(b.told()) != 3 {
		t.Fatalf("%d wait, told %v", b.waiting(), b.told())
	}
	b.clock.Set(time.Date(2026, 7, 23, 7, 0, 0, 0, station.Zone))
	b.deliver()
	b.wantTold(memberNewTold+"moot", replyTold+"sent", memberNewTold+"sent", "visitor_closed visitor sent")
}

// TestLaneIsBusy puts a message off while another is on its way to the same
// person, and does not count that as an attempt.
func TestLaneIsBusy(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.consent(phoneOfM01, notice.MemberNew, 1)
	release, ok, err := b.store.Lane(t.Context(), b.member("m01").Person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 3 {
		b.deliver()
		b.clock.Advance(time.Second)
	}
	if len(b.told()) != 0 || b.waiting() != 1 || b.line.calls(sendPath) != 0 {
		t.Fatalf("told %v, %d wait", b.told(), b.waiting())
	}
	release()
	b.deliver()
	b.wantTold(memberNewTold + "sent")
}

// TestRetryThenDead follows an entry through a long outage of the platform.
func TestRetryThenDead(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 4 })
	b.consent(phoneOfM01, notice.MemberNew, 2)
	b.line.on(sendPath, busy)
	for attempt, most := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		b.deliver()
		// The client itself asks a busy platform once more.
		if n := b.line.calls(sendPath); n != 2*(attempt+1) {
			t.Fatalf("%d calls after attempt %d", n, attempt+1)
		}
		b.clock.Advance(most/2 - time.Millisecond)
		b.deliver() // too early
		if n := b.line.calls(sendPath); n != 2*(attempt+1) {
			t.Fatalf("tried again before %v", most/2)
		}
		b.clock.Advance(most/2 + time.Millisecond)
	}
	b.deliver()
	b.wantTold(memberNewTold + "dead")
	if b.waiting() != 0 || b.seen.of("notice", "retry") != 3 || b.seen.of("notice", "dead") != 1 {
		t.Errorf("%d wait, observed %v", b.waiting(), b.seen.n)
	}
	if n, err := b.server.Client(t).HLen(t.Context(), "{"+here+"}:ob:dead").Result(); n != 1 || err != nil {
		t.Errorf("%d kept aside, %v", n, err)
	}
	// What was not spent is there for the next two.
	b.line.on(sendPath, nil)
	b.clock.Advance(time.Minute) // the client leaves a platform alone that only failed
	for range 2 {
		b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	}
	b.deliver()
	b.wantTold(memberNewTold+"dead", memberNewTold+"sent", memberNewTold+"joined")
}

// TestTheDaysQuota: what today's quota does not allow leaves after midnight, and
// is not given up however often it is looked at meanwhile.
func TestTheDaysQuota(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	b.consent(phoneOfM01, notice.MemberNew, 1)
	if err := b.emu.SetFaults(emulator.Fault{Path: sendPath, Kind: emulator.FaultErrcode, Code: 45009, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for b.clock.Now().Day() == start.Day() {
		b.deliver()
		b.clock.Advance(10 * time.Minute)
	}
	if n := b.line.calls(sendPath); n != 1 || b.waiting() != 1 {
		t.Fatalf("%d calls after the refusal, %d wait", n, b.waiting())
	}
	b.clock.Advance(time.Minute)
	b.deliver()
	b.wantTold(memberNewTold + "sent")
}

// TestLostAnswer: the message may have arrived, so it is tried again, and the
// platform's own count keeps it from arriving twice.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	b.consent(phoneOfM01, notice.MemberNew, 1)
	b.line.on(sendPath, b.line.lost)
	b.deliver()
	if len(b.told()) != 0 || b.waiting() != 1 || b.seen.of("notice", "unknown") != 1 {
		t.Fatalf("told %v, %d wait", b.told(), b.waiting())
	}
	b.line.on(sendPath, nil)
	b.clock.Advance(5 * time.Second)
	b.deliver()
	b.wantTold(memberNewTold + "unconfirmed")
	if n := len(b.emu.Messages(phoneOfM01)); n != 1 {
		t.Errorf("arrived %d times", n)
	}
}

// TestLostAnswerTwice: whoever may have been told twice is not told again.
func TestLostAnswerTwice(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	b.consent(phoneOfM01, notice.MemberNew, 9)
	b.line.on(sendPath, b.line.lost)
	for range 5 {
		b.deliver()
		b.clock.Advance(time.Minute)
	}
	b.wantTold(memberNewTold + "unconfirmed")
	if n := len(b.emu.Messages(phoneOfM01)); n != 2 || b.waiting() != 0 || b.seen.of("notice", "unknown") != 2 {
		t.Errorf("arrived %d times, %d wait, observed %v", n, b.waiting(), b.seen.n)
	}
}

func TestMoot(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t)
	v, m := b.visitor(phoneOfFiler), b.member("m01")
	b.act(m, s.ID, access.Accept)
	b.act(m, s.ID, access.Transfer, to("m02", "请你办"))
	b.act(v, s.ID, access.Withdraw)
	b.deliver()
	// Both members' first notices, and both notes of progress; only that it was
	// withdrawn is still so, and m02 has bound no phone.
	told := b.told()
	slices.Sort(told) // at the same moment, they leave in any order
	if diff := cmp.Diff([]string{
		"member_message member no_address", memberNewTold + "moot", memberNewTold + "moot", progressTold + "moot", progressTold + "moot",
	}, told); diff != "" {
		t.Error(diff)
	}
	if b.line.calls(sendPath) != 0 {
		t.Error("something was sent")
	}
}

// broken is a store on which one call fails, as when the process dies there.
type broken struct {
	desk.Store

	mu     sync.Mutex
	finish int // how many calls of Finish and FinishArrival fail
}

var errDied = errors.New("the process died here")

func (s *broken) dies() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish--
	return s.finish >= 0
}

func (s *broken) Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error {
	if s.dies() {
		return errDied
	}
	return s.Store.Finish(ctx, st, e, r, now)
}

func (s *broken) FinishArrival(ctx context.Context, id string) error {
	if s.dies() {
		return errDied
	}
	return s.Store.FinishArrival(ctx, id)
}

// TestCrashAfterSending: the lease ends, the entry comes back, and it has one
// outcome in the end.
func TestCrashAfterSending(t *testing.T) {
	t.Parallel()
	b, _ := withNotice(t)
	b.consent(phoneOfM01, notice.MemberNew, 2)
	dying := b.another(func(p *desk.Parts) { p.Store = &broken{Store: b.store, finish: 1} })
	if n, err := dying.Delivery.Deliver(t.Context(), here); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	b.deliver()
	b.clock.Advance(30*time.Second - time.Millisecond)
	b.deliver()
	if len(b.told()) != 0 || b.waiting() != 1 || len(b.emu.Messages(phoneOfM01)) != 1 || b.seen.of("notice", "sent") != 0 {
		t.Fatalf("told %v, %d wait", b.told(), b.waiting())
	}
	b.clock.Advance(time.Millisecond)
	b.deliver()
	b.wantTold(memberNewTold + "sent")
}

// TestTwoDesksDeliver has two processes work on one outbox: every notice gets
// one outcome, and no phone the same message twice.
func TestTwoDesksDeliver(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.Workers = 4 })
	v := b.visitor(phoneOfFiler)
	const each = 40
	for _, id := range []string{"m01", "m03"} {
		b.member(id)
		b.consent(openidOf(here, access.Member, id), notice.MemberNew, each)
	}
	want := map[string]bool{}
	for range each {
		want[b.file(v, b.key(station.ForMember, "m01")).ID] = true
	}
	for range 20 {
		want[b.file(v, b.key(station.ForMember, "m03")).ID] = true
	}
	desks := []*desk.Desk{b.Desk, b.another(), b.another()}
	for b.waiting() > 0 {
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				for n := 1; n > 0; {
					var err error
					if n, err = d.Delivery.Deliver(t.Context(), here); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.clock.Advance(time.Second) // for what found the lane busy
	}
	told := b.told()
	if n := len(told); n != len(want) || slices.ContainsFunc(told, func(s string) bool {
		return s != memberNewTold+"sent" && s != memberNewTold+"joined"
	}) {
		t.Errorf("%d outcomes of %d: %v", n, len(want), told)
	}
	named, counted := map[string]bool{}, 0
	for _, id := range []string{"m01", "m03"} {
		for _, m := range b.emu.Messages(openidOf(here, access.Member, id)) {
			number, others := m.Data["character_string1"].Value, 0
			if named[number] {
				t.Errorf("told twice of %s", number)
			}
			named[number] = true
			if text, found := strings.CutPrefix(m.Data["thing2"].Value, "（另有"); found {
				if _, err := fmt.Sscanf(text, "%d件", &others); err != nil {
					t.Error(text, err)
				}
			}
			counted += 1 + others
		}
	}
	if counted != len(want) {
		t.Errorf("the phones were told of %d of %d", counted, len(want))
	}
}

// TestStoppedWhileSending: what was begun is settled, the rest given back.
func TestStoppedWhileSending(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	for range 3 {
		b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	}
	b.consent(phoneOfM01, notice.MemberNew, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	b.line.on(sendPath, func(r *http.Request) (*http.Response, error) {
		stop()
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	if n, err := b.Delivery.Deliver(ctx, here); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n := b.line.calls(sendPath); n != 1 || b.seen.of("notice", "unknown") != 1 {
		t.Errorf("%d calls, observed %v", n, b.seen.n)
	}
	entries, err := b.store.Lease(t.Context(), here, b.clock.Now(), time.Millisecond, 10)
	if err != nil || len(entries) != 2 || entries[0].Attempts != 1 || entries[1].Attempts != 1 {
		t.Errorf("given back: %+v, %v", entries, err)
	}
	b.line.on(sendPath, nil)
	b.clock.Advance(5 * time.Second)
	b.deliver()
	b.wantTold(memberNewTold+"sent", memberNewTold+"joined", memberNewTold+"sent")
}

// TestUnreadableMatter: its notice is kept aside in the end, others leave.
func TestUnreadableMatter(t *testing.T) {
	t.Parallel()
	b, s := withNotice(t, func(c *kit.Config) { c.MaxAttempts = 3 })
	b.consent(phoneOfM01, notice.MemberNew, 5)
	b.damage(s.ID)
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	for range 4 {
		b.deliver()
		b.clock.Advance(31 * time.Second)
	}
	b.wantTold(memberNewTold+"sent", memberNewTold+"dead")
}

// damage makes a submission unreadable, as a disk might.
func (b *bundle) damage(id string) {
	b.t.Helper()
	_, local, _ := strings.Cut(id, "-")
	c, key := b.server.Client(b.t), "{"+here+"}:s:"+local
	value, err := c.Get(b.t.Context(), key).Result()
	if err != nil {
		b.t.Fatal(err)
	}
	head, _, _ := strings.Cut(value, "\n")
	if err := c.Set(b.t.Context(), key, head+"\ngarbage", 0).Err(); err != nil {
		b.t.Fatal(err)
	}
}

// TestRun has the loops deliver and answer on their own, and end in order.
func TestRun(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.Workers = 4 })
	m := b.member("m01")
	b.consent(phoneOfM01, notice.MemberNew, 10)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx)
	}()
	var last matters.View
	for range 3 {
		last = b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	}
	b.until("the member is told", func() bool {
		b.clock.Advance(time.Second) // the lane may have been busy
		return b.waiting() == 0 && len(b.emu.Messages(phoneOfM01)) > 0
	})
	if err := b.emu.Write(t.Context(), phoneOfM01, fmt.Sprintf("%s 马上去修", last.Number)); err != nil {
		t.Fatal(err)
	}
	b.until("the chat is answered", func() bool {
		b.clock.Advance(time.Second) // here too: an answer in the chat waits for the lane
		return len(b.emu.Chat(phoneOfM01)) == 2
	})
	if v, err := b.Matters.Get(t.Context(), m, last.ID); err != nil || v.Last().Text != "马上去修" {
		t.Errorf("%+v, %v", v.Last(), err)
	}
	stop()
	<-done
}
