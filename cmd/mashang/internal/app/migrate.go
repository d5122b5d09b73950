package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/store"
)

// DataFormat is the number of the format in which this version stores data.
const DataFormat = store.Format

// backupFolder is the folder of the backups that are made before a migration.
const backupFolder = "backups"

// olderData handles data of an earlier format than this version's.
type olderData func(ctx context.Context, back *managedStore, ring *seal.Keyring, mark store.Mark) error

// keepOlder leaves the data unchanged: a backup copies them as they are.
func keepOlder(context.Context, *managedStore, *seal.Keyring, store.Mark) error { return nil }

// refuseOlder is for commands that may run beside a server of the former version, during which the data must
// not change.
func refuseOlder(_ context.Context, _ *managedStore, _ *seal.Keyring, mark store.Mark) error {
	return refuse("数据是格式 %d，本程序用格式 %d：请先停止旧版本的服务，再用本程序启动 mashang serve（会先备份再升级），或运行 mashang migrate",
		mark.Reached(), store.Format)
}

// migrateOlder makes a backup and migrates. An interrupted migration has its backup already and continues.
func migrateOlder(cfg config.Config, version string, log *slog.Logger) olderData {
	return func(ctx context.Context, back *managedStore, ring *seal.Keyring, mark store.Mark) error {
		if mark.From == 0 {
			if back.managed == nil {
				return refuse("数据是格式 %d，本程序用格式 %d：升级前要先备份，而 redis.addr 指向另外的 Redis，无法自动备份。"+
					"请停止所有旧版本的服务，备份那台 Redis 的 AOF（含 manifest）和 %s，再运行 mashang migrate --backed-up",
					mark.Format, store.Format, filepath.Join(cfg.Data.Dir, "uploads"))
			}
			if words := rewriteBeforeCopy(ctx, cfg, back); words != "" {
				log.WarnContext(ctx, "the backup may hold what was deleted", slog.String("advice", words))
			}
			file, err := backUpFirst(ctx, cfg, back, ring, mark, version)
			if err != nil {
				return fault.Wrap(err, fault.Unavailable, "数据是格式 %d，升级前的备份没有写成，数据没有改动：%s。"+
					"请处理后再启动；或自己备份后运行 mashang migrate --backed-up", mark.Format, fault.Message(err))
			}
			log.WarnContext(ctx, "data are migrated to a newer format; a backup was made before",
				slog.Int("from", mark.Format), slog.Int("to", store.Format), slog.String("backup", file))
		}
		return migrateNow(ctx, back, log)
	}
}

func migrateNow(ctx context.Context, back *managedStore, log *slog.Logger) error {
	began := time.Now()
	err := back.Migrate(ctx, func(step, done, total int) {
		log.InfoContext(ctx, "migrating", slog.Int("format", step), slog.Int("done", done), slog.Int("of", total))
	})
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "数据升级中断：%s。再次启动会接着做；不要用旧版本打开", fault.Message(err))
	}
	log.InfoContext(ctx, "data are migrated", slog.Int("format", store.Format), slog.Duration("took", time.Since(began)))
	return nil
}

// backUpFirst writes the backup before the migration and returns its path.
func backUpFirst(ctx context.Context, cfg config.Config, back *managedStore, ring *seal.Keyring, mark store.Mark, version string) (string, error) {
	dir := filepath.Join(cfg.Data.Dir, backupFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file := filepath.Join(dir, fmt.Sprintf("format-%d-%s.tar.gz", mark.Format, time.Now().Format("20060102-150405")))
	_, err := copyData(ctx, cfg, back, ring, file, version)
	return file, err
}

// Migrate migrates data of an earlier format to this version's. The server does so itself where it can make a
// backup.
type Migrate struct {
	Config  config.Config
	Log     *slog.Logger
	Out     io.Writer
	Version string
	// BackedUp: the operator has a backup and no server runs.
	BackedUp bool
}

// Run migrates.
func (m Migrate) Run(ctx context.Context) (err error) {
	back, err := connect(ctx, m.Config, false, m.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back.Close(context.WithoutCancel(ctx))) }()
	was, err := back.Mark(ctx)
	if err != nil {
		return err
	}
	if was.ID == "" {
		return fault.New(fault.NotFound, "还没有数据，没有什么要升级：直接启动 mashang serve 即可")
	}
	how := migrateOlder(m.Config, m.Version, m.Log)
	if m.BackedUp {
		how = func(ctx context.Context, back *managedStore, _ *seal.Keyring, _ store.Mark) error {
			return migrateNow(ctx, back, m.Log)
		}
	}
	if _, err := openKeys(ctx, m.Config, back, how, m.Log); err != nil {
		return err
	}
	if was.Reached() == store.Format {
		say(m.Out, "数据已经是格式 %d，不用升级\n", store.Format)
		return nil
	}
	say(m.Out, "数据已从格式 %d 升级到 %d；现在可以 mashang serve\n", was.Reached(), store.Format)
	return nil
}

// format reports the format of the data, and backups older than the privacy notice allows.
func (d *Doctor) format(ctx context.Context, back *managedStore) {
	mark, err := back.Mark(ctx)
	switch {
	case err != nil:
		d.Fail("数据格式：%s", fault.Message(err))
	case mark.ID == "":
	case mark.From != 0:
		d.Warn("数据格式：从 %d 升级到 %d 没有做完，下次启动 mashang serve 时会接着做；不要用旧版本打开", mark.From, mark.Format)
	case mark.Format < store.Format:
		d.Warn("数据格式：%d，本程序用 %d；下次启动 mashang serve 时会先备份再升级", mark.Format, store.Format)
	default:
		d.Pass("数据格式：%d", mark.Format)
	}
	files, _ := os.ReadDir(filepath.Join(d.Config.Data.Dir, backupFolder)) // without the folder there are none
	for _, f := range files {
		if info, err := f.Info(); err == nil && time.Since(info.ModTime()) > backupLife {
			d.Warn("升级前的备份 %s 已存放超过 30 天，里面可能有群众已要求删除的内容：确认升级无误后请删除",
				filepath.Join(d.Config.Data.Dir, backupFolder, f.Name()))
		}
	}
}

// backupLife is how long a backup may be kept by the privacy notice.
const backupLife = 30 * 24 * time.Hour
