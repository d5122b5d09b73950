package app_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
	"mashang/handlers/web"
)

const gigabyte = 1 << 30

// The disk is said to fill up before it is full: in the log once and again after
// an hour, to the face, and when there is room again.
func TestADiskThatFillsUpIsSaidBefore(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	free, now := uint64(50*gigabyte), time.Date(2026, 5, 11, 10, 0, 0, 0, time.UTC)
	d := app.NewDisks(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now }, func() (uint64, uint64) { return free, 100 * gigabyte })
	for _, step := range []struct {
		free  uint64
		after time.Duration
		state web.DiskState
		said  string
	}{
		{50 * gigabyte, 0, web.DiskWell, ""},
		{9 * gigabyte, time.Minute, web.DiskLow, "disk is filling up"},
		{8 * gigabyte, time.Minute, web.DiskLow, ""},
		{8 * gigabyte, time.Hour, web.DiskLow, "disk is filling up"},
		{100 << 20, time.Minute, web.DiskFull, "disk is full"},
		{0, time.Minute, web.DiskFull, ""},
		{20 * gigabyte, time.Minute, web.DiskWell, "disk has room again"},
	} {
		free, now = step.free, now.Add(step.after)
		log.Reset()
		d.Look(t.Context())
		state, words := d.Now()
		if state != step.state || (words == "") || !strings.Contains(log.String(), step.said) || step.said == "" && log.Len() > 0 {
			t.Errorf("%d bytes free: %v %q, the log says %q", step.free, state, words, log.String())
		}
	}
}

// TestADiskThatCannotBeMeasuredStaysFull: it is not said to have room again, and the
// words say that its figures are old.
func TestADiskThatCannotBeMeasuredStaysFull(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	now, total := time.Date(2026, 5, 11, 10, 0, 0, 0, time.UTC), uint64(100*gigabyte)
	d := app.NewDisks(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now }, func() (uint64, uint64) { return 1 << 20, total })
	d.Look(t.Context())
	log.Reset()
	for range 2 {
		total, now = 0, now.Add(time.Minute)
		d.Look(t.Context())
		if state, words := d.Now(); state != web.DiskFull || !strings.Contains(words, "测不到") {
			t.Errorf("%v: %s", state, words)
		}
	}
	if said := log.String(); strings.Contains(said, "room again") || !strings.Contains(said, "not measured") {
		t.Errorf("the log says %s", said)
	}
	total = 100 * gigabyte
	d.Look(t.Context())
	if state, words := d.Now(); state != web.DiskFull || strings.Contains(words, "测不到") {
		t.Errorf("measured again: %v: %s", state, words)
	}
}

// The system's own answer is taken for a folder that is there and one that is not.
func TestTheDiskIsMeasured(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, at := range []string{dir, filepath.Join(dir, "not", "yet")} {
		free, total, err := app.Measure(at)
		if err != nil || total == 0 || free > total {
			t.Errorf("%s: %d of %d, %v", at, free, total, err)
		}
	}
}

// On a full disk it is the disk that the doctor names, not the server whose Redis
// cannot write.
func TestTheDoctorNamesTheFullDisk(t *testing.T) {
	t.Parallel()
	cfg := config.Defaults()
	cfg.Data.Dir = t.TempDir()
	folder := filepath.Join(cfg.Data.Dir, "redis")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	// The server holds its lock; its Redis is down.
	lock, err := os.Create(filepath.Join(folder, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }()
	_, write := lock.WriteString(strconv.Itoa(os.Getpid()))
	if err := errors.Join(write, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)); err != nil {
		t.Fatal(err)
	}
	full := app.DiskFindings(t.Context(), cfg, 10<<20, 20*gigabyte)
	if !strings.Contains(full, "✗ 磁盘已满") || !strings.Contains(full, "因为磁盘已满") || strings.Contains(full, "请先停掉它") {
		t.Errorf("full:\n%s", full)
	}
	low := app.DiskFindings(t.Context(), cfg, gigabyte, 20*gigabyte)
	if !strings.Contains(low, "! 磁盘快满了") || !strings.Contains(low, "可用 1.0 GB，共 20.0 GB") || !strings.Contains(low, "它的 Redis 没有应答") || strings.Contains(low, "请先停掉它") {
		t.Errorf("low:\n%s", low)
	}
	if well := app.DiskFindings(t.Context(), cfg, 15*gigabyte, 20*gigabyte); !strings.Contains(well, "✓ 磁盘：") {
		t.Errorf("well:\n%s", well)
	}
}
