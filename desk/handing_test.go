package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// TestNotMineHasAnEnd: what the member sees, two returns, and the liaison's
// last word.
func TestNotMineHasAnEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, l := b.visitor("villager"), b.liaison()
	s := b.file(v, b.key(station.ForMember, "m01"))
	for i, m := range []string{"m01", "m02"} {
		got, err := b.Matters.Get(t.Context(), b.member(m), s.ID)
		if err != nil || got.Return == nil || !got.Return.Allowed || got.Return.Left != 2-i {
			t.Fatalf("%s: %+v, %v", m, got.Return, err)
		}
		b.clock.Advance(time.Hour)
		b.act(b.member(m), s.ID, access.Return, reason("不归我管"))
		b.act(l, s.ID, access.Assign, to([]string{"m02", "m03"}[i], "请你办"))
	}
	for _, c := range []access.Caller{v, l} {
		if got, err := b.Matters.Get(t.Context(), c, s.ID); err != nil || got.Return != nil {
			t.Errorf("%s is told of returns: %+v, %v", c.Role, got.Return, err)
		}
	}
	m := b.member("m03")
	got, err := b.Matters.Get(t.Context(), m, s.ID)
	if err != nil || got.Return == nil || got.Return.Allowed || !strings.Contains(got.Return.Why, "最终指派") {
		t.Fatalf("%+v, %v", got.Return, err)
	}
	before := b.load(s.ID)
	if _, err := b.try(m, s.ID, access.Return, reason("也不归我")); !fault.Is(err, fault.WrongState) {
		t.Errorf("a third return: %v", err)
	}
	if _, err := b.try(m, s.ID, access.Transfer, to("m04", "请")); !fault.Is(err, fault.WrongState) {
		t.Errorf("handed on all the same: %v", err)
	}
	if b.load(s.ID).Version != before.Version {
		t.Error("a refused act changed it")
	}
	b.act(l, s.ID, access.Transfer, to("m04", "换人"))
}

// TestSuggestionsGoPastWhoReturnedIt: and past who has it, who is away and whom
// it concerns.
func TestSuggestionsGoPastWhoReturnedIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.liaison()
	s := b.file(b.visitor("villager"), b.key(station.ForStation, ""), category("tour"))
	ids := func(list []matters.Weighing) (out []string) {
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
	b.act(b.member(who), s.ID, access.Return, reason("不归我管"))
	got, err := b.Matters.Candidates(t.Context(), l, s.ID)
	if err != nil || slices.Contains(ids(got.Candidates), who) {
		t.Fatalf("%+v, %v", got, err)
	}
	i := slices.IndexFunc(got.Passed, func(p matters.PassedOver) bool { return p.ID == who })
	if i < 0 || got.Passed[i].Code != "returned" || got.Passed[i].Text != "已退回过这件诉求" {
		t.Errorf("passed over: %+v", got.Passed)
	}
	if _, err := b.Matters.Candidates(t.Context(), b.member(who), s.ID); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
	if _, err := b.Matters.Candidates(t.Context(), b.bound(there, access.Liaison, "l01"), s.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	own := b.file(b.member("m01"), b.key(station.ForStation, ""), category("tour"))
	if got, err := b.Matters.Candidates(t.Context(), l, own.ID); err != nil || slices.Contains(ids(got.Candidates), "m01") {
		t.Errorf("who filed it: %+v, %v", got, err)
	}
}

// TestNoSubstituteGetsBackWhatTheyReturned: it goes to the pool instead.
func TestNoSubstituteGetsBackWhatTheyReturned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"))
	b.act(b.member("m01"), s.ID, access.Return, reason("不归我管"))
	b.act(b.liaison(), s.ID, access.Assign, to("m02", "请你办"))
	b.away(b.member("m02"), days("23", "24", "m01"))
	b.clock.Set(time.Date(2026, 7, 23, 9, 0, 0, 0, station.Zone))
	b.sweep(b.Desk)
	got := b.load(s.ID)
	if got.State != casework.Pooled || got.Assignee != "" || !strings.Contains(got.Last().Text, "已退回过") {
		t.Errorf("%s, %q, %+v", got.State, got.Assignee, got.Last())
	}
}
