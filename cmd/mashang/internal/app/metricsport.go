package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"mashang/cmd/mashang/internal/config"
	"mashang/handlers/web"
)

// metricsHere reports whether the figures are served on the public port.
func metricsHere(c config.Config) bool { return c.Metrics.Addr == c.HTTP.Addr }

// metricsURL is where the figures are for somebody on this machine, "" for nowhere.
func metricsURL(c config.Config) string {
	if c.Metrics.Addr == config.MetricsOff {
		return ""
	}
	return "http://" + c.Metrics.Addr + web.MetricsPath
}

// answerTime bounds a scraper's request, which waits for the store's counts.
const answerTime = 30 * time.Second

// exposeMetrics serves the figures on an address of their own, and returns what
// ends that. An address that cannot be had is logged and costs the figures alone:
// people are not turned away for them.
func (s Serve) exposeMetrics(ctx context.Context, m *web.Metrics) (stop func(context.Context) error) {
	stop = func(context.Context) error { return nil }
	addr := s.Config.Metrics.Addr
	if addr == config.MetricsOff || metricsHere(s.Config) {
		return stop
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		s.Log.ErrorContext(ctx, "metrics are not served", slog.String("addr", addr), slog.Any("err", err),
			slog.String("advice", "指标的端口被占用或不可用：请改 metrics.addr，或设为 off"))
		return stop
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+web.MetricsPath, m.Handler())
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: s.Config.HTTP.ReadHeaderTimeout, ReadTimeout: answerTime, WriteTimeout: answerTime,
		IdleTimeout: s.Config.HTTP.IdleTimeout, MaxHeaderBytes: 8 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	go func() { _ = server.Serve(listener) }() // ends with ErrServerClosed, by stop
	s.Log.InfoContext(ctx, "metrics", slog.String("addr", listener.Addr().String()))
	return server.Shutdown
}
