package matters_test

import (
	"slices"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// What a liaison does with a matter is in the audit, in the order in which it was done; what they could not do is not,
// and neither are the acts of members, which the thread tells. Without its line nothing is done.
func TestActsOfTheStaffAreInTheAudit(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, l, key := b.Visitor("villager"), b.Liaison(), b.Key(station.ForMember, "m01")
	lead, other := b.File(v, key), b.File(b.Visitor("neighbour"), key)
	b.Act(b.Member("m01"), lead.ID, casework.Accept{})
	b.Act(l, lead.ID, casework.Assign{To: "m03", Reason: "更熟悉"})
	m03 := b.Load(lead.ID).Last().ToName
	if _, err := b.Try(l, lead.ID, casework.Assign{To: "nobody", Reason: "更熟悉"}); err == nil {
		t.Error("given to nobody")
	}
	b.Act(l, lead.ID, casework.Extend{Days: 2, Reason: "等水利站"})
	b.ReadOnly(true)
	if _, err := b.Matters.Merge(t.Context(), l, other.ID, lead.ID, other.Version, "同一处"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without its line: %v", err)
	}
	b.ReadOnly(false)
	merged, err := b.Matters.Merge(t.Context(), l, other.ID, lead.ID, other.Version, "同一处")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Matters.Split(t.Context(), l, other.ID, merged.Version, "不是一处"); err != nil {
		t.Fatal(err)
	}
	b.Act(b.Member("m03"), lead.ID, casework.Accept{})
	b.Act(l, lead.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
	want := []string{
		"assign liaison l01 " + lead.ID + " " + m03, "extend liaison l01 " + lead.ID + " ",
		"merge liaison l01 " + other.ID + " " + lead.Number, "split liaison l01 " + other.ID + " " + lead.Number,
		"close liaison l01 " + lead.ID + " " + casework.Solved.Chinese(),
	}
	if got := b.AuditTrail(); !slices.Equal(got, want) {
		t.Errorf("audit\n%q, want\n%q", got, want)
	}
}
