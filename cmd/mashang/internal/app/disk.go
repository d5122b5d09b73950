package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mashang/handlers/web"
)

// A full disk stops everything: Redis exits if it cannot write. So the space is measured, with early warnings.

// space is the free space of a folder's file system.
type space struct {
	Dir         string
	Free, Total uint64 // bytes; free for users other than root
	// Files and FreeFiles are inodes; zero on a file system without a limit.
	Files, FreeFiles uint64
	// device identifies the file system.
	device uint64
	// stale: it could not be measured again; the numbers are the last ones.
	stale bool
}

const (
	gigabyte = 1 << 30
	megabyte = 1 << 20
	// diskFull is less than a rewrite of the append-only file and a day's photos need.
	diskFull = 256 * megabyte
	// diskInterval is the interval of measurements, diskWarningInterval that of repeated warnings.
	diskInterval        = time.Minute
	diskWarningInterval = time.Hour
)

// measure asks the system. For a missing folder it measures where it will be.
func measure(dir string) (space, error) {
	there := dir
	info, err := os.Stat(there)
	if err != nil {
		there = existing(there)
		if info, err = os.Stat(there); err != nil {
			return space{}, err
		}
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(there, &fs); err != nil {
		return space{}, fmt.Errorf("statfs %s: %w", there, err)
	}
	s := space{
		Dir: dir, Free: fs.Bavail * uint64(fs.Bsize), Total: fs.Blocks * uint64(fs.Bsize), //nolint:gosec // a size; its type differs between systems
		Files: fs.Files, FreeFiles: fs.Ffree,
	}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.device = uint64(sys.Dev) //nolint:unconvert // its type differs between systems
	}
	return s, nil
}

// state returns web.DiskFull, DiskLow or DiskWell.
func (s space) state() web.DiskState {
	low := min(max(gigabyte, s.Total/10), 10*gigabyte)
	switch {
	case s.Free < diskFull || s.Files > 0 && s.FreeFiles < s.Files/100:
		return web.DiskFull
	case s.Free < low || s.Files > 0 && s.FreeFiles < s.Files/10:
		return web.DiskLow
	default:
		return web.DiskWell
	}
}

// words describes the space for people.
func (s space) words() string {
	text := fmt.Sprintf("%s 所在的磁盘可用 %s，共 %s", s.Dir, bytesWords(s.Free), bytesWords(s.Total))
	if s.stale {
		text += "（这是上次的数，现在测不到）"
	}
	if s.Files > 0 && s.FreeFiles < s.Files/10 {
		text += fmt.Sprintf("，还能建 %d 个文件", s.FreeFiles)
	}
	return text
}

func bytesWords(n uint64) string {
	if n >= gigabyte {
		return fmt.Sprintf("%.1f GB", float64(n)/gigabyte)
	}
	return fmt.Sprintf("%d MB", n/megabyte)
}

// diskDirs returns the folders that must have space. Those on one file system are one, named after the first.
func diskDirs(dataDir string) []string {
	return []string{dataDir, filepath.Join(dataDir, "redis"), filepath.Join(dataDir, "uploads")}
}

// measureAll measures the folders, each file system once. It returns those that it could measure, and an error
// for the others.
func measureAll(dirs []string, by func(string) (space, error)) (list []space, err error) {
	seen := map[uint64]bool{}
	for _, dir := range dirs {
		s, wrong := by(dir)
		if wrong != nil {
			err = wrong
			continue
		}
		if seen[s.device] {
			continue
		}
		seen[s.device] = true
		list = append(list, s)
	}
	return list, err
}

// disks watches the space.
type disks struct {
	dirs []string
	by   func(string) (space, error)
	now  func() time.Time
	log  *slog.Logger

	mu    sync.Mutex
	last  []space
	state web.DiskState
	said  time.Time
}

func newDisks(dataDir string, log *slog.Logger) *disks {
	return &disks{dirs: diskDirs(dataDir), by: measure, now: time.Now, log: log, state: web.DiskWell}
}

// look measures and logs changes, and repeats warnings from time to time. If the measurement fails, the last
// state stays.
func (d *disks) look(ctx context.Context) {
	list, err := measureAll(d.dirs, d.by)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.log.WarnContext(ctx, "disk space not measured: its last figures stand", slog.Any("err", err))
		for _, s := range d.last {
			if !slices.ContainsFunc(list, func(o space) bool { return o.Dir == s.Dir || o.device == s.device }) {
				s.stale = true
				list = append(list, s)
			}
		}
	}
	before := d.state
	d.last, d.state = list, web.DiskWell
	worst := space{}
	for _, s := range list {
		if state := s.state(); state > d.state {
			d.state, worst = state, s
		}
	}
	now := d.now()
	switch {
	case d.state == web.DiskWell && before != web.DiskWell:
		d.log.InfoContext(ctx, "disk has room again")
	case d.state != before || d.state != web.DiskWell && now.Sub(d.said) >= diskWarningInterval:
		d.said = now
		attrs := []slog.Attr{
			slog.String("folder", worst.Dir), slog.Uint64("free", worst.Free), slog.Uint64("total", worst.Total),
			slog.String("advice", worst.words()+"：请清理或扩容，满了就收不下诉求"),
		}
		if d.state == web.DiskFull {
			d.log.LogAttrs(ctx, slog.LevelError, "disk is full", attrs...)
		} else {
			d.log.LogAttrs(ctx, slog.LevelWarn, "disk is filling up", attrs...)
		}
	}
}

// Now returns the state of the disks for the server.
func (d *disks) Now() (state web.DiskState, words string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.last {
		if s.state() == d.state {
			return d.state, s.words()
		}
	}
	return d.state, ""
}

// watch measures until ctx ends.
func (d *disks) watch(ctx context.Context) {
	tick := time.NewTicker(diskInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.look(ctx)
		}
	}
}

var (
	diskFree  = prometheus.NewDesc("mashang_disk_free_bytes", "Room left on the disk a folder lies on.", []string{"folder"}, nil)
	diskTotal = prometheus.NewDesc("mashang_disk_bytes", "Size of the disk a folder lies on.", []string{"folder"}, nil)
)

// Describe implements prometheus.Collector.
func (d *disks) Describe(ch chan<- *prometheus.Desc) { ch <- diskFree; ch <- diskTotal }

// Collect implements prometheus.Collector.
func (d *disks) Collect(ch chan<- prometheus.Metric) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.last {
		ch <- prometheus.MustNewConstMetric(diskFree, prometheus.GaugeValue, float64(s.Free), filepath.Base(s.Dir))
		ch <- prometheus.MustNewConstMetric(diskTotal, prometheus.GaugeValue, float64(s.Total), filepath.Base(s.Dir))
	}
}
