package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"mashang/adapters/media"
	"mashang/domain/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSamePhotoTwiceIsOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	upload := jpegOf(t, noisy(200, 100))
	first, err := store.TakePhoto(t.Context(), bytes.NewReader(upload))
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(dir, first.Hash[:2], first.Hash[2:]+".jpg")
	before, err := os.Stat(kept)
	if err != nil {
		t.Fatal(err)
	}
	second, err := store.TakePhoto(t.Context(), bytes.NewReader(upload))
	if err != nil || second != first {
		t.Errorf("the second time %+v, %v, want %+v", second, err, first)
	}
	after, err := os.Stat(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("the file was written again")
	}
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("files %v", got)
	}
}

func TestSameUploadAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	upload, sound := jpegOf(t, noisy(200, 100)), mp3(30)
	hashes := make([]string, 24)
	var group sync.WaitGroup
	for i := range hashes {
		group.Go(func() {
			if i%2 == 0 {
				photo, err := store.TakePhoto(t.Context(), bytes.NewReader(upload))
				if err != nil {
					t.Error(err)
				}
				hashes[i] = photo.Hash
				return
			}
			voice, err := store.TakeVoice(t.Context(), bytes.NewReader(sound))
			if err != nil {
				t.Error(err)
			}
			hashes[i] = voice.Hash
		})
	}
	group.Wait()
	slices.Sort(hashes)
	if distinct := slices.Compact(hashes); len(distinct) != 2 {
		t.Fatalf("hashes %v", distinct)
	}
	if got := files(t, dir); len(got) != 3 {
		t.Errorf("files %v, want photo, thumbnail and voice", got)
	}
	if err := store.Walk(func(hash string, _ int64) error { return store.Verify(hash) }); err != nil {
		t.Error(err)
	}
}

// TakePhoto waits for a decoder no longer than its caller.
func TestWaitingForADecoderEnds(t *testing.T) {
	t.Parallel()
	store, err := media.Open(t.TempDir(), media.Options{Decoders: 1})
	if err != nil {
		t.Fatal(err)
	}
	// One decoder for six callers, three of which give up when their photo has arrived.
	upload := jpegOf(t, noisy(400, 300))
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if _, err := store.TakePhoto(t.Context(), bytes.NewReader(upload)); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			left := readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF })
			_, err := store.TakePhoto(ctx, io.MultiReader(bytes.NewReader(upload), left))
			if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
				t.Errorf("error = %v", err)
			}
		})
	}
	group.Wait()
}

func TestStrangeHashesAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "uploads"))
	if err := os.WriteFile(filepath.Join(dir, "secret.jpg"), []byte("planted"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 64)
	for _, hash := range []string{
		"", "../secret", "../../secret.jpg", "a/../../../secret", long[:63], long + "a", strings.ToUpper(long), long[:60] + "/../",
		long[:63] + "\n", long[:63] + "\x00", strings.Repeat("/", 64), strings.Repeat("。", 64),
	} {
		for _, variant := range []string{media.VariantPhoto, media.VariantThumb, media.VariantVoice} {
			if _, _, _, err := store.Read(hash, variant); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", hash, err)
			}
		}
		if err := store.Verify(hash); !fault.Is(err, fault.NotFound) {
			t.Errorf("verify %q: %v", hash, err)
		}
		if err := store.Remove(hash); !fault.Is(err, fault.NotFound) {
			t.Errorf("remove %q: %v", hash, err)
		}
	}
	if _, _, _, err := store.Read(long, "../photo"); !fault.Is(err, fault.NotFound) {
		t.Errorf("strange variant: %v", err)
	}
}

func TestVariantsDoNotMix(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	voice, err := store.TakeVoice(t.Context(), bytes.NewReader(mp3(30)))
	if err != nil {
		t.Fatal(err)
	}
	for _, variant := range []string{media.VariantPhoto, media.VariantThumb, ""} {
		if _, _, _, err := store.Read(voice.Hash, variant); !fault.Is(err, fault.NotFound) {
			t.Errorf("a voice message read as %q: %v", variant, err)
		}
	}
	file, _, _, err := store.Read(voice.Hash, media.VariantVoice)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if end, err := file.Seek(0, io.SeekEnd); err != nil || end != 30*144 {
		t.Errorf("sought to %d, %v", end, err)
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	upload := jpegOf(t, noisy(200, 100))
	photo, err := store.TakePhoto(t.Context(), bytes.NewReader(upload))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, photo.Hash[:2], photo.Hash[2:])
	data, err := os.ReadFile(name + ".jpg")
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(data)
	damaged[len(damaged)/2] ^= 1
	if err := os.WriteFile(name+".jpg", damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(photo.Hash); !fault.Is(err, fault.Internal) {
		t.Errorf("a flipped bit: %v", err)
	}
	// The same upload again repairs it.
	if _, err := store.TakePhoto(t.Context(), bytes.NewReader(upload)); err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(photo.Hash); err != nil {
		t.Errorf("after mending: %v", err)
	}
	if err := os.Remove(name + ".thumb.jpg"); err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(photo.Hash); !fault.Is(err, fault.Internal) {
		t.Errorf("without its thumbnail: %v", err)
	}
	if err := store.Verify(strings.Repeat("0", 64)); !fault.Is(err, fault.NotFound) {
		t.Errorf("nothing there: %v", err)
	}
}

func TestWalkAndRemove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, dir)
	want := map[string]int64{}
	for n := range 3 {
		photo, err := store.TakePhoto(t.Context(), bytes.NewReader(jpegOf(t, noisy(50+n, 40))))
		if err != nil {
			t.Fatal(err)
		}
		thumb, _ := read(t, store, photo.Hash, media.VariantThumb)
		want[photo.Hash] = photo.Bytes + int64(len(thumb))
		voice, err := store.TakeVoice(t.Context(), bytes.NewReader(mp3(30+n)))
		if err != nil {
			t.Fatal(err)
		}
		want[voice.Hash] = int64(30+n) * 144
	}
	// Walk skips files that are not the store's.
	for _, name := range []string{"00/notes.txt", "00/" + strings.Repeat("z", 62) + ".jpg", "ff/" + strings.Repeat("a", 62) + ".html"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	err := store.Walk(func(hash string, size int64) error {
		order = append(order, hash)
		if size != want[hash] {
			t.Errorf("%s takes %d bytes, want %d", hash, size, want[hash])
		}
		return nil
	})
	if err != nil || len(order) != len(want) || !slices.IsSorted(order) {
		t.Fatalf("walked %v, %v", order, err)
	}
	stop := errors.New("enough")
	for n := 1; n <= len(order); n++ {
		left := n
		err := store.Walk(func(string, int64) error {
			if left--; left == 0 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || left != 0 {
			t.Errorf("stopping at %d: %v, %d left", n, err, left)
		}
	}
	var listed []string
	if err := store.Files(func(name string, size int64) error {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || info.Size() != size {
			t.Errorf("%s: %d bytes listed, %v", name, size, err)
		}
		listed = append(listed, name)
		return nil
	}); err != nil || len(listed) != 3*2+3 {
		t.Errorf("listed %v, %v", listed, err)
	}
	for _, hash := range order {
		for range 2 { // the second time there is nothing left, which is no error
			if err := store.Remove(hash); err != nil {
				t.Error(err)
			}
		}
	}
	if err := store.Walk(func(hash string, _ int64) error { return errors.New(hash) }); err != nil {
		t.Errorf("still there: %v", err)
	}
	if got := files(t, dir); len(got) != 3 {
		t.Errorf("left: %v", got)
	}
}
