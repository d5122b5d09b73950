package media_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/adapters/media"
	"mashang/adapters/media/photo"
	"mashang/domain/fault"
)

var limits = photo.Limits{Pixels: 25_000_000, Memory: 64 << 20, Side: 2048}

// allocated returns all that f allocates, an upper bound of what it holds at any time.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// The estimated memory is an upper bound of the real one for every kind, and what is accepted stays within the
// limit. Not parallel: it measures the whole process.
func TestWeightIsAnUpperBound(t *testing.T) {
	unraced(t)
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"present phone's JPEG of 24.5 million pixels", craftJPEG(5712, 4284, 0xC0, yuv420, 1)},
		{"colour twice as fine", craftJPEG(3000, 2000, 0xC0, yuv422, 1)},
		{"a long strip", craftJPEG(1080, 22_000, 0xC0, yuv420, 1)},
		{"all colours", craftJPEG(3000, 2000, 0xC0, yuv444, 1)},
		{"grey", craftJPEG(4000, 3000, 0xC0, grey, 1)},
		{"in red, green and blue", craftJPEG(2000, 1500, 0xC0, rgb, 1)},
		{"printed matter", slices.Insert(craftJPEG(2000, 1500, 0xC0, cmyk, 1), 2, adobe...)},
		{"progressive", craftJPEG(3000, 2000, 0xC2, yuv420, 1)},
		{"progressive, 100 scans", scansJPEG(2000, 1500, photo.MaxScans)},
		{"one column", craftJPEG(1, 32_767, 0xC0, yuv420, 1)},
		{"24.5 million pixels of 16 bits and opacity", craftPNG(t, 5712, 4284, 16, 6, 4, false)},
		{"interlaced", craftPNG(t, 2000, 1500, 16, 6, 4, true)},
		{"one bit", craftPNG(t, 3508, 4961, 1, 0, 1, false)},
		{"one row", craftPNG(t, 32_767, 1, 16, 6, 4, false)},
		{"lossless WebP", webp(2200, 2200)},
	} {
		r, size := bytes.NewReader(c.data), int64(len(c.data))
		var header photo.Header
		if looked := allocated(func() {
			var err error
			if header, err = photo.Inspect(r, size, limits); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}); looked > 1<<20 {
			t.Errorf("%s: looking at it took %d KB", c.name, looked>>10)
		}
		took := allocated(func() {
			if _, err := photo.Render(t.Context(), r, size, header); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		})
		if took > header.Memory {
			t.Errorf("%s: took %d KB, weighs %d KB", c.name, took>>10, header.Memory>>10)
		}
		if header.Memory > 2*took+8<<20 {
			t.Errorf("%s: took %d KB, weighs %d KB, so it would be refused without need", c.name, took>>10, header.Memory>>10)
		}
	}
}

// stopping is a file that ends ctx at its n-th read, and counts later reads.
type stopping struct {
	*bytes.Reader

	stop  context.CancelFunc
	n     int
	after int
}

func (s *stopping) ReadAt(p []byte, at int64) (int, error) {
	if s.n--; s.n < 0 {
		s.after++
	} else if s.n == 0 {
		s.stop()
	}
	return s.Reader.ReadAt(p, at)
}

// A decoder reads nothing more once its caller has gone.
func TestDecodingEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"jpeg":        jpegOf(t, noisy(900, 600)),
		"progressive": scansJPEG(4096, 1024, 90),
		"png":         pngOf(t, noisy(900, 600)),
		"interlaced":  craftPNG(t, 2000, 1500, 16, 6, 4, true),
	} {
		header, err := photo.Inspect(bytes.NewReader(data), int64(len(data)), limits)
		if err != nil {
			t.Fatal(name, err)
		}
		for n := range 3 {
			ctx, stop := context.WithCancel(t.Context())
			file := &stopping{Reader: bytes.NewReader(data), stop: stop, n: n + 1}
			if _, err := photo.Render(ctx, file, int64(len(data)), header); !errors.Is(err, context.Canceled) || file.after > 0 {
				t.Errorf("%s, read %d: %v, and %d reads afterwards", name, n+1, err, file.after)
			}
		}
	}
}

// Work that takes too long ends with a message that helps. The store can then be used again.
func TestDecodingEndsInTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := media.Open(dir, media.Options{DecodeTime: time.Nanosecond, Decoders: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err = store.TakePhoto(t.Context(), bytes.NewReader(jpegOf(t, noisy(80, 60))))
		wantRefused(t, err, "还没有处理完", "截图")
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Waiting for memory ends with the caller.
func TestWaitingForMemoryEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	release := store.HoldMemory(t.Context())
	ctx, stop := context.WithCancel(t.Context())
	got := make(chan error)
	upload := jpegOf(t, noisy(80, 60))
	go func() {
		_, err := store.TakePhoto(ctx, bytes.NewReader(upload))
		got <- err
	}()
	stop()
	if err := <-got; !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	release()
	if _, err := store.TakePhoto(t.Context(), bytes.NewReader(upload)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Expensive photos wait for each other: their memory together stays within the limit, and all are accepted. Not
// parallel: it measures the whole process.
func TestHeavyPhotosTakeTurns(t *testing.T) {
	store, err := media.Open(t.TempDir(), media.Options{DecodeMemory: 16 << 20, Decoders: 8})
	if err != nil {
		t.Fatal(err)
	}
	upload := craftJPEG(1900, 1500, 0xC0, yuv444, 1) // weighs 14 MB
	runtime.GC()
	var rest runtime.MemStats
	runtime.ReadMemStats(&rest)
	results := make(chan error)
	var most uint64
	for range 6 {
		go func() {
			p, err := store.TakePhoto(t.Context(), watched{bytes.NewReader(upload)})
			if err == nil && p.Width != 1900 {
				err = fmt.Errorf("%d pixels wide", p.Width)
			}
			results <- err
		}()
	}
	for range 6 {
		if err := <-results; err != nil {
			t.Error(err)
		}
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapAlloc)
	}
	if over := int64(most) - int64(rest.HeapAlloc); over > 48<<20 {
		t.Errorf("six at once held %d MB", over>>20)
	}
}

// watched hides a reader's other methods, as a request's body does.
type watched struct{ io.Reader }

// The message about a photo names the limit that it exceeds.
func TestLimitsAreTrue(t *testing.T) {
	t.Parallel()
	store, err := media.Open(t.TempDir(), media.Options{MaxPixels: 1_000_000, DecodeMemory: 4 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		says []string
	}{
		"pixels": {craftPNG(t, 1001, 1000, 8, 2, 3, false), []string{"有 101 万像素", "最多 100 万像素", "截图"}},
		"memory": {craftJPEG(1000, 1000, 0xC2, yuv444, 1), []string{"渐进式", "最多 4 MB", "截图"}},
	} {
		_, err := store.TakePhoto(t.Context(), bytes.NewReader(c.data))
		wantRefused(t, err, c.says...)
		if strings.Contains(err.Error(), "0 万") && name == "memory" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
