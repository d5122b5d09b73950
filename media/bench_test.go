package media_test

import (
	"bytes"
	"image"
	"testing"
)

// phonePhoto is 6 million pixels with about the detail of a phone's photo.
func phonePhoto(tb testing.TB) []byte {
	tb.Helper()
	detail := noisy(300, 200)
	img := image.NewRGBA(image.Rect(0, 0, 3000, 2000))
	for y := range 2000 {
		for x := range 3000 {
			copy(img.Pix[img.PixOffset(x, y):], detail.Pix[detail.PixOffset(x/10, y/10):][:4])
		}
	}
	return jpegOf(tb, img)
}

// BenchmarkTakePhoto takes a phone's photo, decode to fsync.
func BenchmarkTakePhoto(b *testing.B) {
	upload := phonePhoto(b)
	store := open(b, b.TempDir())
	b.SetBytes(int64(len(upload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.TakePhoto(b.Context(), bytes.NewReader(upload)); err != nil {
			b.Fatal(err)
		}
	}
}
