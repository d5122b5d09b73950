// Package storetest gives tests a real Redis of their own: started on a unix
// socket in about a tenth of a second, with its own data, and able to die,
// hang and come back. No test shares one, so all of them can run at once.
package storetest

import (
	"context"
	"errors"
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

	"mashang/store"
)

// Option changes how the server is started.
type Option func(*Server)

// Durable makes the server answer only after the disk has the write, as in
// production. Without it tests are faster and data survive a kill all the
// same, though not a power cut.
func Durable() Option { return func(s *Server) { s.fsync = "always" } }

// Cluster makes the server a cluster of one, which refuses every command and
// script whose keys are in different slots.
func Cluster() Option { return func(s *Server) { s.cluster = true } }

// With adds settings as redis-server takes them on its command line.
func With(settings ...string) Option {
	return func(s *Server) { s.more = append(s.more, settings...) }
}

// Server is a redis-server of one test.
type Server struct {
	dir     string
	fsync   string
	cluster bool
	more    []string

	mu    sync.Mutex
	child *exec.Cmd
	done  chan struct{}
}

// New starts a server that ends with the test. A machine without redis-server
// fails the test: these tests are not to be skipped.
func New(tb testing.TB, options ...Option) *Server {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		tb.Fatal("redis-server is missing: sudo apt-get install -y redis-server")
	}
	// A socket's path has at most 107 characters, which t.TempDir may exceed.
	dir, err := os.MkdirTemp("", "redis") //nolint:usetesting // see above
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{dir: dir, fsync: "no"}
	for _, option := range options {
		option(s)
	}
	tb.Cleanup(func() {
		s.Kill(tb)
		if err := remove(dir); err != nil {
			tb.Error(err)
		}
	})
	s.Start(tb)
	if s.cluster {
		s.formCluster(tb)
	}
	return s
}

// remove deletes the folder. A child that was rewriting the server's log may
// take a moment longer to die than the server.
func remove(dir string) (err error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 400 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		<-tick.C
	}
	return err
}

// Socket is the path of the server's socket.
func (s *Server) Socket() string { return filepath.Join(s.dir, "s") }

// Dir is the folder of the server's data.
func (s *Server) Dir() string { return s.dir }

// Options lead a store to the server. The clock stands at Noon unless the test
// sets another.
func (s *Server) Options() store.Options {
	return store.Options{Network: "unix", Addr: s.Socket(), Clock: func() time.Time { return Noon }}
}

// Noon is a working day's noon, the time of every test that does not mind.
var Noon = time.Date(2026, 7, 22, 12, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60))

// Open opens a store that closes with the test.
func (s *Server) Open(tb testing.TB, change ...func(*store.Options)) *store.Store {
	tb.Helper()
	o := s.Options()
	for _, c := range change {
		c(&o)
	}
	st, err := store.Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = st.Close() })
	return st
}

// Client is a bare connection, to look behind the store's back.
func (s *Server) Client(tb testing.TB) *redis.Client {
	tb.Helper()
	c := redis.NewClient(&redis.Options{Network: "unix", Addr: s.Socket(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// Start starts the server on the data it has, and waits until it answers. A
// running one is left alone.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child != nil {
		return
	}
	args := append([]string{
		"--port", "0", "--unixsocket", s.Socket(), "--dir", s.dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", s.fsync, "--logfile", filepath.Join(s.dir, "log"),
	}, s.more...)
	if s.cluster {
		args = append(args, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(freePort(tb)))
	}
	child := exec.CommandContext(context.WithoutCancel(tb.Context()), "redis-server", args...) //nolint:gosec // the arguments are the test's own
	child.SysProcAttr = endWithParent()
	if err := child.Start(); err != nil {
		tb.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = child.Wait()
		close(done)
	}()
	s.child, s.done = child, done
	s.await(tb)
}

// await dials until the server answers.
func (s *Server) await(tb testing.TB) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !answers(ctx, s.Socket()) {
		select {
		case <-tick.C:
		case <-s.done:
			tb.Fatal("redis-server ended: ", s.log())
		case <-ctx.Done():
			tb.Fatal("redis-server does not answer: ", s.log())
		}
	}
}

// answers reports whether a PING is answered, which it is not while data are
// being loaded.
func answers(ctx context.Context, socket string) bool {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	answer := make([]byte, 5)
	n, _ := c.Read(answer)
	return string(answer[:n]) == "+PONG" || string(answer[:n]) == "-NOAU" // it asks for a password
}

func (s *Server) log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Kill ends the server as a crash does. A dead one is left alone.
func (s *Server) Kill(tb testing.TB) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child == nil {
		return
	}
	_ = syscall.Kill(-s.child.Process.Pid, syscall.SIGKILL) // with its children
	<-s.done
	s.child = nil
	if err := os.Remove(s.Socket()); err != nil && !errors.Is(err, os.ErrNotExist) {
		tb.Error(err)
	}
}

// Hang stops the server from answering without closing a connection; Resume
// wakes it.
func (s *Server) Hang(tb testing.TB) {
	tb.Helper()
	s.signal(tb, syscall.SIGSTOP)
}

// Resume wakes a server that hangs.
func (s *Server) Resume(tb testing.TB) {
	tb.Helper()
	s.signal(tb, syscall.SIGCONT)
}

func (s *Server) signal(tb testing.TB, sig os.Signal) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.child.Process.Signal(sig); err != nil {
		tb.Fatal(err)
	}
}

// formCluster gives the only node every slot and waits until it takes writes.
func (s *Server) formCluster(tb testing.TB) {
	tb.Helper()
	c := s.Client(tb)
	if err := c.Do(tb.Context(), "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		tb.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		info, err := c.ClusterInfo(tb.Context()).Result()
		if err == nil && strings.Contains(info, "cluster_state:ok") {
			return
		}
		select {
		case <-tick.C:
		case <-tb.Context().Done():
			tb.Fatal("the cluster does not form: ", info)
		}
	}
}

// freePort is a port nobody listened on a moment ago.
func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	addr, _ := l.Addr().(*net.TCPAddr)
	return addr.Port
}
