package desktest

import (
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// FileAndTakeOver files for the mother, with photos, and has her take it over.
func (b *Bundle) FileAndTakeOver(child, mother access.Caller, photos ...string) matters.View {
	b.T.Helper()
	v := b.File(child, b.Key(station.ForMember, "m01"), OnBehalf, Showing(photos...))
	b.Act(child, v.ID, casework.Message{Text: "她家在三号楼"})
	h, err := b.Privacy.NewHandoverCode(b.T.Context(), child, v.ID)
	if err != nil {
		b.T.Fatal(err)
	}
	if v, err = b.Privacy.TakeOver(b.T.Context(), mother, h.Code); err != nil {
		b.T.Fatal(err)
	}
	return v
}

func OnBehalf(r *filing.Request) {
	r.Filing.OnBehalf = &casework.OnBehalf{Name: "王秀英", Relation: "母亲"}
}
