package handlers_test

import (
	"bytes"
	"image"
	"image/color"
	stdpng "image/png"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"mashang/handlers/web"
)

// png draws a picture.
func png(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := stdpng.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// part is one part of a form.
type part struct {
	field, name string
	data        []byte
}

func form(tb testing.TB, parts ...part) (body *bytes.Buffer, contentType string) {
	tb.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range parts {
		f, err := w.CreateFormFile(p.field, p.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write(p.data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return body, w.FormDataContentType()
}

func (b *bundle) post(token string, parts ...part) reply {
	b.t.Helper()
	body, contentType := form(b.t, parts...)
	return b.postForm(token, body.Bytes(), contentType)
}

func (b *bundle) postForm(token string, body []byte, contentType string) reply {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.http.URL+"/api/v1/uploads", bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+token)
	return b.do(r)
}

func (b *bundle) upload(token, name string, data []byte) map[string]any {
	b.t.Helper()
	r := b.post(token, part{"file", name, data})
	b.want(r, 201)
	return r.JSON(b.t)
}

func TestUploads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, stranger, ma := b.login("villager"), b.login("tourist"), b.as("ma", "hk", "member", "m1")
	photo := b.upload(visitor, "p.png", png(t, 400, 300))
	if photo["kind"] != "photo" || photo["width"] != 400.0 || photo["height"] != 300.0 || photo["seconds"] != nil {
		t.Errorf("photo %v", photo)
	}
	recording, err := os.ReadFile("../adapters/media/voice/testdata/chromium.webm")
	if err != nil {
		t.Fatal(err)
	}
	voice := b.upload(visitor, "v.webm", recording)
	if voice["kind"] != "voice" || at[float64](voice, "seconds") < 1 || voice["width"] != nil {
		t.Errorf("voice %v", voice)
	}
	path := "/api/v1/uploads/" + at[string](photo, "id")
	b.problem(b.send("GET", path, ma, nil), 404, "not_found")
	s := b.file(visitor, map[string]any{"text": nil, "photos": []any{photo["id"]}, "voice": voice["id"]})
	if s["voice"] != voice["id"] || at[[]any](s, "photos")[0] != photo["id"] || sentences(s)[0] != "群众提交了投诉：（语音）（附照片一张）" {
		t.Errorf("submission %v", s)
	}
	if detail := at[string](b.problem(b.send("GET", path, ma, nil), 404, "not_found"), "detail"); !strings.Contains(detail, "核对") {
		t.Errorf("an unchecked photo: %s", detail)
	}
	b.checked()
	for _, reader := range []string{visitor, ma} {
		for _, p := range []string{path, path + "/thumb"} {
			r := b.send("GET", p, reader, nil)
			b.want(r, 200)
			if r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Content-Disposition") != "inline" ||
				r.Header.Get("Cache-Control") != "private, no-store" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s: headers %v", p, r.Header)
			}
			if !bytes.HasPrefix(r.Body, []byte{0xff, 0xd8}) {
				t.Errorf("%s: no JPEG", p)
			}
		}
	}
	b.problem(b.send("GET", path, stranger, nil), 404, "not_found")
	b.problem(b.send("GET", "/api/v1/uploads/"+at[string](voice, "id")+"/thumb", visitor, nil), 404, "not_found")
	r := b.send("GET", "/api/v1/uploads/"+at[string](voice, "id"), ma, nil, "Range", "bytes=0-19")
	b.want(r, 206)
	if len(r.Body) != 20 || !bytes.Equal(r.Body, recording[:20]) || r.Header.Get("Content-Type") != "audio/webm" {
		t.Errorf("range: %d bytes, %s", len(r.Body), r.Header.Get("Content-Type"))
	}
	// Somebody else's upload cannot be filed as one's own.
	m := b.problem(b.send("POST", "/api/v1/submissions", stranger, filing(map[string]any{"photos": []any{photo["id"]}}), "Idempotency-Key", newKey()), 422, "invalid")
	if got := fields(m); len(got) != 1 || got[0] != "photos" {
		t.Errorf("fields %v", got)
	}
}

func TestUploadsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.MaxUpload = 64 << 10 })
	visitor := b.login("villager")
	picture := png(t, 40, 30)
	one := part{"file", "p.png", picture}
	b.problem(b.post(visitor, part{"photo", "p.png", picture}), 422, "invalid")
	b.problem(b.post(visitor, one, one), 422, "invalid")
	b.problem(b.post(visitor), 422, "invalid")
	m := b.problem(b.post(visitor, part{"file", "p.svg", []byte(`<svg onload="alert(1)"/>`)}), 422, "invalid")
	if got := fields(m); len(got) != 1 || got[0] != "file" {
		t.Errorf("fields %v", got)
	}
	b.problem(b.post(visitor, part{"file", "p.png", nil}), 422, "invalid")
	b.problem(b.post(visitor, part{"file", "p.png", bytes.Repeat(picture, 2000)}), 413, "too_large")
	b.problem(b.postForm(visitor, picture, "image/png"), 415, "media_type")
	b.problem(b.postForm(visitor, picture, "multipart/form-data"), 415, "media_type")
	body, contentType := form(t, one)
	b.problem(b.postForm(visitor, body.Bytes()[:body.Len()/2], contentType), 400, "malformed")
	// A body of unknown length is cut at the limit.
	body, contentType = form(t, part{"file", "p.png", bytes.Repeat(picture, 2000)})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.http.URL+"/api/v1/uploads", struct{ *bytes.Buffer }{body})
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = -1
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+visitor)
	b.problem(b.do(r), 413, "too_large")
}
