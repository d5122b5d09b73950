package desk_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestASessionIsAskedForOnceInAWhile(t *testing.T) {
	t.Parallel()
	d, s, clock := open(t)
	ask := func(want int) {
		t.Helper()
		c, err := d.Identity.Caller(t.Context(), "token")
		if err != nil || c != (access.Caller{Person: "u1", Role: access.Member, Station: "hh", ID: "a", Name: "张三"}) {
			t.Fatalf("%+v, %v", c, err)
		}
		if got := s.times("session"); got != want {
			t.Errorf("the store was asked %d times, want %d", got, want)
		}
	}
	ask(1)
	ask(1)
	clock.move(10*time.Second - 1)
	ask(1)
	clock.move(1)
	ask(2)
	if err := d.Identity.Leave(t.Context(), "token"); err != nil {
		t.Fatal(err)
	}
	ask(3)
	if _, err := d.Identity.Caller(t.Context(), ""); !fault.Is(err, fault.Unauthenticated) || s.times("session") != 3 {
		t.Errorf("no token: %v", err)
	}
}

func TestAFailureIsNotKept(t *testing.T) {
	t.Parallel()
	d, s, _ := open(t)
	gone := fault.Wrap(errors.New("refused"), fault.Unavailable, "稍后再试")
	s.set(func() { s.fail = gone })
	for range 2 {
		if _, err := d.Identity.Caller(t.Context(), "token"); !errors.Is(err, gone) {
			t.Fatalf("got %v", err)
		}
	}
	s.set(func() { s.fail = nil })
	if c, err := d.Identity.Caller(t.Context(), "token"); err != nil || c.Person != "u1" {
		t.Errorf("after it healed: %+v, %v", c, err)
	}
	if s.times("session") != 3 {
		t.Errorf("asked %d times", s.times("session"))
	}
}

// TestAnOldValueDoesNotOutliveAFailure: what is stale is never served in the
// place of an error, or a revoked right would live on while the store is away.
func TestAnOldValueDoesNotOutliveAFailure(t *testing.T) {
	t.Parallel()
	d, s, clock := open(t)
	if _, err := d.Identity.Caller(t.Context(), "token"); err != nil {
		t.Fatal(err)
	}
	s.set(func() { s.fail = access.NoSession() })
	if _, err := d.Identity.Caller(t.Context(), "token"); err != nil {
		t.Errorf("within its time: %v", err)
	}
	clock.move(time.Minute)
	if _, err := d.Identity.Caller(t.Context(), "token"); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after its time: %v", err)
	}
}

func TestManyCallersMakeOneLoad(t *testing.T) {
	t.Parallel()
	d, s, _ := open(t)
	const many = 20
	arrived, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	s.before = func(what string) {
		if what == "session" {
			first.Do(func() { close(arrived) })
			<-release
		}
	}
	var wg sync.WaitGroup
	for range many {
		wg.Go(func() {
			if _, err := d.Identity.Caller(t.Context(), "token"); err != nil {
				t.Error(err)
			}
		})
	}
	<-arrived
	close(release)
	wg.Wait()
	if s.times("session") != 1 {
		t.Errorf("%d loads", s.times("session"))
	}
}

func TestARosterIsReadAgainOnlyWhenItsVersionMoved(t *testing.T) {
	t.Parallel()
	d, s, clock := open(t)
	look := func() string {
		t.Helper()
		clock.move(20 * time.Second) // past the session's time and the roster's
		c, err := d.Identity.Caller(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		return c.Name
	}
	look()
	look()
	if s.times("station") != 1 || s.times("version") != 1 {
		t.Errorf("%d rosters and %d versions read", s.times("station"), s.times("version"))
	}
	s.set(func() {
		s.town = &station.Station{ID: "hh", Version: 2, Members: []station.Member{{ID: "a", Name: "张三丰"}}}
	})
	if name := look(); name != "张三丰" || s.times("station") != 2 {
		t.Errorf("%s, after %d rosters", name, s.times("station"))
	}
	s.set(func() {
		s.town = &station.Station{ID: "hh", Version: 3, Members: []station.Member{{ID: "a", Name: "张三丰", Gone: true}}}
	})
	look()
	if c, _ := d.Identity.Caller(t.Context(), "token"); c != (access.Caller{Person: "u1", Role: access.Visitor}) {
		t.Errorf("a member who left is still %+v", c)
	}
}
