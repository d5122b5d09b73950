package desk_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/desk/kit"
	"mashang/domain/record"
	"mashang/domain/station"
)

// chatted is what the program said to the person, in order.
func (b *bundle) chatted(openid string) []string {
	b.t.Helper()
	var said []string
	for _, line := range b.emu.Chat(openid) {
		if line.From == "service" {
			said = append(said, line.Text)
		}
	}
	return said
}

// arrive has things pushed and works on them.
func (b *bundle) arrive(list ...record.Arrival) {
	b.t.Helper()
	if err := b.Inbound.Arrive(b.t.Context(), list); err != nil {
		b.t.Fatal(err)
	}
	b.receive()
}

// TestAnswersAreCounted: no more is sent than a message of theirs lets.
func TestAnswersAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	b.says(phoneOfM01, "你好")
	person := b.member("m01").Person
	for n := 0; ; n++ {
		ok, err := b.store.TakeChat(t.Context(), person, b.clock.Now(), 0)
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

// TestTheOldWaitsForNoAnswer: what is worked on when its window has ended is
// done and not answered.
func TestTheOldWaitsForNoAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	if err := b.emu.Write(t.Context(), phoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(48 * time.Hour)
	b.receive()
	if b.replies(s.ID) != "马上去修" || b.line.calls(chatPath) != 0 {
		t.Errorf("replied %q, %d sent", b.replies(s.ID), b.line.calls(chatPath))
	}
}

// refuses has the platform refuse what is asked for on the path.
func (b *bundle) refuses(path string, code int) {
	b.line.on(path, func(r *http.Request) (*http.Response, error) {
		answer, err := busy(r)
		answer.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"errcode":%d,"errmsg":"no"}`, code)))
		return answer, err
	})
}

// TestThePlatformClosesTheWindow: it counts otherwise than we do, and is not
// asked again until the person writes.
func TestThePlatformClosesTheWindow(t *testing.T) {
	t.Parallel()
	for _, code := range []int{45015, 45047} {
		b := setup(t)
		person := b.member("m01").Person
		b.refuses(chatPath, code)
		if err := b.emu.Write(t.Context(), phoneOfM01, "你好"); err != nil {
			t.Fatal(err)
		}
		b.receive()
		if ok, err := b.store.TakeChat(t.Context(), person, b.clock.Now(), 0); ok || err != nil {
			t.Errorf("%d: the window is open: %v", code, err)
		}
	}
}

// TestAnswersWaitForTheLane: two sends to one person never run at once, and
// waiting is no attempt.
func TestAnswersWaitForTheLane(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *kit.Config) { c.MaxAttempts = 1 })
	m := b.member("m01")
	s := b.file(b.visitor(phoneOfFiler), b.key(station.ForMember, "m01"))
	release, ok, err := b.store.Lane(t.Context(), m.Person, time.Minute)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if err := b.emu.Write(t.Context(), phoneOfM01, s.Number+" 马上去修"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		b.receive()
		b.clock.Advance(time.Second)
	}
	if b.replies(s.ID) != "" || b.line.calls(chatPath) != 0 {
		t.Fatalf("replied %q, %d sent", b.replies(s.ID), b.line.calls(chatPath))
	}
	release()
	b.receive()
	if b.replies(s.ID) != "马上去修" || len(b.chatted(phoneOfM01)) != 1 {
		t.Errorf("replied %q, answered %q", b.replies(s.ID), b.chatted(phoneOfM01))
	}
}
