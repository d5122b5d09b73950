package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"mashang/adapters/backup"
	"mashang/adapters/seal"
	"mashang/domain/fault"
	"mashang/store/redisd"
)

func (d *Doctor) folder() {
	dir := d.Config.Data.Dir
	if backup.Unfinished(dir) {
		d.Fail("数据目录 %s 里有一次没有完成的恢复：请清空该目录后重新执行 mashang restore", dir)
		return
	}
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		if parent := existing(dir); syscall.Access(parent, writable) != nil {
			d.Fail("数据目录 %s 还不存在，也建立不了：%s 不可写，请检查权限或改用 MASHANG_DATA_DIR", dir, parent)
			return
		}
		d.Pass("数据目录 %s 还不存在，首次启动时会建立", dir)
		return
	}
	if err == nil && syscall.Access(dir, writable) != nil {
		d.Fail("数据目录 %s 不可写：请检查它属于运行本服务的用户", dir)
		return
	}
	if err != nil {
		d.Fail("数据目录 %s 读不了：请检查权限", dir)
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		d.Warn("数据目录 %s 对本机其他用户开放（%v）：请执行 chmod 700", dir, info.Mode().Perm())
	}
	d.Pass("数据目录：%s", dir)
}

// writable is access(2)'s mode for creating entries in a folder: W_OK | X_OK.
const writable = 2 | 1

// existing returns the nearest existing folder above path.
func existing(path string) string {
	for {
		parent := filepath.Dir(path)
		if _, err := os.Stat(parent); err == nil || parent == path {
			return parent
		}
		path = parent
	}
}

// overcommit warns if the kernel refuses Redis the memory for a rewrite.
func (d *Doctor) overcommit() {
	if mode, err := os.ReadFile("/proc/sys/vm/overcommit_memory"); err == nil && strings.TrimSpace(string(mode)) == "0" {
		d.Warn("内核设置 vm.overcommit_memory=0：内存紧张时 Redis 可能整理不了数据文件。请执行 sysctl vm.overcommit_memory=1 并写入 /etc/sysctl.conf")
	}
}

// redis checks the server in use: that of a running product, the configured one, or else the binary that would
// be started.
func (d *Doctor) redis(ctx context.Context, full bool) *managedStore {
	if d.Config.Redis.Managed() {
		_, version, err := redisd.Installed(ctx, d.Config.Redis.Binary)
		if err != nil {
			d.Fail("Redis：%s", fault.Message(err))
			return nil
		}
		d.Pass("Redis %s（由本程序自己启动）", version)
		d.overcommit()
		if _, running := redisd.Find(ctx, d.Config.Data.Dir); !running {
			if _, err := os.Stat(filepath.Join(d.Config.Data.Dir, "redis")); err != nil {
				d.Pass("还没有数据；首次启动时会建立")
				return nil
			}
		}
	}
	back, err := connect(ctx, d.Config, true, slog.New(slog.DiscardHandler))
	if err != nil {
		d.noRedis(err, full)
		return nil
	}
	settings, warnings, err := back.Settings(ctx)
	if err != nil {
		d.Fail("Redis 设置读不了：%s", fault.Message(err))
		return back
	}
	d.Pass("Redis %s：appendonly %v，appendfsync %s", settings.Version, settings.AppendOnly, settings.AppendFsync)
	for _, w := range warnings {
		d.Warn("Redis：%s", w)
	}
	if _, err := checkStore(ctx, d.Config.Data.Dir, back, back.count); err != nil {
		d.Fail("数据核对：%s", fault.Message(err))
	} else {
		d.Pass("数据核对：标记键和计数相符")
		d.format(ctx, back)
		d.rewritten(ctx, back)
	}
	return back
}

func (d *Doctor) keys(ctx context.Context, back *managedStore) {
	c := d.Config.Seal
	switch {
	case c.Keys != "":
		ring, err := seal.Parse(c.Keys.Reveal())
		if err != nil {
			d.Fail("加密密钥：%s", fault.Message(err))
			return
		}
		d.Pass("加密密钥：来自环境变量或 seal.keys_file")
		d.opens(ctx, back, ring)
	case back == nil:
		d.Pass("加密密钥：首次启动时生成在 %s", c.KeysDir)
	default:
		ring, err := seal.Load(c.KeysDir)
		if err != nil {
			if mark, cerr := back.Mark(ctx); cerr == nil && mark.ID == "" {
				d.Pass("加密密钥：首次启动时生成在 %s", c.KeysDir)
				return
			}
			d.Fail("加密密钥：%s", fault.Message(err))
			return
		}
		d.Warn("加密密钥在 %s，与数据在同一台机器上：请把 %s 的内容移到 MASHANG_SEAL_KEYS（或 seal.keys_file 指向的另一处），并另存一份；备份里不含密钥",
			c.KeysDir, filepath.Join(c.KeysDir, seal.FileName))
		d.opens(ctx, back, ring)
	}
}

// opens tries the keys on the store's encrypted data.
func (d *Doctor) opens(ctx context.Context, back *managedStore, ring *seal.Keyring) {
	if back == nil {
		return
	}
	if err := checkKeys(ctx, back, ring, false); err != nil {
		d.Fail("加密密钥：%s", fault.Message(err))
		return
	}
	d.Pass("加密密钥：打得开已存的电话")
	d.verify(ctx, back, ring)
}
