package desktest

import (
	"context"
	"errors"
	"net/http"
	"path"

	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// fetch gets a picture for the emulated platform, by its address alone.
func (b *Bundle) fetch(ctx context.Context, address string) (int, string, []byte, error) {
	token := path.Base(address)
	if address != b.cfg.PublicURL+"/check/"+token {
		return 0, "", nil, errors.New("no such address")
	}
	b.mu.Lock()
	b.Tokens = append(b.Tokens, token)
	b.mu.Unlock()
	f, err := b.Matters.OpenByToken(ctx, token)
	if err != nil {
		return http.StatusNotFound, "", nil, nil // which is what the platform sees
	}
	defer func() { _ = f.Close() }()
	data := make([]byte, 1<<20)
	n, _ := f.Read(data)
	return http.StatusOK, f.Type, data[:n], nil
}

// RunPhotoChecks has the platform check all pending photos.
func (b *Bundle) RunPhotoChecks() {
	b.T.Helper()
	for {
		n, err := b.Uploads.CheckPhotos(b.T.Context())
		if err != nil {
			b.T.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	if err := b.Emu.WaitIdle(b.T.Context()); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
}

func (b *Bundle) Safety(id string) record.Safety {
	b.T.Helper()
	u, err := b.Store.Upload(b.T.Context(), id)
	if err != nil {
		b.T.Fatal(err)
	}
	return u.Safety
}

func Showing(ids ...string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Photos = ids }
}

func (b *Bundle) WantOpens(c access.Caller, id string, want bool) {
	b.T.Helper()
	f, err := b.Matters.File(b.T.Context(), c, id, true)
	if err == nil {
		_ = f.Close()
	}
	if (err == nil) != want || err != nil && !fault.Is(err, fault.NotFound) {
		b.T.Errorf("%s opens the photo: %v, want %v", c.Role, err, want)
	}
}

func (b *Bundle) HeldPhotos() []matters.HeldPhoto {
	b.T.Helper()
	p, err := b.Matters.HeldPhotos(b.T.Context(), b.Liaison(), "", 0)
	if err != nil {
		b.T.Fatal(err)
	}
	today, err := b.Overview.Today(b.T.Context(), b.Liaison())
	if err != nil || today.HeldPhotos != len(p.Items) {
		b.T.Errorf("today has %d held photos, the list %d: %v", today.HeldPhotos, len(p.Items), err)
	}
	return p.Items
}
