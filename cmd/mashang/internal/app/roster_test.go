package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
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

// Half a roster is not taken for a station half of whose members left; what is
// taken after all is written down and can be taken back in the console.
func TestImportRetiresManyOnlyWhenTold(t *testing.T) {
	t.Parallel()
	c, log := settings(t), slog.New(slog.DiscardHandler)
	var out bytes.Buffer
	if err := (app.Import{Config: c, Log: log, Out: &out, Paths: []string{"../demo/data"}}).Run(t.Context()); err != nil {
		t.Fatalf("import: %v\n%s", err, out.String())
	}
	few := app.Import{Config: c, Log: log, Out: &out, Paths: []string{threeOf(t, "../demo/data")}}
	out.Reset()
	err := few.Run(t.Context())
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "31 名委员中的 28 名") || !strings.Contains(err.Error(), "--retire=28") {
		t.Fatalf("taken: %v\n%s", err, out.String())
	}
	dry := few
	dry.DryRun = true
	if err := dry.Run(t.Context()); !fault.Is(err, fault.Conflict) || strings.Count(out.String(), "：停用") != 28 {
		t.Errorf("a dry run says the same and shows who: %v\n%s", err, out.String())
	}
	for _, n := range []int{0, 27, 29} {
		few.Retire = n
		if err := few.Run(t.Context()); !fault.Is(err, fault.Conflict) {
			t.Errorf("--retire=%d: %v", n, err)
		}
	}
	few.Retire = 28
	if err := few.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := built(t, c)
	st, err := p.Store().Station(t.Context(), "hexi")
	if err != nil {
		t.Fatal(err)
	}
	if st.Previous == nil || !strings.Contains(st.Previous.What, "停用") {
		t.Fatalf("the console has nothing to bring back: %+v", st.Previous)
	}
	if serving := slices.DeleteFunc(st.Previous.Roster.Members, func(m station.Member) bool { return m.Left }); len(serving) != 31 {
		t.Errorf("%d members would be brought back", len(serving))
	}
	lines, err := p.Store().Audits(t.Context(), "hexi", "", 10)
	if err != nil || !slices.ContainsFunc(lines, func(l record.Link) bool { return l.Action == "roster-import" && l.Role == "system" }) {
		t.Errorf("written down: %+v, %v", lines, err)
	}
}

// threeOf copies a roster's csv files with three of its members, and only the
// sheets that need no others.
func threeOf(t *testing.T, folder string) string {
	t.Helper()
	to := t.TempDir()
	for name, rows := range map[string]int{"站点": 2, "界别": 100, "议事室": 100, "委员": 4, "联络员": 100} {
		data, err := os.ReadFile(filepath.Join(folder, name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(data), "\n")
		text := strings.Join(lines[:min(rows, len(lines))], "")
		if err := os.WriteFile(filepath.Join(to, name+".csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
