package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mashang/adapters/backup"
	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/redisd"
)

// Backup writes the data, without the keys, to one file. A server may be running.
type Backup struct {
	Config  config.Config
	Log     *slog.Logger
	Out     io.Writer
	File    string
	Version string
}

// Run backs up.
func (b Backup) Run(ctx context.Context) (err error) {
	if !b.Config.Redis.Managed() {
		return fault.New(fault.Unavailable,
			"redis.addr 指向另外的 Redis：请用那台 Redis 自己的办法备份 AOF（含 manifest），并另外备份 %s",
			filepath.Join(b.Config.Data.Dir, "uploads"))
	}
	if err := holdsData(b.Config, "备份"); err != nil {
		return err
	}
	back, err := connect(ctx, b.Config, true, b.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back.Close(context.WithoutCancel(ctx))) }()
	ring, err := openKeys(ctx, b.Config, back, keepOlder, b.Log)
	if err != nil {
		return err
	}
	unclean := rewriteBeforeCopy(ctx, b.Config, back)
	m, err := copyData(ctx, b.Config, back, ring, b.File, b.Version)
	if err != nil {
		return err
	}
	var size int64
	for _, f := range m.Files {
		size += f.Size
	}
	say(b.Out, "已备份到 %s：%s，%d 个文件，%.1f MB\n", b.File, figureWords(m.Counts), len(m.Files), float64(size)/(1<<20))
	if unclean != "" {
		say(b.Out, "！%s\n", unclean)
	}
	say(b.Out, "密钥不在备份里，请另行保存：%s\n", filepath.Join(b.Config.Seal.KeysDir, seal.FileName))
	return nil
}

// rewriteBeforeCopy removes deleted data from Redis' files before they are copied. It returns why that failed,
// "" for success.
func rewriteBeforeCopy(ctx context.Context, cfg config.Config, back *managedStore) string {
	err := back.rewrite(ctx, cfg)
	if err == nil {
		return ""
	}
	return fmt.Sprintf("备份以前没能把已删除的内容从 Redis 的文件里清掉：%s。这份备份里可能还有群众已要求删除的内容："+
		"请处理后重新备份，并删掉这一份", fault.Message(err))
}

// copyData writes everything but the keys to one file.
func copyData(ctx context.Context, cfg config.Config, back *managedStore, ring *seal.Keyring, file, version string) (backup.Manifest, error) {
	mark, err := back.Mark(ctx)
	if err != nil {
		return backup.Manifest{}, err
	}
	// Counted before the copy begins: later filings may be in the copy, earlier ones must be.
	counts, err := back.count(ctx)
	if err != nil {
		return backup.Manifest{}, err
	}
	return backup.Create(ctx, file, backup.Source{
		AOF:     func(ctx context.Context, put backup.Put) error { return redisd.CopyAOF(ctx, back.socket, put) },
		Uploads: filepath.Join(cfg.Data.Dir, "uploads"), Version: version, CreatedAt: time.Now(),
		Counts: countsOf(counts), SealKeys: ring.IDs(), Data: mark.Format,
	})
}

func countsOf(counts map[string]census) map[string]int64 {
	m := make(map[string]int64, len(counts))
	for st, c := range counts {
		m[st] = int64(c.Counted)
	}
	return m
}

func figureWords(counts map[string]int64) string {
	words := make([]string, 0, len(counts))
	for _, st := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%s %d 件诉求", st, counts[st]))
	}
	if len(words) == 0 {
		return "没有站点"
	}
	return strings.Join(words, "，")
}

// Restore restores a backup into an empty data folder and verifies it: counts, every list, every encrypted
// field, every upload.
type Restore struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	File   string
}

// Run restores.
func (r Restore) Run(ctx context.Context) error {
	if !r.Config.Redis.Managed() {
		return fault.New(fault.Unavailable, "redis.addr 指向另外的 Redis：mashang restore 只恢复到本程序自己管理的 Redis")
	}
	f, err := os.Open(r.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // opened only for reading
	m, err := backup.Restore(ctx, f, r.Config.Data.Dir, store.Format)
	if err != nil {
		return err
	}
	say(r.Out, "文件已恢复到 %s（备份于 %s，数据格式 %d）\n", r.Config.Data.Dir, m.CreatedAt.In(station.Zone).Format("2006-01-02 15:04"), m.Data)
	if err := r.verify(ctx, m); err != nil {
		return err
	}
	say(r.Out, "核对通过：%s；现在可以 mashang serve\n", figureWords(m.Counts))
	if m.Data < store.Format {
		say(r.Out, "这份备份是数据格式 %d，下次启动时会先自动备份，再升级到 %d\n", m.Data, store.Format)
	}
	return nil
}

// verify starts Redis on the restored data and checks everything.
func (r Restore) verify(ctx context.Context, m backup.Manifest) (err error) {
	back, err := connect(ctx, r.Config, false, r.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back.Close(context.WithoutCancel(ctx))) }()
	mark, err := back.Mark(ctx)
	if err != nil {
		return err
	}
	if mark.Format != m.Data {
		return fault.New(fault.Invalid, "备份写明数据格式是 %d，里面的数据却是 %d：这份备份不能用，请换一份", m.Data, mark.Format)
	}
	counts, err := back.count(ctx)
	if err != nil {
		return err
	}
	for st, n := range m.Counts {
		if int64(counts[st].Counted) < n {
			return fault.New(fault.Invalid, "站点 %s 应至少有 %d 件诉求，恢复后只有 %d 件：这份备份不能用，请换一份", st, n, counts[st].Counted)
		}
	}
	ring, err := keyring(ctx, r.Config, false, r.Log)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // there are keys, but they are faulty
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable,
			"数据已恢复，但没有密钥，加密的电话打不开。请把密钥（编号 %s）放回 %s，或设置 MASHANG_SEAL_KEYS，再执行 mashang doctor",
			strings.Join(m.SealKeys, "、"), r.Config.Seal.KeysDir)
	}
	if err := checkKeys(ctx, back, ring, false); err != nil {
		return err
	}
	back.Seal(ring, mark)
	report, err := verifyAll(ctx, r.Config, back, ring, true, nil)
	if err != nil {
		return err
	}
	if err := printReport(r.Out, report); err != nil {
		return fault.Wrap(err, fault.Invalid, "%s。这份备份不能用，请换一份", fault.Message(err))
	}
	return nil
}

// rosters decrypts every phone of every roster.
func rosters(ctx context.Context, back *managedStore, ring *seal.Keyring, report *store.Report) error {
	mark, err := back.Mark(ctx)
	if err != nil {
		return err
	}
	ids, err := back.StationIDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		st, err := back.Station(ctx, id)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			continue // the store has reported it
		}
		if mark.Reached() < store.DepartmentsSealedFrom {
			st.Departments, st.Previous = nil, nil // an older backup that is not migrated yet
		}
		if _, err := st.MapPhones(ring.Open); err != nil {
			report.Add("名册 %s：%s", id, fault.Message(err))
		}
	}
	return nil
}

// opens decrypts every encrypted field of a submission.
func opens(ring *seal.Keyring, s casework.Submission) error {
	if s.Phone != "" {
		if _, err := ring.Open(s.Phone, s.ID); err != nil {
			return err
		}
	}
	if s.OnBehalf != nil && s.OnBehalf.Phone != "" {
		if _, err := ring.Open(s.OnBehalf.Phone, s.ID); err != nil {
			return err
		}
	}
	return nil
}
