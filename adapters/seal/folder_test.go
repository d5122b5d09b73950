package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"mashang/adapters/seal"
	"mashang/domain/fault"
)

func TestLoadOrCreate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "keys")
	ring, created, err := seal.LoadOrCreate(dir, bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil || !created {
		t.Fatalf("LoadOrCreate = %v, created %v", err, created)
	}
	if ring.Primary() != "k1" {
		t.Errorf("Primary = %q", ring.Primary())
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, seal.FileName): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v (%v), want the key file alone", entries, err)
	}
	sealed := mustSeal(t, ring, "x", "")

	again, created, err := seal.LoadOrCreate(dir, rand.Reader)
	if err != nil || created {
		t.Fatalf("second LoadOrCreate = %v, created %v", err, created)
	}
	if got, err := again.Open(sealed, ""); err != nil || got != "x" {
		t.Errorf("after reload: %q, %v", got, err)
	}
	if got, err := parse(t, keyText("k1", 7)).Open(sealed, ""); err != nil || got != "x" {
		t.Errorf("the key is not what the source of randomness gave: %q, %v", got, err)
	}
}

func TestRacingCreatorsAgree(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	rings, makers := make([]*seal.Keyring, 8), make([]bool, 8)
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() {
			var err error
			rings[i], makers[i], err = seal.LoadOrCreate(dir, rand.Reader)
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	count := 0
	sealed := mustSeal(t, rings[0], "x", "")
	for i, ring := range rings {
		if makers[i] {
			count++
		}
		if _, err := ring.Open(sealed, ""); err != nil {
			t.Errorf("ring %d: %v", i, err)
		}
	}
	if count != 1 {
		t.Errorf("%d callers say they made the key, want 1", count)
	}
}

func TestLoadSaysWhenTheKeyIsGone(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{
		"no folder": filepath.Join(t.TempDir(), "keys"),
		"no file":   privateDir(t),
	} {
		_, err := seal.Load(dir)
		if !errors.Is(err, fs.ErrNotExist) || !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v, want Unavailable over fs.ErrNotExist", name, err)
		}
	}
}

func TestLooseFilesAreRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil  func(dir, file string) error
		advice string
	}{
		"file readable": {func(_, file string) error { return os.Chmod(file, 0o644) }, "chmod 600"},
		"folder open":   {func(dir, _ string) error { return os.Chmod(dir, 0o755) }, "chmod 700"},
		"file a link": {func(dir, file string) error {
			return errors.Join(os.Rename(file, filepath.Join(dir, "x")), os.Symlink("x", file))
		}, "链接"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := privateDir(t)
			if _, _, err := seal.LoadOrCreate(dir, rand.Reader); err != nil {
				t.Fatal(err)
			}
			if err := tc.spoil(dir, filepath.Join(dir, seal.FileName)); err != nil {
				t.Fatal(err)
			}
			_, created, err := seal.LoadOrCreate(dir, rand.Reader)
			if !fault.Is(err, fault.Denied) || created {
				t.Fatalf("LoadOrCreate = %v, created %v; want Denied", err, created)
			}
			if !strings.Contains(err.Error(), tc.advice) {
				t.Errorf("%v lacks %q", err, tc.advice)
			}
		})
	}
}

func TestBrokenKeyFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	file := filepath.Join(dir, seal.FileName)
	if err := os.WriteFile(file, []byte("k1:garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := seal.LoadOrCreate(dir, rand.Reader); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), file) {
		t.Errorf("LoadOrCreate = %v, want Invalid naming the file", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "k1:garbage\n" {
		t.Errorf("file is now %q, %v", text, err)
	}
}

func TestCreateNeedsRandomness(t *testing.T) {
	t.Parallel()
	dir := privateDir(t)
	_, created, err := seal.LoadOrCreate(dir, strings.NewReader("short"))
	if !fault.Is(err, fault.Internal) || created {
		t.Fatalf("LoadOrCreate = %v, created %v", err, created)
	}
	if _, err := os.Stat(filepath.Join(dir, seal.FileName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key file was left: %v", err)
	}
}

func privateDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
