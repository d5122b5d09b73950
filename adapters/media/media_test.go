package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/adapters/media"
	"mashang/domain/fault"
)

func open(tb testing.TB, dir string) *media.Store {
	tb.Helper()
	store, err := media.Open(dir, media.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return store
}

// noisy is a picture that compresses badly.
func noisy(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range img.Pix {
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(seed >> 24)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func jpegOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 60}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// mp3 is n frames of 36 ms.
func mp3(n int) []byte {
	frame := make([]byte, 144)
	copy(frame, []byte{0xFF, 0xF3, 0x48, 0xC4})
	return bytes.Repeat(frame, n)
}

// read returns a stored file whole.
func read(t *testing.T, store *media.Store, hash, variant string) (data []byte, contentType string) {
	t.Helper()
	file, modified, contentType, err := store.Read(hash, variant)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if modified.IsZero() {
		t.Error("no time of change")
	}
	data, err = io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return data, contentType
}

// files lists everything below dir, unfinished uploads included.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantRefused checks for an Invalid fault about the file whose message contains all parts.
func wantRefused(t *testing.T, err error, parts ...string) {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != "file" {
		t.Fatalf("error = %v, want an invalid file", err)
	}
	for _, part := range parts {
		if !strings.Contains(e.Message, part) {
			t.Errorf("advice %q does not say %q", e.Message, part)
		}
	}
}

func TestPhotoIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	photo, err := store.TakePhoto(t.Context(), bytes.NewReader(jpegOf(t, noisy(2700, 1350))))
	if err != nil {
		t.Fatal(err)
	}
	if photo.Width != 2560 || photo.Height != 1280 {
		t.Errorf("kept at %d×%d", photo.Width, photo.Height)
	}
	full, contentType := read(t, store, photo.Hash, media.VariantPhoto)
	if contentType != "image/jpeg" || int64(len(full)) != photo.Bytes {
		t.Errorf("%s of %d bytes, want %d", contentType, len(full), photo.Bytes)
	}
	for variant, size := range map[string]image.Point{media.VariantPhoto: {X: 2560, Y: 1280}, media.VariantThumb: {X: 320, Y: 160}} {
		data, _ := read(t, store, photo.Hash, variant)
		config, format, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || format != "jpeg" || config.Width != size.X || config.Height != size.Y {
			t.Errorf("%s is %s of %d×%d, %v", variant, format, config.Width, config.Height, err)
		}
	}
	name := photo.Hash[:2] + "/" + photo.Hash[2:]
	if got, want := files(t, dir), []string{name + ".jpg", name + ".thumb.jpg"}; !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	if err := store.Verify(photo.Hash); err != nil {
		t.Error(err)
	}
}

func TestPNGBecomesJPEGOnWhite(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	photo, err := store.TakePhoto(t.Context(), bytes.NewReader(pngOf(t, image.NewNRGBA(image.Rect(0, 0, 20, 10)))))
	if err != nil {
		t.Fatal(err)
	}
	data, _ := read(t, store, photo.Hash, media.VariantPhoto)
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(5, 5).RGBA(); r>>8 != 255 || g>>8 != 255 || b>>8 != 255 {
		t.Errorf("transparent became %d,%d,%d", r>>8, g>>8, b>>8)
	}
}

// exif is a whole APP1 segment: camera, orientation 6, a place, a thumbnail.
func exif() []byte {
	order := binary.BigEndian
	entry := func(tag, kind uint16, count uint32, value []byte) []byte {
		out := order.AppendUint16(nil, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(out, count)
		return append(out, value...)
	}
	long := func(v uint32) []byte { return order.AppendUint32(nil, v) }
	const ifd0, gps = 8, 8 + 2 + 3*12 + 4
	const text = gps + 2 + 2*12 + 4
	camera := "PlantedCamera\x00"
	tiff := slices.Concat(
		[]byte("MM\x00*"), long(ifd0),
		order.AppendUint16(nil, 3),
		entry(0x010F, 2, uint32(len(camera)), long(text)),
		entry(0x0112, 3, 1, []byte{0, 6, 0, 0}),
		entry(0x8825, 4, 1, long(gps)),
		long(0),
		order.AppendUint16(nil, 2),
		entry(0x0001, 2, 2, []byte("N\x00\x00\x00")),
		entry(0x001D, 2, 11, long(text+uint32(len(camera)))),
		long(0),
		[]byte(camera), []byte("2026:05:01\x00"), []byte("PlantedPlace 35.9375N 103.2104E"),
	)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	return append(order.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(segment)+2)), segment...)
}

func TestPlaceIsRemovedAndPhotoTurned(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	img := image.NewRGBA(image.Rect(0, 0, 600, 300))
	for y := range 300 {
		for x := range 600 {
			c := color.RGBA{R: 220, A: 255} // left half red, right half blue
			if x >= 300 {
				c = color.RGBA{B: 220, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	plain := jpegOf(t, img)
	comment := []byte{0xFF, 0xFE, 0, 16, 'P', 'l', 'a', 'n', 't', 'e', 'd', 'C', 'o', 'm', 'm', 'e', 'n', 't'}
	upload := slices.Concat(plain[:2], exif(), comment, plain[2:])
	photo, err := store.TakePhoto(t.Context(), bytes.NewReader(upload))
	if err != nil {
		t.Fatal(err)
	}
	if photo.Width != 300 || photo.Height != 600 {
		t.Errorf("kept at %d×%d, want upright", photo.Width, photo.Height)
	}
	for _, variant := range []string{media.VariantPhoto, media.VariantThumb} {
		data, _ := read(t, store, photo.Hash, variant)
		for _, mark := range []string{"Planted", "Exif", "2026:05:01", "35.9375", "\xff\xe1"} {
			if bytes.Contains(data, []byte(mark)) {
				t.Errorf("%s still holds %q", variant, mark)
			}
		}
		turned, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		bounds := turned.Bounds()
		top, _, _, _ := turned.At(bounds.Dx()/2, bounds.Dy()/8).RGBA()
		_, _, bottom, _ := turned.At(bounds.Dx()/2, bounds.Dy()*7/8).RGBA()
		if top>>8 < 150 || bottom>>8 < 150 {
			t.Errorf("%s is not turned: red on top %d, blue below %d", variant, top>>8, bottom>>8)
		}
	}
}

func TestTailOfAPolyglotIsLost(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	page := []byte("<html><script>alert('planted')</script>")
	plain := jpegOf(t, noisy(80, 60))
	clean, err := store.TakePhoto(t.Context(), bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	photo, err := store.TakePhoto(t.Context(), bytes.NewReader(append(plain, page...)))
	if err != nil {
		t.Fatal(err)
	}
	if photo.Hash != clean.Hash {
		t.Error("the tail changed what is kept")
	}
	if data, _ := read(t, store, photo.Hash, media.VariantPhoto); bytes.Contains(data, []byte("script")) {
		t.Error("the page is still there")
	}
}

func TestVoiceIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	webm, err := os.ReadFile("voice/testdata/chromium.webm")
	if err != nil {
		t.Fatal(err)
	}
	m4a, err := os.ReadFile("voice/testdata/chromium.m4a")
	if err != nil {
		t.Fatal(err)
	}
	const planted = "Planted Name"
	id3 := append([]byte("ID3\x04\x00\x00\x00\x00\x00\x0c"), planted...)
	atom := func(kind, body string) string { // size, name, body
		return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
	}
	tags := atom("udta", atom("meta", "\x00\x00\x00\x00"+atom("ilst", planted)))
	for _, c := range []struct {
		data              []byte
		kind, contentType string
		seconds, bytes    int
	}{
		{mp3(100), "mp3", "audio/mpeg", 4, 14400},
		{mp3(2), "mp3", "audio/mpeg", 1, 288},
		{mp3(1680), "mp3", "audio/mpeg", 60, 144 * 1680}, // 60.5 s: the recorder stopped late
		{webm, "webm", "audio/webm", 2, len(webm)},
		{m4a, "m4a", "audio/mp4", 2, len(m4a)},
		{slices.Concat(id3, mp3(100), []byte("TAG"+planted), make([]byte, 125-len(planted))), "mp3", "audio/mpeg", 4, 14400},
		{append(slices.Clone(m4a), tags...), "m4a", "audio/mp4", 2, len(m4a) + len(tags)},
		{bytes.Replace(webm, []byte("Chrome"), []byte("Planted"[:6]), 1), "webm", "audio/webm", 2, len(webm)},
	} {
		got, err := store.TakeVoice(t.Context(), bytes.NewReader(c.data))
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		if got.Type != c.kind || got.Seconds != c.seconds {
			t.Errorf("got %+v, want %s of %d s", got, c.kind, c.seconds)
		}
		data, contentType := read(t, store, got.Hash, media.VariantVoice)
		if len(data) != c.bytes || contentType != c.contentType {
			t.Errorf("%s: %d bytes of %s came back, want %d", c.kind, len(data), contentType, c.bytes)
		}
		if err := store.Verify(got.Hash); err != nil {
			t.Error(err)
		}
	}
	for _, name := range files(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"Plant", "Chrome", "Lavf"} {
			if bytes.Contains(data, []byte(mark)) {
				t.Errorf("%s still holds %q", name, mark)
			}
		}
	}
	if left, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("unfinished uploads are left: %v %v", left, err)
	}
}

func TestVoiceRefused(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"too long":  {mp3(1700), "60 秒"},
		"too large": {append(mp3(100), make([]byte, 2<<20)...), "录音超过 2 MB，请分几段录"},
		"a photo":   {jpegOf(t, noisy(8, 8)), "mp3"},
		"broken":    {mp3(1), "重新录音"},
		"empty":     {nil, "空"},
	} {
		got, err := store.TakeVoice(t.Context(), bytes.NewReader(c.data))
		if got != (media.Voice{}) {
			t.Errorf("%s: %+v came with the error", name, got)
		}
		wantRefused(t, err, c.says)
	}
}

func TestTakeTellsThemApart(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	photo, voice, err := store.Take(t.Context(), bytes.NewReader(jpegOf(t, noisy(8, 8))))
	if err != nil || photo == nil || voice != nil || photo.Width != 8 {
		t.Errorf("a photo: %v %v %v", photo, voice, err)
	}
	photo, voice, err = store.Take(t.Context(), bytes.NewReader(mp3(40)))
	if err != nil || photo != nil || voice == nil || voice.Type != "mp3" {
		t.Errorf("a voice message: %v %v %v", photo, voice, err)
	}
	for upload, says := range map[string]string{
		"": "空", "%PDF-1.7": "照片请用", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00": "兼容性最佳", "\xff\xd8\xff": "打不开", "ID3": "录音",
	} {
		photo, voice, err := store.Take(t.Context(), strings.NewReader(upload))
		if photo != nil || voice != nil {
			t.Errorf("%q was taken", upload)
		}
		wantRefused(t, err, says)
	}
}

func TestOpenRefusesAndSweeps(t *testing.T) {
	t.Parallel()
	if _, err := media.Open(t.TempDir(), media.Options{Decoders: -1}); !fault.Is(err, fault.Invalid) {
		t.Errorf("negative limit: %v", err)
	}
	if _, err := media.Open(t.TempDir(), media.Options{MaxPixels: -1}); !fault.Is(err, fault.Invalid) {
		t.Errorf("negative limit: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := media.Open(file, media.Options{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a file for a folder: %v", err)
	}

	dir := t.TempDir()
	open(t, dir)
	old, running := filepath.Join(dir, "tmp", "in-1"), filepath.Join(dir, "tmp", "in-2")
	for _, name := range []string{old, running} {
		if err := os.WriteFile(name, []byte("half a photo"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(old)
	if err != nil {
		t.Fatal(err)
	}
	before := info.ModTime().Add(-2 * time.Hour)
	if err := os.Chtimes(old, before, before); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if got := files(t, dir); !slices.Equal(got, []string{"tmp/in-2"}) {
		t.Errorf("after opening again: %v", got)
	}
}

// An interrupted upload, a limit further up and a failing disk give different faults.
func TestTroubleWhileReceiving(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	whole := jpegOf(t, noisy(80, 60))
	broken := func(err error) io.Reader {
		return io.MultiReader(bytes.NewReader(whole[:100]), readerFunc(func([]byte) (int, error) { return 0, err }))
	}
	_, err := store.TakePhoto(t.Context(), broken(errors.New("connection reset")))
	wantRefused(t, err, "没有传完")
	if _, err = store.TakePhoto(t.Context(), broken(fault.New(fault.TooMany, "慢一点"))); !fault.Is(err, fault.TooMany) {
		t.Errorf("a fault from above became %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = store.TakePhoto(ended, bytes.NewReader(whole)); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gave %v", err)
	}
	if got := files(t, dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(dir, "tmp")); err != nil {
		t.Fatal(err)
	}
	_, err = store.TakePhoto(t.Context(), bytes.NewReader(whole))
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Unavailable || strings.Contains(e.Message, dir) {
		t.Errorf("a failing disk gave %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// unraced skips a test of one goroutine that processes pixel by pixel: under the race detector it takes minutes
// and there is nothing to find. make race runs it without the detector.
func unraced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("one goroutine and many pixels: runs without the race detector")
	}
}
