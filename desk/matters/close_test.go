package matters_test

import (
	"slices"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestALiaisonEndsWhatIsNoMatter: with a line in the audit before it, and without one nothing; the filer can reopen it.
func TestALiaisonEndsWhatIsNoMatter(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l := b.Visitor("villager"), b.Liaison()
	id := b.File(v, b.Key(station.ForPlace, "p2")).ID
	if s := b.Load(id); s.State != casework.Pooled {
		t.Fatalf("it is %s", s.State)
	}
	end := casework.Close{Outcome: casework.Invalid, Reason: "试填"}
	b.ReadOnly(true)
	if _, err := b.Try(l, id, end); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without its line: %v", err)
	}
	b.ReadOnly(false)
	b.Act(l, id, end)
	if got, want := b.AuditTrail(), []string{"close-invalid liaison l01 " + id + " 试填"}; !slices.Equal(got, want) {
		t.Errorf("audit %q", got)
	}
	if s := b.Load(id); s.State != casework.Closed || s.Assignee != "" {
		t.Errorf("%s with %q", s.State, s.Assignee)
	}
	if ended, waiting := b.Count(record.Index{Name: record.ClosedBy}), b.Count(record.Index{Name: record.Pool}); ended != 1 || waiting != 0 {
		t.Errorf("%d ended, %d in the pool", ended, waiting)
	}
	if seen := b.Look(v, id); seen.Last().Text == "" || seen.Last().Reason != "" || seen.Last().By.Role != access.Liaison {
		t.Errorf("the filer reads %+v", seen.Last())
	}
	if seen := b.Look(l, id); seen.Last().Reason != "试填" {
		t.Errorf("the liaison reads %+v", seen.Last())
	}
	if s := b.Act(v, id, casework.Reopen{Reason: "真有其事"}); s.State != casework.Pooled {
		t.Errorf("reopened: %s", s.State)
	}
}

// TestPhotosOfAClosing: who may see the closing sees them once they are found harmless, an assistant and the filer among
// them, and who goes on with the matter does not.
func TestPhotosOfAClosing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, other, m := b.Visitor("villager"), b.Visitor("tourist"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	photo := b.Photo(m, 60)
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "修好了", Photos: []string{photo}})
	if seen := b.Look(v, id); !slices.Equal(seen.Last().Photos, []string{photo}) || len(seen.HeldPhotos) != 1 {
		t.Errorf("%+v, held %v", seen.Last(), seen.HeldPhotos)
	}
	if _, err := b.Matters.File(t.Context(), v, photo, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("before the check: %v", err)
	}
	b.RunPhotoChecks()
	if _, err := b.Matters.File(t.Context(), v, photo, true); err != nil {
		t.Errorf("the filer: %v", err)
	}
	if _, err := b.Matters.File(t.Context(), other, photo, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

// TestWhatIsNoMatterEndsNobodyElses: neither one that goes on with another nor one that others go on with is ended as no
// matter, because the end would be theirs too.
func TestWhatIsNoMatterEndsNobodyElses(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	lead := b.File(b.Visitor("villager"), key, desktest.WithText("车场多收了我十元")).ID
	spam := b.File(b.Visitor("neighbour"), key, desktest.WithText("广告广告广告广告广告")).ID
	if _, err := b.Matters.Merge(t.Context(), l, spam, lead, b.Load(spam).Version, "同一处"); err != nil {
		t.Fatal(err)
	}
	end := casework.Close{Outcome: casework.Invalid, Reason: "广告"}
	if _, err := b.Try(l, spam, end); desktest.WrongFields(err) != "outcome" {
		t.Errorf("the follower: %v", err)
	}
	if _, err := b.Try(l, lead, end); desktest.WrongFields(err) != "outcome" {
		t.Errorf("the lead: %v", err)
	}
	for _, id := range []string{lead, spam} {
		if s := b.Load(id); !s.State.Open() {
			t.Errorf("%s is %s as %s", s.Number, s.State, s.Outcome)
		}
	}
	if got := b.AuditTrail(); slices.ContainsFunc(got, func(l string) bool { return strings.Contains(l, "invalid") }) {
		t.Errorf("audit %q", got)
	}
	if _, err := b.Matters.Split(t.Context(), l, spam, b.Load(spam).Version, "不是一件事"); err != nil {
		t.Fatal(err)
	}
	b.Act(l, spam, end)
	if s := b.Load(lead); !s.State.Open() {
		t.Errorf("the lead is %s", s.State)
	}
}
