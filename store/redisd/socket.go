package redisd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"mashang/domain/fault"
)

// maxSocket is the longest path we give a unix socket. The kernel's field has
// 104 bytes on macOS and 108 on Linux.
const maxSocket = 99

// newSocket chooses the socket's path and notes it in the folder: inside the
// folder if that is short enough, else in a private folder for temporary
// files, named after the data folder.
func (f folder) newSocket() (string, error) {
	socket := f.path("redis.sock")
	if len(socket) > maxSocket {
		var err error
		if socket, err = f.shortSocket(); err != nil {
			return "", err
		}
	}
	if err := replace(f.path("socket"), socket); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "无法写入 %s：请检查磁盘空间和文件夹权限", f)
	}
	return socket, nil
}

func (f folder) shortSocket() (string, error) {
	sum := sha256.Sum256([]byte(f))
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir := filepath.Join(base, fmt.Sprintf("mashang-%d", os.Geteuid()))
		socket := filepath.Join(dir, hex.EncodeToString(sum[:8])+".sock")
		if len(socket) > maxSocket {
			continue
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", fault.Wrap(err, fault.Unavailable, "无法建立 %s：请检查临时文件夹，或换一个路径更短的数据文件夹", dir)
		}
		if !private(dir, os.Geteuid()) {
			return "", fault.New(fault.Unavailable,
				"临时文件夹 %s 不属于本用户或他人可进入，可能有人抢先建立：请删除它，或换一个路径更短的数据文件夹", dir)
		}
		return socket, nil
	}
	return "", fault.New(fault.Unavailable, "数据文件夹 %s 和临时文件夹的路径都太长：请换一个路径更短的数据文件夹", f)
}

// private reports whether dir is a real folder of that user which nobody else
// may enter: only then does nobody else stand behind a socket in it.
func private(dir string, uid int) bool {
	info, err := os.Lstat(dir) //nolint:gosec // the check is what guards against a hostile path
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == uid
}

// remembered returns the socket noted in the folder, "" if there is none or it
// lies where others than the folder's owner could have put it.
func (f folder) remembered() string {
	info, err := os.Stat(string(f))
	if err != nil {
		return ""
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	text, err := os.ReadFile(f.path("socket"))
	if err != nil {
		return ""
	}
	socket := strings.TrimSpace(string(text))
	if !filepath.IsAbs(socket) || !private(filepath.Dir(socket), int(stat.Uid)) {
		return ""
	}
	return socket
}

// Find returns the socket of the Redis that runs on the data folder dir, for a
// command line tool that works beside the running product. It takes no lock.
// running is false when nothing answers there, or what answers keeps its data
// elsewhere.
func Find(ctx context.Context, dir string) (socket string, running bool) {
	root, err := filepath.EvalSymlinks(filepath.Join(dir, "redis"))
	if err != nil {
		return "", false
	}
	if root, err = filepath.Abs(root); err != nil {
		return "", false
	}
	f := folder(root)
	socket = f.remembered()
	if socket == "" {
		return "", false
	}
	client := connect(socket)
	defer client.Close() //nolint:errcheck // a look only
	facts, err := inspect(ctx, client)
	return socket, err == nil && facts.dir == string(f)
}
