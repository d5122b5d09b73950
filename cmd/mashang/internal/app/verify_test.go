package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/domain/fault"
	"mashang/store/storetest"
)

// TestVerifyBesideADamagedRoster: one roster that cannot be read silences neither the
// command nor the night's figure.
func TestVerifyBesideADamagedRoster(t *testing.T) {
	t.Parallel()
	p, server, log := logged(t)
	if _, _, _, err := p.Ingest(t.Context(), testRoster(), false); err != nil {
		t.Fatal(err)
	}
	if n := p.VerifyNow(t.Context(), t); n != 0 {
		t.Fatalf("whole: %d", n)
	}
	c := server.Client(t)
	if err := c.Set(t.Context(), "{lj}:roster", "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.Set(t.Context(), "upload:f1", "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	if n := p.VerifyNow(t.Context(), t); n != 2 {
		t.Errorf("the figure says %d", n)
	}
	for _, line := range []string{"工作站 lj", "附件 f1"} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
	server.Kill(t)
	log.Reset()
	if n := p.VerifyNow(t.Context(), t); n < 1 || !strings.Contains(log.String(), "could not be verified") {
		t.Errorf("a look that failed: the figure says %d, the log %s", n, log)
	}
	server.Start(t)
}

// logged is a product that tells what it logs.
func logged(t *testing.T) (app.Product, *storetest.Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	server := storetest.New(t)
	p, err := app.Build(t.Context(), on(t, server), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close(context.WithoutCancel(t.Context())) })
	return p, server, &log
}

// TestVerifyOfNoDataMakesNone: in a folder that is not the one that was meant, nothing
// is found right, and nothing made.
func TestVerifyOfNoDataMakesNone(t *testing.T) {
	t.Parallel()
	for name, missing := range map[string]bool{"empty": false, "missing": true} {
		cfg := settings(t)
		if missing {
			cfg.Data.Dir = filepath.Join(cfg.Data.Dir, "wrong")
			cfg.Seal.KeysDir = filepath.Join(cfg.Data.Dir, "keys")
		}
		log := slog.New(slog.DiscardHandler)
		var out bytes.Buffer
		for command, run := range map[string]func(context.Context) error{
			"verify":       app.Verify{Config: cfg, Log: log, Out: &out}.Run,
			"audit verify": app.AuditCheck{Config: cfg, Log: log, Out: &out}.Verify,
		} {
			if err := run(t.Context()); !fault.Is(err, fault.NotFound) || out.Len() > 0 {
				t.Errorf("%s, %s: %v, said %q", name, command, err, out.String())
			}
			if files, err := os.ReadDir(cfg.Data.Dir); len(files) > 0 || (err != nil) != missing {
				t.Errorf("%s, %s: made %v, %v", name, command, files, err)
			}
		}
	}
}

// TestVerifyChangesNothing that the folder held, and looks at it while a server has it.
func TestVerifyChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := settings(t)
	log := slog.New(slog.DiscardHandler)
	p := opened(t, cfg, log)
	defer func() { _ = p.Close(context.WithoutCancel(t.Context())) }()
	if _, _, _, err := p.Ingest(t.Context(), testRoster(), false); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(cfg.Data.Dir, "canary.json")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (app.Verify{Config: cfg, Log: log, Out: &out}).Run(t.Context()); err != nil || !strings.Contains(out.String(), "✓ 1 个站点") {
		t.Errorf("%v: %s", err, out.String())
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it wrote %s beside %s, %v", after, before, err)
	}
}
