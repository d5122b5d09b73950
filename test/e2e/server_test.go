package e2e_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// site is one data folder with the servers that run on it, one at a time.
type site struct {
	t    *testing.T
	Base string
	Dir  string
	// Env is what every command on the site gets beside PATH.
	Env map[string]string
	// Args follow the binary when it serves.
	Args []string

	work string
	// log is standard error; welcome is standard output, which greets the
	// newcomer and may name people of the cast.
	log, welcome *record
	proc         *process
	mu           sync.Mutex
	// needles must never be in a log.
	needles map[string]string
}

// process is one run of the binary.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// newSite makes a site on a free port. Nothing runs yet.
func newSite(t *testing.T, env map[string]string) *site {
	t.Helper()
	addr := freeAddr(t)
	s := &site{
		t: t, Base: "http://" + addr, Dir: filepath.Join(t.TempDir(), "data"), work: t.TempDir(),
		Args: []string{"serve", "--demo"}, log: &record{out: t.Output()}, welcome: &record{out: t.Output()}, needles: map[string]string{},
	}
	s.Env = map[string]string{
		"MASHANG_HTTP_ADDR": addr, "MASHANG_METRICS_ADDR": addr, "MASHANG_DATA_DIR": s.Dir, "MASHANG_LOG_LEVEL": "debug",
		// The tests run at any hour: no quiet one.
		"MASHANG_NOTICE_QUIET_FROM": "00:00", "MASHANG_NOTICE_QUIET_TO": "00:00",
	}
	maps.Copy(s.Env, env)
	t.Cleanup(s.finish)
	return s
}

// serving is a demo site that is ready.
func serving(t *testing.T, env map[string]string) *site {
	t.Helper()
	s := newSite(t, env)
	s.start()
	s.ready()
	return s
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// environ is a clean environment with the site's settings, so that nothing of
// the machine the tests run on leaks in.
func (s *site) environ() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.work, "TMPDIR=" + os.TempDir()}
	for k, v := range s.Env {
		env = append(env, k+"="+v)
	}
	return env
}

// start runs the server and returns at once.
func (s *site) start() {
	s.t.Helper()
	cmd := exec.Command(program, s.Args...)
	cmd.Dir, cmd.Env = s.work, s.environ()
	cmd.Stdout, cmd.Stderr = s.welcome, s.log
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	p := &process{cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	s.proc = p
}

// ready waits until the server says that everything is there.
func (s *site) ready() {
	s.t.Helper()
	eventually(s.t, "/readyz", func() error {
		select {
		case <-s.proc.done:
			s.t.Fatalf("the server ended while starting: %v\n%s", s.proc.err, s.log.tail())
		default:
		}
		r, err := http.Get(s.Base + "/readyz")
		if err != nil {
			return err
		}
		_ = r.Body.Close()
		if r.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d", r.StatusCode)
		}
		return nil
	})
}

// signal sends a signal to the server.
func (s *site) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.proc.cmd.Process.Signal(sig); err != nil {
		s.t.Fatalf("signal %v: %v", sig, err)
	}
}

// kill is kill -9; it returns when the process is gone.
func (s *site) kill() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	s.gone("the killed server to be gone")
}

// stop is an operator's stop. The server must end by itself, with code 0.
func (s *site) stop() {
	s.t.Helper()
	s.signal(syscall.SIGTERM)
	s.gone("the server to stop")
	if s.proc.err != nil {
		s.t.Errorf("stopping on SIGTERM: %v\n%s", s.proc.err, s.log.tail())
	}
}

// refused waits for a start that must fail and returns what it said.
func (s *site) refused() string {
	s.t.Helper()
	s.gone("the start to be refused")
	if s.proc.err == nil {
		s.t.Fatalf("the start was to be refused\n%s", s.log.tail())
	}
	return s.log.text()
}

func (s *site) gone(what string) {
	s.t.Helper()
	p := s.proc
	eventually(s.t, what, func() error {
		select {
		case <-p.done:
			return nil
		default:
			return errNotYet
		}
	})
}

// redisPID is the pid of the site's redis-server, 0 when none runs.
func (s *site) redisPID() int {
	text, err := os.ReadFile(filepath.Join(s.Dir, "redis", "redis.pid"))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || !alive(pid, filepath.Join(s.Dir, "redis")) {
		return 0
	}
	return pid
}

// alive reports whether the process runs and names the folder in its command.
func alive(pid int, folder string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.Contains(line, []byte(folder))
}

// killRedis is kill -9 of the site's redis-server.
func (s *site) killRedis() int {
	s.t.Helper()
	pid := s.redisPID()
	if pid == 0 {
		s.t.Fatal("no redis-server runs on the data folder")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		s.t.Fatal(err)
	}
	return pid
}

// finish stops what runs, and judges what the site leaves behind.
func (s *site) finish() {
	s.t.Helper()
	if p := s.proc; p != nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.done:
		case <-time.After(patience):
			s.t.Errorf("the server did not stop\n%s", s.log.tail())
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	}
	if pid := s.redisPID(); pid != 0 {
		s.t.Errorf("redis-server %d was left behind", pid)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	if strings.Contains(s.log.text(), "WARNING: DATA RACE") {
		s.t.Error("the race detector found a race; see the log")
	}
	s.log.searched(s.t, s.needles)
}

// secret notes what must never be in a log, and what it is.
func (s *site) secret(what, value string) {
	if value == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.needles[value] = what
}

// record keeps a log and shows it with the test.
type record struct {
	out io.Writer

	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements io.Writer.
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.all.Write(p)
	if testing.Verbose() {
		_, _ = r.out.Write(p)
	}
	return len(p), nil
}

func (r *record) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all.String()
}

// tail is the end of the log, for failures.
func (r *record) tail() string {
	const most = 4000
	text := r.text()
	return text[max(0, len(text)-most):]
}

// searched fails the test for each needle in the log.
func (r *record) searched(t *testing.T, needles map[string]string) {
	t.Helper()
	text := r.text()
	for needle, what := range needles {
		if before, after, ok := strings.Cut(text, needle); ok {
			start := before[strings.LastIndexByte(before, '\n')+1:]
			rest, _, _ := strings.Cut(after, "\n")
			t.Errorf("the log holds %s: %s", what, start+needle+rest)
		}
	}
}

// ran is a finished command.
type ran struct {
	code        int
	out, errOut string
}

// String is what the operator saw.
func (r ran) String() string {
	return fmt.Sprintf("exit %d\nstdout: %s\nstderr: %s", r.code, r.out, r.errOut)
}

// run runs a command of the binary on the site, with more settings if given.
// Its log is searched for secrets like the server's.
func (s *site) run(more map[string]string, args ...string) ran {
	s.t.Helper()
	ctx, cancel := commandTime(s.t)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = s.work, s.environ()
	for k, v := range more {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatalf("mashang %s: %v", strings.Join(args, " "), err)
	}
	_, _ = s.log.Write(errOut.Bytes())
	return ran{code: cmd.ProcessState.ExitCode(), out: out.String(), errOut: errOut.String()}
}

// mustRun runs a command that must succeed.
func (s *site) mustRun(args ...string) ran {
	s.t.Helper()
	r := s.run(nil, args...)
	if r.code != 0 {
		s.t.Fatalf("mashang %s: %v", strings.Join(args, " "), r)
	}
	return r
}
