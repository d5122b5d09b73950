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
	"mashang/store/storetest"
)

func TestAuditVerify(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	cfg := on(t, server)
	ingest(t, built(t, cfg), testRoster())
	var out bytes.Buffer
	check := app.AuditCheck{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: &out}
	export := func() {
		t.Helper()
		file := filepath.Join(t.TempDir(), "roster.xlsx")
		if err := (app.Export{Config: cfg, Log: check.Log, Out: &out, File: file}).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(want string) {
		t.Helper()
		out.Reset()
		err := check.Verify(context.WithoutCancel(t.Context()))
		if (want == "") != (err == nil) || !strings.Contains(out.String(), want) {
			t.Errorf("want %q: %v\n%s", want, err, out.String())
		}
	}
	for range 3 {
		export()
	}
	verify("")
	out.Reset()
	if err := check.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	check.Heads = filepath.Join(t.TempDir(), "heads.json")
	if err := os.WriteFile(check.Heads, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	verify("")
	export()
	verify("") // it may grow

	c := server.Client(t)
	keys := c.Keys(t.Context(), "*:audit").Val()
	if len(keys) != 1 {
		t.Fatalf("%v", keys)
	}
	lines := c.XRange(t.Context(), keys[0], "-", "+").Val()
	for _, l := range lines[2:] {
		c.XDel(t.Context(), keys[0], l.ID)
	}
	verify("末尾被截断了")
	check.Heads = ""
	verify("") // a cut alone is seen only by who kept the end
	c.XDel(t.Context(), keys[0], lines[0].ID)
	verify("前面缺了一条")
}
