package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// A headline that is too long is refused at once: before the data are opened or the platform is asked for anything.
func TestAHeadlineThatIsTooLong(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	m := Main{
		Args:    []string{"codes", "print", "--headline", strings.Repeat("长", 11), filepath.Join(t.TempDir(), "codes.pdf")},
		Environ: []string{"MASHANG_DATA_DIR=" + filepath.Join(t.TempDir(), "none")}, Stdout: &said, Stderr: &said,
	}
	if code := m.Run(t.Context()); code != 1 || !strings.Contains(said.String(), "牌头最多 10 个字") {
		t.Errorf("%d: %s", code, said.String())
	}
}
