package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"mashang/domain/fault"
)

// Verify reads a whole archive, checks all that Restore would check, and returns its manifest. The fault is
// Invalid and says what is wrong, or Unavailable if ctx ended.
func Verify(ctx context.Context, r io.Reader) (Manifest, error) {
	return read(ctx, r, math.MaxInt, func(_ string, content io.Reader) error {
		_, err := io.Copy(io.Discard, content)
		return err
	})
}

// sinkError marks errors of the place to which an archive is unpacked, which are not the archive's.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return "archive: unpack: " + e.err.Error() }
func (e *sinkError) Unwrap() error { return e.err }

// read passes every file to sink, which must read it whole, and checks all of them against the manifest at the
// end.
func read(ctx context.Context, r io.Reader, newest int, sink func(name string, content io.Reader) error) (Manifest, error) {
	manifest, err := unpack(ctx, r, newest, sink)
	switch {
	case err == nil:
		return manifest, nil
	case ctx.Err() != nil:
		return Manifest{}, fault.Wrap(err, fault.Unavailable, "读取备份被中止：没有改动任何数据，可以重新开始")
	}
	if failed, ok := errors.AsType[*sinkError](err); ok {
		return Manifest{}, unwritable(failed)
	}
	if fault.Is(err, fault.Invalid) {
		return Manifest{}, err
	}
	return Manifest{}, fault.Wrap(err, fault.Invalid, "备份文件损坏或不完整：请换一份备份，或重新传输这个文件")
}

func unpack(ctx context.Context, r io.Reader, newest int, sink func(name string, content io.Reader) error) (Manifest, error) {
	zipped, err := gzip.NewReader(ctxReader{ctx, r})
	if err != nil {
		return Manifest{}, err
	}
	entries := tar.NewReader(zipped)
	layout, data, err := formats(entries)
	if err != nil {
		return Manifest{}, err
	}
	if data > newest {
		return Manifest{}, damaged("这份备份由更新的版本写成（数据格式 %d，本程序只认识到 %d）：请用写入它的版本或更新的版本恢复", data, newest)
	}
	seen, aof := map[string]File{}, ""
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return Manifest{}, damaged("备份里没有 %s，可能没有写完：请换一份备份", manifestName)
		}
		if err != nil {
			return Manifest{}, err
		}
		if header.Typeflag != tar.TypeReg || sparse(header) {
			return Manifest{}, damaged("备份里的 %q 不是普通文件（链接等一律拒绝）：请换一份可信的备份", header.Name)
		}
		if header.Name == manifestName {
			break
		}
		if _, dup := seen[header.Name]; dup || !validPath(header.Name) {
			return Manifest{}, damaged("备份里有不该出现的文件名 %q：请换一份可信的备份", header.Name)
		}
		file, text, err := readEntry(header, entries, sink)
		if err != nil {
			return Manifest{}, err
		}
		seen[file.Path] = file
		if file.Path == aofManifest {
			aof = text
		}
	}
	var manifest Manifest
	if err := json.NewDecoder(io.LimitReader(entries, maxManifest)).Decode(&manifest); err != nil {
		return Manifest{}, damaged("备份里的 %s 读不懂：请换一份备份", manifestName)
	}
	if _, err := entries.Next(); !errors.Is(err, io.EOF) {
		return Manifest{}, damaged("备份在 %s 之后还有内容：请换一份可信的备份", manifestName)
	}
	// The rest is padding. Reading it checks gzip's own checksum.
	if _, err := io.Copy(io.Discard, zipped); err != nil { //nolint:gosec // goes nowhere
		return Manifest{}, err
	}
	if layout == 1 {
		manifest.Data = 1
	}
	if manifest.Format != layout || manifest.Data != data {
		return Manifest{}, damaged("备份的格式版本前后不一致：请换一份备份")
	}
	return manifest, manifest.check(seen, aof)
}

// sparse reports whether a file's holes are left out. A few bytes could then stand for more than any disk
// holds. We never write such files.
func sparse(header *tar.Header) bool {
	for record := range header.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// formats reads the numbers of the layout and of the data's format from the first entry, so that an archive of
// a later version is recognized as such.
func formats(entries *tar.Reader) (layout, data int, err error) {
	header, err := entries.Next()
	if err != nil {
		return 0, 0, err
	}
	if header.Name != formatName || header.Typeflag != tar.TypeReg {
		return 0, 0, damaged("这不是本系统的备份文件：请选择 mashang backup 生成的文件")
	}
	text, err := io.ReadAll(io.LimitReader(entries, 64))
	if err != nil {
		return 0, 0, err
	}
	if _, err := fmt.Sscanf(string(text), formatLine, &layout); err != nil {
		return 0, 0, damaged("这不是本系统的备份文件：请选择 mashang backup 生成的文件")
	}
	switch layout {
	case 1:
		return layout, 1, nil
	case Format:
		if _, err := fmt.Sscanf(string(text), formatLine+dataLine, &layout, &data); err != nil || data < 1 {
			return 0, 0, damaged("备份没有写明数据格式：请换一份备份")
		}
		return layout, data, nil
	}
	return 0, 0, damaged("备份的格式版本是 %d，本程序只认识到 %d：请用生成它的程序版本或更新的版本恢复", layout, Format)
}

// readEntry passes one file to sink and returns its description, and its text if it is Redis' manifest.
func readEntry(header *tar.Header, content io.Reader, sink func(string, io.Reader) error) (File, string, error) {
	sum := sha256.New()
	var text bytes.Buffer
	into := io.Writer(sum)
	if header.Name == aofManifest && header.Size <= maxAOFManifest {
		into = io.MultiWriter(sum, &text)
	}
	counted := &counter{r: io.TeeReader(content, into)}
	if err := sink(header.Name, counted); err != nil {
		return File{}, "", err
	}
	return File{Path: header.Name, Size: counted.n, SHA256: hex.EncodeToString(sum.Sum(nil))}, text.String(), nil
}

// check compares the files that were read with the manifest.
func (m *Manifest) check(seen map[string]File, aof string) error {
	listed := map[string]bool{}
	for _, want := range m.Files {
		got, ok := seen[want.Path]
		switch {
		case !ok:
			return damaged("备份缺少文件 %q：请换一份备份", want.Path)
		case got.Size != want.Size || got.SHA256 != want.SHA256:
			return damaged("文件 %q 的内容与校验值不符：请换一份备份", want.Path)
		}
		listed[want.Path] = true
	}
	for name := range seen {
		if !listed[name] {
			return damaged("备份里多出了清单没有的文件 %q：请换一份可信的备份", name)
		}
	}
	return checkAOF(aof, func(name string) bool { return listed[name] })
}

// counter counts the bytes that are read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
