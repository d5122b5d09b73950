package redisd_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/store/redisd"
)

func TestDataIsThereAtTheNextStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	client := dial(t, first.Socket())
	set(t, client, "k", "v")
	for name, want := range map[string]string{
		"port": "0", "appendonly": "yes", "appendfsync": "always", "save": "",
		"aof-load-truncated": "yes", "maxmemory-policy": "noeviction", "unixsocketperm": "700",
	} {
		wantSetting(t, client, name, want)
	}
	stop(t, first)
	select {
	case <-first.Done():
	default:
		t.Error("Done is open after Stop")
	}
	if socket, ok := redisd.Find(t.Context(), dir); ok {
		t.Errorf("Find sees a stopped server at %s", socket)
	}
	second := start(t, dir)
	if second.Socket() != first.Socket() {
		t.Errorf("socket moved from %s to %s", first.Socket(), second.Socket())
	}
	wantValue(t, dial(t, second.Socket()), "k", "v")
}

func TestFolderIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "redis"), 0o755); err != nil {
		t.Fatal(err)
	}
	server := start(t, dir, func(c *redisd.Config) { c.Fsync = "no" })
	info, err := os.Stat(filepath.Join(dir, "redis"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder has mode %v, %v", info.Mode(), err)
	}
	info, err = os.Stat(server.Socket())
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket has mode %v, %v", info.Mode(), err)
	}
	wantSetting(t, dial(t, server.Socket()), "appendfsync", "no")
}

func TestSecondOwnerIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	// A link to the folder is the same folder.
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{dir, link} {
		_, err := redisd.Start(t.Context(), redisd.Config{Dir: again})
		if !errors.Is(err, redisd.ErrLocked) || !fault.Is(err, fault.Unavailable) {
			t.Fatalf("second Start = %v, want ErrLocked", err)
		}
		locked, ok := errors.AsType[*redisd.LockedError](err)
		if !ok || locked.PID != os.Getpid() {
			t.Errorf("LockedError = %+v, want our pid %d", locked, os.Getpid())
		}
		if !strings.Contains(err.Error(), "MASHANG_DATA_DIR") {
			t.Errorf("no advice in %v", err)
		}
	}
	set(t, dial(t, first.Socket()), "still", "alive")
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, ok := redisd.Find(t.Context(), dir); ok {
		t.Error("found a server in an empty folder")
	}
	server := start(t, dir)
	socket, ok := redisd.Find(t.Context(), dir)
	if !ok || socket != server.Socket() {
		t.Errorf("Find = %q, %v; want %q", socket, ok, server.Socket())
	}
	// A note that points at another folder's Redis is not believed.
	other := t.TempDir()
	if err := os.Mkdir(filepath.Join(other, "redis"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "redis", "socket"), []byte(server.Socket()), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := redisd.Find(t.Context(), other); ok {
		t.Error("found another folder's server")
	}
}

func TestLongDataFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("长路径 with spaces ", 8))
	server := start(t, dir)
	if len(server.Socket()) >= 100 {
		t.Errorf("socket path has %d bytes: %s", len(server.Socket()), server.Socket())
	}
	info, err := os.Stat(filepath.Dir(server.Socket()))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket's folder has mode %v, %v", info.Mode(), err)
	}
	set(t, dial(t, server.Socket()), "k", "v")
	if socket, ok := redisd.Find(t.Context(), dir); !ok || socket != server.Socket() {
		t.Errorf("Find = %q, %v", socket, ok)
	}
	stop(t, server)
	again := start(t, dir)
	if again.Socket() != server.Socket() {
		t.Errorf("socket moved from %s to %s", server.Socket(), again.Socket())
	}
	wantValue(t, dial(t, again.Socket()), "k", "v")
}

// Not parallel: it moves the folder for temporary files.
func TestShortSocketFolderOfSomebodyElseIsRefused(t *testing.T) {
	for name, trap := range map[string]func(path string) error{
		"a link":         func(path string) error { return os.Symlink("/", path) },
		"open to others": func(path string) error { return errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, 0o777)) },
		"a file":         func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			tmp, err := os.MkdirTemp("/tmp", "rd") //nolint:usetesting // t.TempDir is too long for a socket
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(tmp) })
			t.Setenv("TMPDIR", tmp)
			if err := trap(filepath.Join(tmp, "mashang-"+uid())); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(tmp, strings.Repeat("x", 120))
			if _, err := redisd.Start(t.Context(), redisd.Config{Dir: dir}); !fault.Is(err, fault.Unavailable) {
				t.Errorf("Start = %v, want Unavailable", err)
			}
		})
	}
}

func TestStopTwiceAndTogether(t *testing.T) {
	t.Parallel()
	server := start(t, t.TempDir())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { stop(t, server) })
	}
	wg.Wait()
	stop(t, server)
}

func TestStopWithoutTimeKills(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	set(t, dial(t, server.Socket()), "k", "v")
	pid := pidOf(t, dir)
	now, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.Stop(now); !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("Stop = %v, want Unavailable over Canceled", err)
	}
	if running(pid) {
		t.Error("redis-server outlived a forced stop")
	}
	again := start(t, dir)
	wantValue(t, dial(t, again.Socket()), "k", "v")
}

// A child that never listens and ignores SIGTERM must not hold us up.
func TestStopBeforeStartCompletes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pidFile := filepath.Join(dir, "fake.pid")
	binary := script(t, "Redis server v=7.0.15", `trap '' TERM; echo $$ > "`+pidFile+`"; while :; do sleep 0.1; done`)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		_, err := redisd.Start(ctx, redisd.Config{Dir: dir, Binary: binary, Grace: 100 * time.Millisecond})
		result <- err
	}()
	eventually(t, "the fake is up", func() bool { _, err := os.Stat(pidFile); return err == nil })
	cancel()
	select {
	case err := <-result:
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("Start = %v, want Unavailable over Canceled", err)
		}
	case <-time.After(patience):
		t.Fatal("Start did not end")
	}
	// The folder is free and usable.
	set(t, dial(t, start(t, dir).Socket()), "k", "v")
}

func TestBinaryAdvice(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ binary, advice string }{
		"missing":   {filepath.Join(t.TempDir(), "nope"), "apt-get install redis-server"},
		"old":       {script(t, "Redis server v=6.2.14 sha=0", ""), "7.0"},
		"no number": {script(t, "hello", ""), "7.0"},
	} {
		_, err := redisd.Start(t.Context(), redisd.Config{Dir: t.TempDir(), Binary: tc.binary})
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), tc.advice) {
			t.Errorf("%s: %v, want advice %q", name, err, tc.advice)
		}
	}
	for _, line := range []string{"Redis server v=7.0.0 sha=1", "Redis server v=8.2.1 sha=1", "Valkey server v=8.0.1 sha=1", "Redis server v=10.0.0"} {
		path, version, err := redisd.Installed(t.Context(), script(t, line, ""))
		if err != nil || path == "" || !strings.Contains(line, "v="+version) {
			t.Errorf("%q: %q, %q, %v", line, path, version, err)
		}
	}
}

func TestDamagedFileIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	set(t, dial(t, server.Socket()), "k", "v")
	stop(t, server)
	files, err := filepath.Glob(filepath.Join(dir, "redis", "appendonlydir", "*.incr.aof"))
	if err != nil || len(files) != 1 {
		t.Fatalf("incr files: %v, %v", files, err)
	}
	if err := os.WriteFile(files[0], []byte("*3\r\n$3\r\nSET\r\ngarbage\r\n*1\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = redisd.Start(t.Context(), redisd.Config{Dir: dir})
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "备份") {
		t.Errorf("Start = %v, want advice to restore", err)
	}
	if _, err := redisd.Start(t.Context(), redisd.Config{Dir: ""}); !fault.Is(err, fault.Invalid) {
		t.Errorf("Start without folder = %v, want Invalid", err)
	}
}

// Without its manifest Redis would start empty and say nothing.
func TestLostManifestIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	set(t, dial(t, first.Socket()), "k", "v")
	stop(t, first)
	manifest := filepath.Join(dir, "redis", "appendonlydir", "appendonly.aof.manifest")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(manifest); err != nil {
		t.Fatal(err)
	}
	for range 2 { // nothing was touched: the second start is refused as well
		if _, err := redisd.Start(t.Context(), redisd.Config{Dir: dir}); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("started without a manifest: %v", err)
		}
	}
	if err := os.WriteFile(manifest, text, 0o600); err != nil {
		t.Fatal(err)
	}
	wantValue(t, dial(t, start(t, dir).Socket()), "k", "v")
}

// A child killed during a rewrite leaves half a copy of the data. Redis never looks at it again, so it would
// keep data deleted since.
func TestHalfWrittenFilesAreSweptAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop(t, start(t, dir))
	var left []string
	for _, name := range []string{"temp-rewriteaof-bg-17.aof", "temp-rewriteaof-17.aof", "temp-17.rdb"} {
		left = append(left, filepath.Join(dir, "redis", name))
		if err := os.WriteFile(left[len(left)-1], []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir)
	for _, name := range left {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is there still: %v", name, err)
		}
	}
}
