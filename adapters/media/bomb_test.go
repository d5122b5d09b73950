package media_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"runtime"
	"slices"
	"testing"

	"mashang/adapters/media"
	"mashang/domain/fault"
)

// claimJPEG is a small JPEG whose header claims w×h; progressive if asked.
func claimJPEG(tb testing.TB, w, h uint16, progressive bool) []byte {
	tb.Helper()
	out := jpegOf(tb, image.NewGray(image.Rect(0, 0, 8, 8)))
	at := bytes.Index(out, []byte{0xFF, 0xC0})
	if progressive {
		out[at+1] = 0xC2
	}
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

// claimPNG is a small PNG whose header claims w×h.
func claimPNG(tb testing.TB, w, h uint32) []byte {
	tb.Helper()
	out := pngOf(tb, image.NewRGBA(image.Rect(0, 0, 8, 8)))
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// zipped is a ZIP archive with the first bytes of a JPEG.
func zipped(tb testing.TB, prefix string) []byte {
	tb.Helper()
	var out bytes.Buffer
	out.WriteString(prefix)
	w := zip.NewWriter(&out)
	if _, err := w.Create("planted.txt"); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func frames(tb testing.TB, n int) []byte {
	tb.Helper()
	frame := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.White, color.Black})
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &gif.GIF{Image: slices.Repeat([]*image.Paletted{frame}, n), Delay: make([]int, n)}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// webp is a valid lossless WebP of one colour.
func webp(w, h uint32) []byte {
	code := []byte("VP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	// 14 bits each of width and height, less one, then a flag for transparency.
	binary.LittleEndian.PutUint32(code[9:], (w-1)|(h-1)<<14|1<<28)
	body := append([]byte("WEBP"), code...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

type bomb struct {
	name string
	data []byte
	says string
}

func bombs(tb testing.TB) []bomb {
	tb.Helper()
	whole := jpegOf(tb, noisy(300, 200))
	return []bomb{
		{"JPEG of 65535²", claimJPEG(tb, 65535, 65535, false), "最多 32767 像素，请分成几张截图"},
		{"progressive JPEG of 65535²", claimJPEG(tb, 65535, 65535, true), "最多 32767 像素"},
		{"JPEG a little beyond the pixels", claimJPEG(tb, 5001, 5000, false), "有 2501 万像素，最多 2500 万像素，请截图"},
		{"progressive JPEG of 64 KB and 3000 scans", scansJPEG(2048, 2048, 3000), "最多 100 遍"},
		{"progressive JPEG of 101 scans", scansJPEG(64, 64, 101), "最多 100 遍"},
		{"sequential JPEG stored five times over", craftJPEG(64, 64, 0xC0, yuv420, slices.Repeat([]byte{5}, 5)...), "最多 100 遍"},
		{"progressive JPEG of 24 million pixels", scansJPEG(6000, 4000, 2), "最多 64 MB，请截图"},
		{"JPEG just within the pixels, of a few hundred bytes", claimJPEG(tb, 4898, 4898, false), "打不开"},
		{"progressive JPEG just within the pixels", claimJPEG(tb, 4898, 4898, true), "打不开"},
		{"PNG of 20k²", claimPNG(tb, 20_000, 20_000), "有 40000 万像素，最多 2500 万像素"},
		{"PNG of 2³¹ in a row", claimPNG(tb, 1<<31-1, 1), "最多 32767 像素"},
		{"PNG just within the pixels, of a few hundred bytes", claimPNG(tb, 4898, 4898), "打不开"},
		{"truncated JPEG", whole[:len(whole)/2], "打不开"},
		{"truncated PNG", pngOf(tb, noisy(300, 200))[:5000], "打不开"},
		{"start of a JPEG alone", []byte{0xFF, 0xD8, 0xFF}, "打不开"},
		{"HTML", []byte("<!doctype html><script>alert(1)</script>"), "JPEG"},
		{"HTML dressed up as JPEG", append([]byte{0xFF, 0xD8, 0xFF, 0xFE}, []byte("<script>alert(1)</script>")...), "打不开"},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "JPEG"},
		{"ZIP named as a photo", zipped(tb, ""), "JPEG"},
		{"ZIP dressed up as JPEG", zipped(tb, "\xff\xd8\xff\xe0"), "打不开"},
		{"no byte", nil, "空"},
		{"GIF of 10k frames", frames(tb, 10_000), "GIF"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "兼容性最佳"},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), "AVIF"},
		{"WebP without a picture", []byte("RIFF\x04\x00\x00\x00WEBP"), "打不开"},
		{"WebP of one colour and 24 million pixels", webp(4898, 4898), "最多 64 MB"},
		{"voice", mp3(10), "JPEG"},
		{"more than 10 MB", append(whole, make([]byte, 10<<20)...), "10 MB"},
	}
}

// This test is not parallel: it measures the whole process.
func TestBombsCostNothing(t *testing.T) {
	set := bombs(t)
	dir := t.TempDir()
	store := open(t, dir)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, b := range set {
		photo, err := store.TakePhoto(t.Context(), bytes.NewReader(b.data))
		if photo != (media.Photo{}) {
			t.Errorf("%s: %+v came with the error", b.name, photo)
		}
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", b.name, err)
			continue
		}
		t.Run(b.name, func(t *testing.T) { wantRefused(t, err, b.says) })
	}
	runtime.ReadMemStats(&after)
	if total := after.TotalAlloc - before.TotalAlloc; total > 16<<20 {
		t.Errorf("the %d bombs allocated %d MB in all", len(set), total>>20)
	}
	if got := files(t, dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

// Decoding a present phone's photo costs little more than its pixels. Not parallel, as above.
func TestPhonePhotoMemory(t *testing.T) {
	unraced(t)
	data := phonePhoto(t)
	store := open(t, t.TempDir())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := store.TakePhoto(t.Context(), bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if total := after.TotalAlloc - before.TotalAlloc; total > 40<<20 {
		t.Errorf("6 million pixels of %d KB allocated %d MB in all", len(data)>>10, total>>20)
	}
}
