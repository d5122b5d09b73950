package media_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"mashang/adapters/media"
)

// Files of real phones and offices are accepted, in the size in which writing stays readable.
func TestWhatPhonesAndOfficesSend(t *testing.T) {
	unraced(t)
	t.Parallel()
	store, err := media.Open(t.TempDir(), media.Options{MaxSidePx: 2048})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]image.Point{
		"long-screenshot.png": {X: 750, Y: 9000}, // a chat's, as it came
		"24mp.png":            {X: 2048, Y: 1536},
		"scan-1bit.png":       {X: 1448, Y: 2048},
		"animated.webp":       {X: 640, Y: 480}, // its first frame
		"no-end-marker.jpg":   {X: 640, Y: 480},
	} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.TakePhoto(t.Context(), bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Width != want.X || got.Height != want.Y {
			t.Errorf("%s is kept at %d×%d, want %v", name, got.Width, got.Height, want)
		}
		kept, _ := read(t, store, got.Hash, media.VariantPhoto)
		img, err := jpeg.Decode(bytes.NewReader(kept))
		if err != nil || img.Bounds().Size() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
