package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/adapters/backup"
	"mashang/domain/fault"
)

const aofManifest = "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n"

// aofFiles are the files that Redis would contribute.
func aofFiles() map[string]string {
	return map[string]string{
		"appendonly.aof.1.base.rdb": "REDIS0010 base",
		"appendonly.aof.1.incr.aof": "*1\r\n$4\r\nPING\r\n",
		"appendonly.aof.manifest":   aofManifest,
	}
}

func source(tb testing.TB, aof map[string]string, uploads map[string]string) backup.Source {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range uploads {
		write(tb, filepath.Join(dir, name), text)
	}
	return backup.Source{
		AOF: func(_ context.Context, put backup.Put) error {
			for name, text := range aof {
				if err := put(name, strings.NewReader(text), int64(len(text))); err != nil {
					return err
				}
			}
			return nil
		},
		Uploads: dir, Version: "1.2.3", CreatedAt: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC),
		Counts: map[string]int64{"submissions": 300}, SealKeys: []string{"k2", "k1"},
	}
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		tb.Fatal(err)
	}
}

func pack(tb testing.TB, src backup.Source) []byte {
	tb.Helper()
	var buf bytes.Buffer
	if _, err := backup.Write(tb.Context(), &buf, src); err != nil {
		tb.Fatalf("Write: %v", err)
	}
	return buf.Bytes()
}

// tree returns every file below dir with its content.
func tree(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, relErr := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return errors.Join(err, relErr)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		uploads := rapid.MapOf(
			rapid.StringMatching(`[a-f0-9]{2}/[a-f0-9]{8}(\.jpg|-小图\.jpg)?`),
			rapid.StringN(0, 3000, -1),
		).Draw(rt, "uploads")
		src := source(t, aofFiles(), uploads)
		var buf bytes.Buffer
		written, err := backup.Write(t.Context(), &buf, src)
		if err != nil {
			rt.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "data")
		read, err := backup.Restore(t.Context(), &buf, dir, 7)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(written, read); diff != "" {
			rt.Errorf("manifest: %s", diff)
		}
		if read.Version != "1.2.3" || read.Counts["submissions"] != 300 || !read.CreatedAt.Equal(src.CreatedAt) ||
			!cmp.Equal(read.SealKeys, []string{"k2", "k1"}) || len(read.Files) != 3+len(uploads) {
			rt.Errorf("manifest = %+v", read)
		}
		want := map[string]string{}
		for name, text := range aofFiles() {
			want["redis/appendonlydir/"+name] = text
		}
		for name, text := range uploads {
			want["uploads/"+name] = text
		}
		if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
			rt.Errorf("restored files: %s", diff)
		}
		if backup.Unfinished(dir) {
			rt.Error("a finished restore looks unfinished")
		}
	})
}

func TestRestoredFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	data := pack(t, source(t, aofFiles(), map[string]string{"ab/x.jpg": "x"}))
	if _, err := backup.Restore(t.Context(), bytes.NewReader(data), dir, 7); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRestoreRefusesAFolderWithData(t *testing.T) {
	t.Parallel()
	data := pack(t, source(t, aofFiles(), nil))
	for name, file := range map[string]string{"redis": "redis/lock", "uploads": "uploads/x", "anything": "note.txt"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, file), "old")
		_, err := backup.Restore(t.Context(), bytes.NewReader(data), dir, 7)
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: Restore = %v, want Conflict", name, err)
		}
		if diff := cmp.Diff(map[string]string{file: "old"}, tree(t, dir)); diff != "" {
			t.Errorf("%s: folder changed: %s", name, diff)
		}
	}
	cut := t.TempDir()
	write(t, filepath.Join(cut, ".restoring", "redis", "x"), "half")
	if !backup.Unfinished(cut) {
		t.Error("a restore cut short is not seen")
	}
	if _, err := backup.Restore(t.Context(), bytes.NewReader(data), cut, 7); !fault.Is(err, fault.Conflict) {
		t.Errorf("Restore over a cut one = %v, want Conflict", err)
	}
	keys := t.TempDir()
	write(t, filepath.Join(keys, "keys", "seal.keys"), "k1:x")
	if _, err := backup.Restore(t.Context(), bytes.NewReader(data), keys, 7); err != nil {
		t.Errorf("Restore beside the keys = %v", err)
	}
}

func TestWriteRefusesAnIncompleteAOF(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(map[string]string){
		"no manifest":      func(f map[string]string) { delete(f, "appendonly.aof.manifest") },
		"other name":       func(f map[string]string) { f["x.manifest"] = aofManifest; delete(f, "appendonly.aof.manifest") },
		"no base":          func(f map[string]string) { delete(f, "appendonly.aof.1.base.rdb") },
		"empty manifest":   func(f map[string]string) { f["appendonly.aof.manifest"] = "" },
		"garbled manifest": func(f map[string]string) { f["appendonly.aof.manifest"] = "hello\n" },
		"a path as name":   func(f map[string]string) { f["../x"] = "x" },
	} {
		files := aofFiles()
		change(files)
		if _, err := backup.Write(t.Context(), io.Discard, source(t, files, nil)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: Write = %v, want Invalid", name, err)
		}
	}
}

func TestWritePassesFaultsOn(t *testing.T) {
	t.Parallel()
	src := source(t, aofFiles(), map[string]string{"a": "x"})
	gone := fault.New(fault.Unavailable, "redis is gone")
	broken := src
	broken.AOF = func(context.Context, backup.Put) error { return gone }
	if _, err := backup.Write(t.Context(), io.Discard, broken); !errors.Is(err, gone) {
		t.Errorf("Write = %v, want the source's fault", err)
	}
	short := src
	short.AOF = func(_ context.Context, put backup.Put) error {
		return put("appendonly.aof.1.incr.aof", strings.NewReader("abc"), 10)
	}
	if _, err := backup.Write(t.Context(), io.Discard, short); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Write of a short file = %v, want Unavailable", err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(src.Uploads, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Write(t.Context(), io.Discard, src); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "link") {
		t.Errorf("Write of a link = %v, want Invalid naming it", err)
	}
	none := source(t, aofFiles(), nil)
	none.Uploads = filepath.Join(t.TempDir(), "none")
	if manifest, err := backup.Write(t.Context(), io.Discard, none); err != nil || len(manifest.Files) != 3 {
		t.Errorf("Write without uploads = %+v, %v", manifest, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backup.Write(ended, io.Discard, none); !errors.Is(err, context.Canceled) {
		t.Errorf("Write after the end = %v", err)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "backup.tar.gz")
	src := source(t, aofFiles(), map[string]string{"a": "x"})
	manifest, err := backup.Create(t.Context(), path, src)
	if err != nil || len(manifest.Files) != 4 {
		t.Fatalf("Create = %+v, %v", manifest, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file has mode %v, %v", info.Mode(), err)
	}
	before := tree(t, dir)
	if _, err := backup.Create(t.Context(), path, src); !fault.Is(err, fault.Conflict) {
		t.Errorf("second Create = %v, want Conflict", err)
	}
	src.AOF = func(context.Context, backup.Put) error { return errors.New("no") }
	if _, err := backup.Create(t.Context(), filepath.Join(dir, "other.tar.gz"), src); err == nil {
		t.Error("Create without AOF worked")
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("failed attempts left something: %s", diff)
	}
	if _, err := backup.Create(t.Context(), filepath.Join(dir, "none", "x"), src); !fault.Is(err, fault.Unavailable) {
		t.Errorf("Create in a missing folder = %v, want Unavailable", err)
	}
}

// Common tools can read what we write.
func TestIsAnOrdinaryTar(t *testing.T) {
	t.Parallel()
	zipped, err := gzip.NewReader(bytes.NewReader(pack(t, source(t, aofFiles(), map[string]string{"ab/c.jpg": "x"}))))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for entries := tar.NewReader(zipped); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
	}
	if len(names) != 6 || names[0] != "FORMAT" || names[4] != "uploads/ab/c.jpg" || names[5] != "MANIFEST.json" {
		t.Errorf("entries = %v", names)
	}
}
