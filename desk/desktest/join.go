package desktest

import (
	"fmt"
	"time"

	"mashang/desk/matters"
	"mashang/desk/overview"
	"mashang/domain/station"
)

// Several files matters for m01, an hour apart.
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

// Counted says how often each outcome was written down.
func (b *Bundle) Counted(want map[string]int) {
	b.T.Helper()
	got := map[string]int{}
	for _, line := range b.Told() {
		got[line]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.T.Errorf("outcomes %v, want %v", got, want)
	}
}

// Settled delivers until nothing waits, not even for its turn.
func (b *Bundle) Settled() {
	b.T.Helper()
	for b.Waiting() > 0 {
		b.Deliver()
		b.Clock.Advance(b.NextDue())
	}
}

// InHand are the ids of what the member's inbox holds.
func (b *Bundle) InHand(id string) []string {
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

// UntoldHere is the station's list of the untold.
func (b *Bundle) UntoldHere() []overview.Undelivered {
	b.T.Helper()
	p, err := b.Overview.UndeliveredList(b.T.Context(), b.Liaison(), "", 100)
	if err != nil {
		b.T.Fatal(err)
	}
	return p.Items
}
