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
	"io/fs"
	"os"
	"path/filepath"

	"mashang/domain/fault"
)

// Create writes an archive to a new file at path, mode 0600. It reads the archive back whole before the file
// gets its name, so that every backup is a verified one. Faults: Conflict when path exists, else those of
// Write.
func Create(ctx context.Context, path string, src Source) (Manifest, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fault.New(fault.Conflict, "%s 已经存在：请换一个文件名，备份从不覆盖旧文件", path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".mashang-*.partial") // mode 0600
	if err != nil {
		return Manifest{}, unwritable(err)
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone already when all went well
	defer tmp.Close()           //nolint:errcheck // closed already when all went well
	if _, err := Write(ctx, tmp, src); err != nil {
		return Manifest{}, err
	}
	if err := tmp.Sync(); err != nil {
		return Manifest{}, unwritable(err)
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return Manifest{}, unwritable(err)
	}
	manifest, err := Verify(ctx, tmp)
	if err != nil {
		return Manifest{}, err
	}
	err = errors.Join(tmp.Close(), os.Rename(tmp.Name(), path), syncFolder(filepath.Dir(path)))
	if err != nil {
		return Manifest{}, unwritable(err)
	}
	return manifest, nil
}

// Write writes an archive to w. Redis' files come before the uploads: an upload is stored before the submission
// that names it, so every upload that the copy of Redis names is there. Faults: Unavailable when something
// cannot be read or written, Invalid when the AOF is incomplete, and those of src.AOF.
func Write(ctx context.Context, w io.Writer, src Source) (Manifest, error) {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed) // photos are compressed already
	if err != nil {
		return Manifest{}, err
	}
	pack := &writer{
		ctx: ctx, tar: tar.NewWriter(zipped), has: map[string]bool{},
		manifest: Manifest{
			Format: Format, Version: src.Version, CreatedAt: src.CreatedAt.UTC(),
			Counts: src.Counts, SealKeys: src.SealKeys, Data: max(src.Data, 1),
		},
	}
	if err := pack.raw(formatName, fmt.Appendf(nil, formatLine+dataLine, Format, pack.manifest.Data)); err != nil {
		return Manifest{}, err
	}
	err = src.AOF(ctx, func(name string, r io.Reader, size int64) error {
		return pack.file(aofFolder+"/"+name, r, size)
	})
	if err != nil {
		return Manifest{}, err
	}
	if err := checkAOF(pack.aof, func(name string) bool { return pack.has[name] }); err != nil {
		return Manifest{}, err
	}
	if err := pack.uploads(src.Uploads); err != nil {
		return Manifest{}, err
	}
	text, err := json.MarshalIndent(pack.manifest, "", " ")
	if err != nil {
		return Manifest{}, fmt.Errorf("archive: manifest: %w", err)
	}
	if err := pack.raw(manifestName, text); err != nil {
		return Manifest{}, err
	}
	if err := errors.Join(pack.tar.Close(), zipped.Close()); err != nil {
		return Manifest{}, unwritable(err)
	}
	return pack.manifest, nil
}

// writer builds an archive and its manifest together.
type writer struct {
	ctx      context.Context
	tar      *tar.Writer
	manifest Manifest
	aof      string // Redis' manifest
	has      map[string]bool
}

// raw adds a file that the manifest does not list.
func (w *writer) raw(name string, data []byte) error {
	if err := w.header(name, int64(len(data))); err != nil {
		return err
	}
	if _, err := w.tar.Write(data); err != nil {
		return unwritable(err)
	}
	return nil
}

func (w *writer) header(name string, size int64) error {
	err := w.tar.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600,
		ModTime: w.manifest.CreatedAt, Format: tar.FormatPAX,
	})
	if err != nil {
		return unwritable(err)
	}
	return nil
}

// file adds a listed file of exactly size bytes.
func (w *writer) file(name string, r io.Reader, size int64) error {
	if !validPath(name) || w.has[name] {
		return fault.New(fault.Invalid, "文件名 %q 不能放进备份：请检查数据文件夹里是否混入了别的文件", name)
	}
	if err := w.header(name, size); err != nil {
		return err
	}
	sum := sha256.New()
	var text bytes.Buffer
	sink := io.MultiWriter(w.tar, sum)
	if name == aofManifest && size <= maxAOFManifest {
		sink = io.MultiWriter(w.tar, sum, &text)
	}
	if n, err := io.CopyN(sink, ctxReader{w.ctx, r}, size); err != nil {
		return fault.Wrap(err, fault.Unavailable, "备份 %s 时只读写了 %d 字节（应为 %d）：请检查磁盘空间后再备份一次", name, n, size)
	}
	if name == aofManifest {
		w.aof = text.String()
	}
	w.has[name] = true
	w.manifest.Files = append(w.manifest.Files, File{Path: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// uploads adds every file below dir, in the order of their names.
func (w *writer) uploads(dir string) error {
	if dir == "" {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(err)
	}
	defer root.Close() //nolint:errcheck // only read from
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // deleted meanwhile, as retention rules do
		case err != nil:
			return unreadable(err)
		case entry.IsDir():
			return w.ctx.Err()
		case !entry.Type().IsRegular():
			return fault.New(fault.Invalid, "上传文件夹里的 %q 不是普通文件：请移走它再备份", name)
		}
		file, err := root.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return unreadable(err)
		}
		defer file.Close() //nolint:errcheck // only read from
		info, err := file.Stat()
		if err != nil {
			return unreadable(err)
		}
		return w.file(uploadFolder+"/"+name, file, info.Size())
	})
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "读不到上传文件夹：请以运行服务的用户执行备份，并检查文件夹权限")
}

func unwritable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "写入失败：请检查目标磁盘的空间和权限后重试")
}

// syncFolder makes a folder's names durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the operator names the folder
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
