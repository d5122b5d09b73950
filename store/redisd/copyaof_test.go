package redisd_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"mashang/domain/fault"
	"mashang/store/redisd"
)

// into returns a destination that writes the copied files below dir/redis, as
// a restored data folder has them.
func into(t *testing.T, dir string) func(name string, r io.Reader, size int64) error {
	t.Helper()
	folder := filepath.Join(dir, "redis", "appendonlydir")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return func(name string, r io.Reader, size int64) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if int64(len(data)) != size {
			t.Errorf("%s: %d bytes, announced %d", name, len(data), size)
		}
		return os.WriteFile(filepath.Join(folder, name), data, 0o600)
	}
}

// Writers go on during the copies, and rewrites are asked for by hand: every
// write acknowledged before a copy began is in it.
func TestCopyOfABusyRedis(t *testing.T) {
	t.Parallel()
	server := start(t, t.TempDir())
	client := dial(t, server.Socket())
	quit, written := make(chan struct{}), make(chan int)
	go func() {
		defer close(written)
		for i := 0; ; i++ {
			if err := client.Set(t.Context(), strconv.Itoa(i), strings.Repeat("v", 500), 0).Err(); err != nil {
				t.Error(err)
				return
			}
			if i%400 == 399 {
				client.BgRewriteAOF(t.Context()) // may be under way already
			}
			select {
			case written <- i:
			case <-quit:
				return
			default:
			}
		}
	}()
	for range 3 {
		var last int
		for range 300 {
			last = <-written
		}
		copied := t.TempDir()
		if err := redisd.CopyAOF(t.Context(), server.Socket(), into(t, copied)); err != nil {
			t.Fatal(err)
		}
		restored := dial(t, start(t, copied).Socket())
		for i := range last + 1 {
			if n, err := restored.StrLen(t.Context(), strconv.Itoa(i)).Result(); n != 500 || err != nil {
				t.Fatalf("write %d of %d acknowledged before the copy: %d bytes, %v", i, last, n, err)
			}
		}
	}
	close(quit)
	for range written { // until the writer has left
	}
	wantSetting(t, client, "auto-aof-rewrite-percentage", "100")
}

func TestCopyHandsOutTheManifestLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	set(t, dial(t, server.Socket()), "k", "v")
	var names []string
	err := redisd.CopyAOF(t.Context(), server.Socket(), func(name string, r io.Reader, size int64) error {
		names = append(names, name)
		n, err := io.Copy(io.Discard, r)
		if n != size {
			t.Errorf("%s: %d bytes, announced %d", name, n, size)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 2 || names[len(names)-1] != "appendonly.aof.manifest" {
		t.Errorf("files = %v, want the manifest last", names)
	}
}

func TestCopyRestoresTheSettingAfterAFault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	client := dial(t, server.Socket())
	if err := client.ConfigSet(t.Context(), "auto-aof-rewrite-percentage", "73").Err(); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err := redisd.CopyAOF(t.Context(), server.Socket(), func(string, io.Reader, int64) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("CopyAOF = %v, want the destination's fault", err)
	}
	wantSetting(t, client, "auto-aof-rewrite-percentage", "73")

	// The next copy repairs what a killed one left.
	if err := os.WriteFile(filepath.Join(dir, "redis", "copy.lock"), []byte("73"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := client.ConfigSet(t.Context(), "auto-aof-rewrite-percentage", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := redisd.CopyAOF(t.Context(), server.Socket(), into(t, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	wantSetting(t, client, "auto-aof-rewrite-percentage", "73")

	manifest := filepath.Join(dir, "redis", "appendonlydir", "appendonly.aof.manifest")
	if err := os.Rename(manifest, manifest+".gone"); err != nil {
		t.Fatal(err)
	}
	if err := redisd.CopyAOF(t.Context(), server.Socket(), into(t, t.TempDir())); !fault.Is(err, fault.Unavailable) {
		t.Errorf("CopyAOF without manifest = %v, want Unavailable", err)
	}
	wantSetting(t, client, "auto-aof-rewrite-percentage", "73")
	if err := os.Rename(manifest+".gone", manifest); err != nil {
		t.Fatal(err)
	}
}

func TestOneCopyAtATime(t *testing.T) {
	t.Parallel()
	server := start(t, t.TempDir())
	var inner error
	err := redisd.CopyAOF(t.Context(), server.Socket(), func(_ string, r io.Reader, _ int64) error {
		if inner == nil {
			inner = redisd.CopyAOF(t.Context(), server.Socket(), into(t, t.TempDir()))
		}
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if !fault.Is(inner, fault.Conflict) {
		t.Errorf("second copy = %v, want Conflict", inner)
	}
}

func TestCopyNeedsARunningRedisWithAOF(t *testing.T) {
	t.Parallel()
	if err := redisd.CopyAOF(t.Context(), filepath.Join(t.TempDir(), "none"), into(t, t.TempDir())); !fault.Is(err, fault.Unavailable) {
		t.Errorf("CopyAOF without Redis = %v", err)
	}
	server := start(t, t.TempDir())
	if err := dial(t, server.Socket()).ConfigSet(t.Context(), "appendonly", "no").Err(); err != nil {
		t.Fatal(err)
	}
	err := redisd.CopyAOF(t.Context(), server.Socket(), into(t, t.TempDir()))
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "appendonly yes") {
		t.Errorf("CopyAOF without AOF = %v, want advice", err)
	}
}
