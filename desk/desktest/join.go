package desktest

import (
	"fmt"
	"time"

	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/station"
)

// Several files submissions for m01, an hour apart.
func (b *Bundle) Several(n int) []matters.View {
	b.T.Helper()
	b.Member("m01")
	var list []matters.View
	for range n {
		list = append(list, b.File(b.Visitor(PhoneOfFiler), b.Key(station.ForMember, "m01")))
		b.Clock.Advance(time.Minute)
	}
	return list
}

// WantOutcomeCounts compares the counts of the stored outcomes.
func (b *Bundle) WantOutcomeCounts(want map[string]int) {
	b.T.Helper()
	got := map[string]int{}
	for _, line := range b.NoticeOutcomes() {
		got[line]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.T.Errorf("outcomes %v, want %v", got, want)
	}
}

// DeliverAll delivers until no notice is pending, not even a postponed one.
func (b *Bundle) DeliverAll() {
	b.T.Helper()
	for b.PendingNotices() > 0 {
		b.Deliver()
		b.Clock.Advance(b.NextDue())
	}
}

// InboxIDs returns the ids of the member's inbox.
func (b *Bundle) InboxIDs(id string) []string {
	b.T.Helper()
	p, err := b.Matters.Inbox(b.T.Context(), b.Member(id), matters.Filter{}, "", 100)
	if err != nil {
		b.T.Fatal(err)
	}
	var ids []string
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

// UndeliveredHere returns the station's undelivered list.
func (b *Bundle) UndeliveredHere() []overview.Undelivered {
	b.T.Helper()
	p, err := b.Overview.UndeliveredList(b.T.Context(), b.Liaison(), "", 100)
	if err != nil {
		b.T.Fatal(err)
	}
	return p.Items
}
