package app

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mashang/cmd/mashang/internal/config"
	"mashang/domain/station"
	"mashang/store/redisd"
)

// What is deleted is gone from the store at once and from Redis' files when they
// are written anew: each night, whenever that was missed, and before each backup.
// People were promised a day.
const (
	// rewriteAfter is the age of the last rewriting at which one is due by day as
	// well; with rewriteLook and rewriteMost it stays below the day promised.
	rewriteAfter = 20 * time.Hour
	// rewriteLook is how often a server looks whether one is due.
	rewriteLook = time.Hour
	// rewriteMost bounds one: gigabytes are written in minutes.
	rewriteMost = 10 * time.Minute
	// rewritePromise is the day.
	rewritePromise = 24 * time.Hour
)

// rewrite writes Redis' files anew, without what was deleted before the call.
func (b *managedStore) rewrite(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, rewriteMost)
	defer cancel()
	if err := b.Rewrite(ctx); err != nil {
		return err
	}
	if !cfg.Redis.Managed() {
		return nil
	}
	return redisd.DropSnapshot(cfg.Data.Dir)
}

// erasureLoop keeps the promise while the server serves: also after a night in
// which it did not, and again each hour while it cannot.
func (p *product) erasureLoop(ctx context.Context) {
	tick := time.NewTicker(rewriteLook)
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

// eraseIfDue is eraseFiles when the last rewriting is long ago, or lies further in
// the future than clocks of two machines are apart: one was wrong.
func (p *product) eraseIfDue(ctx context.Context, now time.Time) {
	r, err := p.back.Rewritten(ctx)
	if err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "not known when redis' files were written anew", slog.Any("err", err))
		}
		return
	}
	if age := now.Sub(r.At); age > -rewriteLook && age < rewriteAfter {
		p.rewritten.at.Store(r.At.Unix())
		return
	}
	p.eraseFiles(ctx)
}

// eraseFiles finishes what erasures could not read, and takes out of Redis' files
// what was deleted; the log hears of both.
func (p *product) eraseFiles(ctx context.Context) {
	left, err := p.desk.Privacy.FinishErasures(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		p.log.ErrorContext(ctx, "erasures could not be finished", slog.String("advice", advice(err)), slog.Any("err", err))
	case left > 0:
		p.log.ErrorContext(ctx, "erasures wait for records of uploads that cannot be read", slog.Int("persons", left),
			slog.String("advice", "mashang verify 会列出这些记录，处理办法见 docs/operation.md“一条记录坏了”"))
	}
	began := time.Now()
	if err := p.back.rewrite(ctx, p.cfg); err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "redis' files were not written anew: they still hold what was deleted since the last time",
				slog.String("advice", advice(err)), slog.Any("err", err))
		}
		return
	}
	p.rewritten.at.Store(began.Unix())
	p.log.InfoContext(ctx, "redis' files are written anew, without what was deleted", slog.Duration("took", time.Since(began)))
}

// rewritten is when Redis' files were last written anew, for the metrics.
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

// clockOf is a time as the operator reads it.
func clockOf(t time.Time) string { return t.In(station.Zone).Format("2006-01-02 15:04") }

// rewritten says whether what was deleted is out of Redis' files.
func (d *Doctor) rewritten(ctx context.Context, back *managedStore) {
	mark, err := back.Mark(ctx)
	if err != nil || mark.ID == "" {
		return // said elsewhere, or there are no data
	}
	r, err := back.Rewritten(ctx)
	switch {
	case err != nil:
		d.fail("已删除的内容：%s", advice(err))
	case r.Why != "" && r.At.IsZero():
		d.warn("已删除的内容：还在 Redis 的文件里，%s 试过清理，没有成功：%s", clockOf(r.Failed), r.Why)
	case r.Why != "":
		d.warn("已删除的内容：%s 以后删除的还在 Redis 的文件里，%s 试过清理，没有成功：%s", clockOf(r.At), clockOf(r.Failed), r.Why)
	case r.At.IsZero():
		d.warn("已删除的内容：还没有从 Redis 的文件里清理过；mashang serve 启动后会自动清理")
	case time.Since(r.At) > rewritePromise:
		d.warn("已删除的内容：%s 以后删除的可能还在 Redis 的文件里；mashang serve 启动后会自动清理", clockOf(r.At))
	default:
		d.ok("已删除的内容：%s 以前删除的，Redis 的文件里已经没有", clockOf(r.At))
	}
}
