package desktest

import (
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// CloseForPublishing returns a closed submission that can be published.
func (b *Bundle) CloseForPublishing(c access.Caller) matters.View {
	b.T.Helper()
	v := b.File(c, b.Key(station.ForMember, "m01"))
	b.Act(b.Member("m01"), v.ID, casework.Accept{})
	return b.Act(b.Member("m01"), v.ID, casework.Close{Outcome: casework.Solved, Text: "修好了"})
}

func (b *Bundle) WantPublished(want int) {
	b.T.Helper()
	list, err := b.Results.List(b.T.Context(), b.Key(station.ForStation, ""), 20)
	if err != nil || len(list) != want {
		b.T.Errorf("published: %+v, %v, want %d", list, err, want)
	}
}
