package desktest

import (
	"mashang/domain/access"
	"mashang/domain/fault"
)

func (b *Bundle) Erase(c access.Caller) {
	b.T.Helper()
	if err := b.Privacy.Erase(b.T.Context(), c); err != nil {
		b.T.Fatalf("forget: %v", err)
	}
}

// NoUpload fails the test if the record or the file still exists.
func (b *Bundle) NoUpload(what, id, hash string) {
	b.T.Helper()
	if u, err := b.Store.Upload(b.T.Context(), id); !fault.Is(err, fault.NotFound) {
		b.T.Errorf("%s is known still: %+v, %v", what, u, err)
	}
	if f, err := b.Parts.Media.Open("photo", hash, false); !fault.Is(err, fault.NotFound) {
		b.T.Errorf("%s is on the disk still: %v", what, err)
		if err == nil {
			_ = f.Close()
		}
	}
}

func (b *Bundle) Hash(id string) string {
	b.T.Helper()
	u, err := b.Store.Upload(b.T.Context(), id)
	if err != nil {
		b.T.Fatal(err)
	}
	return u.Hash
}
