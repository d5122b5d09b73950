package redisd

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"mashang/domain/fault"
)

// adopt takes over a redis-server that a killed predecessor left on the
// folder. It returns nil without error when there is none, or when the one
// there had to be stopped. Only the lock decides whether there is one: a pid
// file may name a stranger.
func (s *Server) adopt(ctx, hard context.Context) (*child, error) {
	if s.folder.idle() {
		return nil, nil //nolint:nilnil // nobody to adopt, nothing wrong
	}
	s.log.WarnContext(ctx, "a redis-server of a former run is still alive")
	s.socket = s.folder.remembered()
	client := connect(s.socket)
	defer client.Close() //nolint:errcheck // a look only

	// It may be on its way up or down: wait for it to answer or to go.
	var found facts
	wait, cancel := context.WithTimeout(ctx, s.cfg.Grace)
	defer cancel()
	err := until(wait, func() (bool, error) {
		var err error
		found, err = inspect(wait, client)
		return err == nil || s.folder.idle(), nil
	})
	if ctx.Err() != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "启动已被中止；数据没有变化，可以再次启动")
	}
	if s.folder.idle() {
		return nil, nil //nolint:nilnil // it went by itself
	}
	if found.dir != string(s.folder) {
		// It does not answer, or not as ours: all we have is the pid file.
		found.pid = readPID(s.folder.path("redis.pid"))
	}
	c := s.orphan(hard, found.pid)
	c.untrusted = found.dir != string(s.folder)
	if !c.untrusted && s.folder.runs(found.pid) {
		err := restoreSettings(ctx, client, s.cfg.Fsync)
		if err == nil {
			s.log.InfoContext(ctx, "adopted the redis-server of a former run; its own log is lost until it restarts",
				slog.Int("pid", found.pid))
			return c, nil
		}
		s.log.WarnContext(ctx, "the redis-server of a former run cannot be adopted", slog.String("error", err.Error()))
	}
	s.shutdown(hard, c)
	if !s.folder.idle() {
		return nil, fault.New(fault.Unavailable,
			"上一次运行留下的 Redis（%s）既不应答也停不下来：请用 fuser %s 找到并结束它后重试", s.folder, s.folder.path("alive"))
	}
	return nil, nil //nolint:nilnil // stopped, so there is nobody to adopt
}

// orphan wraps a process that is not our child: we cannot wait for it, but the
// lock it holds tells when it is gone, and it is signalled only after a look
// at what runs under its pid.
func (s *Server) orphan(hard context.Context, pid int) *child {
	c := &child{pid: pid, adopted: true, done: make(chan struct{}), state: "adopted process is gone"}
	c.signal = func(sig syscall.Signal) error {
		if !s.folder.runs(pid) {
			return fmt.Errorf("process %d is not our redis-server", pid)
		}
		return syscall.Kill(pid, sig)
	}
	// The watch outlives a forced stop by a moment, to see the end.
	watch, cancel := context.WithCancel(context.WithoutCancel(hard))
	go func() {
		defer cancel()
		if until(watch, func() (bool, error) { return s.folder.idle(), nil }) == nil {
			close(c.done)
		}
	}()
	c.stopWatching = cancel
	return c
}

// idle reports whether no redis-server lives on the folder.
func (f folder) idle() bool {
	lock, err := tryLock(f.path("alive"))
	if err != nil {
		return false // held, or we cannot tell
	}
	lock.release()
	return true
}

// runs reports whether the process is a redis-server started for this folder.
func (f folder) runs(pid int) bool {
	return pid > 1 && strings.Contains(commandLine(pid), f.path("redis.pid"))
}

// commandLine returns the arguments of a process, "" if there is none.
func commandLine(pid int) string {
	if runtime.GOOS == "linux" {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err != nil {
			return ""
		}
		return strings.ReplaceAll(string(text), "\x00", " ")
	}
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output() //nolint:gosec,noctx // a number; ends at once
	if err != nil {
		return ""
	}
	return string(out)
}
