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

// staging is the folder, inside the data folder, for files that are not all checked yet. It is removed last:
// while it exists the data folder must not be used.
const staging = ".restoring"

// allowedNames are the names that a data folder may contain before a restore: the keys, which are stored apart and
// put back by hand, and what file systems put into the root of a disk.
var allowedNames = map[string]bool{"keys": true, "lost+found": true}

// Unfinished reports whether a restore into the data folder dir was interrupted. Such a folder must not be
// served, as it may hold half of the data.
func Unfinished(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, staging))
	return err == nil
}

// Restore unpacks an archive into the data folder dir, which is created if needed and must contain nothing but
// keys. Files get their final names only when all of them are checked and on disk; after a fault dir is as
// before. The caller still has to start Redis on it and to compare the counts and whether every encrypted field
// opens with the present keys.
//
// newest is the highest format of data that the caller can read.
//
// Faults: Conflict when dir contains data, Invalid when the archive must not be used, Unavailable when the disk
// fails.
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

// prepare checks that dir may be restored into, and creates the staging folder.
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
		if !allowedNames[entry.Name()] {
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
		return writeFile(root, name, content)
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

// writeFile writes one file and makes it durable. Read errors stay errors of the archive.
func writeFile(root *os.Root, name string, content io.Reader) error {
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

// commitFolders gives the checked folders their final names, Redis' last, or neither of them.
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

// errReader records a read error, to distinguish it from a write error.
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
