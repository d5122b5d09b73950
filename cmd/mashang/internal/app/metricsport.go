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

// metricsHere reports whether the metrics are served on the public port.
func metricsHere(c config.Config) bool { return c.Metrics.Addr == c.HTTP.Addr }

// metricsURL is the address of the metrics for this machine, "" for none.
func metricsURL(c config.Config) string {
	if c.Metrics.Addr == config.MetricsOff {
		return ""
	}
	return "http://" + c.Metrics.Addr + web.MetricsPath
}

// scrapeTimeout is the limit of a scraper's request, which waits for the store's counts.
const scrapeTimeout = 30 * time.Second

// exposeMetrics serves the metrics on an address of their own, and returns the function that ends it. A failure
// to listen is logged and affects only the metrics.
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
		Handler: mux, ReadHeaderTimeout: s.Config.HTTP.ReadHeaderTimeout, ReadTimeout: scrapeTimeout, WriteTimeout: scrapeTimeout,
		IdleTimeout: s.Config.HTTP.IdleTimeout, MaxHeaderBytes: 8 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	go func() { _ = server.Serve(listener) }() // stop ends it with ErrServerClosed
	s.Log.InfoContext(ctx, "metrics", slog.String("addr", listener.Addr().String()))
	return server.Shutdown
}
