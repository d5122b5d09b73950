package app

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/store/redisd"
)

// Deleted data is removed from the store at once, and from Redis' files when they are rewritten: each night,
// after a missed night, and before each backup. People were promised a day.
const (
	// rewriteAfter is the age of the last rewrite from which one is due by day as well. Together with
	// rewriteCheckInterval and maxRewriteTime it stays below the promised day.
	rewriteAfter = 20 * time.Hour
	// rewriteCheckInterval is the interval of a server's checks whether one is due.
	rewriteCheckInterval = time.Hour
	// maxRewriteTime is the limit of one rewrite: gigabytes take minutes.
	maxRewriteTime = 10 * time.Minute
	// rewritePromise is the promised day.
	rewritePromise = 24 * time.Hour
)

// rewrite rewrites Redis' files without what was deleted before the call.
func (b *managedStore) rewrite(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, maxRewriteTime)
	defer cancel()
	if err := b.Rewrite(ctx); err != nil {
		return err
	}
	if !cfg.Redis.Managed() {
		return nil
	}
	return redisd.DropSnapshot(cfg.Data.Dir)
}

// erasureLoop keeps the promise while the server runs: also after a night without a rewrite, and again each
// hour while it fails.
func (p *product) erasureLoop(ctx context.Context) {
	tick := time.NewTicker(rewriteCheckInterval)
	defer tick.Stop()
	for {
		p.eraseIfDue(ctx, time.Now())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// eraseIfDue calls eraseFiles if the last rewrite is too old, or further in the future than two machines'
// clocks differ: one was wrong.
func (p *product) eraseIfDue(ctx context.Context, now time.Time) {
	r, err := p.back.Rewritten(ctx)
	if err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "not known when redis' files were written anew", slog.Any("err", err))
		}
		return
	}
	if age := now.Sub(r.At); age > -rewriteCheckInterval && age < rewriteAfter {
		p.rewritten.at.Store(r.At.Unix())
		return
	}
	p.eraseFiles(ctx)
}

// eraseFiles finishes interrupted erasures and removes deleted data from Redis' files; both are logged.
func (p *product) eraseFiles(ctx context.Context) {
	left, err := p.desk.Privacy.FinishErasures(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		p.log.ErrorContext(ctx, "erasures could not be finished", slog.String("advice", fault.Message(err)), slog.Any("err", err))
	case left > 0:
		p.log.ErrorContext(ctx, "erasures wait for records of uploads that cannot be read", slog.Int("persons", left),
			slog.String("advice", "mashang verify 会列出这些记录，处理办法见 docs/operation.md“一条记录坏了”"))
	}
	began := time.Now()
	if err := p.back.rewrite(ctx, p.cfg); err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "redis' files were not written anew: they still hold what was deleted since the last time",
				slog.String("advice", fault.Message(err)), slog.Any("err", err))
		}
		return
	}
	p.rewritten.at.Store(began.Unix())
	p.log.InfoContext(ctx, "redis' files are written anew, without what was deleted", slog.Duration("took", time.Since(began)))
}

// rewritten is the time of the last rewrite, for the metrics.
type rewritten struct{ at atomic.Int64 }

var rewriteTime = prometheus.NewDesc("mashang_rewrite_timestamp_seconds",
	"When Redis' files were last written anew: what was deleted before is in none of them. No figure before the first time.", nil, nil)

// Describe implements prometheus.Collector.
func (*rewritten) Describe(ch chan<- *prometheus.Desc) { ch <- rewriteTime }

// Collect implements prometheus.Collector.
func (r *rewritten) Collect(ch chan<- prometheus.Metric) {
	if at := r.at.Load(); at > 0 {
		ch <- prometheus.MustNewConstMetric(rewriteTime, prometheus.GaugeValue, float64(at))
	}
}

// clockOf formats a time for the operator.
func clockOf(t time.Time) string { return t.In(station.Zone).Format("2006-01-02 15:04") }

// rewritten reports whether deleted data is out of Redis' files.
func (d *Doctor) rewritten(ctx context.Context, back *managedStore) {
	mark, err := back.Mark(ctx)
	if err != nil || mark.ID == "" {
		return // reported elsewhere, or there are no data
	}
	r, err := back.Rewritten(ctx)
	switch {
	case err != nil:
		d.Fail("已删除的内容：%s", fault.Message(err))
	case r.Why != "" && r.At.IsZero():
		d.Warn("已删除的内容：还在 Redis 的文件里，%s 试过清理，没有成功：%s", clockOf(r.Failed), r.Why)
	case r.Why != "":
		d.Warn("已删除的内容：%s 以后删除的还在 Redis 的文件里，%s 试过清理，没有成功：%s", clockOf(r.At), clockOf(r.Failed), r.Why)
	case r.At.IsZero():
		d.Warn("已删除的内容：还没有从 Redis 的文件里清理过；mashang serve 启动后会自动清理")
	case time.Since(r.At) > rewritePromise:
		d.Warn("已删除的内容：%s 以后删除的可能还在 Redis 的文件里；mashang serve 启动后会自动清理", clockOf(r.At))
	default:
		d.Pass("已删除的内容：%s 以前删除的，Redis 的文件里已经没有", clockOf(r.At))
	}
}
