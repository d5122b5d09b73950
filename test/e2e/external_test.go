package e2e_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestExternalRedis uses a Redis of somebody else's: weak settings are told,
// what it lost is noticed, and it is left running.
func TestExternalRedis(t *testing.T) {
	t.Parallel()
	socket := otherRedis(t, "everysec")
	s := newSite(t, map[string]string{"MASHANG_REDIS_ADDR": socket})
	s.start()
	s.ready()
	if !strings.Contains(s.log.text(), "could lose acknowledged data") {
		t.Error("no warning of appendfsync everysec")
	}
	if r := s.run(nil, "doctor"); r.code != 0 || !strings.Contains(r.out, "! Redis") || !strings.Contains(r.out, "always") {
		t.Errorf("doctor: %v", r)
	}
	code := s.cast().code(t, "place")
	v := s.user("visitor-external")
	sub := v.filed("external-key-1", object{"scene": code.Key, "kind": "help", "text": "求助"})
	if _, err := os.Stat(filepath.Join(s.Dir, "redis")); !os.IsNotExist(err) {
		t.Errorf("a Redis of our own beside the configured one: %v", err)
	}
	if r := s.run(nil, "backup", filepath.Join(s.work, "b")); r.code != 1 || !strings.Contains(r.errOut, "AOF") {
		t.Errorf("backup of somebody else's Redis: %v", r)
	}
	s.stop()
	if answer, err := command(socket, "PING"); err != nil || answer != "+PONG" {
		t.Errorf("the other Redis was stopped as well: %q %v", answer, err)
	}
	s.start()
	s.ready()
	if got := v.read(sub.ID); got.Number != sub.Number {
		t.Errorf("after the restart: %+v", got)
	}
	s.stop()
	if _, err := command(socket, "FLUSHALL"); err != nil {
		t.Fatal(err)
	}
	s.start()
	if said := s.watchRefusal(); !strings.Contains(said, "Redis 是空的") {
		t.Errorf("refused without advice:\n%s", said)
	}
}

// otherRedis starts a Redis of somebody else's and returns its socket.
func otherRedis(t *testing.T, fsync string) string {
	t.Helper()
	need(t, "redis-server")
	dir, err := os.MkdirTemp("", "e2e-redis-") //nolint:usetesting // t.TempDir can be too long for a socket's path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	redis := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--appendonly", "yes", "--appendfsync", fsync, "--save", "")
	if err := redis.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = redis.Process.Kill()
		_ = redis.Wait()
	})
	eventually(t, "the other redis-server", func() error {
		_, err := command(socket, "PING")
		return err
	})
	return socket
}

// command sends one command without arguments in Redis' inline form.
func command(socket, name string) (string, error) {
	conn, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(conn, "%s\r\n", name); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(line), err
}
