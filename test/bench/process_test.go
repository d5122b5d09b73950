package bench_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is a server under measure.
type process struct {
	cmd  *exec.Cmd
	addr string
	out  *os.File
}

// start runs a program whose output goes to a file, as an operator's would.
func start(ctx context.Context, name, logFile string, env []string, arg ...string) (*process, error) {
	out, err := os.Create(logFile)
	if err != nil {
		return nil, err
	}
	// Stopped by a signal in stop, never by the context.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, arg...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return &process{cmd: cmd, out: out}, nil
}

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	defer p.out.Close() //nolint:errcheck // a log nobody reads any more
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// tail is the end of what the process said.
func (p *process) tail() string {
	text, err := os.ReadFile(p.out.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

// await asks until done, the process of interest has ended or ctx has.
func await(ctx context.Context, limit time.Duration, what string, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, errors.Join(ctx.Err(), err))
		}
	}
}

// freeAddr is an address nobody listened on a moment ago.
func freeAddr(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// clockTick is the unit of /proc/<pid>/stat on every Linux of today.
const clockTick = 10 * time.Millisecond

// cpuTime is what a process has used so far, in the kernel and outside.
func cpuTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, err
	}
	return cpuOf(text)
}

func cpuOf(stat []byte) (time.Duration, error) {
	// The second field is a name in brackets that may hold anything.
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	if end < 0 || len(fields) < 13 {
		return 0, io.ErrUnexpectedEOF
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick, errors.Join(err1, err2)
}

// metered adds to a round what the processes used meanwhile.
func metered(server, redis int, round func() (sample, error)) (sample, error) {
	before, err := cpuTimes(server, redis)
	if err != nil {
		return sample{}, err
	}
	s, err := round()
	if err != nil {
		return s, err
	}
	after, err := cpuTimes(server, redis)
	s.cpu, s.redis = after[0]-before[0], after[1]-before[1]
	return s, err
}

func cpuTimes(pids ...int) ([]time.Duration, error) {
	var list []time.Duration
	for _, pid := range pids {
		used, err := cpuTime(pid)
		if err != nil {
			return nil, err
		}
		list = append(list, used)
	}
	return list, nil
}

func TestProcessorTimeIsRead(t *testing.T) {
	t.Parallel()
	const stat = "42 (a) b) S 1 42 42 0 -1 4194560 9 0 0 0 120 30 0 0 20 0 9 0 1 2 3"
	if got, err := cpuOf([]byte(stat)); err != nil || got != 1500*time.Millisecond {
		t.Error(got, err)
	}
	for _, bad := range []string{"", "42 (a) S 1", "42 (a) S 1 2 3 4 5 6 7 8 9 a b c d e f"} {
		if _, err := cpuOf([]byte(bad)); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}
