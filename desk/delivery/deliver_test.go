package delivery_test

import (
	"context"
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
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

const (
	memberNewTold = "member_new member "
	progressTold  = "visitor_progress visitor "
	replyTold     = "visitor_reply visitor "
)

func TestSent(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "sent")
	got := b.Emu.Messages(desktest.PhoneOfM01)
	if len(got) != 1 || got[0].Template != desktest.Template(notice.MemberNew) || got[0].Page != "pages/matter/index?id="+s.ID {
		t.Fatalf("%+v", got)
	}
	if v := got[0].Data["character_string1"].Value; v != s.Number {
		t.Errorf("the number reads %q", v)
	}
	if b.Seen.Of("notice", "sent") != 1 || b.PendingNotices() != 0 || b.Emu.Left(desktest.PhoneOfM01, desktest.Template(notice.MemberNew)) != 0 {
		t.Error("one message, one grant, one outcome")
	}
	// The visitor's answer goes the other way.
	b.Consent(desktest.PhoneOfFiler, notice.VisitorReply, 1)
	b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "已报修"})
	b.Deliver()
	b.WantOutcomes(memberNewTold+"sent", replyTold+"sent")
	if got := b.Emu.Messages(desktest.PhoneOfFiler); len(got) != 1 || got[0].Data["thing3"].Value != "已报修" {
		t.Errorf("the visitor got %+v", got)
	}
}

func TestNobodyToTell(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m03")) // has bound no phone
	b.Deliver()
	b.WantOutcomes(memberNewTold + "no_address")
	if n := b.Line.Calls(desktest.SendPath); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestNoConsent asks the platform while nothing is known, and no more once it
// has said no.
func TestNoConsent(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "no_consent")
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.Deliver()
	b.WantOutcomes(memberNewTold+"no_consent", memberNewTold+"no_consent")
	if n := b.Line.Calls(desktest.SendPath); n != 1 {
		t.Errorf("%d calls, want the first alone", n)
	}
	// A count of ours that is too high is corrected by the platform.
	if err := b.Delivery.Subscribe(t.Context(), b.Member("m01"), []delivery.Grant{{Template: desktest.Template(notice.MemberNew), Accepted: true}, {Template: desktest.Template(notice.MemberNew), Accepted: true}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	}
	b.Deliver()
	if n := b.Line.Calls(desktest.SendPath); n != 2 {
		t.Errorf("%d calls, want one more", n)
	}
	if n := b.Seen.Of("notice", "no_consent"); n != 4 {
		t.Errorf("%d without consent", n)
	}
}

// TestQuietHours files and answers at night.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, v := b.Member("m01"), b.Visitor(desktest.PhoneOfFiler)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 5)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorReply, 5)
	b.Consent(desktest.PhoneOfFiler, notice.VisitorClosed, 5)
	b.Clock.Set(time.Date(2026, 7, 22, 22, 0, 0, 0, station.Zone))
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Clock.Advance(time.Second)
	b.Act(m, s.ID, casework.Reply{Text: "明天去看"})
	b.Clock.Advance(time.Second)
	b.Act(m, s.ID, casework.Close{Outcome: casework.Solved, Text: "看过了"})
	b.Deliver()
	// A closed submission needs no first notice; the answer is sent at any hour.
	b.WantOutcomes(memberNewTold+"moot", replyTold+"sent")
	b.File(v, b.Key(station.ForMember, "m01"))
	b.Deliver()
	b.WantOutcomes(memberNewTold+"moot", replyTold+"sent", memberNewTold+"sent")
	for _, at := range []int{23, 24 + 3, 24 + 6} {
		b.Clock.Set(time.Date(2026, 7, 22, at, 59, 0, 0, station.Zone))
		b.Deliver()
	}
	if b.PendingNotices() != 1 || len(b.NoticeOutcomes()) != 3 {
		t.Fatalf("%d wait, told %v", b.PendingNotices(), b.NoticeOutcomes())
	}
	b.Clock.Set(time.Date(2026, 7, 23, 7, 0, 0, 0, station.Zone))
	b.Deliver()
	b.WantOutcomes(memberNewTold+"moot", replyTold+"sent", memberNewTold+"sent", "visitor_closed visitor sent")
}

// TestPersonIsLocked puts a message off while another is on its way to the same
// person, and does not count that as an attempt.
func TestPersonIsLocked(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	release, ok, err := b.Store.LockPerson(t.Context(), b.Member("m01").Person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 3 {
		b.Deliver()
		b.Clock.Advance(time.Second)
	}
	if len(b.NoticeOutcomes()) != 0 || b.PendingNotices() != 1 || b.Line.Calls(desktest.SendPath) != 0 {
		t.Fatalf("told %v, %d wait", b.NoticeOutcomes(), b.PendingNotices())
	}
	release()
	b.Deliver()
	b.WantOutcomes(memberNewTold + "sent")
}

// TestRetryThenDead follows an entry through a long outage of the platform.
func TestRetryThenDead(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 4 })
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 2)
	b.Line.Handle(desktest.SendPath, desktest.Busy)
	for attempt, most := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		b.Deliver()
		// The client itself asks a busy platform once more.
		if n := b.Line.Calls(desktest.SendPath); n != 2*(attempt+1) {
			t.Fatalf("%d calls after attempt %d", n, attempt+1)
		}
		b.Clock.Advance(most/2 - time.Millisecond)
		b.Deliver() // too early
		if n := b.Line.Calls(desktest.SendPath); n != 2*(attempt+1) {
			t.Fatalf("tried again before %v", most/2)
		}
		b.Clock.Advance(most/2 + time.Millisecond)
	}
	b.Deliver()
	b.WantOutcomes(memberNewTold + "dead")
	if b.PendingNotices() != 0 || b.Seen.Of("notice", "retry") != 3 || b.Seen.Of("notice", "dead") != 1 {
		t.Errorf("%d wait, observed %v", b.PendingNotices(), b.Seen.N)
	}
	if n, err := b.Server.Client(t).HLen(t.Context(), "{"+desktest.Here+"}:ob:dead").Result(); n != 1 || err != nil {
		t.Errorf("%d kept aside, %v", n, err)
	}
	// The unspent consent is there for the next two.
	b.Line.Handle(desktest.SendPath, nil)
	b.Clock.Advance(time.Minute) // the client leaves a platform alone that only failed
	for range 2 {
		b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	}
	b.Deliver()
	b.WantOutcomes(memberNewTold+"dead", memberNewTold+"sent", memberNewTold+"joined")
}

// TestTheDaysQuota: a notice beyond the day's quota is sent after midnight, and is not given up however often
// it is retried meanwhile.
func TestTheDaysQuota(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 2 })
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	if err := b.Emu.SetFaults(emulator.Fault{Path: desktest.SendPath, Kind: emulator.FaultErrcode, Code: 45009, Times: 1}); err != nil {
		t.Fatal(err)
	}
	for b.Clock.Now().Day() == desktest.Start.Day() {
		b.Deliver()
		b.Clock.Advance(10 * time.Minute)
	}
	if n := b.Line.Calls(desktest.SendPath); n != 1 || b.PendingNotices() != 1 {
		t.Fatalf("%d calls after the refusal, %d wait", n, b.PendingNotices())
	}
	b.Clock.Advance(time.Minute)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "sent")
}

// TestLostAnswer: the message may have arrived, so it is tried again, and the
// platform's own count keeps it from arriving twice.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 1)
	b.Line.Handle(desktest.SendPath, b.Line.LoseAnswer)
	b.Deliver()
	if len(b.NoticeOutcomes()) != 0 || b.PendingNotices() != 1 || b.Seen.Of("notice", "unknown") != 1 {
		t.Fatalf("told %v, %d wait", b.NoticeOutcomes(), b.PendingNotices())
	}
	b.Line.Handle(desktest.SendPath, nil)
	b.Clock.Advance(5 * time.Second)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "unconfirmed")
	if n := len(b.Emu.Messages(desktest.PhoneOfM01)); n != 1 {
		t.Errorf("arrived %d times", n)
	}
}

// TestLostAnswerTwice: a person who may have been notified twice is not notified again.
func TestLostAnswerTwice(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 9)
	b.Line.Handle(desktest.SendPath, b.Line.LoseAnswer)
	for range 5 {
		b.Deliver()
		b.Clock.Advance(time.Minute)
	}
	b.WantOutcomes(memberNewTold + "unconfirmed")
	if n := len(b.Emu.Messages(desktest.PhoneOfM01)); n != 2 || b.PendingNotices() != 0 || b.Seen.Of("notice", "unknown") != 2 {
		t.Errorf("arrived %d times, %d wait, observed %v", n, b.PendingNotices(), b.Seen.N)
	}
}

func TestObsoleteNotices(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t)
	v, m := b.Visitor(desktest.PhoneOfFiler), b.Member("m01")
	b.Act(m, s.ID, casework.Accept{})
	b.Act(m, s.ID, casework.Transfer{To: "m02", Reason: "请你办"})
	b.Act(v, s.ID, casework.Withdraw{})
	b.Deliver()
	// Both members' first notices, and both notes of progress; only that it was
	// withdrawn is still so, and m02 has bound no phone.
	told := b.NoticeOutcomes()
	slices.Sort(told) // at the same moment, they leave in any order
	if diff := cmp.Diff([]string{
		"member_message member no_address", memberNewTold + "moot", memberNewTold + "moot", progressTold + "moot", progressTold + "moot",
	}, told); diff != "" {
		t.Error(diff)
	}
	if b.Line.Calls(desktest.SendPath) != 0 {
		t.Error("something was sent")
	}
}

// TestCrashAfterSending: the lease ends, the entry comes back, and it has one
// outcome in the end.
func TestCrashAfterSending(t *testing.T) {
	t.Parallel()
	b, _ := desktest.WithNotice(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 2)
	dying := b.SecondDesk(func(p *desk.Parts) { p.Store = &desktest.CrashingStore{Store: b.Store, Dies: 1} })
	if n, err := dying.Delivery.Deliver(t.Context(), desktest.Here); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	b.Deliver()
	b.Clock.Advance(30*time.Second - time.Millisecond)
	b.Deliver()
	if len(b.NoticeOutcomes()) != 0 || b.PendingNotices() != 1 || len(b.Emu.Messages(desktest.PhoneOfM01)) != 1 || b.Seen.Of("notice", "sent") != 0 {
		t.Fatalf("told %v, %d wait", b.NoticeOutcomes(), b.PendingNotices())
	}
	b.Clock.Advance(time.Millisecond)
	b.Deliver()
	b.WantOutcomes(memberNewTold + "sent")
}

// TestTwoDesksDeliver has two processes work on one outbox: every notice gets
// one outcome, and no phone the same message twice.
func TestTwoDesksDeliver(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.Workers = 4 })
	v := b.Visitor(desktest.PhoneOfFiler)
	const each = 40
	for _, id := range []string{"m01", "m03"} {
		b.Member(id)
		b.Consent(desktest.OpenidOf(desktest.Here, access.Member, id), notice.MemberNew, each)
	}
	want := map[string]bool{}
	for range each {
		want[b.File(v, b.Key(station.ForMember, "m01")).ID] = true
	}
	for range 20 {
		want[b.File(v, b.Key(station.ForMember, "m03")).ID] = true
	}
	desks := []*desk.Desk{b.Desk, b.SecondDesk(), b.SecondDesk()}
	for b.PendingNotices() > 0 {
		var wg sync.WaitGroup
		for _, d := range desks {
			wg.Go(func() {
				for n := 1; n > 0; {
					var err error
					if n, err = d.Delivery.Deliver(t.Context(), desktest.Here); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.Clock.Advance(time.Second) // for what found the person's lock busy
	}
	told := b.NoticeOutcomes()
	if n := len(told); n != len(want) || slices.ContainsFunc(told, func(s string) bool {
		return s != memberNewTold+"sent" && s != memberNewTold+"joined"
	}) {
		t.Errorf("%d outcomes of %d: %v", n, len(want), told)
	}
	named, counted := map[string]bool{}, 0
	for _, id := range []string{"m01", "m03"} {
		for _, m := range b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Member, id)) {
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

// TestStoppedWhileSending: deliveries that have begun are settled, the others requeued.
func TestStoppedWhileSending(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	for range 3 {
		b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	}
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	b.Line.Handle(desktest.SendPath, func(r *http.Request) (*http.Response, error) {
		stop()
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	if n, err := b.Delivery.Deliver(ctx, desktest.Here); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n := b.Line.Calls(desktest.SendPath); n != 1 || b.Seen.Of("notice", "unknown") != 1 {
		t.Errorf("%d calls, observed %v", n, b.Seen.N)
	}
	entries, err := b.Store.Lease(t.Context(), desktest.Here, b.Clock.Now(), time.Millisecond, 10)
	if err != nil || len(entries) != 2 || entries[0].Attempts != 1 || entries[1].Attempts != 1 {
		t.Errorf("given back: %+v, %v", entries, err)
	}
	b.Line.Handle(desktest.SendPath, nil)
	b.Clock.Advance(5 * time.Second)
	b.Deliver()
	b.WantOutcomes(memberNewTold+"sent", memberNewTold+"joined", memberNewTold+"sent")
}

// TestUnreadableSubmission: its notice is kept aside in the end, others leave.
func TestUnreadableSubmission(t *testing.T) {
	t.Parallel()
	b, s := desktest.WithNotice(t, func(c *kit.Config) { c.MaxAttempts = 3 })
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 5)
	b.Damage(s.ID)
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	for range 4 {
		b.Deliver()
		b.Clock.Advance(31 * time.Second)
	}
	b.WantOutcomes(memberNewTold+"sent", memberNewTold+"dead")
}

// TestRun has the loops deliver and answer on their own, and end in order.
func TestRun(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.Workers = 4 })
	m := b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 10)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx)
	}()
	var last matters.View
	for range 3 {
		last = b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	}
	b.Until("the member is told", func() bool {
		b.Clock.Advance(time.Second) // the person's lock may have been busy
		return b.PendingNotices() == 0 && len(b.Emu.Messages(desktest.PhoneOfM01)) > 0
	})
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, fmt.Sprintf("%s 马上去修", last.Number)); err != nil {
		t.Fatal(err)
	}
	b.Until("the chat is answered", func() bool {
		b.Clock.Advance(time.Second) // here too: an answer in the chat waits for the person's lock
		return len(b.Emu.Chat(desktest.PhoneOfM01)) == 2
	})
	if v, err := b.Matters.Get(t.Context(), m, last.ID); err != nil || v.Last().Text != "马上去修" {
		t.Errorf("%+v, %v", v.Last(), err)
	}
	stop()
	<-done
}
