package matters_test

import (
	"slices"
	"testing"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/reason"
	"mashang/domain/station"
)

// TestTheHouseholdsContact: named by scanning the member's code, used for the household's own filings at that
// station, and removable.
func TestTheHouseholdsContact(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	token := b.Open("villager", "").Token
	name := func(key string) error {
		_, err := b.Matters.NameContact(t.Context(), b.Caller(token), token, key)
		return err
	}
	room := b.Key(station.ForRoom, "r1")
	if s := b.File(b.Caller(token), room); s.Assignee != "m04" {
		t.Fatalf("without one: %q", s.Assignee)
	}
	for what, key := range map[string]string{"a room's code": room, "no code": "zzzzzzzzzz", "nonsense": "!"} {
		if err := name(key); !slices.Equal(desktest.FieldsOf(err), []string{"scene"}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := name(b.Key(station.ForMember, "m07")); err != nil {
		t.Fatal(err)
	}
	if x, err := b.Matters.HouseholdContact(t.Context(), b.Caller(token)); err != nil || x == nil || x.Member.ID != "m07" {
		t.Errorf("%+v, %v", x, err)
	}
	s := b.File(b.Caller(token), room) // with the next request
	if stored := b.Load(s.ID); s.Assignee != "m07" || !slices.Contains(stored.Decision.Candidates[0].Reasons, reason.Neighbour) {
		t.Errorf("%q, %+v", s.Assignee, stored.Decision)
	}
	for what, change := range map[string]func(*filing.Request){
		"as a tourist":     func(r *filing.Request) { r.Filing.Visitor = casework.Tourist },
		"for somebody":     func(r *filing.Request) { r.Filing.OnBehalf = &casework.OnBehalf{Name: "李桂花", Relation: "邻居"} },
		"about the member": func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: "陈七"} },
	} {
		if s := b.File(b.Caller(token), room, change); s.Assignee == "m07" {
			t.Errorf("%s: the household's contact has it", what)
		}
	}
	if s := b.File(b.Caller(token), b.KeyIn(desktest.There, station.ForStation, "")); s.Assignee == "m07" {
		t.Error("at another station")
	}
	if s := b.File(b.Visitor("other"), room); s.Assignee != "m04" {
		t.Errorf("another household's: %q", s.Assignee)
	}
	if err := b.Matters.DropContact(t.Context(), b.Caller(token), token); err != nil {
		t.Fatal(err)
	}
	if x, err := b.Matters.HouseholdContact(t.Context(), b.Caller(token)); err != nil || x != nil {
		t.Errorf("%+v, %v", x, err)
	}
	m := b.Member("m01")
	if _, err := b.Matters.NameContact(t.Context(), m, "", b.Key(station.ForMember, "m01")); !slices.Equal(desktest.FieldsOf(err), []string{"scene"}) {
		t.Errorf("oneself: %v", err)
	}
	for _, err := range []error{
		b.Matters.DropContact(t.Context(), access.Caller{}, ""),
		func() error { _, err := b.Matters.HouseholdContact(t.Context(), access.Caller{}); return err }(),
		func() error { _, err := b.Matters.NameContact(t.Context(), access.Caller{}, "", room); return err }(),
	} {
		if !fault.Is(err, fault.Unauthenticated) {
			t.Error(err)
		}
	}
}
