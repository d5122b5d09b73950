package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/store"
)

// A Redis can start empty without an error (its AOF manifest is missing, a wrong folder is mounted, it was
// flushed). So the data folder has a record of the store, which is compared with the store at each start. A
// store with less data is refused, since an empty one must not be served.

// canaryFile is the file of the record in the data folder.
const canaryFile = "canary.json"

// canary is the record: the store's name, the format of its data and each station's number of submissions.
type canary struct {
	Store  string         `json:"store"`
	Counts map[string]int `json:"counts"`
	// Format is 0 in a folder from before formats had numbers.
	Format int `json:"format,omitempty"`
}

// census has one station's numbers: the counter of filings, and the length of the list of all submissions.
type census struct{ Counted, Listed int }

// markStore is the part of the store that is needed here.
type markStore interface {
	Mark(ctx context.Context) (store.Mark, error)
	Initialize(ctx context.Context, id string) error
}

// holdsData refuses a folder in which no server ever stored data, before anything is created there: it is
// probably the wrong one.
func holdsData(cfg config.Config, what string) error {
	if _, err := os.Stat(filepath.Join(cfg.Data.Dir, canaryFile)); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "%s 里没有数据，没有什么可%s：请核对 MASHANG_DATA_DIR 或 data.dir", cfg.Data.Dir, what)
	}
	return nil
}

// checkStore compares the store with the record in dir. fresh is true for a store that never held anything;
// nameStore names it once the keys are made.
func checkStore(ctx context.Context, dir string, held markStore, count func(context.Context) (map[string]census, error)) (fresh bool, err error) {
	remembered, err := readCanary(dir)
	if err != nil {
		return false, err
	}
	mark, err := held.Mark(ctx)
	if err != nil {
		return false, err
	}
	if err := store.Newer(mark.Format); err != nil {
		return false, err
	}
	counts, err := count(ctx)
	if err != nil {
		return false, err
	}
	id := mark.ID
	switch {
	case id == "" && remembered.Store != "":
		return false, refuse("Redis 是空的，但数据目录 %s 记得这里有过数据（%d 个站点）。"+
			"请检查 Redis 的数据目录和 appendonlydir 里的 manifest 文件；找不回时用 mashang restore 恢复备份。"+
			"确实要从零开始，请先移走 %s", dir, len(remembered.Counts), filepath.Join(dir, canaryFile))
	case id == "" && len(counts) > 0:
		return false, refuse("Redis 里有站点数据，却没有标记键 canary：数据已损坏或混入了别的程序。请用 mashang restore 恢复备份")
	case id == "":
		return true, nil
	case remembered.Store != "" && remembered.Store != id:
		return false, refuse("数据目录 %s 属于另一个 Redis（记得的是 %s，连上的是 %s）。请核对 redis.addr 和 data.dir", dir, remembered.Store, id)
	case remembered.Format > mark.Reached():
		return false, refuse("数据目录 %s 记得数据格式是 %d，Redis 里的却是 %d：Redis 的数据被换成了更早的。请放回原来的 appendonlydir；"+
			"确实要用更早的数据，请先移走 %s", dir, remembered.Format, mark.Reached(), filepath.Join(dir, canaryFile))
	}
	if err := checkCensus(remembered, counts); err != nil {
		return false, err
	}
	for _, st := range slices.Sorted(maps.Keys(counts)) {
		if c := counts[st]; c.Counted != c.Listed {
			return false, refuse("站点 %s 的计数（%d）与清单（%d）不符：Redis 数据已损坏。请用 mashang restore 恢复备份", st, c.Counted, c.Listed)
		}
	}
	return false, nil
}

// nameStore names a fresh store, first in the store: after a crash in between, the store has a name that the
// folder does not know, and is accepted.
func nameStore(ctx context.Context, dir string, held markStore, random io.Reader) error {
	id, err := newCanary(random)
	if err != nil {
		return err
	}
	if err := held.Initialize(ctx, id); err != nil {
		return err
	}
	return writeCanary(dir, canary{Store: id, Format: store.Format})
}

// saveCanary records how much the store holds, so that the next start can detect a loss. If the store has less
// than recorded, it is refused and the record stays, as it is the only evidence.
func saveCanary(ctx context.Context, dir string, held markStore, count func(context.Context) (map[string]census, error)) error {
	before, err := readCanary(dir) // before counting, as others write it too
	if err != nil {
		return err
	}
	mark, err := held.Mark(ctx)
	if err != nil {
		return err
	}
	id := mark.ID
	if id == "" || before.Store != "" && before.Store != id {
		return refuse("Redis 里的标记键 canary 不见了或换了：数据已丢失或连到了另一个 Redis。请停止服务，检查 Redis 的数据目录，或用 mashang restore 恢复备份")
	}
	counts, err := count(ctx)
	if err != nil {
		return err
	}
	if err := checkCensus(before, counts); err != nil {
		return err
	}
	return writeCanary(dir, canary{Store: id, Counts: counted(counts), Format: mark.Reached()})
}

// checkCensus refuses a store in which a station has less than recorded.
func checkCensus(remembered canary, counts map[string]census) error {
	for _, st := range slices.Sorted(maps.Keys(remembered.Counts)) {
		if c := counts[st]; c.Counted < remembered.Counts[st] {
			return refuse("站点 %s 只剩 %d 件诉求，此前有 %d 件：Redis 丢失了数据。请用 mashang restore 恢复备份", st, c.Counted, remembered.Counts[st])
		}
	}
	return nil
}

func counted(counts map[string]census) map[string]int {
	m := make(map[string]int, len(counts))
	for st, c := range counts {
		m[st] = c.Counted
	}
	return m
}

func refuse(message string, args ...any) error {
	return fault.New(fault.Unavailable, message, args...)
}

func newCanary(random io.Reader) (string, error) {
	b := make([]byte, 8)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("name the store: %w", err)
	}
	return fmt.Sprintf("%x", b), nil
}

func readCanary(dir string) (canary, error) {
	var c canary
	data, err := os.ReadFile(filepath.Join(dir, canaryFile)) //nolint:gosec // the operator names the data folder
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read canary: %w", err)
	}
	err = json.Unmarshal(data, &c)
	if newer := store.Newer(c.Format); newer != nil {
		return c, newer
	}
	if err != nil || c.Store == "" {
		return c, refuse("文件 %s 已损坏。确认 Redis 数据完好后把它移走，再重新启动", filepath.Join(dir, canaryFile))
	}
	return c, nil
}

// writeCanary replaces the record atomically.
func writeCanary(dir string, c canary) error {
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write canary: %w", err)
	}
	tmp, err := os.CreateTemp(dir, canaryFile+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("write canary: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // already renamed if all went well
	_, err = tmp.Write(data)
	// It is synced before the rename, as an empty file would be refused.
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, canaryFile))
	}
	if err != nil {
		return fmt.Errorf("write canary: %w", err)
	}
	return nil
}
