package store_test

import (
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/store"
)

// TestCommitAllIsAllOrNothing: one that changed meanwhile keeps the others as they
// were.
func TestCommitAllIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	lead, other := admit(t, s, filing(5, "m1")), admit(t, s, filing(5, "m2"))
	drain(t, s)
	by := casework.Actor{Role: access.Liaison, ID: "l1"}
	follower, leading, err := other.MergeInto(lead, by, "同一件事", noon)
	if err != nil {
		t.Fatal(err)
	}
	tell := []notice.Entry{{ID: "n", Submission: other.ID, Purpose: notice.VisitorProgress, Person: other.Filer, Version: 2, At: noon.UnixMilli()}}
	both := []record.Change{{Was: lead, Next: leading}, {Was: other, Next: follower}}
	stale := []record.Change{both[0], {Was: other, Next: follower}}
	stale[1].Was.Version = 7
	if ok, err := s.CommitAll(t.Context(), st, stale, tell); err != nil || ok {
		t.Fatalf("with an old version: %v %v", ok, err)
	}
	equal(t, "unchanged", load(t, s, lead.ID).Version, 1)
	equal(t, "not told", len(must(s.Lease(t.Context(), st, noon, time.Minute, 9))(t)), 0)
	if ok, err := s.CommitAll(t.Context(), st, both, tell); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	equal(t, "told", len(must(s.Lease(t.Context(), st, noon, time.Minute, 9))(t)), 1)
	got := load(t, s, other.ID)
	if got.Lead != lead.ID || load(t, s, lead.ID).Followers[0] != other.ID {
		t.Errorf("%+v", got)
	}
	loads := must(s.Loads(t.Context(), st, []string{"m1", "m2"}))(t)
	equal(t, "in hand", loads, map[string]int{"m1": 1, "m2": 0})
	r := must(s.Verify(t.Context(), store.Verification{}))(t)
	equal(t, "faults", r.Faults, nil)

	// The lead is on the list until its followers have heard of its version.
	equal(t, "to hear", must(s.PendingRelays(t.Context(), st, 9))(t), []string{lead.ID})
	if err := s.FinishRelay(t.Context(), lead.ID, 1); err != nil {
		t.Fatal(err)
	}
	equal(t, "still to hear", must(s.PendingRelays(t.Context(), st, 9))(t), []string{lead.ID})
	if err := s.FinishRelay(t.Context(), lead.ID, 2); err != nil {
		t.Fatal(err)
	}
	equal(t, "heard", must(s.PendingRelays(t.Context(), st, 9))(t), []string{})
	_, err = s.CommitAll(t.Context(), "other", both, nil)
	wantCode(t, "another station's", err, fault.NotFound)
}
