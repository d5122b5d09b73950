package roster_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

func TestMembersPhoto(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, key := b.Member("m01"), b.Key(station.ForMember, "m01")
	shown := func(want bool) {
		t.Helper()
		s, err := b.Codes.Sign(t.Context(), key)
		if err != nil || s.Photo != want {
			t.Errorf("shown %v, %v", s.Photo, err)
		}
		f, err := b.Roster.Portrait(t.Context(), key)
		if want != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
			t.Errorf("file: %v", err)
		}
		if err == nil {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	shown(false)
	if err := b.Roster.SetPortrait(t.Context(), m, "", b.Photo(b.Visitor("another"), 3)); !slices.Equal(desktest.FieldsOf(err), []string{"photo"}) {
		t.Errorf("another's photo: %v", err)
	}
	id := b.Photo(m, 4)
	if err := b.Roster.SetPortrait(t.Context(), m, "", id); err != nil {
		t.Fatal(err)
	}
	shown(false) // nobody has looked at it yet
	for _, c := range []struct {
		word record.Safety
		want bool
	}{
		{record.Doubtful, false},
		{record.Risky, false},
		{record.Unjudged, false},
		{record.Shown, true},
		{record.Hidden, false},
		{record.Passed, true},
	} {
		if _, err := b.Store.Judge(t.Context(), id, c.word, true); err != nil {
			t.Fatal(err)
		}
		b.Clock.Advance(31e9)
		shown(c.want)
	}
	if err := b.Roster.SetPortrait(t.Context(), m, "m02", id); !fault.Is(err, fault.Denied) {
		t.Errorf("a member for another: %v", err)
	}
	if err := b.Roster.SetPortrait(t.Context(), b.Liaison(), "m99", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	if err := b.Roster.SetPortrait(t.Context(), b.Liaison(), "m01", ""); err != nil {
		t.Fatal(err)
	}
	shown(false)
}

// TestUncheckedPhotoIsNoPortrait: a photo from before photo checks is shown to those concerned, not to
// everybody who scans a code.
func TestUncheckedPhotoIsNoPortrait(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	u, err := b.Store.Upload(t.Context(), b.Photo(m, 5))
	if err != nil {
		t.Fatal(err)
	}
	u.ID = "f-of-long-ago"
	if err := b.Store.PutUpload(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if err := b.Roster.SetPortrait(t.Context(), m, "", u.ID); err != nil {
		t.Fatal(err)
	}
	if s, err := b.Codes.Sign(t.Context(), b.Key(station.ForMember, "m01")); err != nil || s.Photo {
		t.Errorf("shown %v, %v", s.Photo, err)
	}
}

func TestMembersPhotoOutlivesAnImport(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	id := b.Photo(m, 6)
	if _, err := b.Store.Judge(t.Context(), id, record.Passed, true); err != nil {
		t.Fatal(err)
	}
	if err := b.Roster.SetPortrait(t.Context(), m, "", id); err != nil {
		t.Fatal(err)
	}
	st, err := b.Store.Station(t.Context(), desktest.Here)
	if err != nil {
		t.Fatal(err)
	}
	b.Put(desktest.Town(), st.Version)
	b.Clock.Advance(time.Minute)
	if s, err := b.Codes.Sign(t.Context(), b.Key(station.ForMember, "m01")); err != nil || !s.Photo {
		t.Errorf("shown %v, %v", s.Photo, err)
	}
}
