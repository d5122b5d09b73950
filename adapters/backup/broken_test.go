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
	"slices"
	"strings"
	"testing"

	"mashang/adapters/backup"
	"mashang/domain/fault"
)

// entry is one member of an archive.
type entry struct {
	header tar.Header
	data   []byte
}

func entries(tb testing.TB, data []byte) []entry {
	tb.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	var all []entry
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			tb.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, entry{tar.Header{Typeflag: header.Typeflag, Name: header.Name, Mode: 0o600}, text})
	}
}

func assemble(tb testing.TB, all []entry) []byte {
	tb.Helper()
	var buf bytes.Buffer
	zipped := gzip.NewWriter(&buf)
	w := tar.NewWriter(zipped)
	for _, e := range all {
		e.header.Size = int64(len(e.data))
		if err := w.WriteHeader(&e.header); err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), zipped.Close()); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

// at returns the position of a member.
func at(tb testing.TB, all []entry, name string) int {
	tb.Helper()
	i := slices.IndexFunc(all, func(e entry) bool { return e.header.Name == name })
	if i < 0 {
		tb.Fatalf("no member %q", name)
	}
	return i
}

func without(name string) func(testing.TB, []entry) []entry {
	return func(tb testing.TB, all []entry) []entry {
		tb.Helper()
		i := at(tb, all, name)
		return slices.Delete(all, i, i+1)
	}
}

// replaced replaces text in one member by text of the same length.
func replaced(name, before, after string) func(testing.TB, []entry) []entry {
	return func(tb testing.TB, all []entry) []entry {
		tb.Helper()
		e := &all[at(tb, all, name)]
		if !bytes.Contains(e.data, []byte(before)) {
			tb.Fatalf("%s lacks %q", name, before)
		}
		e.data = bytes.Replace(e.data, []byte(before), []byte(after), 1)
		return all
	}
}

// added adds one member before the manifest.
func added(header tar.Header) func(testing.TB, []entry) []entry {
	return func(tb testing.TB, all []entry) []entry {
		tb.Helper()
		e := entry{header: header}
		if header.Typeflag == tar.TypeReg {
			e.data = []byte("x")
		}
		return slices.Insert(all, len(all)-1, e)
	}
}

func file(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600} }

func TestBrokenArchivesAreRefused(t *testing.T) {
	t.Parallel()
	const folder = "redis/appendonlydir/"
	for name, breakIt := range map[string]func(testing.TB, []entry) []entry{
		"no manifest of Redis":   without(folder + "appendonly.aof.manifest"),
		"no base":                without(folder + "appendonly.aof.1.base.rdb"),
		"no blob":                without("uploads/ab/photo.jpg"),
		"no manifest":            without("MANIFEST.json"),
		"no format":              without("FORMAT"),
		"later layout":           replaced("FORMAT", "backup 2", "backup 3"),
		"no number of the data":  replaced("FORMAT", "data 1", "made 1"),
		"later data":             replaced("FORMAT", "data 1", "data 8"),
		"data differ inside":     replaced("MANIFEST.json", `"data_format": 1`, `"data_format": 2`),
		"format differs inside":  replaced("MANIFEST.json", `"format": 2`, `"format": 1`),
		"flipped byte in AOF":    replaced(folder+"appendonly.aof.1.incr.aof", "PING", "PINF"),
		"flipped byte in blob":   replaced("uploads/ab/photo.jpg", "photo", "phoTo"),
		"changed Redis manifest": replaced(folder+"appendonly.aof.manifest", "seq 1", "seq 2"),
		"changed checksum":       replaced("MANIFEST.json", `"sha256": "`, `"sha256": "0`),
		"changed size":           replaced("MANIFEST.json", `"size": `, `"size": 1`),
		"garbled manifest":       replaced("MANIFEST.json", "{", "["),
		"unlisted file":          added(file("uploads/extra")),
		"listed twice":           added(file("uploads/ab/photo.jpg")),
		"traversal":              added(file("uploads/../../evil")),
		"traversal in AOF":       added(file(folder + "../../evil")),
		"absolute":               added(file("/tmp/evil")),
		"outside the folders":    added(file("keys/seal.keys")),
		"backslash":              added(file(`uploads\..\evil`)),
		"symbolic link":          added(tar.Header{Typeflag: tar.TypeSymlink, Name: "uploads/l", Linkname: "/etc"}),
		"hard link":              added(tar.Header{Typeflag: tar.TypeLink, Name: "uploads/l", Linkname: "uploads/ab/photo.jpg"}),
		"folder":                 added(tar.Header{Typeflag: tar.TypeDir, Name: "uploads/d/"}),
		"device":                 added(tar.Header{Typeflag: tar.TypeChar, Name: "uploads/c"}),
		"something after the manifest": func(_ testing.TB, all []entry) []entry {
			return append(all, entry{header: file("uploads/late"), data: []byte("x")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := pack(t, source(t, aofFiles(), map[string]string{"ab/photo.jpg": "a photo"}))
			broken := assemble(t, breakIt(t, entries(t, whole)))
			refused(t, broken)
		})
	}
}

// refused checks that an archive is refused and nothing of it is written.
func refused(t *testing.T, data []byte) {
	t.Helper()
	if _, err := backup.Verify(t.Context(), bytes.NewReader(data)); !fault.Is(err, fault.Invalid) {
		t.Errorf("Verify = %v, want Invalid", err)
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "data")
	if _, err := backup.Restore(t.Context(), bytes.NewReader(data), dir, 7); !fault.Is(err, fault.Invalid) {
		t.Errorf("Restore = %v, want Invalid", err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReassembledArchiveIsTaken(t *testing.T) {
	t.Parallel()
	whole := pack(t, source(t, aofFiles(), map[string]string{"ab/photo.jpg": "a photo"}))
	if _, err := backup.Verify(t.Context(), bytes.NewReader(assemble(t, entries(t, whole)))); err != nil {
		t.Errorf("the tests' own packing breaks archives: %v", err)
	}
}

func TestCutAndGarbledFilesAreRefused(t *testing.T) {
	t.Parallel()
	whole := pack(t, source(t, aofFiles(), map[string]string{"ab/photo.jpg": strings.Repeat("a photo", 50)}))
	for _, length := range []int{0, 1, 10, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
		refused(t, whole[:length])
	}
	garbled := bytes.Clone(whole)
	garbled[len(garbled)-5] ^= 1 // inside gzip's checksum
	refused(t, garbled)
	refused(t, []byte("not a backup at all"))
}

// A sparse file of a few bytes could stand for more than any disk holds.
func TestSparseFileIsRefused(t *testing.T) {
	t.Parallel()
	whole := pack(t, source(t, aofFiles(), nil))
	all := entries(t, whole)
	// archive/tar does not write sparse files, so the record's key is patched
	// into a tar that was written with a harmless one of equal length.
	all = added(tar.Header{
		Typeflag: tar.TypeReg, Name: "uploads/hole", Mode: 0o600, Format: tar.FormatPAX,
		PAXRecords: map[string]string{"XXX.sparse.major": "1", "XXX.sparse.minor": "0", "XXX.sparse.realsize": "9999999999999"},
	})(t, all)
	all[len(all)-2].data = append([]byte("0\n"), make([]byte, 510)...)
	var plain bytes.Buffer
	zipped, err := gzip.NewReader(bytes.NewReader(assemble(t, all)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	again := gzip.NewWriter(&plain)
	if _, err := again.Write(bytes.ReplaceAll(text, []byte("XXX.sparse"), []byte("GNU.sparse"))); err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, plain.Bytes())
}

func TestRestoreEndsWithItsContext(t *testing.T) {
	t.Parallel()
	data := pack(t, source(t, aofFiles(), nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := backup.Restore(ctx, bytes.NewReader(data), dir, 7); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("Restore = %v, want Unavailable over Canceled", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// The data folder's path is a file.
func TestRestoreOntoAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	write(t, path, "a file")
	_, err := backup.Restore(t.Context(), bytes.NewReader(pack(t, source(t, aofFiles(), nil))), path, 7)
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("Restore = %v, want Unavailable", err)
	}
}

func FuzzVerify(f *testing.F) {
	whole := pack(f, source(f, aofFiles(), map[string]string{"a": "x"}))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte{0x1f, 0x8b})
	f.Add(assemble(f, []entry{{header: file("FORMAT"), data: []byte("mashang-backup 2\ndata 2\n")}, {header: file("MANIFEST.json"), data: []byte(`{"format":2,"data_format":2}`)}}))
	f.Add(assemble(f, []entry{{header: file("FORMAT"), data: []byte("mashang-backup 1\n")}, {header: file("MANIFEST.json"), data: []byte(`{"format":1}`)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		manifest, err := backup.Verify(t.Context(), bytes.NewReader(data))
		if err == nil && len(manifest.Files) < 2 {
			t.Fatalf("took an archive without data: %+v", manifest)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("code = %q", fault.CodeOf(err))
		}
	})
}
