package emulator

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// compactAfter is how many superseded lines the file may have.
const compactAfter = 10_000

// FileState returns a State in one file. Each change is a line; the file is rewritten, by an atomic rename, at
// Load and when it has grown. Saved changes survive the death of the process at any moment; a power failure may
// lose the last seconds. The folder must exist. The emulator closes it.
func FileState(path string) State { return &fileState{path: path} }

type fileState struct {
	path string

	mu    sync.Mutex
	file  *os.File
	live  map[string]string
	lines int
}

// Load implements State.
func (f *fileState) Load(context.Context) (map[string]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f.live = make(map[string]string)
	for line := range strings.Lines(string(data)) {
		// An incomplete line was being written when the process died.
		key, value, ok := strings.Cut(line, "\t")
		if value, whole := strings.CutSuffix(value, "\n"); ok && whole {
			f.live[key] = value
		}
	}
	if err := f.compact(); err != nil {
		return nil, err
	}
	return maps.Clone(f.live), nil
}

// Save implements State. Load must have been called before.
func (f *fileState) Save(_ context.Context, changed map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return fs.ErrClosed
	}
	maps.Copy(f.live, changed)
	if f.lines > len(f.live)+compactAfter {
		return f.compact()
	}
	f.lines += len(changed)
	_, err := f.file.WriteString(render(changed))
	return err
}

// Close closes the file.
func (f *fileState) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}

// compact writes the live entries to a new file, replaces the old one by it and continues writing there.
func (f *fileState) compact() (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	w := bufio.NewWriter(tmp)
	if _, err = w.WriteString(render(f.live)); err != nil {
		return err
	}
	if err = w.Flush(); err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), f.path); err != nil {
		return err
	}
	if f.file != nil {
		_ = f.file.Close()
	}
	f.file, f.lines = tmp, len(f.live)
	return nil
}

func render(entries map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		b.WriteString(key + "\t" + entries[key] + "\n")
	}
	return b.String()
}
