package delivery_test

import (
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/station"
)

// TestAnswersAreCounted: no more is sent than a message of theirs lets.
func TestAnswersAreCounted(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	b.ChatAnswer(desktest.PhoneOfM01, "你好")
	person := b.Member("m01").Person
	for n := 0; ; n++ {
		ok, err := b.Store.SpendChat(t.Context(), person, b.Clock.Now(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			if n != 4 {
				t.Errorf("%d may be sent after the answer", n)
			}
			break
		}
	}
}

// TestTheOldWaitsForNoAnswer: an event that is processed after its window has ended has its effect but no
// answer.
func TestTheOldWaitsForNoAnswer(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(48 * time.Hour)
	b.Receive()
	if b.Replies(s.ID) != "马上去修" || b.Line.Calls(desktest.ChatPath) != 0 {
		t.Errorf("replied %q, %d sent", b.Replies(s.ID), b.Line.Calls(desktest.ChatPath))
	}
}

// TestThePlatformClosesTheWindow: it counts otherwise than we do, and is not
// asked again until the person writes.
func TestThePlatformClosesTheWindow(t *testing.T) {
	t.Parallel()
	for _, code := range []int{45015, 45047} {
		b := desktest.Setup(t)
		person := b.Member("m01").Person
		b.FailPath(desktest.ChatPath, code)
		if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, "你好"); err != nil {
			t.Fatal(err)
		}
		b.Receive()
		if ok, err := b.Store.SpendChat(t.Context(), person, b.Clock.Now(), 0); ok || err != nil {
			t.Errorf("%d: the window is open: %v", code, err)
		}
	}
}

// TestAnswersWaitForThePersonsLock: two sends to one person never run at once, and
// waiting is no attempt.
func TestAnswersWaitForThePersonsLock(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	m := b.Member("m01")
	s := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	release, ok, err := b.Store.LockPerson(t.Context(), m.Person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := b.Emu.Write(t.Context(), desktest.PhoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		b.Receive()
		b.Clock.Advance(time.Second)
	}
	if b.Replies(s.ID) != "" || b.Line.Calls(desktest.ChatPath) != 0 {
		t.Fatalf("replied %q, %d sent", b.Replies(s.ID), b.Line.Calls(desktest.ChatPath))
	}
	release()
	b.Receive()
	if b.Replies(s.ID) != "马上去修" || len(b.ChatTexts(desktest.PhoneOfM01)) != 1 {
		t.Errorf("replied %q, answered %q", b.Replies(s.ID), b.ChatTexts(desktest.PhoneOfM01))
	}
}
