package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"mashang/domain/fault"
)

// staging is where files lie inside the data folder until all are checked. It
// goes last, so while it is there the folder is not to be used.
const staging = ".restoring"

// mayStay are the names a data folder may hold before a restore: the keys,
// which are kept apart and put back by hand, and what file systems put into
// the root of a disk.
var mayStay = map[string]bool{"keys": true, "lost+found": true}

// Unfinished reports whether a restore into the data folder dir was cut short.
// Such a folder must not be served: it may hold half of the data.
func Unfinished(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, staging))
	return err == nil
}

// Restore unpacks an archive into the data folder dir, which is made if need
// be and must hold nothing but keys. Files appear under their final names only
// when every one of them was checked and is on disk; after a fault dir is as
// it was. What the caller has yet to do is to start Redis on it and compare:
// counts, and whether every sealed field opens with the keys at hand.
//
// newest is the greatest format of data that the caller reads.
//
// Faults: Conflict when dir holds data, Invalid when the archive must not be
// used, Unavailable when the disk fails us.
func Restore(ctx context.Context, r io.Reader, dir string, newest int) (Manifest, error) {
	made, err := prepare(dir)
	if err != nil {
		return Manifest{}, err
	}
	manifest, err := restore(ctx, r, dir, newest)
	if err != nil {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, staging)))
		if made {
			err = errors.Join(err, os.Remove(dir))
		}
		return Manifest{}, err
	}
	return manifest, nil
}

// prepare makes sure that dir is a folder we may restore into.
func prepare(dir string) (made bool, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return false, unwritable(err)
		}
		made = true
	} else if err != nil {
		return false, unwritable(err)
	}
	for _, entry := range entries {
		if entry.Name() == staging {
			return false, fault.New(fault.Conflict, "%s 里有一次没做完的恢复：请清空这个文件夹（保留 keys）后重试", dir)
		}
		if !mayStay[entry.Name()] {
			return false, fault.New(fault.Conflict, "%s 里已有 %q：恢复从不覆盖数据，请换一个空文件夹，或先移走原有数据", dir, entry.Name())
		}
	}
	if err := os.Mkdir(filepath.Join(dir, staging), 0o700); err != nil {
		return false, unwritable(err)
	}
	return made, nil
}

func restore(ctx context.Context, r io.Reader, dir string, newest int) (Manifest, error) {
	stage := filepath.Join(dir, staging)
	root, err := os.OpenRoot(stage) // nothing can be written outside it
	if err != nil {
		return Manifest{}, unwritable(err)
	}
	defer root.Close() //nolint:errcheck // every file was closed and synced by itself
	folders := map[string]bool{".": true}
	manifest, err := read(ctx, r, newest, func(name string, content io.Reader) error {
		for at := path.Dir(name); !folders[at]; at = path.Dir(at) {
			folders[at] = true
		}
		return store(root, name, content)
	})
	if err != nil {
		return Manifest{}, err
	}
	if err := root.MkdirAll(uploadFolder, 0o700); err != nil {
		return Manifest{}, unwritable(err)
	}
	for name := range folders {
		if err := syncFolder(filepath.Join(stage, filepath.FromSlash(name))); err != nil {
			return Manifest{}, unwritable(err)
		}
	}
	if err := commitFolders(dir); err != nil {
		return Manifest{}, unwritable(err)
	}
	return manifest, nil
}

// store writes one file and makes it durable. Faults of reading stay those of
// the archive.
func store(root *os.Root, name string, content io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return &sinkError{err}
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &sinkError{err}
	}
	source := &errReader{r: content}
	_, err = io.Copy(file, source)
	if source.err != nil {
		return errors.Join(source.err, file.Close())
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return &sinkError{err}
	}
	return nil
}

// commitFolders gives the checked folders their final names, Redis' last, or neither.
func commitFolders(dir string) (err error) {
	stage := filepath.Join(dir, staging)
	for _, name := range []string{uploadFolder, "redis"} {
		final := filepath.Join(dir, name)
		if err := os.Rename(filepath.Join(stage, name), final); err != nil {
			return err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, os.RemoveAll(final))
			}
		}()
	}
	return errors.Join(syncFolder(dir), os.Remove(stage), syncFolder(dir))
}

// errReader remembers a fault of reading, to tell it from one of writing.
type errReader struct {
	r   io.Reader
	err error
}

func (m *errReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}
