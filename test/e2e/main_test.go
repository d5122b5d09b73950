package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// program is the binary under test and repository the root of its source.
var program, repository string

func TestMain(m *testing.M) {
	code, err := prepare(m)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

// prepare finds or builds the program and runs the tests.
func prepare(m *testing.M) (code int, err error) {
	if repository, err = filepath.Abs("../.."); err != nil {
		return 1, err
	}
	if program = os.Getenv("E2E_BINARY"); program != "" {
		if _, err := os.Stat(program); err != nil {
			return 1, err
		}
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program = filepath.Join(dir, "mashang")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./cmd/mashang")
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w\n%s", err, out)
	}
	return m.Run(), nil
}
