package desktest

import (
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// FileAndTakeOver files for the mother, with photos, and has her take it over. The child follows it no more.
func (b *Bundle) FileAndTakeOver(child, mother access.Caller, photos ...string) matters.View {
	b.T.Helper()
	v := b.File(child, b.Key(station.ForMember, "m01"), OnBehalf, Showing(photos...))
	b.Act(child, v.ID, casework.Message{Text: "她家在三号楼"})
	b.HandOver(child, mother, v.ID, true)
	return b.Look(mother, v.ID)
}

// HandOver hands a submission over by a link. It returns what the former filer is shown after it; alone: they do not
// follow it.
func (b *Bundle) HandOver(from, to access.Caller, id string, alone bool) matters.View {
	b.T.Helper()
	o, err := b.Handover.Make(b.T.Context(), from, id, "", alone)
	if err != nil {
		b.T.Fatal(err)
	}
	claim, err := b.Handover.Claim(b.T.Context(), to, o.Token)
	if err != nil {
		b.T.Fatal(err)
	}
	v, err := b.Handover.Confirm(b.T.Context(), from, id, claim.Check)
	if err != nil {
		b.T.Fatal(err)
	}
	return v
}

func OnBehalf(r *filing.Request) {
	r.Filing.OnBehalf = &casework.OnBehalf{Name: "王秀英", Relation: "母亲"}
}
