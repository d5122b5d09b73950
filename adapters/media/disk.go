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

// The variants of a hash that Read can open.
const (
	VariantPhoto = "photo"
	VariantThumb = "thumb"
	VariantVoice = "voice"
)

// The suffixes of file names after the hash.
const (
	photoExt = ".jpg"
	thumbExt = ".thumb.jpg"
)

// contentTypes has the content type of every suffix that the store uses.
var contentTypes = map[string]string{
	photoExt: "image/jpeg",
	thumbExt: "image/jpeg",
	".mp3":   "audio/mpeg",
	".m4a":   "audio/mp4",
	".webm":  "audio/webm",
}

// variants has the suffixes of each variant, in the order in which Read tries them.
var variants = map[string][]string{
	VariantPhoto: {photoExt},
	VariantThumb: {thumbExt},
	VariantVoice: {".mp3", ".m4a", ".webm"},
}

// contentExts are the suffixes of the files that the hash is of.
var contentExts = []string{photoExt, ".mp3", ".m4a", ".webm"}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Read opens a stored file. variant is a Variant constant. The caller closes it. Errors: NotFound, also for an
// invalid hash, Unavailable when the disk fails.
func (s *Store) Read(hash, variant string) (file io.ReadSeekCloser, modified time.Time, contentType string, err error) {
	if !hashForm.MatchString(hash) {
		return nil, time.Time{}, "", notFound()
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
			_ = file.Close() // opened only for reading
			return nil, time.Time{}, "", unavailable(fmt.Errorf("look at an upload: %w", err))
		}
		return file, info.ModTime(), contentTypes[ext], nil
	}
	return nil, time.Time{}, "", notFound()
}

// Verify compares a stored photo or voice message with its hash. A photo must have its thumbnail. Errors:
// NotFound, Internal when the file is damaged, Unavailable when the disk fails.
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
	defer func() { _ = file.Close() }() // opened only for reading
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
		_ = thumb.Close() // opened only to see that it exists
	}
	return nil
}

// Walk calls fn once for each photo and voice message, in the order of their hashes, with the total size of its
// files in bytes. It stops at fn's first error and returns it.
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

// Files calls fn for each file that a backup has to copy, in lexical order, with its path below the folder
// ("ab/cdef….thumb.jpg") and its size. It skips files that are not the store's. It stops at fn's first error
// and returns it. Its own errors: Unavailable.
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

// Remove deletes a photo with its thumbnail, or a voice message. A missing file is no error. Errors: NotFound
// for an invalid hash, Unavailable.
func (s *Store) Remove(hash string) error {
	if !hashForm.MatchString(hash) {
		return notFound()
	}
	// The photo is removed before its thumbnail, so that no photo is ever without one.
	for _, ext := range slices.Concat(contentExts, []string{thumbExt}) {
		if err := os.Remove(s.path(hash, ext)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unavailable(fmt.Errorf("remove an upload: %w", err))
		}
	}
	if err := syncDir(filepath.Dir(s.path(hash, ""))); err != nil {
		return unavailable(err)
	}
	return nil
}

// path returns the path of a file. The hash must be valid.
func (s *Store) path(hash, ext string) string {
	return filepath.Join(s.dir, hash[:2], hash[2:]+ext)
}

// store stores a file. When it returns, the file is whole and on disk, even after a power failure: it is written
// to a temporary file, synced, renamed, and the folder synced. An intact file of the same name has the same
// content and stays.
func (s *Store) store(hash, ext string, data []byte) error {
	target := s.path(hash, ext)
	if !sameContent(target, data) {
		if err := s.write(target, data); err != nil {
			return unavailable(err)
		}
	}
	// The folder is synced even if the file was there: a concurrent upload may have renamed it and not be done.
	if err := syncDir(filepath.Dir(target)); err != nil {
		return unavailable(err)
	}
	return nil
}

// storeFile is keep for a temporary file. It closes the file, and removes it when it is not needed or on an error.
func (s *Store) storeFile(hash, ext string, file *os.File) error {
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

// intact reports whether the file exists and has this hash.
func intact(name, hash string) bool {
	file, err := os.Open(name) //nolint:gosec // made of our folder and a hash of ours
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // opened only for reading
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == hash
}

// sameContent reports whether the file exists and has this content.
func sameContent(name string, data []byte) bool {
	info, err := os.Stat(name)
	if err != nil || info.Size() != int64(len(data)) {
		return false
	}
	kept, err := os.ReadFile(name) //nolint:gosec // made of our folder and a hash of ours
	return err == nil && bytes.Equal(kept, data)
}

// write writes data to name through a temporary file.
func (s *Store) write(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "out-")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	if err := writeTemp(file, data, name); err != nil {
		discard(file)
		return err
	}
	return nil
}

// writeTemp writes the temporary file and renames it.
func writeTemp(file *os.File, data []byte, name string) error {
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

// discard closes and removes a temporary file. The next Open removes what it cannot.
func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name())
}
