package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/fault"
)

// What is exported can be imported again and changes nothing, phones included;
// no file that is there is written over.
func TestExportedRosterIsTheSame(t *testing.T) {
	t.Parallel()
	c, log := settings(t), slog.New(slog.DiscardHandler)
	var out bytes.Buffer
	if err := (app.Import{Config: c, Log: log, Out: &out, Paths: []string{"../demo/data"}}).Run(t.Context()); err != nil {
		t.Fatalf("import: %v\n%s", err, out.String())
	}
	file := filepath.Join(t.TempDir(), "roster.xlsx")
	export := app.Export{Config: c, Log: log, Out: &out, File: file}
	if err := export.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file with phones: %v, %v", info.Mode(), err)
	}
	if err := export.Run(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("written over: %v", err)
	}
	out.Reset()
	if err := (app.Import{Config: c, Log: log, Out: &out, Paths: []string{file}, DryRun: true}).Run(t.Context()); err != nil {
		t.Fatalf("import of the export: %v\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), "，0 处变化") {
		t.Errorf("importing it again would change:\n%s", out.String())
	}
}
