package deadlines_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// TestUrgedOncePerDay has two processes sweep the same overdue submissions.
func TestUrgedOncePerDay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("traveller"), b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberUrge, 100)
	const many = 20
	var ids []string
	for range many {
		ids = append(ids, b.File(v, b.Key(station.ForMember, "m01"), desktest.Tourist).ID)
	}
	b.Act(m, ids[0], casework.Accept{}) // is overdue all the same
	other := b.SecondDesk()
	if n := b.Sweep(other); n != 0 {
		t.Errorf("%d urged before their time", n)
	}
	b.Clock.Advance(24 * time.Hour)
	urges := 0
	for day := range 3 {
		for range 3 {
			urges += b.Sweep(other)
			b.Clock.Advance(time.Minute)
		}
		if urges != many*(day+1) {
			t.Fatalf("%d urges by day %d", urges, day)
		}
		b.Clock.Advance(24*time.Hour - 3*time.Minute)
	}
	b.Deliver()
	sent := 0
	for _, line := range b.NoticeOutcomes() {
		if line == desktest.MemberUrgeTold+"sent" {
			sent++
		}
	}
	// Whatever waits is one message.
	if sent != 1 || b.Seen.Of("urged", "") != 3*many {
		t.Errorf("%d messages of %d reminders", sent, b.Seen.Of("urged", ""))
	}
	if m := b.Emu.Messages(desktest.PhoneOfM01); m[0].Data["thing4"].Value != "另有59件待办，点此查看" {
		t.Errorf("the last says %+v", m[0].Data)
	}
	if s := b.Load(ids[1]); s.Version != 1 || len(s.Thread) != 0 {
		t.Errorf("an urge left version %d", s.Version)
	}
}

// TestNotUrged: no reminder while waiting for the visitor, after an answer, or after the end. In the pool the
// liaisons are reminded.
func TestNotUrged(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("traveller"), b.Member("m01")
	file := func() string { return b.File(v, b.Key(station.ForMember, "m01"), desktest.Tourist).ID }
	asked := file()
	b.Act(m, asked, casework.Ask{Text: "哪里？"})
	b.Act(m, file(), casework.Reply{Text: "好"})
	b.Act(m, file(), casework.Return{Reason: "不归我管"})
	b.Act(v, file(), casework.Withdraw{})
	over := file()
	b.Act(m, over, casework.Accept{})
	b.Act(m, over, casework.Close{Outcome: casework.Explained, Text: "讲清了"})
	b.Clock.Advance(30 * time.Hour)
	if n := b.Sweep(); n != 1 {
		t.Errorf("%d urged, want the one that nobody has", n)
	}
	// The wait did not count: the deadline moved by as much.
	b.Act(v, asked, casework.Message{Text: "桥头"})
	if got, want := b.Load(asked).DueAt, casework.At(desktest.Start.Add(54*time.Hour)); got != want {
		t.Errorf("due %v, want %v", got.Time(), want.Time())
	}
	if n := b.Sweep(); n != 0 {
		t.Errorf("%d urged with time left", n)
	}
	b.Clock.Advance(24 * time.Hour)
	if n := b.Sweep(); n != 2 {
		t.Errorf("%d urged, want it and the one that nobody has", n)
	}
	// Answered before the urge leaves: nothing is said.
	b.Act(m, asked, casework.Reply{Text: "看过了"})
	b.Deliver()
	for _, line := range b.NoticeOutcomes() {
		if line == desktest.MemberUrgeTold+"sent" || line == desktest.MemberUrgeTold+"no_consent" {
			t.Error("urged after the answer")
		}
	}
}

// TestUnreadableDoesNotKeepOthersFromBeingUrged: the longest overdue comes
// first, and must not be in the way for ever.
func TestUnreadableDoesNotKeepOthersFromBeingUrged(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("traveller")
	b.Damage(b.File(v, b.Key(station.ForMember, "m01"), desktest.Tourist).ID)
	b.Clock.Advance(time.Minute)
	b.File(v, b.Key(station.ForMember, "m01"), desktest.Tourist)
	b.Clock.Advance(25 * time.Hour)
	if n := b.Sweep(); n != 1 {
		t.Errorf("%d urged, want the one that can be read", n)
	}
}

// TestFormerMembersHoldNothing: a former member's submissions go back to the pool, and the member gets no more
// notices.
func TestFormerMembersHoldNothing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 5)
	b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 5)
	c := b.Visitor(desktest.PhoneOfFiler)
	s := b.File(c, b.Key(station.ForMember, "m01"))
	b.Deliver()
	before := len(b.Emu.Messages(desktest.PhoneOfM01))
	next := desktest.Town()
	next.Members[0].Left = true
	b.Put(next, 1)
	b.Clock.Advance(3 * time.Second) // rosters are read again after two
	if _, err := b.Matters.Act(t.Context(), c, s.ID, nil, casework.Message{Text: "还在吗"}); err != nil {
		t.Fatal(err)
	}
	b.Deliver()
	if n := len(b.Emu.Messages(desktest.PhoneOfM01)); n != before {
		t.Errorf("told %d times after leaving", n-before)
	}
	if _, err := b.Deadlines.Sweep(t.Context(), s.Station); err != nil {
		t.Fatal(err)
	}
	got, err := b.Store.Load(t.Context(), s.ID)
	if err != nil || got.State != casework.Pooled || got.Assignee != "" {
		t.Errorf("%v %q, %v", got.State, got.Assignee, err)
	}
	if last := got.Last(); last.What != casework.Released || last.By.Role != access.System {
		t.Errorf("the thread says %+v", last)
	}
}
