package desk_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// sweep has several processes sweep at once and returns how many they urged.
func (b *bundle) sweep(desks ...*desk.Desk) int {
	b.t.Helper()
	var urged atomic.Int64
	var wg sync.WaitGroup
	for _, d := range append(desks, b.Desk) {
		wg.Go(func() {
			n, err := d.Deadlines.Sweep(b.t.Context(), here)
			if err != nil {
				b.t.Error(err)
			}
			urged.Add(int64(n))
		})
	}
	wg.Wait()
	return int(urged.Load())
}

// TestUrgedOncePerDay has two processes look at the same overdue matters.
func TestUrgedOncePerDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("traveller"), b.member("m01")
	b.consent(phoneOfM01, notice.MemberUrge, 100)
	const many = 20
	var ids []string
	for range many {
		ids = append(ids, b.file(v, b.key(station.ForMember, "m01"), tourist).ID)
	}
	b.act(m, ids[0], access.Accept) // is overdue all the same
	other := b.another()
	if n := b.sweep(other); n != 0 {
		t.Errorf("%d urged before their time", n)
	}
	b.clock.Advance(24 * time.Hour)
	urges := 0
	for day := range 3 {
		for range 3 {
			urges += b.sweep(other)
			b.clock.Advance(time.Minute)
		}
		if urges != many*(day+1) {
			t.Fatalf("%d urges by day %d", urges, day)
		}
		b.clock.Advance(24*time.Hour - 3*time.Minute)
	}
	b.deliver()
	sent := 0
	for _, line := range b.told() {
		if line == memberUrgeTold+"sent" {
			sent++
		}
	}
	// Whatever waits is one message.
	if sent != 1 || b.seen.of("urged", "") != 3*many {
		t.Errorf("%d messages of %d reminders", sent, b.seen.of("urged", ""))
	}
	if m := b.emu.Messages(phoneOfM01); m[0].Data["thing4"].Value != "另有59件待办，点此查看" {
		t.Errorf("the last says %+v", m[0].Data)
	}
	if s := b.load(ids[1]); s.Version != 1 || len(s.Thread) != 0 {
		t.Errorf("an urge left version %d", s.Version)
	}
}

// TestNotUrged: whoever waits for the visitor or has answered, and what is over. Of
// what nobody has the liaisons are reminded.
func TestNotUrged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("traveller"), b.member("m01")
	file := func() string { return b.file(v, b.key(station.ForMember, "m01"), tourist).ID }
	asked := file()
	b.act(m, asked, access.Ask, text("哪里？"))
	b.act(m, file(), access.Reply, text("好"))
	b.act(m, file(), access.Return, reason("不归我管"))
	b.act(v, file(), access.Withdraw)
	over := file()
	b.act(m, over, access.Accept)
	b.act(m, over, access.Close, closing(casework.Explained, "讲清了"))
	b.clock.Advance(30 * time.Hour)
	if n := b.sweep(); n != 1 {
		t.Errorf("%d urged, want the one that nobody has", n)
	}
	// The wait did not count: the deadline moved by as much.
	b.act(v, asked, access.Message, text("桥头"))
	if got, want := b.load(asked).DueAt, casework.At(start.Add(54*time.Hour)); got != want {
		t.Errorf("due %v, want %v", got.Time(), want.Time())
	}
	if n := b.sweep(); n != 0 {
		t.Errorf("%d urged with time left", n)
	}
	b.clock.Advance(24 * time.Hour)
	if n := b.sweep(); n != 2 {
		t.Errorf("%d urged, want it and the one that nobody has", n)
	}
	// Answered before the urge leaves: nothing is said.
	b.act(m, asked, access.Reply, text("看过了"))
	b.deliver()
	for _, line := range b.told() {
		if line == memberUrgeTold+"sent" || line == memberUrgeTold+"no_consent" {
			t.Error("urged after the answer")
		}
	}
}

// TestUnreadableDoesNotKeepOthersFromBeingUrged: the longest overdue comes
// first, and must not be in the way for ever.
func TestUnreadableDoesNotKeepOthersFromBeingUrged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("traveller")
	b.damage(b.file(v, b.key(station.ForMember, "m01"), tourist).ID)
	b.clock.Advance(time.Minute)
	b.file(v, b.key(station.ForMember, "m01"), tourist)
	b.clock.Advance(25 * time.Hour)
	if n := b.sweep(); n != 1 {
		t.Errorf("%d urged, want the one that can be read", n)
	}
}

// TestWhoLeftHoldsNothing: what a member who is no longer on the roster has
// goes back to the pool, and they are told no more.
func TestWhoLeftHoldsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	b.consent(phoneOfM01, notice.MemberNew, 5)
	b.consent(phoneOfM01, notice.MemberMessage, 5)
	c := b.visitor(phoneOfFiler)
	s := b.file(c, b.key(station.ForMember, "m01"))
	b.deliver()
	before := len(b.emu.Messages(phoneOfM01))
	next := town()
	next.Members[0].Gone = true
	b.put(next, 1)
	b.clock.Advance(3 * time.Second) // rosters are read again after two
	if _, err := b.Matters.Act(t.Context(), c, s.ID, matters.ActRequest{Act: access.Message, Text: "还在吗"}); err != nil {
		t.Fatal(err)
	}
	b.deliver()
	if n := len(b.emu.Messages(phoneOfM01)); n != before {
		t.Errorf("told %d times after leaving", n-before)
	}
	if _, err := b.Deadlines.Sweep(t.Context(), s.Station); err != nil {
		t.Fatal(err)
	}
	got, err := b.store.Load(t.Context(), s.ID)
	if err != nil || got.State != casework.Pooled || got.Assignee != "" {
		t.Errorf("%v %q, %v", got.State, got.Assignee, err)
	}
	if last := got.Last(); last.What != casework.Release || last.By.Role != access.System {
		t.Errorf("the thread says %+v", last)
	}
}
