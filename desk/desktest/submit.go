package desktest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net"
	"net/http"
	"os"
	"testing"

	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
)

// JpegOf returns a photo with content of its own.
func JpegOf(tb testing.TB, shade uint8) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 32, 24))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(3, 3, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// Photo uploads a photo and returns its id.
func (b *Bundle) Photo(c access.Caller, shade uint8) string {
	b.T.Helper()
	u, err := b.Uploads.Upload(b.T.Context(), c, bytes.NewReader(JpegOf(b.T, shade)))
	if err != nil {
		b.T.Fatal(err)
	}
	if u.Kind != "photo" || u.Owner != c.Person || u.Width != 32 || u.Height != 24 {
		b.T.Fatalf("upload: %+v", u)
	}
	return u.ID
}

func WithText(text string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Text = text }
}

func Category(key string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Category = key }
}

func Tourist(r *filing.Request) { r.Filing.Visitor = casework.Tourist }

func Anonymous(r *filing.Request) { r.Filing.Anonymous = true }

func Phone(number string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Phone = number }
}

func Against(name string) func(*filing.Request) {
	return func(r *filing.Request) { r.Filing.Against = &casework.Against{Name: name} }
}

// Refused is a transport that fails every request.
func Refused(r *http.Request) (*http.Response, error) {
	_ = r.Body.Close()
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
}

// Count returns the size of an index of the station Here.
func (b *Bundle) Count(ix record.Index) int {
	b.T.Helper()
	n, err := b.Store.Count(b.T.Context(), Here, ix)
	if err != nil {
		b.T.Fatal(err)
	}
	return n
}
