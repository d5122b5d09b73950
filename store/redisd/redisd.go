// Package redisd runs the product's own redis-server: with no address
// configured, users' data lives in a child process on a unix socket, appended
// to disk and synced before each answer.
//
// It promises four things. One owner: a lock on the redis folder, freed by the
// kernel whatever happens to the holder. One server: the child itself holds a
// second lock for as long as it lives, so that after a kill -9 of the owner
// the next one knows for certain that the old Redis is still there, and adopts
// it instead of starting a rival on the same files. Healing: a child that dies
// is started again on the same socket, with growing pauses. Care: no process
// is signalled unless it is known to be ours.
//
// The child gets a process group of its own, so that Ctrl-C in a terminal
// reaches the product first, which then stops Redis in order. The kernel's
// parent-death signal is left alone on purpose: it follows the thread that
// started the child, not the process, exists on Linux only, and would shoot a
// server that the next start can adopt with nothing lost.
package redisd

import (
	"context"
	"log/slog"
	"sync"
	"syscall"
	"time"

	"mashang/domain/fault"
)

const (
	// defaultGrace bounds each step of stopping: asked, told, killed.
	defaultGrace = 10 * time.Second
	// firstPause and longestPause bound the waits between restarts.
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
	// steadyAfter is how long a child must live for its past to be forgotten.
	steadyAfter = time.Minute
	// tick is how often conditions outside this process are looked at.
	tick = 50 * time.Millisecond
)

// Config says where and how to run Redis. Only Dir is required.
type Config struct {
	// Dir is the product's data folder; Redis lives in Dir/redis.
	Dir string
	// Binary is the redis-server to run; empty means the one in PATH.
	Binary string
	// Fsync is Redis' appendfsync; empty means "always", the only value that
	// keeps every acknowledged write over a power cut. Tests that do not care
	// may take "no".
	Fsync string
	// Log takes our messages and the child's; nil means silence.
	Log *slog.Logger
	// Grace bounds each step of stopping; zero means ten seconds.
	Grace time.Duration
	// After makes the pauses between restarts; nil means time.After.
	After func(time.Duration) <-chan time.Time
}

// Server is a running, supervised Redis.
type Server struct {
	cfg    Config
	folder folder
	binary string
	socket string
	log    *slog.Logger
	lock   *lockFile

	stop  context.CancelFunc
	force context.CancelFunc
	done  chan struct{}
	once  sync.Once
}

// Start locks Dir/redis, adopts the Redis a killed predecessor left there or
// starts a new one, and returns when it answers. ctx bounds the start alone,
// which may take minutes when there is much to load; when it ends early,
// nothing is left running that was not running before.
//
// Faults: Unavailable with ErrLocked in its chain when another process holds
// the folder; Unavailable with advice when redis-server is missing, too old,
// or does not come up.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Grace == 0 {
		cfg.Grace = defaultGrace
	}
	if cfg.After == nil {
		cfg.After = time.After
	}
	if cfg.Fsync == "" {
		cfg.Fsync = "always"
	}
	where, err := openFolder(cfg.Dir)
	if err != nil {
		return nil, err
	}
	binary, version, err := Installed(ctx, cfg.Binary)
	if err != nil {
		return nil, err
	}
	lock, err := where.own()
	if err != nil {
		return nil, err
	}
	// What runs later must outlive ctx, which is the start's alone.
	life := context.WithoutCancel(ctx)
	run, stop := context.WithCancel(life)
	hard, force := context.WithCancel(life)
	s := &Server{
		cfg: cfg, folder: where, binary: binary, lock: lock, stop: stop, force: force,
		log: cfg.Log.With(slog.String("part", "redis")), done: make(chan struct{}),
	}
	c, err := s.begin(ctx, hard)
	if err != nil {
		stop()
		force()
		lock.release()
		return nil, err
	}
	s.log.InfoContext(ctx, "managed redis is up", slog.String("version", version), slog.Int("pid", c.pid),
		slog.String("socket", s.socket), slog.String("fsync", cfg.Fsync), slog.Bool("adopted", c.adopted))
	go s.supervise(run, hard, c)
	return s, nil
}

// Socket returns the path of the unix socket. It never changes, whatever
// happens to the child, so clients heal by connecting again.
func (s *Server) Socket() string { return s.socket }

// Done is closed once Redis is stopped and the folder is free.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop asks Redis to finish, then tells it, then kills it, and returns when the
// folder is free. It may be called often and by many. When ctx ends before,
// Redis is killed at once (acknowledged writes are on disk anyway) and the
// fault is Unavailable.
func (s *Server) Stop(ctx context.Context) error {
	s.once.Do(s.stop)
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-s.done: // both were ready
		return nil
	default:
	}
	s.force()
	<-s.done
	return fault.Wrap(ctx.Err(), fault.Unavailable, "Redis 没有在限定时间内停下，已强制结束；已确认的数据都在磁盘上，可直接再次启动")
}

// begin finds or makes the first child and waits until it answers.
func (s *Server) begin(ctx, hard context.Context) (*child, error) {
	c, err := s.adopt(ctx, hard)
	if err != nil {
		return nil, err
	}
	if c == nil {
		if err := s.folder.complete(); err != nil {
			return nil, err
		}
		if s.socket, err = s.folder.newSocket(); err != nil {
			return nil, err
		}
		if c, err = s.spawn(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.ready(ctx, c); err != nil {
		s.shutdown(hard, c)
		return nil, err
	}
	return c, nil
}

// supervise keeps a child alive until run ends, then stops it.
func (s *Server) supervise(run, hard context.Context, c *child) {
	defer close(s.done)
	defer s.lock.release()
	defer s.force()
	pause := firstPause
	for s.watch(run, c, &pause) {
		if c = s.restart(run, hard, &pause); c == nil {
			break
		}
	}
	if c != nil {
		s.shutdown(hard, c)
	}
	s.log.InfoContext(run, "managed redis is stopped")
}

// watch returns true when the child died and false when run ended first. A
// child that lives long enough sets the pause back.
func (s *Server) watch(run context.Context, c *child, pause *time.Duration) bool {
	steady := s.cfg.After(steadyAfter)
	for {
		select {
		case <-run.Done():
			return false
		case <-steady:
			*pause, steady = firstPause, nil
		case <-c.done:
			s.log.ErrorContext(run, "managed redis died", slog.Int("pid", c.pid),
				slog.String("state", c.state), slog.String("advice", c.advice()))
			return true
		}
	}
}

// restart starts a child anew, after longer and longer pauses, until one
// answers. It returns nil when run ended first.
func (s *Server) restart(run, hard context.Context, pause *time.Duration) *child {
	for run.Err() == nil {
		s.log.WarnContext(run, "managed redis will be restarted", slog.Duration("after", *pause))
		select {
		case <-run.Done():
			return nil
		case <-s.cfg.After(*pause):
		}
		*pause = min(*pause*2, longestPause)
		c, err := s.spawn(run)
		if err == nil {
			if err = s.ready(run, c); err == nil {
				s.log.InfoContext(run, "managed redis is up again", slog.Int("pid", c.pid))
				return c
			}
			s.shutdown(hard, c)
		}
		if run.Err() == nil {
			s.log.ErrorContext(run, "managed redis did not come up", slog.String("error", err.Error()))
		}
	}
	return nil
}

// shutdown ends a child: by command, by SIGTERM (Redis syncs and exits on
// both), by SIGKILL. When hard ends it goes straight to the last.
func (s *Server) shutdown(hard context.Context, c *child) {
	if c.stopWatching != nil {
		defer c.stopWatching()
	}
	select {
	case <-c.done:
		return
	default:
	}
	if !c.untrusted && listens(hard, s.socket) {
		asked, cancel := context.WithTimeout(hard, s.cfg.Grace)
		defer cancel()
		client := connect(s.socket)
		defer client.Close() //nolint:errcheck // a last command; nothing is left to lose
		// The answer to success is a closed connection; to anything else we
		// answer with signals.
		client.Shutdown(asked)
		if c.waitExit(asked, time.Second) {
			return
		}
	}
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if sig == syscall.SIGTERM && hard.Err() != nil {
			continue
		}
		s.log.WarnContext(hard, "managed redis does not stop", slog.Int("pid", c.pid), slog.String("signal", sig.String()))
		if err := c.signal(sig); err != nil {
			s.log.WarnContext(hard, "signal failed", slog.String("error", err.Error()))
		}
		wait := hard
		if sig == syscall.SIGKILL {
			wait = context.WithoutCancel(hard)
		}
		if c.waitExit(wait, s.cfg.Grace) {
			return
		}
	}
	s.log.ErrorContext(hard, "managed redis cannot be stopped", slog.Int("pid", c.pid),
		slog.String("advice", "请手工结束这个 Redis 进程后再启动"))
}
