package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/domain/fault"
)

// What Read can give of a hash.
const (
	VariantPhoto = "photo"
	VariantThumb = "thumb"
	VariantVoice = "voice"
)

// The ends of file names behind the hash.
const (
	photoExt = ".jpg"
	thumbExt = ".thumb.jpg"
)

// contentTypes is every end of name the store knows, and what it is served as.
var contentTypes = map[string]string{
	photoExt: "image/jpeg",
	thumbExt: "image/jpeg",
	".mp3":   "audio/mpeg",
	".m4a":   "audio/mp4",
	".webm":  "audio/webm",
}

// variants is where Read looks, in order.
var variants = map[string][]string{
	VariantPhoto: {photoExt},
	VariantThumb: {thumbExt},
	VariantVoice: {".mp3", ".m4a", ".webm"},
}

// mains is the ends of names whose content the hash is of.
var mains = []string{photoExt, ".mp3", ".m4a", ".webm"}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Read opens a stored file. variant is a Variant constant. The caller closes it.
// Errors: NotFound, also for a hash that is none, Unavailable when the disk fails.
func (s *Store) Read(hash, variant string) (file io.ReadSeekCloser, modified time.Time, contentType string, err error) {
	if !hashForm.MatchString(hash) {
		return nil, time.Time{}, "", missing()
	}
	for _, ext := range variants[variant] {
		file, err := os.Open(s.path(hash, ext))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, time.Time{}, "", unavailable(fmt.Errorf("open an upload: %w", err))
		}
		info, err := file.Stat()
		if err != nil {
			_ = file.Close() // it was only read
			return nil, time.Time{}, "", unavailable(fmt.Errorf("look at an upload: %w", err))
		}
		return file, info.ModTime(), contentTypes[ext], nil
	}
	return nil, time.Time{}, "", missing()
}

// Verify reads a stored photo or voice message whole and compares it with its
// hash; a photo must have its thumbnail. Errors: NotFound, Internal when the file
// is damaged, Unavailable when the disk fails.
func (s *Store) Verify(hash string) error {
	variant := VariantPhoto
	file, _, _, err := s.Read(hash, VariantPhoto)
	if fault.Is(err, fault.NotFound) {
		variant = VariantVoice
		file, _, _, err = s.Read(hash, VariantVoice)
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return unavailable(fmt.Errorf("read an upload: %w", err))
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fault.New(fault.Internal, "上传的文件已损坏")
	}
	if variant == VariantPhoto {
		thumb, _, _, err := s.Read(hash, VariantThumb)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Internal, "上传的照片缺少缩略图")
		}
		if err != nil {
			return err
		}
		_ = thumb.Close() // it was only looked for
	}
	return nil
}

// Walk calls fn once for each photo and voice message, in the order of their
// hashes, with the bytes all its files take, and stops at fn's first error, which
// it returns.
func (s *Store) Walk(fn func(hash string, size int64) error) error {
	var current string
	var size int64
	flush := func() error {
		if current == "" {
			return nil
		}
		return fn(current, size)
	}
	err := s.Files(func(name string, bytes int64) error {
		base, _, _ := strings.Cut(name, ".")
		if hash := strings.Replace(base, "/", "", 1); hash != current {
			if err := flush(); err != nil {
				return err
			}
			current, size = hash, 0
		}
		size += bytes
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// Files calls fn for each stored file with its path below the folder, written
// with slashes ("ab/cdef….thumb.jpg"), and its size, in lexical order: what a
// backup copies. Files that are not the store's own are left out. It stops at fn's
// first error, which it returns. Errors of its own: Unavailable.
func (s *Store) Files(fn func(name string, size int64) error) error {
	for shard := range 256 {
		folder := fmt.Sprintf("%02x", shard)
		entries, err := os.ReadDir(filepath.Join(s.dir, folder))
		if err != nil {
			return unavailable(fmt.Errorf("list uploads: %w", err))
		}
		for _, entry := range entries {
			base, ext, _ := strings.Cut(entry.Name(), ".")
			if contentTypes["."+ext] == "" || !hashForm.MatchString(folder+base) {
				continue
			}
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed meanwhile
			}
			if err != nil {
				return unavailable(fmt.Errorf("look at an upload: %w", err))
			}
			if err := fn(path.Join(folder, entry.Name()), info.Size()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Remove deletes a photo with its thumbnail, or a voice message. To remove what is
// not there is no error. Errors: NotFound for a hash that is none, Unavailable.
func (s *Store) Remove(hash string) error {
	if !hashForm.MatchString(hash) {
		return missing()
	}
	// The photo goes before its thumbnail: no photo is ever without one.
	for _, ext := range slices.Concat(mains, []string{thumbExt}) {
		if err := os.Remove(s.path(hash, ext)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unavailable(fmt.Errorf("remove an upload: %w", err))
		}
	}
	if err := syncDir(filepath.Dir(s.path(hash, ""))); err != nil {
		return unavailable(err)
	}
	return nil
}

// path is where a file lives. The hash has been checked.
func (s *Store) path(hash, ext string) string {
	return filepath.Join(s.dir, hash[:2], hash[2:]+ext)
}

// keep writes a file so that it is whole and on the disk when keep returns, also
// after a power cut: written aside, synced, renamed, folder synced. A file of the
// same name has the same content and is left alone, unless it is not whole.
func (s *Store) keep(hash, ext string, data []byte) error {
	target := s.path(hash, ext)
	if !same(target, data) {
		if err := s.write(target, data); err != nil {
			return unavailable(err)
		}
	}
	// Also when the file was there: another upload may have put it there a moment
	// ago and not be done yet.
	if err := syncDir(filepath.Dir(target)); err != nil {
		return unavailable(err)
	}
	return nil
}

// adopt puts a temporary file in its place, as keep does with data. The file is
// closed, and removed when it is not needed or does not get there.
func (s *Store) adopt(hash, ext string, file *os.File) error {
	target := s.path(hash, ext)
	if intact(target, hash) {
		discard(file)
	} else if err := commitFile(file, target); err != nil {
		discard(file)
		return unavailable(err)
	}
	if err := syncDir(filepath.Dir(target)); err != nil {
		return unavailable(err)
	}
	return nil
}

// intact says whether the file is there with the content of this hash.
func intact(name, hash string) bool {
	file, err := os.Open(name) //nolint:gosec // made of our folder and a hash of ours
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == hash
}

// same says whether the file is there with this content.
func same(name string, data []byte) bool {
	info, err := os.Stat(name)
	if err != nil || info.Size() != int64(len(data)) {
		return false
	}
	kept, err := os.ReadFile(name) //nolint:gosec // made of our folder and a hash of ours
	return err == nil && bytes.Equal(kept, data)
}

// write puts data under name by way of a temporary file.
func (s *Store) write(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Join(s.dir, tmp), "out-")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	if err := fill(file, data, name); err != nil {
		discard(file)
		return err
	}
	return nil
}

// fill writes the temporary file and puts it in its place.
func fill(file *os.File, data []byte, name string) error {
	if _, err := file.Write(data); err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	return commitFile(file, name)
}

// commitFile syncs, closes and renames the temporary file.
func commitFile(file *os.File, name string) error {
	if err := file.Sync(); err != nil {
		return fmt.Errorf("sync a file: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("close a file: %w", err)
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("put a file in its place: %w", err)
	}
	return nil
}

// syncDir makes the folder's entries durable.
func syncDir(name string) error {
	dir, err := os.Open(name) //nolint:gosec // one of our folders
	if err != nil {
		return fmt.Errorf("open a folder: %w", err)
	}
	defer func() { _ = dir.Close() }() // nothing was written through it
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync a folder: %w", err)
	}
	return nil
}

// discard closes and removes a temporary file. What it cannot remove the next
// Open sweeps up.
func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name())
}
