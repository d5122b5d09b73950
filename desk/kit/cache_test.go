package kit_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestASessionIsCached(t *testing.T) {
	t.Parallel()
	d, s, clock := desktest.Open(t)
	ask := func(want int) {
		t.Helper()
		c, err := d.Identity.Caller(t.Context(), "token")
		if err != nil || c != (access.Caller{Person: "u1", Role: access.Member, Station: "hh", ID: "a", Name: "张三"}) {
			t.Fatalf("%+v, %v", c, err)
		}
		if got := s.Times("session"); got != want {
			t.Errorf("the store was asked %d times, want %d", got, want)
		}
	}
	ask(1)
	ask(1)
	clock.Move(10*time.Second - 1)
	ask(1)
	clock.Move(1)
	ask(2)
	if err := d.Identity.SignOut(t.Context(), "token"); err != nil {
		t.Fatal(err)
	}
	ask(3)
	if _, err := d.Identity.Caller(t.Context(), ""); !fault.Is(err, fault.Unauthenticated) || s.Times("session") != 3 {
		t.Errorf("no token: %v", err)
	}
}

func TestErrorsAreNotCached(t *testing.T) {
	t.Parallel()
	d, s, _ := desktest.Open(t)
	gone := fault.Wrap(errors.New("refused"), fault.Unavailable, "稍后再试")
	s.Set(func() { s.Fail = gone })
	for range 2 {
		if _, err := d.Identity.Caller(t.Context(), "token"); !errors.Is(err, gone) {
			t.Fatalf("got %v", err)
		}
	}
	s.Set(func() { s.Fail = nil })
	if c, err := d.Identity.Caller(t.Context(), "token"); err != nil || c.Person != "u1" {
		t.Errorf("after it healed: %+v, %v", c, err)
	}
	if s.Times("session") != 3 {
		t.Errorf("asked %d times", s.Times("session"))
	}
}

// TestAnOldValueDoesNotOutliveAFailure: a stale value is never served in place of an error, because a revoked
// right would live on while the store is down.
func TestAnOldValueDoesNotOutliveAFailure(t *testing.T) {
	t.Parallel()
	d, s, clock := desktest.Open(t)
	if _, err := d.Identity.Caller(t.Context(), "token"); err != nil {
		t.Fatal(err)
	}
	s.Set(func() { s.Fail = access.NoSession() })
	if _, err := d.Identity.Caller(t.Context(), "token"); err != nil {
		t.Errorf("within its time: %v", err)
	}
	clock.Move(time.Minute)
	if _, err := d.Identity.Caller(t.Context(), "token"); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after its time: %v", err)
	}
}

func TestManyCallersMakeOneLoad(t *testing.T) {
	t.Parallel()
	d, s, _ := desktest.Open(t)
	const many = 20
	arrived, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	s.Before = func(what string) {
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
	if s.Times("session") != 1 {
		t.Errorf("%d loads", s.Times("session"))
	}
}

func TestARosterIsReadAgainOnlyWhenItsVersionMoved(t *testing.T) {
	t.Parallel()
	d, s, clock := desktest.Open(t)
	look := func() string {
		t.Helper()
		clock.Move(20 * time.Second) // past the session's time and the roster's
		c, err := d.Identity.Caller(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		return c.Name
	}
	look()
	look()
	if s.Times("station") != 1 || s.Times("version") != 1 {
		t.Errorf("%d rosters and %d versions read", s.Times("station"), s.Times("version"))
	}
	s.Set(func() {
		s.Town = &station.Station{ID: "hh", Version: 2, Members: []station.Member{{ID: "a", Name: "张三丰"}}}
	})
	if name := look(); name != "张三丰" || s.Times("station") != 2 {
		t.Errorf("%s, after %d rosters", name, s.Times("station"))
	}
	s.Set(func() {
		s.Town = &station.Station{ID: "hh", Version: 3, Members: []station.Member{{ID: "a", Name: "张三丰", Left: true}}}
	})
	look()
	if c, _ := d.Identity.Caller(t.Context(), "token"); c != (access.Caller{Person: "u1", Role: access.Visitor}) {
		t.Errorf("a member who left is still %+v", c)
	}
}
