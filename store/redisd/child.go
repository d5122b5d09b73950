package redisd

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// child is one redis-server process, started by us or adopted.
type child struct {
	pid     int
	adopted bool
	// done is closed when the process is gone; state is set before that.
	done  chan struct{}
	state string
	// signal sends a signal if the process is still the one we know.
	signal func(syscall.Signal) error
	// untrusted means that what answers on the socket may not be this process,
	// so it must not be sent commands.
	untrusted bool
	// stopWatching ends the watch over an adopted process; nil for one of our own.
	stopWatching func()
	// log is the child's output; nil for an adopted one.
	log *relay
}

// waitExit waits until the child is gone, ctx ends or limit has passed.
func (c *child) waitExit(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-c.done:
		return true
	case <-ctx.Done():
		return false
	}
}

// args is the whole configuration; no file is read.
func (s *Server) args() []string {
	return []string{
		"--port", "0",
		"--unixsocket", s.socket,
		"--unixsocketperm", "700",
		"--daemonize", "no",
		"--pidfile", s.folder.path("redis.pid"),
		// The arguments stay readable in the process list: that is how an
		// orphan is recognised.
		"--set-proc-title", "no",
		"--dir", string(s.folder),
		"--appendonly", "yes",
		"--appendfsync", s.cfg.Fsync,
		"--no-appendfsync-on-rewrite", "no",
		"--aof-load-truncated", "yes",
		"--save", "",
		"--maxmemory-policy", "noeviction",
		"--loglevel", "notice",
		// A crash report would print the command it died of, users' text and all.
		"--crash-log-enabled", "no",
	}
}

// spawn starts a child. It does not wait until it answers.
func (s *Server) spawn(ctx context.Context) (*child, error) {
	alive, err := s.folder.waitAlive(ctx, s.cfg.Grace)
	if err != nil {
		return nil, err
	}
	// From here on the lock belongs to the child, or to nobody.
	defer alive.closeDescriptor()
	if err := errors.Join(remove(s.folder.path("redis.pid")), s.folder.sweep()); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "无法写入 %s：请检查文件夹权限", s.folder)
	}
	life := context.WithoutCancel(ctx)
	log := &relay{say: func(level slog.Level, text string) {
		s.log.LogAttrs(life, level, "redis-server says", slog.String("text", text))
	}}
	// The child is stopped in steps by shutdown, never by a context.
	cmd := exec.CommandContext(life, s.binary, s.args()...) //nolint:gosec // the operator names the binary
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{alive.file}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// A fork that rewrites the AOF may keep the pipe open a while longer.
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "无法启动 %s：请检查它是否可执行", s.binary)
	}
	c := &child{pid: cmd.Process.Pid, done: make(chan struct{}), log: log}
	c.signal = func(sig syscall.Signal) error { return cmd.Process.Signal(sig) }
	go func() {
		defer close(c.done)
		_ = cmd.Wait() // the state says more
		c.state = cmd.ProcessState.String()
	}()
	return c, nil
}

// ready waits until the child answers. Loading a large file takes its time:
// there is no limit but ctx and the child's own end.
func (s *Server) ready(ctx context.Context, c *child) error {
	client := connect(s.socket)
	defer client.Close() //nolint:errcheck // a look only
	loading := false
	err := until(ctx, func() (bool, error) {
		select {
		case <-c.done:
			return false, fault.Wrap(errors.New(c.state), fault.Unavailable, "Redis 没有启动成功：%s", c.advice())
		default:
		}
		if !listens(ctx, s.socket) {
			return false, nil
		}
		err := client.Ping(ctx).Err()
		if redis.IsLoadingError(err) && !loading {
			loading = true
			s.log.InfoContext(ctx, "managed redis is loading its data", slog.Int("pid", c.pid))
		}
		return err == nil, nil
	})
	if err != nil && ctx.Err() != nil {
		return fault.Wrap(err, fault.Unavailable, "Redis 还没有准备好，启动已被中止；数据没有变化，可以再次启动")
	}
	return err
}
