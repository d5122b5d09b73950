package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/store"
)

func person(t *testing.T, s *store.Store, openid, id string) record.Person {
	t.Helper()
	return must(s.PersonByOpenID(t.Context(), openid, id))(t)
}

func TestAPersonIsMadeAtFirstSight(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	want := record.Person{ID: "u1", OpenID: "oA"}
	equal(t, "first", person(t, s, "oA", "u1"), want)
	equal(t, "again", person(t, s, "oA", "u2"), want)
	equal(t, "by id", must(s.Person(t.Context(), "u1"))(t), want)
	_, err := s.Person(t.Context(), "u2")
	wantCode(t, "never made", err, fault.NotFound)
	for _, key := range must(server.Client(t).Keys(t.Context(), "*oA*").Result())(t) {
		t.Errorf("the openid can be read from the key %s", key)
	}
}

// TestADamagedListHidesNoOther: of the lists that a person keeps.
func TestADamagedListHidesNoOther(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	p := person(t, s, "oA", "u1")
	if err := s.PutPersonal(t.Context(), p.ID, record.Personal{Phrases: []string{"马上到"}, Hidden: []string{"start"}}); err != nil {
		t.Fatal(err)
	}
	must(server.Client(t).HSet(t.Context(), "person:u1", "phrases", "[").Result())(t)
	got := must(s.Personal(t.Context(), p.ID))(t)
	equal(t, "what is left", got, record.Personal{Hidden: []string{"start"}, Damaged: []string{record.PhraseList}})
	if err := got.Readable(record.PhraseList); !fault.Is(err, fault.Internal) {
		t.Errorf("a damaged list passes for an empty one: %v", err)
	}
	if err := got.Readable(record.HintList); err != nil {
		t.Error(err)
	}
}

func TestAPersonWhoLogsInTwiceAtOnceIsOne(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	var mu sync.Mutex
	found := map[string]bool{}
	each(t, 20, func(ctx context.Context, i int) error {
		p, err := s.PersonByOpenID(ctx, "oA", fmt.Sprint("u", i))
		mu.Lock()
		defer mu.Unlock()
		found[p.ID] = true
		return err
	})
	equal(t, "persons", len(found), 1)
	equal(t, "left", len(must(server.Client(t).Keys(t.Context(), "person:*").Result())(t)), 1)
}

func TestAnOpenIDThatLeadsToNobody(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	person(t, s, "oA", "u1")
	if err := server.Client(t).Del(t.Context(), "person:u1").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.PersonByOpenID(t.Context(), "oA", "u2")
	wantCode(t, "lost", err, fault.Internal)
}

var asM1 = record.Invite{Station: st, Role: "member", Ref: "m1"}

func bind(t *testing.T, s *store.Store, person string, in record.Invite) {
	t.Helper()
	if err := s.Bind(t.Context(), person, in); err != nil {
		t.Fatal(err)
	}
}

func TestBindGivesARoleToOnePersonOnly(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	person(t, s, "oA", "u1")
	person(t, s, "oB", "u2")
	equal(t, "nobody", must(s.Bound(t.Context(), asM1))(t), "")
	bind(t, s, "u1", asM1)
	bind(t, s, "u1", asM1) // twice harms nothing
	equal(t, "bound", must(s.Bound(t.Context(), asM1))(t), "u1")
	want := record.Person{ID: "u1", OpenID: "oA", Role: "member", Station: st, Ref: "m1"}
	equal(t, "person", must(s.Person(t.Context(), "u1"))(t), want)

	bind(t, s, "u2", asM1) // a new phone
	equal(t, "bound", must(s.Bound(t.Context(), asM1))(t), "u2")
	equal(t, "before", must(s.Person(t.Context(), "u1"))(t), record.Person{ID: "u1", OpenID: "oA"})

	asLiaison := record.Invite{Station: st, Role: "liaison", Ref: "l1"}
	bind(t, s, "u2", asLiaison)
	equal(t, "the former role is free", must(s.Bound(t.Context(), asM1))(t), "")
	equal(t, "the new one is taken", must(s.Bound(t.Context(), asLiaison))(t), "u2")

	wantCode(t, "unknown person", s.Bind(t.Context(), "u9", asM1), fault.NotFound)
}

func TestOfManyWhoBindAtOnceOneHasTheRole(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	const people = 12
	for i := range people {
		person(t, s, fmt.Sprint("o", i), fmt.Sprint("u", i))
	}
	each(t, people, func(ctx context.Context, i int) error {
		if err := s.Bind(ctx, fmt.Sprint("u", i), asM1); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil
	})
	holder := must(s.Bound(t.Context(), asM1))(t)
	for i := range people {
		p := must(s.Person(t.Context(), fmt.Sprint("u", i)))(t)
		if (p.Role != "") != (p.ID == holder) {
			t.Errorf("%s has role %q while %s is bound", p.ID, p.Role, holder)
		}
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	_, err := s.Session(t.Context(), "h1")
	wantCode(t, "unknown", err, fault.Unauthenticated)
	for _, hash := range []string{"h1", "h2"} {
		if err := s.PutSession(t.Context(), hash, "u1", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "session", must(s.Session(t.Context(), "h1"))(t), "u1")
	if err := s.DropSession(t.Context(), "h1"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(t.Context(), "h1")
	wantCode(t, "dropped", err, fault.Unauthenticated)
	equal(t, "the other", must(s.Session(t.Context(), "h2"))(t), "u1")
	if ttl := server.Client(t).TTL(t.Context(), "sess:h2").Val(); ttl <= 59*time.Minute || ttl > time.Hour {
		t.Errorf("lives %v", ttl)
	}
}

func TestAnInviteWorksOnce(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	if err := s.PutInvite(t.Context(), "h", asM1, "p", time.Hour); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var taken []record.Invite
	each(t, 10, func(ctx context.Context, _ int) error {
		in, _, err := s.TakeInvite(ctx, "h")
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			taken = append(taken, in)
		case !fault.Is(err, fault.NotFound):
			return err
		}
		return nil
	})
	equal(t, "taken", taken, []record.Invite{asM1})
	if err := server.Client(t).Set(t.Context(), "invite:bad", "{", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.TakeInvite(t.Context(), "bad")
	wantCode(t, "damaged", err, fault.Internal)
}

func TestVisitedAndOpened(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	for _, id := range []string{"lj", "kt", "lj"} {
		if err := s.Visit(t.Context(), "u1", id); err != nil {
			t.Fatal(err)
		}
	}
	visited := must(s.Visited(t.Context(), "u1"))(t)
	slices.Sort(visited)
	equal(t, "visited", visited, []string{"kt", "lj"})

	id, at, err := s.Opened(t.Context(), "u1")
	if err != nil || id != "" || !at.IsZero() {
		t.Error(id, at, err)
	}
	if err := s.SetOpened(t.Context(), "u1", "lj-1", noon); err != nil {
		t.Fatal(err)
	}
	id, at, err = s.Opened(t.Context(), "u1")
	if err != nil || id != "lj-1" || !at.Equal(noon) {
		t.Error(id, at, err)
	}
	if err := server.Client(t).Set(t.Context(), "opened:u1", "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Opened(t.Context(), "u1")
	wantCode(t, "damaged", err, fault.Internal)
}

func TestLockPersonIsExclusive(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	other := server.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	release, ok, err := s.LockPerson(ctx, "u1", time.Hour)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	_, ok, err = other.LockPerson(t.Context(), "u1", time.Hour)
	if err != nil || ok {
		t.Fatal("two have the lane", err)
	}
	cancel() // release works for a sender that was cancelled, too
	release()
	second, ok, err := other.LockPerson(t.Context(), "u1", time.Hour)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	release() // late: the person's lock is another's by now
	if _, ok, err := s.LockPerson(t.Context(), "u1", time.Hour); ok || err != nil {
		t.Error("a late release freed another's lane", err)
	}
	second()
}

func TestUnbindAndEndSessions(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	in := record.Invite{Station: st, Role: "member", Ref: "m1"}
	none := record.Invite{Station: st, Role: "member", Ref: "m2"}
	for _, id := range []string{"u1", "u2"} {
		must(s.PersonByOpenID(t.Context(), "o-"+id, id))(t)
		if err := s.PutSession(t.Context(), "h-"+id, id, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Bind(t.Context(), "u1", in); err != nil {
		t.Fatal(err)
	}
	equal(t, "bound", must(s.BoundAll(t.Context(), []record.Invite{none, in}))(t), []string{"", "u1"})
	equal(t, "nobody", must(s.Unbind(t.Context(), none))(t), "")
	equal(t, "unbound", must(s.Unbind(t.Context(), in))(t), "u1")
	equal(t, "role", must(s.Person(t.Context(), "u1"))(t).Role, "")
	equal(t, "holder", must(s.Bound(t.Context(), in))(t), "")
	equal(t, "before", must(s.Session(t.Context(), "h-u1"))(t), "u1")
	if err := s.EndSessions(t.Context(), "u1"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Session(t.Context(), "h-u1")
	wantCode(t, "ended", err, fault.Unauthenticated)
	// Nor is it revived by a concurrent use.
	if err := s.TouchConsoleSession(t.Context(), "h-u1", "u1", record.ConsoleSession{}, time.Hour); err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(t.Context(), "h-u1")
	wantCode(t, "ended and kept", err, fault.Unauthenticated)
	if err := s.TouchConsoleSession(t.Context(), "h-none", "u1", record.ConsoleSession{}, time.Hour); err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(t.Context(), "h-none")
	wantCode(t, "signed out and kept", err, fault.Unauthenticated)
	equal(t, "another's", must(s.Session(t.Context(), "h-u2"))(t), "u2")
	if err := s.PutSession(t.Context(), "h-new", "u1", time.Hour); err != nil {
		t.Fatal(err)
	}
	equal(t, "a new one", must(s.Session(t.Context(), "h-new"))(t), "u1")
}
