package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/record"
)

func TestAScreenLoginIsMovedByOneOfMany(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	was := record.ScreenLogin{State: record.LoginApproved, Number: "47", Browser: "b", Person: "u1"}
	if err := s.PutScreenLogin(t.Context(), "id", was, time.Minute); err != nil {
		t.Fatal(err)
	}
	next := was
	next.State = record.LoginUsed
	var won atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if ok, err := s.ChangeScreenLogin(t.Context(), "id", was, next); err == nil && ok {
				won.Add(1)
			}
		})
	}
	all.Wait()
	equal(t, "winners", won.Load(), 1)
	equal(t, "state", must(s.ScreenLogin(t.Context(), "id"))(t), next)
	_, err := s.ScreenLogin(t.Context(), "another")
	wantCode(t, "unknown", err, fault.NotFound)
}

func TestConsoleSessionsAreListed(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	seat := record.ConsoleSession{At: 1, Until: 2, Agent: "Windows · Edge", By: "scan"}
	for _, h := range []string{"a", "b", "c"} {
		if err := s.PutConsoleSession(t.Context(), h, "u1", seat, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "whose", must(s.Session(t.Context(), "a"))(t), "u1")
	if err := s.DropConsoleSession(t.Context(), "u1", "a"); err != nil {
		t.Fatal(err)
	}
	if err := s.DropSession(t.Context(), "b"); err != nil { // as if its time were over
		t.Fatal(err)
	}
	equal(t, "left", must(s.ConsoleSessions(t.Context(), "u1"))(t), map[string]record.ConsoleSession{"c": seat})
	_, err := s.Session(t.Context(), "a")
	wantCode(t, "ended", err, fault.Unauthenticated)
	_, err = s.ConsoleSession(t.Context(), "u1", "b")
	wantCode(t, "no seat", err, fault.NotFound)
}

func TestACodeOfAStepAndARecoveryCodeAreUsedOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, x := range []struct {
		step int64
		want bool
	}{{100, true}, {100, false}, {99, false}, {101, true}} {
		equal(t, "step", must(s.UseStep(t.Context(), "u1", x.step))(t), x.want)
	}
	if err := s.PutRecovery(t.Context(), "u1", []string{"x", "y"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "first", must(s.UseRecovery(t.Context(), "u1", "x"))(t), true)
	equal(t, "again", must(s.UseRecovery(t.Context(), "u1", "x"))(t), false)
	equal(t, "left", must(s.CountRecovery(t.Context(), "u1"))(t), 1)
	equal(t, "one", must(s.CountTry(t.Context(), "l1@hk", 5, time.Minute))(t), 1)
	equal(t, "two", must(s.CountTry(t.Context(), "l1@hk", 5, time.Minute))(t), 2)
	if err := s.ForgetTries(t.Context(), "l1@hk"); err != nil {
		t.Fatal(err)
	}
	equal(t, "from one again", must(s.CountTry(t.Context(), "l1@hk", 5, time.Minute))(t), 1)
}

func TestOfTwoChangesOfCredentialsTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	none, first := record.Credentials{}, record.Credentials{Password: "a", Secret: "s"}
	equal(t, "first", must(s.ChangeCredentials(t.Context(), "u1", none, first))(t), true)
	equal(t, "from nothing again", must(s.ChangeCredentials(t.Context(), "u1", none, record.Credentials{Password: "b"}))(t), false)
	equal(t, "kept", must(s.Credentials(t.Context(), "u1"))(t), first)
	if err := s.PutRecovery(t.Context(), "u1", []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if err := s.DropCredentials(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "none", must(s.Credentials(t.Context(), "u1"))(t), none)
	equal(t, "no codes", must(s.CountRecovery(t.Context(), "u1"))(t), 0)
	equal(t, "of what was dropped", must(s.ChangeCredentials(t.Context(), "u1", first, first))(t), false)
}
