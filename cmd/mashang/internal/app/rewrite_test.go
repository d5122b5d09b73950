package app_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/record"
	"mashang/store/storetest"
)

// TestWhatIsErasedLeavesTheFilesWithinADay runs a server's hourly look at times of
// the test's: over a restart, and after a night that was missed.
func TestWhatIsErasedLeavesTheFilesWithinADay(t *testing.T) {
	t.Parallel()
	cfg := settings(t)
	log := slog.New(slog.DiscardHandler)
	p := opened(t, cfg, log)
	began := time.Now()
	p.EraseIfDue(t.Context(), began)
	r, err := p.Store().Rewritten(t.Context())
	if err != nil || r.At.Before(began.Truncate(time.Millisecond)) {
		t.Fatalf("never rewritten, and not at once: %+v, %v", r, err)
	}
	key := "erased-" + rand.Text()
	drop(t, p, key)
	look := func(after time.Duration, there bool) {
		t.Helper()
		p.EraseIfDue(t.Context(), r.At.Add(after))
		if got := inFiles(t, cfg.Data.Dir, key); got != there {
			t.Errorf("after %v it lies in the files: %v", after, got)
		}
	}
	look(0, true)
	look(19*time.Hour, true)
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	p = opened(t, cfg, log)
	look(19*time.Hour, true)
	snapshot := filepath.Join(cfg.Data.Dir, "redis", "dump.rdb")
	if err := os.WriteFile(snapshot, []byte(key), 0o600); err != nil { // made by hand
		t.Fatal(err)
	}
	look(21*time.Hour, false)
	drop(t, p, key)
	look(-2*time.Hour, false) // the clock was wrong once
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// opened is a product whose Redis is its own; the test closes it.
func opened(t *testing.T, cfg config.Config, log *slog.Logger) app.Product {
	t.Helper()
	p, err := app.Build(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drop deletes an upload whose owner is the key.
func drop(t *testing.T, p app.Product, key string) {
	t.Helper()
	if err := p.Store().PutUpload(t.Context(), record.Upload{ID: "f1", Owner: key}); err != nil {
		t.Fatal(err)
	}
	if err := p.Store().DropUpload(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
}

func inFiles(t *testing.T, dir, text string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || bytes.Contains(data, []byte(text))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // Redis is done with it
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// TestABackupThatIsNotCleanSaysSo has a Redis that does not write its files anew.
func TestABackupThatIsNotCleanSaysSo(t *testing.T) {
	t.Parallel()
	cfg := settings(t)
	log := slog.New(slog.DiscardHandler)
	p := opened(t, cfg, log)
	client := p.Client(t)
	if err := client.Do(t.Context(), "ACL", "SETUSER", "default", "-bgrewriteaof").Err(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "b")
	if err := (app.Backup{Config: cfg, Log: log, Out: &out, File: file}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"已备份到", "没能把已删除的内容", "不允许本程序用 BGREWRITEAOF"} {
		if !strings.Contains(out.String(), words) {
			t.Errorf("does not say %q: %s", words, out.String())
		}
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestARedisOfTheirOwnThatRefusesIsSaid has one that takes no BGREWRITEAOF of ours,
// and then does: the log and the doctor know of both.
func TestARedisOfTheirOwnThatRefusesIsSaid(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	cfg := on(t, server)
	var log bytes.Buffer
	p := opened(t, cfg, slog.New(slog.NewTextHandler(&log, nil)))
	acl := func(rule string) {
		t.Helper()
		if err := server.Client(t).Do(t.Context(), "ACL", "SETUSER", "default", rule).Err(); err != nil {
			t.Fatal(err)
		}
	}
	doctor := func(words string) {
		t.Helper()
		if said := app.DiskFindings(t.Context(), cfg, 1<<40, 1<<40); !strings.Contains(said, words) {
			t.Errorf("the doctor does not say %q:\n%s", words, said)
		}
	}
	doctor("! 已删除的内容：还没有")
	acl("-bgrewriteaof")
	p.EraseIfDue(t.Context(), time.Now())
	if said := log.String(); !strings.Contains(said, "were not written anew") || !strings.Contains(said, "不允许本程序用 BGREWRITEAOF") {
		t.Errorf("the log: %s", said)
	}
	doctor("不允许本程序用 BGREWRITEAOF")
	acl("+bgrewriteaof")
	key := "erased-" + rand.Text()
	drop(t, p, key)
	if !inFiles(t, server.Dir(), key) {
		t.Fatal("it does not lie in the files: this test could not fail")
	}
	p.EraseIfDue(t.Context(), time.Now())
	if inFiles(t, server.Dir(), key) {
		t.Error("it lies in the files of the other Redis")
	}
	doctor("✓ 已删除的内容")
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
