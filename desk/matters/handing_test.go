package matters_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// TestReturnsAreLimited: to two, which the member sees; then the liaison decides.
func TestReturnsAreLimited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	s := b.File(v, b.Key(station.ForMember, "m01"))
	for i, m := range []string{"m01", "m02"} {
		got, err := b.Matters.Get(t.Context(), b.Member(m), s.ID)
		if err != nil || got.Return == nil || !got.Return.Allowed || got.Return.Left != 2-i {
			t.Fatalf("%s: %+v, %v", m, got.Return, err)
		}
		b.Clock.Advance(time.Hour)
		b.Act(b.Member(m), s.ID, casework.Return{Reason: "不归我管"})
		b.Act(l, s.ID, casework.Assign{To: []string{"m02", "m03"}[i], Reason: "请你办"})
	}
	for _, c := range []access.Caller{v, l} {
		if got, err := b.Matters.Get(t.Context(), c, s.ID); err != nil || got.Return != nil {
			t.Errorf("%s is told of returns: %+v, %v", c.Role, got.Return, err)
		}
	}
	m := b.Member("m03")
	got, err := b.Matters.Get(t.Context(), m, s.ID)
	if err != nil || got.Return == nil || got.Return.Allowed || !strings.Contains(got.Return.Why, "最终指派") {
		t.Fatalf("%+v, %v", got.Return, err)
	}
	before := b.Load(s.ID)
	if _, err := b.Try(m, s.ID, casework.Return{Reason: "也不归我"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("a third return: %v", err)
	}
	if _, err := b.Try(m, s.ID, casework.Transfer{To: "m04", Reason: "请"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("handed on all the same: %v", err)
	}
	if b.Load(s.ID).Version != before.Version {
		t.Error("a refused act changed it")
	}
	b.Act(l, s.ID, casework.Transfer{To: "m04", Reason: "换人"})
}

// TestSuggestionsAvoidMembersWhoReturnedIt, the assignee, absent and concerned members.
func TestSuggestionsAvoidMembersWhoReturnedIt(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	s := b.File(b.Visitor("villager"), b.Key(station.ForStation, ""), desktest.Category("tour"))
	ids := func(list []matters.CandidateScore) (out []string) {
		for _, c := range list {
			out = append(out, c.ID)
		}
		return out
	}
	first, err := b.Matters.Candidates(t.Context(), l, s.ID)
	if err != nil || slices.Contains(ids(first.Candidates), s.Assignee) || len(first.Candidates) == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	who := s.Assignee
	b.Act(b.Member(who), s.ID, casework.Return{Reason: "不归我管"})
	got, err := b.Matters.Candidates(t.Context(), l, s.ID)
	if err != nil || slices.Contains(ids(got.Candidates), who) {
		t.Fatalf("%+v, %v", got, err)
	}
	i := slices.IndexFunc(got.Passed, func(p matters.PassedOver) bool { return p.ID == who })
	if i < 0 || got.Passed[i].Code != "returned" || got.Passed[i].Text != "已退回过这件诉求" {
		t.Errorf("passed over: %+v", got.Passed)
	}
	if _, err := b.Matters.Candidates(t.Context(), b.Member(who), s.ID); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
	if _, err := b.Matters.Candidates(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), s.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	own := b.File(b.Member("m01"), b.Key(station.ForStation, ""), desktest.Category("tour"))
	if got, err := b.Matters.Candidates(t.Context(), l, own.ID); err != nil || slices.Contains(ids(got.Candidates), "m01") {
		t.Errorf("who filed it: %+v, %v", got, err)
	}
}

// TestNoSubstituteGetsBackWhatTheyReturned: it goes to the pool instead.
func TestNoSubstituteGetsBackWhatTheyReturned(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"))
	b.Act(b.Member("m01"), s.ID, casework.Return{Reason: "不归我管"})
	b.Act(b.Liaison(), s.ID, casework.Assign{To: "m02", Reason: "请你办"})
	b.Away(b.Member("m02"), desktest.Days("23", "24", "m01"))
	b.Clock.Set(time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone))
	b.Sweep(b.Desk)
	got := b.Load(s.ID)
	if got.State != casework.Pooled || got.Assignee != "" || !strings.Contains(got.Last().Text, "已退回过") {
		t.Errorf("%s, %q, %+v", got.State, got.Assignee, got.Last())
	}
}
