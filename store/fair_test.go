package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/store"
)

// among is an admission offered to members who are all equals.
func among(capacity int, members ...string) record.Admission {
	a := filing(capacity, members[:min(len(members), routing.MaxCandidates)]...)
	d := &a.Submission.Decision
	d.Rule = routing.RuleVersion
	for i := range d.Candidates {
		d.Candidates[i].Score, d.Candidates[i].Capacity = 70, capacity
	}
	for _, m := range members[len(d.Candidates):] {
		d.Ties = append(d.Ties, casework.Tie{Member: m, Name: "马委员", Capacity: capacity})
		a.Capacities = append(a.Capacities, capacity)
	}
	return a
}

func manyMembers(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("m%02d", i))
	}
	return ids
}

// Five hundred concurrent filings through three stores, to forty equal candidates with room for ten each:
// nobody gets more, and the pool gets the rest.
func TestFiveHundredAtOnceNeverOverfill(t *testing.T) {
	t.Parallel()
	_, server := open(t)
	stores := []*store.Store{server.Open(t), server.Open(t), server.Open(t)}
	members := manyMembers(40)
	each(t, 500, func(ctx context.Context, i int) error {
		_, _, err := stores[i%len(stores)].Admit(ctx, among(10, members...))
		return err
	})
	for id, n := range must(stores[0].Loads(t.Context(), st, members))(t) {
		equal(t, id, n, 10)
	}
	equal(t, "pool", must(stores[1].Count(t.Context(), st, record.Index{Name: record.Pool}))(t), 100)
}

// Among equals the spread is even within one, however many come at once.
func TestFiveHundredAtOnceSpreadEvenly(t *testing.T) {
	t.Parallel()
	_, server := open(t)
	stores := []*store.Store{server.Open(t), server.Open(t), server.Open(t)}
	members := manyMembers(23)
	each(t, 500, func(ctx context.Context, i int) error {
		mine := slices.Clone(members)
		slices.Reverse(mine[:i%len(mine)]) // each desk may rank equals in its own order
		_, _, err := stores[i%len(stores)].Admit(ctx, among(100, mine...))
		return err
	})
	var counts []int
	for _, n := range must(stores[0].Loads(t.Context(), st, members))(t) {
		counts = append(counts, n)
	}
	if slices.Max(counts)-slices.Min(counts) > 1 {
		t.Errorf("%v", counts)
	}
}

// The script takes whom routing.Pick takes, whatever the scores, loads,
// capacities and times.
func TestTheScriptSettlesAsRoutingDoes(t *testing.T) {
	t.Parallel()
	s, server := open(t)
	c := server.Client(t)
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		if err := c.FlushDB(ctx).Err(); err != nil {
			rt.Fatal(err)
		}
		members := manyMembers(rapid.IntRange(0, 9).Draw(rt, "members"))
		a := among(1, members...)
		d := &a.Submission.Decision
		loads, asked := map[string]int{}, map[string]casework.Millis{}
		score := 100
		for i := range d.Candidates {
			score -= rapid.IntRange(0, 1).Draw(rt, "less")
			d.Candidates[i].Score = score
		}
		for i, m := range members {
			a.Capacities[i] = rapid.IntRange(1, 4).Draw(rt, "capacity")
			if i < len(d.Candidates) {
				d.Candidates[i].Capacity = a.Capacities[i]
			} else {
				d.Ties[i-len(d.Candidates)].Capacity = a.Capacities[i]
			}
			loads[m] = rapid.IntRange(0, 4).Draw(rt, "load")
			for n := range loads[m] {
				if err := c.ZAdd(ctx, "{lj}:q:in:"+m, zed(fmt.Sprint("x", n), 1)).Err(); err != nil {
					rt.Fatal(err)
				}
			}
			if rapid.Bool().Draw(rt, "asked before") {
				asked[m] = casework.At(noon) - casework.Millis(rapid.IntRange(1, 3).Draw(rt, "ago"))
				if err := c.HSet(ctx, "{lj}:asked", m, int64(asked[m])).Err(); err != nil {
					rt.Fatal(err)
				}
			}
		}
		sub, _, err := s.Admit(ctx, a)
		if err != nil {
			rt.Fatal(err)
		}
		if want := routing.Pick(*d, loads, asked); sub.Pick != want {
			rt.Fatalf("the script takes %d, routing %d", sub.Pick, want)
		}
		for i, o := range d.Offered() {
			if sub.WasFull(i) != (loads[o.Member] >= o.Capacity) {
				rt.Fatalf("%s was full: %v; %d of %d", o.Member, sub.WasFull(i), loads[o.Member], o.Capacity)
			}
		}
		again, err := s.Load(ctx, sub.ID)
		if err != nil || again.Full != sub.Full || again.Pick != sub.Pick {
			rt.Fatalf("stored %d:%x, answered %d:%x, %v", again.Pick, again.Full, sub.Pick, sub.Full, err)
		}
		if sub.Pick > 0 {
			after, err := s.LastAssigned(ctx, st)
			if err != nil || after[sub.Assignee] != casework.At(noon) {
				rt.Fatalf("asked %v, %v", after, err)
			}
		}
	})
}

func TestWhoWasFullSurvivesActs(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	admit(t, s, among(1, "m1"))
	sub := admit(t, s, among(1, "m1", "m2"))
	if sub.Pick != 2 || sub.Full != 1 {
		t.Fatalf("%d, full %b", sub.Pick, sub.Full)
	}
	next := commit(t, s, sub, casework.Accept{}, noon)
	if got := load(t, s, next.ID); got.Full != 1 || got.Pick != 2 {
		t.Errorf("%d, full %b", got.Pick, got.Full)
	}
	all := among(1, manyMembers(64)...)
	all.Capacities = slices.Repeat([]int{0}, 64) // nobody has room: every bit is set
	if last := admit(t, s, all); last.Full != ^uint64(0) || load(t, s, last.ID).Full != ^uint64(0) {
		t.Errorf("full %x", last.Full)
	}
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

// A hand-over is noted as a filing is.
func TestLastAssignedIsStoredByActsToo(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sub := admit(t, s, filing(5, "m1"))
	later := noon.AddDate(0, 0, 1)
	sub = commit(t, s, sub, casework.Transfer{To: "m2", ToName: "李委员", Reason: "x"}, later)
	commit(t, s, sub, casework.Accept{}, later.AddDate(0, 0, 1))
	equal(t, "asked", must(s.LastAssigned(t.Context(), st))(t), map[string]casework.Millis{
		"m1": casework.At(noon), "m2": casework.At(later),
	})
}

func TestACoveredOneStandsWhereItIsLookedFor(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	found(t, s)
	sub := admit(t, s, filing(5, "m1"))
	covered := record.Index{Name: record.Covered}
	sub = commit(t, s, sub, casework.Cover{To: "m2", ToName: "李委员", Reason: "外出"}, noon)
	equal(t, "covered", ids(t, s, covered, 5), []string{sub.ID})
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
	sub = commit(t, s, sub, casework.Reply{Text: "好"}, noon)
	equal(t, "answered", ids(t, s, covered, 5), []string{})
	equal(t, "stored", load(t, s, sub.ID).CoverFor, "")
	equal(t, "faults", must(s.Verify(t.Context(), store.Verification{}))(t).Faults, nil)
}

func TestContactIsKeptWithThePerson(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	p := must(s.PersonByOpenID(t.Context(), "o1", "u1"))(t)
	equal(t, "none", p.Contact, "")
	for _, contact := range []string{"lj m1", "lj m2", ""} {
		if err := s.SetContact(t.Context(), "u1", contact); err != nil {
			t.Fatal(err)
		}
		equal(t, "contact", must(s.Person(t.Context(), "u1"))(t).Contact, contact)
	}
}

func TestAdmitRefusesMoreThanItCanTellApart(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	if _, _, err := s.Admit(t.Context(), among(1, manyMembers(65)...)); err == nil {
		t.Error("offered to 65")
	}
}
