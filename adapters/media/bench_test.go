package media_test

import (
	"bytes"
	"image"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"mashang/adapters/media"
	"mashang/adapters/media/photo"
)

// phonePhoto has 6 million pixels with about the detail of a phone's photo.
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

// BenchmarkTakePhoto stores a phone's photo, from decoding to fsync.
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

// BenchmarkHeaviest sends the most expensive pictures, five at once, and reports how far the process grew above
// its idle size. Linux only: it reads /proc.
func BenchmarkHeaviest(b *testing.B) {
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"progressive JPEG, 64 KB, 3000 scans", scansJPEG(2048, 2048, 3000)},
		{"progressive JPEG, 7 million pixels, 100 scans", scansJPEG(3400, 2100, photo.MaxScans)},
		{"JPEG of 65535²", claimJPEG(b, 65535, 65535, true)},
		{"JPEG, 24.5 million pixels", craftJPEG(5712, 4284, 0xC0, yuv420, 1)},
		{"JPEG, 1080×22000", craftJPEG(1080, 22_000, 0xC0, yuv420, 1)},
		{"PNG of 20k²", claimPNG(b, 20_000, 20_000)},
		{"PNG, 24.5 million pixels of 16 bits", craftPNG(b, 5712, 4284, 16, 6, 4, false)},
		{"the same, interlaced", craftPNG(b, 5712, 4284, 16, 6, 4, true)},
		{"lossless WebP, 30 bytes", webp(2200, 2200)},
	} {
		b.Run(c.name, func(b *testing.B) {
			store, err := media.Open(b.TempDir(), media.Options{MaxSidePx: 2048})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				debug.FreeOSMemory()
				rest := restartPeak(b)
				var group sync.WaitGroup
				for range 5 {
					group.Go(func() { _, _ = store.TakePhoto(b.Context(), bytes.NewReader(c.data)) }) // taken or refused
				}
				group.Wait()
				b.ReportMetric(float64(resident(b, "VmHWM")-rest)/1024, "MB-above-rest")
			}
		})
	}
}

// restartPeak resets the process's peak to its present size and returns that, in KB.
func restartPeak(b *testing.B) int {
	b.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200); err != nil {
		b.Skip(err)
	}
	return resident(b, "VmRSS")
}

// resident returns a size of the process, in KB.
func resident(b *testing.B, name string) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		b.Skip(name)
	}
	kb, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return kb
}
