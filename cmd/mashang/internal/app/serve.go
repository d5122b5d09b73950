package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
)

// Serve runs the product until ctx ends, then stops in order: no new connections, running requests finished,
// running notices finished, the emulator saved, Redis stopped.
type Serve struct {
	Config  config.Config
	Demo    bool
	Version string
	Log     *slog.Logger
	// Listening, if set, is called with the address once the server listens.
	Listening func(addr string)
	// Ready, if set, is called when the product is ready.
	Ready func()
}

// canaryInterval is the interval of updates of the canary's record.
const canaryInterval = time.Minute

// Run serves. It answers before it is ready: /healthz says that the process lives, everything else is 503 until
// the store is checked and seeded.
func (s Serve) Run(ctx context.Context) error {
	if s.Demo && !s.Config.WeChat.Emulated() {
		// Checked before anything is opened: the made-up station must not get into a real store.
		return fault.New(fault.Invalid, "--demo 只能配合模拟微信使用：演示里的人都是虚构的。请去掉 --demo，或不设置 wechat.app_id")
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Config.HTTP.Addr)
	if err != nil {
		return fmt.Errorf("监听 %s 失败，端口可能被占用：%w", s.Config.HTTP.Addr, err)
	}
	door := &readyGate{}
	h := s.Config.HTTP
	server := &http.Server{
		Handler: door, ReadHeaderTimeout: h.ReadHeaderTimeout, ReadTimeout: h.ReadTimeout,
		WriteTimeout: h.WriteTimeout, IdleTimeout: h.IdleTimeout, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	tuneGC()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if s.Listening != nil {
		s.Listening(listener.Addr().String())
	}
	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("http server: %w", err))
		}
	}()
	p, err := s.open(run, door)
	if err != nil {
		_ = server.Close()
		return errors.Join(err, ctxCause(run))
	}
	server.RegisterOnShutdown(p.server.Close)
	endMetrics := s.exposeMetrics(run, p.metrics)
	var work sync.WaitGroup
	work.Go(func() { p.desk.Run(run) })
	work.Go(func() { p.canaryLoop(run) })
	work.Go(func() { p.nightly(run) })
	work.Go(func() { p.erasureLoop(run) })
	work.Go(func() { p.disks.watch(run) })
	s.Log.InfoContext(run, "ready", slog.String("addr", listener.Addr().String()), slog.Bool("emulated", p.host.Emulator != nil))
	if s.Ready != nil {
		s.Ready()
	}
	<-run.Done()
	return errors.Join(ctxCause(run), s.shutdown(run, server, &work, p), endMetrics(context.WithoutCancel(run)))
}

// open builds the product, seeds the demo and opens the gate.
func (s Serve) open(ctx context.Context, d *readyGate) (*product, error) {
	p, err := build(ctx, s.Config, s.Demo, s.Version, s.Log)
	if err != nil {
		return nil, err
	}
	if p.host.Emulator != nil {
		s.Log.WarnContext(ctx, "NO APPID: WeChat is emulated in this process; anybody who reaches /_emulator/ can be anybody")
	}
	if advice := untrustedProxy(s.Config.HTTP); advice != "" {
		s.Log.WarnContext(ctx, "no proxy is trusted; everybody counts as one address", slog.String("advice", advice))
	}
	if s.Demo {
		if err := seed(ctx, p); err != nil {
			return nil, errors.Join(fmt.Errorf("seed the demo: %w", err), p.close(ctx))
		}
	}
	d.open(p.server.Handler())
	return p, nil
}

// shutdown finishes running work within the configured time.
func (s Serve) shutdown(ctx context.Context, server *http.Server, work *sync.WaitGroup, p *product) error {
	s.Log.InfoContext(ctx, "stopping")
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Config.HTTP.ShutdownTimeout)
	defer cancel()
	err := server.Shutdown(end)
	work.Wait()
	return errors.Join(err, p.close(end))
}

func (p *product) canaryLoop(ctx context.Context) {
	tick := time.NewTicker(canaryInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := p.saveCanary(ctx); err != nil {
				p.log.ErrorContext(ctx, "counts not written down", slog.String("advice", fault.Message(err)), slog.Any("err", err))
			}
		}
	}
}

const (
	// gcPercent lets the heap grow fivefold between collections: ours is a few tens of megabytes, and on two
	// cores the collector's share delays requests.
	gcPercent = 400
	// heapLimit makes the collector work as usual again long before a small machine runs out of memory.
	heapLimit = 1 << 30
)

// tuneGC trades memory for time, unless GOGC or GOMEMLIMIT is set.
func tuneGC() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(heapLimit)
	}
}

// ctxCause returns why the run ended, nil for an ordinary stop.
func ctxCause(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// readyGate answers 503 until the product behind it is ready.
type readyGate struct{ inner atomic.Pointer[http.Handler] }

func (d *readyGate) open(h http.Handler) { d.inner.Store(&h) }

// ServeHTTP implements http.Handler.
func (d *readyGate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.inner.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	if r.URL.Path == "/healthz" {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Retry-After", "1")
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"title":"Service Unavailable","status":503,"code":"unavailable","detail":"系统正在启动，请稍后再试"}` + "\n"))
}
