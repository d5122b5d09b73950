package desktest

import (
	"slices"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/station"
)

func (b *Bundle) Admin() access.Caller { return b.Bound(Here, access.Liaison, "a01") }

// Stored returns the stored roster of the station Here.
func (b *Bundle) Stored() *station.Station {
	b.T.Helper()
	st, err := b.Store.Station(b.T.Context(), Here)
	if err != nil {
		b.T.Fatal(err)
	}
	return st
}

// PutEntry puts an entry over the stored version and fails the test if that fails.
func (b *Bundle) PutEntry(c access.Caller, id string, e station.Entry, change ...func(*roster.Edit)) roster.Change {
	b.T.Helper()
	r := roster.Edit{Version: b.Stored().Version, ID: id, Entry: e}
	for _, f := range change {
		f(&r)
	}
	out, err := b.Roster.PutEntry(b.T.Context(), c, r)
	if err != nil {
		b.T.Fatalf("put %s: %v", id, err)
	}
	return out
}

func (b *Bundle) WrongEntry(id string, e station.Entry, fields ...string) {
	b.T.Helper()
	_, err := b.Roster.PutEntry(b.T.Context(), b.Liaison(), roster.Edit{Version: b.Stored().Version, ID: id, Entry: e})
	if got := FieldsOf(err); !slices.Equal(got, fields) {
		b.T.Errorf("%s: %v, want %v (%v)", id, got, fields, err)
	}
}
