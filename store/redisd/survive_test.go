package redisd_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/store/redisd"
)

func uid() string { return strconv.Itoa(os.Geteuid()) }

func TestAnotherProcessHoldsTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	holder, socket := hold(t, dir)
	_, err := redisd.Start(t.Context(), redisd.Config{Dir: dir})
	locked, ok := errors.AsType[*redisd.LockedError](err)
	if !ok || locked.PID != holder.Process.Pid {
		t.Fatalf("Start = %v, want LockedError of %d", err, holder.Process.Pid)
	}
	if found, ok := redisd.Find(t.Context(), dir); !ok || found != socket {
		t.Errorf("Find = %q, %v; want %q", found, ok, socket)
	}
	pid := pidOf(t, dir)
	kill(t, holder.Process.Pid)
	_ = holder.Wait()
	stop(t, start(t, dir))
	if running(pid) {
		t.Error("the adopted Redis outlived its stop")
	}
}

func TestOrphanIsAdopted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pid, socket := orphaned(t, dir)
	// Somebody changed settings meanwhile.
	loose := dial(t, socket)
	for name, value := range map[string]string{"appendfsync": "everysec", "maxmemory-policy": "allkeys-lru"} {
		if err := loose.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	var log journal
	server := start(t, dir, func(c *redisd.Config) { c.Log = log.logger() })
	if !log.has("adopted=true") || server.Socket() != socket || pidOf(t, dir) != pid {
		t.Errorf("not adopted: socket %s, pid %d", server.Socket(), pidOf(t, dir))
	}
	client := dial(t, server.Socket())
	wantValue(t, client, "k", "v")
	wantSetting(t, client, "appendfsync", "always")
	wantSetting(t, client, "maxmemory-policy", "noeviction")

	// The adopted one is supervised like a child of our own.
	set(t, client, "k2", "v2")
	crash(t, dir, server)
	wantValue(t, client, "k", "v")
	wantValue(t, client, "k2", "v2")
}

func TestOrphanWithoutFileIsMended(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, socket := orphaned(t, dir)
	loose := dial(t, socket)
	if err := loose.ConfigSet(t.Context(), "appendonly", "no").Err(); err != nil {
		t.Fatal(err)
	}
	set(t, loose, "memory only", "v")
	server := start(t, dir)
	wantSetting(t, dial(t, server.Socket()), "appendonly", "yes")
	crash(t, dir, server)
	wantValue(t, dial(t, server.Socket()), "memory only", "v")
}

// Without its socket an orphan cannot be adopted, but two Redis must never
// write the same files: it is stopped first.
func TestOrphanWithoutSocketIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pid, socket := orphaned(t, dir)
	if err := os.Remove(socket); err != nil {
		t.Fatal(err)
	}
	server := start(t, dir, func(c *redisd.Config) { c.Grace = 2 * time.Second })
	if running(pid) {
		t.Error("the orphan still runs beside the new one")
	}
	wantValue(t, dial(t, server.Socket()), "k", "v")
}

// An orphan that does not answer and cannot be identified is left alone, and no server is started beside it.
func TestUnrecognisableOrphanBlocksTheStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pid, socket := orphaned(t, dir)
	stranger := sleeper(t)
	pidFile := filepath.Join(dir, "redis", "redis.pid")
	if err := errors.Join(os.Remove(socket), os.WriteFile(pidFile, []byte(strconv.Itoa(stranger)), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err := redisd.Start(t.Context(), redisd.Config{Dir: dir, Grace: 300 * time.Millisecond})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("Start = %v, want Unavailable", err)
	}
	if !running(stranger) {
		t.Error("a stranger was killed")
	}
	if !running(pid) {
		t.Error("the orphan was killed without being recognised")
	}
}

func TestStalePidFileKillsNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	set(t, dial(t, first.Socket()), "k", "v")
	stop(t, first)
	stranger := sleeper(t)
	if err := os.WriteFile(filepath.Join(dir, "redis", "redis.pid"), []byte(strconv.Itoa(stranger)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir)
	if pidOf(t, dir) == stranger {
		t.Error("the stale pid file was kept")
	}
	wantValue(t, dial(t, second.Socket()), "k", "v")
	stop(t, second)
	if !running(stranger) {
		t.Error("a stranger was killed")
	}
}

func TestKilledChildIsRestarted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var log journal
	server := start(t, dir, func(c *redisd.Config) { c.Log = log.logger() })
	client := dial(t, server.Socket())
	for round := range 3 {
		key := strconv.Itoa(round)
		set(t, client, key, "v")
		crash(t, dir, server)
		for old := range round + 1 {
			wantValue(t, client, strconv.Itoa(old), "v")
		}
	}
	for _, text := range []string{"managed redis died", "managed redis will be restarted", "managed redis is up again", "signal: killed", "redis-server says"} {
		eventually(t, "log says "+text, func() bool { return log.has(text) })
	}
}

// A fork that rewrites the AOF outlives its parent for a moment and must be
// waited for.
func TestChildKilledDuringRewrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	client := dial(t, server.Socket())
	set(t, client, "k", "v")
	if err := client.ConfigSet(t.Context(), "rdb-key-save-delay", "200000").Err(); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		set(t, client, "fill"+strconv.Itoa(i), "v")
	}
	if err := client.BgRewriteAOF(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	crash(t, dir, server)
	wantValue(t, client, "k", "v")
	wantValue(t, client, "fill19", "v")
}

// Sixteen writers and a kill at any moment: every acknowledged write is there.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := start(t, dir)
	for round := range 3 {
		acked := make([]int, 16)
		var busy, done sync.WaitGroup
		busy.Add(len(acked))
		for writer := range acked {
			client := dial(t, server.Socket())
			done.Go(func() {
				for {
					n := acked[writer] + 1
					if client.Set(t.Context(), fmt.Sprintf("%d/%d/%d", round, writer, n), "v", 0).Err() != nil {
						return
					}
					acked[writer] = n
					if n == 30 {
						busy.Done()
					}
				}
			})
		}
		busy.Wait()
		pid := pidOf(t, dir)
		kill(t, pid)
		done.Wait()
		eventually(t, "restart", func() bool { return answers(t, server.Socket()) && pidOf(t, dir) != pid })
		client := dial(t, server.Socket())
		for writer, last := range acked {
			for n := 1; n <= last; n++ {
				wantValue(t, client, fmt.Sprintf("%d/%d/%d", round, writer, n), "v")
			}
		}
	}
}

// The pauses double up to half a minute and start over after a steady minute.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	dir, broken := t.TempDir(), filepath.Join(t.TempDir(), "broken")
	genuine, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(err)
	}
	binary := script(t, "Redis server v=7.0.15",
		`if [ -e "`+broken+`" ]; then echo "No space left on device"; exit 1; fi; exec "`+genuine+`" "$@"`)
	var log journal
	var mu sync.Mutex
	var pauses []time.Duration
	server := start(t, dir, func(c *redisd.Config) {
		c.Binary, c.Log = binary, log.logger()
		c.After = func(d time.Duration) <-chan time.Time {
			fire := make(chan time.Time, 1)
			if d != time.Minute {
				mu.Lock()
				pauses = append(pauses, d)
				if len(pauses) == 10 {
					_ = os.Remove(broken)
				}
				mu.Unlock()
				fire <- time.Time{}
			}
			return fire
		}
	})
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	kill(t, pidOf(t, dir))
	eventually(t, "recovery", func() bool { return answers(t, server.Socket()) })
	mu.Lock()
	defer mu.Unlock()
	for i, got := range pauses {
		if want := min(200*time.Millisecond<<i, 5*time.Second); got != want {
			t.Errorf("pause %d = %v, want %v", i, got, want)
		}
	}
	if len(pauses) != 10 {
		t.Errorf("%d pauses, want 10", len(pauses))
	}
	if !log.has("磁盘已满") {
		t.Error("the log gives no advice")
	}
}

func TestStopDuringRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	waiting := make(chan struct{})
	server := start(t, dir, func(c *redisd.Config) {
		c.After = func(d time.Duration) <-chan time.Time {
			if d != time.Minute {
				close(waiting)
			}
			return nil
		}
	})
	kill(t, pidOf(t, dir))
	<-waiting
	if answers(t, server.Socket()) {
		t.Error("a dead Redis answers")
	}
	stop(t, server)
	set(t, dial(t, start(t, dir).Socket()), "k", "v")
}

// sleeper starts a process that has nothing to do with us.
func sleeper(t *testing.T) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sleep", "300")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}
