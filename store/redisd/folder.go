package redisd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mashang/domain/fault"
)

// ErrLocked is in the chain when another process owns the redis folder.
var ErrLocked = errors.New("redisd: folder is locked")

// LockedError says who owns the redis folder. It wraps ErrLocked.
type LockedError struct {
	// Dir is the redis folder.
	Dir string
	// PID is the owner's process id, 0 if it could not be read.
	PID int
}

// Error is for the log.
func (e *LockedError) Error() string {
	return fmt.Sprintf("redisd: %s is locked by process %d", e.Dir, e.PID)
}

// Unwrap returns ErrLocked.
func (e *LockedError) Unwrap() error { return ErrLocked }

// folder is the resolved path of Dir/redis. Its files:
//
//	lock           held by the product while it owns the folder; holds its pid
//	alive          held by redis-server itself while it lives
//	redis.pid      redis-server's pid, as it wrote it
//	socket         the path of the socket, for command line tools
//	copy.lock      held while the AOF is copied
//	temp-*         files that redis-server is writing
//	appendonlydir  the data
type folder string

func (f folder) path(name string) string { return filepath.Join(string(f), name) }

// openFolder makes Dir/redis, closed to other users, and resolves links so
// that two spellings of one folder are one folder.
func openFolder(dir string) (folder, error) {
	if dir == "" {
		return "", fault.New(fault.Invalid, "没有给出数据文件夹：请设置 MASHANG_DATA_DIR")
	}
	fail := func(err error) (folder, error) {
		return "", fault.Wrap(err, fault.Unavailable, "无法使用数据文件夹 %s：请检查它存在、可写、磁盘未满", dir)
	}
	root, err := filepath.Abs(filepath.Join(dir, "redis"))
	if err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return fail(err)
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return fail(err)
	}
	// The files inside carry Redis' own modes: the folder is their wall.
	if err := os.Chmod(root, 0o700); err != nil { //nolint:gosec // a folder needs the x bit
		return fail(err)
	}
	return folder(root), nil
}

// complete refuses files with writes in them and no manifest that lists them:
// redis-server would come up empty without a word, and begin a new manifest
// over the old files.
func (f folder) complete() error {
	written, err := filepath.Glob(f.path(filepath.Join("appendonlydir", "*.incr.aof")))
	if err != nil {
		return fault.Wrap(err, fault.Internal, "无法检查 %s", f)
	}
	manifests, err := filepath.Glob(f.path(filepath.Join("appendonlydir", "*.manifest")))
	if err != nil || len(manifests) > 0 {
		return err
	}
	for _, name := range written {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 {
			return fault.New(fault.Unavailable, "%s 里有数据文件，却没有清单（manifest）：Redis 会当作空库启动。"+
				"请把 manifest 文件放回，或清空数据目录后用 mashang restore 恢复备份", f.path("appendonlydir"))
		}
	}
	return nil
}

// own takes the folder for this process.
func (f folder) own() (*lockFile, error) {
	lock, err := tryLock(f.path("lock"))
	if errors.Is(err, errBusy) {
		locked := &LockedError{Dir: string(f), PID: readPID(f.path("lock"))}
		return nil, fault.Wrap(locked, fault.Unavailable,
			"数据文件夹 %s 正被另一个进程（pid %d）使用：请先停掉它，或用 MASHANG_DATA_DIR 换一个文件夹", f, locked.PID)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "无法锁定 %s：请检查文件夹权限，并确认它在本机磁盘上", f)
	}
	if err := lock.write(strconv.Itoa(os.Getpid())); err != nil {
		lock.release()
		return nil, fault.Wrap(err, fault.Unavailable, "无法写入 %s：请检查磁盘空间", f)
	}
	return lock, nil
}

// waitAlive takes the lock that every process of a former redis-server must
// have let go of: also its fork that rewrites the AOF, which ends soon after.
func (f folder) waitAlive(ctx context.Context, limit time.Duration) (*lockFile, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var lock *lockFile
	err := until(ctx, func() (bool, error) {
		var err error
		lock, err = tryLock(f.path("alive"))
		if errors.Is(err, errBusy) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable,
			"上一个 Redis 进程仍占用 %s：请用 fuser %s 找到并结束它后重试", f, f.path("alive"))
	}
	return lock, nil
}

// errBusy says that somebody else holds the lock.
var errBusy = errors.New("lock is held")

// lockFile is an open file with an exclusive advisory lock on it. The kernel
// frees it when the last descriptor closes.
type lockFile struct{ file *os.File }

func tryLock(path string) (*lockFile, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator names the data folder
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errBusy
		}
		return nil, err
	}
	return &lockFile{file}, nil
}

// write replaces the lock file's content.
func (l *lockFile) write(text string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(text), 0)
	return err
}

// release frees the lock at once, also where a process being forked at this
// moment has a copy of the descriptor.
func (l *lockFile) release() {
	_ = syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN) // closing frees it too
	_ = l.file.Close()
}

// closeDescriptor closes our descriptor; a child that inherited it keeps the lock.
func (l *lockFile) closeDescriptor() { _ = l.file.Close() }

// readPID returns the pid a file holds, 0 if there is none.
func readPID(path string) int {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the data folder
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid < 0 {
		return 0
	}
	return pid
}

// replace writes a small file whole or not at all.
func replace(path, text string) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// remove deletes a file that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// until looks at a condition every tick until it holds, fails, or ctx ends.
func until(ctx context.Context, holds func() (bool, error)) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}
