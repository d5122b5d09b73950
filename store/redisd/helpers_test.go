package redisd_test

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"go.uber.org/goleak"

	"mashang/store/redisd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait of these tests.
const patience = 2 * time.Minute

// start runs a server on dir and stops it with the test.
func start(t *testing.T, dir string, change ...func(*redisd.Config)) *redisd.Server {
	t.Helper()
	cfg := redisd.Config{Dir: dir}
	for _, f := range change {
		f(&cfg)
	}
	server, err := redisd.Start(t.Context(), cfg)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *redisd.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

// dial returns a client that never repeats a command.
func dial(t *testing.T, socket string) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{
		Network: "unix", Addr: socket, MaxRetries: -1, DialerRetries: 1, Protocol: 2, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func set(t *testing.T, client *redis.Client, key, value string) {
	t.Helper()
	if err := client.Set(t.Context(), key, value, 0).Err(); err != nil {
		t.Fatalf("SET %s: %v", key, err)
	}
}

func wantValue(t *testing.T, client *redis.Client, key, want string) {
	t.Helper()
	got, err := client.Get(t.Context(), key).Result()
	if err != nil || got != want {
		t.Errorf("GET %s = %q, %v; want %q", key, got, err, want)
	}
}

func wantSetting(t *testing.T, client *redis.Client, name, want string) {
	t.Helper()
	got, err := client.ConfigGet(t.Context(), name).Result()
	if err != nil || got[name] != want {
		t.Errorf("CONFIG GET %s = %q, %v; want %q", name, got[name], err, want)
	}
}

// answers reports whether a Redis is up. It looks before go-redis does, which
// is loud about an absent server and goes on dialling it.
func answers(t *testing.T, socket string) bool {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "unix", socket)
	if err != nil {
		return false
	}
	_ = conn.Close()
	client := dial(t, socket)
	defer func() { _ = client.Close() }()
	return client.Ping(t.Context()).Err() == nil
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		select {
		case <-limit.C:
			t.Fatalf("never came true: %s", what)
		case <-ticker.C:
		}
	}
}

// pidOf returns the pid the Redis of a data folder wrote down.
func pidOf(t *testing.T, dir string) int {
	t.Helper()
	var pid int
	eventually(t, "pid file", func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "redis", "redis.pid"))
		if err != nil {
			return false
		}
		pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
		return err == nil && pid > 1
	})
	return pid
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}

// crash kills the Redis of a data folder and waits until another is up.
func crash(t *testing.T, dir string, server *redisd.Server) {
	t.Helper()
	pid := pidOf(t, dir)
	kill(t, pid)
	eventually(t, "death", func() bool { return !running(pid) })
	eventually(t, "restart", func() bool { return answers(t, server.Socket()) && pidOf(t, dir) != pid })
}

// running reports whether the process exists and is no zombie.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return !os.IsNotExist(err) || filepath.Separator != '/'
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(rest, []byte("Z"))
}

// holderEnv tells the re-executed test binary which data folder to hold.
const holderEnv = "REDISD_TEST_HOLD"

// TestHolder is the body of the second process: it owns a folder until killed.
func TestHolder(t *testing.T) {
	dir := os.Getenv(holderEnv)
	if dir == "" {
		t.Skip("runs only as a second process of other tests")
	}
	server, err := redisd.Start(t.Context(), redisd.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.WriteString("socket " + server.Socket() + "\n")
	<-server.Done()
}

// hold starts a second process that owns dir and returns it with the socket.
func hold(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestHolder$")
	cmd.Env = append(os.Environ(), holderEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if socket, ok := strings.CutPrefix(lines.Text(), "socket "); ok {
			return cmd, socket
		}
		t.Log("holder:", lines.Text())
	}
	t.Fatal("the holder did not start")
	return nil, ""
}

// orphaned leaves a Redis without owner on dir, holding "k" = "v".
func orphaned(t *testing.T, dir string) (pid int, socket string) {
	t.Helper()
	holder, socket := hold(t, dir)
	set(t, dial(t, socket), "k", "v")
	pid = pidOf(t, dir)
	kill(t, holder.Process.Pid)
	_ = holder.Wait()
	t.Cleanup(func() {
		if running(pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	if !running(pid) {
		t.Fatal("the holder's Redis died with it")
	}
	return pid, socket
}

// journal is a log that tests can read.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) has(text string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Contains(j.buf.String(), text)
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// script writes a shell script that stands in for redis-server. It answers
// --version by itself.
func script(t *testing.T, version, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "redis-server")
	text := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo '" + version + "'; exit 0; fi\n" + body + "\n"
	// A process forked meanwhile would hold the file open for writing, and the
	// kernel runs no such file.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
