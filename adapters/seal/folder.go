package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"mashang/domain/fault"
)

// FileName is the key file in the keys folder. Parse reads its content.
const FileName = "seal.keys"

// Load reads the keyring of a keys folder. If other users of the machine can access folder or file, the fault
// is Denied with advice. A missing file is Unavailable and wraps fs.ErrNotExist: beside existing data it means
// that the keys were lost, and a new one must not be made silently.
func Load(dir string) (*Keyring, error) {
	path := filepath.Join(dir, FileName)
	if err := checkPrivate(dir, true); err != nil {
		return nil, err
	}
	if err := checkPrivate(path, false); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the data folder
	if err != nil {
		return nil, unreadable(path, err)
	}
	ring, err := Parse(string(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "密钥文件 %s 的内容不对，请用密钥备份覆盖它", path)
	}
	return ring, nil
}

// LoadOrCreate reads the keyring of a keys folder. If there is no key file, it creates the folder and a first
// key "k1" from random. If created is true, the caller must tell the operator to back up the file apart from
// the data. Concurrent processes end up with the same key.
func LoadOrCreate(dir string, random io.Reader) (ring *Keyring, created bool, err error) {
	ring, err = Load(dir)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return ring, false, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, unwritable(dir, err)
	}
	if err := checkPrivate(dir, true); err != nil {
		return nil, false, err
	}
	master := make([]byte, keySize)
	if _, err := io.ReadFull(random, master); err != nil {
		return nil, false, fault.Wrap(err, fault.Internal, "系统随机数不可用，无法生成密钥；请检查操作系统后重试")
	}
	created, err = writeKeyFile(dir, "k1:"+base64.StdEncoding.EncodeToString(master)+"\n")
	if err != nil {
		return nil, false, unwritable(dir, err)
	}
	ring, err = Load(dir)
	return ring, created && err == nil, err
}

// writeKeyFile writes the key file whole or not at all, and never over an existing one: a lost key would make
// data unreadable.
func writeKeyFile(dir, content string) (bool, error) {
	tmp, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return false, err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // the linked name remains
	_, err = tmp.WriteString(content)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return false, err
	}
	if err := os.Link(tmp.Name(), filepath.Join(dir, FileName)); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return false, nil
		}
		return false, err
	}
	folder, err := os.Open(dir) //nolint:gosec // the operator names the data folder
	if err != nil {
		return false, err
	}
	return true, errors.Join(folder.Sync(), folder.Close())
}

// checkPrivate refuses a path that other users of the machine could read, and anything but a plain file or folder.
func checkPrivate(path string, folder bool) error {
	info, err := os.Lstat(path)
	if err != nil {
		return unreadable(path, err)
	}
	kind, mode := "文件", "600"
	if folder {
		kind, mode = "文件夹", "700"
	}
	if info.IsDir() != folder || (!folder && !info.Mode().IsRegular()) {
		return fault.New(fault.Denied, "%s 应是普通%s（不能是链接），请把密钥放回原处", path, kind)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.New(fault.Denied, "密钥%s %s 的权限是 %s，其他用户也能访问：请执行 chmod %s %s 后重试",
			kind, path, fmt.Sprintf("%04o", info.Mode().Perm()), mode, path)
	}
	return nil
}

func unreadable(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, fault.Unavailable, "找不到密钥文件 %s：已有数据时请从密钥备份放回它，或用 MASHANG_SEAL_KEYS 给出密钥", path)
	}
	return fault.Wrap(err, fault.Unavailable, "读不到 %s：请检查它属于运行本服务的用户", path)
}

func unwritable(dir string, err error) error {
	return fault.Wrap(err, fault.Unavailable, "无法在 %s 写入密钥：请检查磁盘空间和文件夹权限", dir)
}
