package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// queueTimeout is the limit of one reading of the queues.
const queueTimeout = 3 * time.Second

// queues reads the lengths of the queues only when the metrics are scraped.
type queues struct {
	back *managedStore
	log  *slog.Logger
}

var (
	queueLength = prometheus.NewDesc("mashang_queue_length", "Submissions in a station's queue.", []string{"station", "queue"}, nil)
	oldestPool  = prometheus.NewDesc("mashang_oldest_waiting_seconds", "Age of the oldest submission nobody has been given.", []string{"station"}, nil)
	overdue     = prometheus.NewDesc("mashang_overdue", "Submissions in members' hands past their deadline.", []string{"station"}, nil)
	alarms      = prometheus.NewDesc("mashang_alarms", "Submissions that speak of a danger no liaison has seen to.", []string{"station"}, nil)
	heldPhotos  = prometheus.NewDesc("mashang_held_photos", "Photos that wait for a liaison's eye.", []string{"station"}, nil)
	untold      = prometheus.NewDesc("mashang_untold", "Those who could not be told of something and wait for a liaison to.", []string{"station"}, nil)
	outbox      = prometheus.NewDesc("mashang_outbox_length", "Notices waiting to be sent, or given up (dead).", []string{"station", "what"}, nil)
	outboxLag   = prometheus.NewDesc("mashang_outbox_lag_seconds", "How long the first notice has been due.", []string{"station"}, nil)
	arrivals    = prometheus.NewDesc("mashang_arrivals_waiting", "What the platform pushed and is not worked on yet.", nil, nil)
	redisUp     = prometheus.NewDesc("mashang_redis_up", "1 if the store answers.", nil, nil)
)

// Describe implements prometheus.Collector.
func (q *queues) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueLength, oldestPool, overdue, alarms, heldPhotos, untold, outbox, outboxLag, arrivals, redisUp} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (q *queues) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), queueTimeout)
	defer cancel()
	gauges, err := q.back.Gauges(ctx)
	pushed, failed := q.back.Waiting(ctx)
	up := 1.0
	if err = errors.Join(err, failed); err != nil {
		up = 0
		q.log.WarnContext(ctx, "queues not read", slog.Any("err", err))
	}
	send := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	send(redisUp, up)
	if failed == nil {
		send(arrivals, float64(pushed))
	}
	for st, g := range gauges {
		for state, n := range g.InState {
			send(queueLength, float64(n), st, string(state))
		}
		send(oldestPool, g.OldestPooled.Seconds(), st)
		send(overdue, float64(g.Overdue), st)
		send(alarms, float64(g.Alarms), st)
		send(heldPhotos, float64(g.HeldPhotos), st)
		send(untold, float64(g.Undelivered), st)
		send(outbox, float64(g.Outbox), st, "waiting")
		send(outbox, float64(g.Dead), st, "dead")
		send(outboxLag, g.OutboxLag.Seconds(), st)
	}
}
