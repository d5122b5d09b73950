package redisd

import (
	"path/filepath"

	"mashang/domain/fault"
)

// DropSnapshot deletes the snapshot that somebody had our Redis make by hand. It
// is read by nobody, and holds what was deleted since. dir is the product's data
// folder.
func DropSnapshot(dir string) error {
	if err := remove(filepath.Join(dir, "redis", "dump.rdb")); err != nil {
		return fault.Wrap(err, fault.Unavailable, "无法删除 %s 里的旧快照 dump.rdb：请检查文件夹权限", filepath.Join(dir, "redis"))
	}
	return nil
}

// sweep deletes what a child that was killed left half written: Redis never looks
// at it again. Nobody may be running on the folder.
func (f folder) sweep() error {
	names, err := filepath.Glob(f.path("temp-*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := remove(name); err != nil {
			return err
		}
	}
	return nil
}
