package desktest

import (
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// Filed files at m01's code for the caller.
func (b *Bundle) Filed(c access.Caller, key string, f casework.Filing) matters.View {
	b.T.Helper()
	v, err := b.Filing.Submit(b.T.Context(), c, key, filing.Request{Scene: b.Key(station.ForMember, "m01"), Filing: f})
	if err != nil {
		b.T.Fatal(err)
	}
	return v
}
