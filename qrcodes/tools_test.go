package qrcodes_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"mashang/domain/fault"
)

// need skips the test where the tool is not installed, and fails it where all
// proofs must run.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		const advice = "%s is not installed, so nothing proves that codes can be read: sudo apt-get install zbar-tools poppler-utils"
		if os.Getenv("CI") != "" {
			t.Fatalf(advice, tool)
		}
		t.Skipf(advice, tool)
	}
}

// scan reads the codes in an image file the way a phone would.
func scan(t *testing.T, file string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "zbarimg", "--nodbus", "-q", "--raw", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("zbarimg found no code in %s: %v %s", filepath.Base(file), err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// scanBytes is scan of an image in memory.
func scanBytes(t *testing.T, data []byte) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return scan(t, file)
}

// pages rasters pages first..last of a PDF at 100 dots an inch.
func pages(t *testing.T, pdf []byte, first, last string) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "sheet.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "pdftoppm", "-r", "100", "-png", "-f", first, "-l", last, file, filepath.Join(dir, "page"))
	files, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(files)
	return files
}

// words extracts the text of a PDF without white space.
func words(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(run(t, "pdftotext", file, "-")), "")
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

// wantInvalid checks that err is an Invalid fault about the field with a message that contains all parts.
func wantInvalid(t *testing.T, err error, field string, parts ...string) {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Invalid {
		t.Fatalf("error = %v, want an invalid fault", err)
	}
	if len(e.Fields) != 1 || e.Fields[0].Field != field {
		t.Fatalf("fields = %+v, want %s", e.Fields, field)
	}
	for _, part := range parts {
		if !strings.Contains(e.Message, part) {
			t.Errorf("message %q does not say %q", e.Message, part)
		}
	}
}
