package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the product's metrics for Prometheus. Labels contain nothing personal. It is created before the
// desk, which calls Observe.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	notices  *prometheus.CounterVec
	acts     *prometheus.CounterVec
	filed    *prometheus.CounterVec
	urged    prometheus.Counter
	arrivals *prometheus.CounterVec
	alarms   prometheus.Counter
	photos   *prometheus.CounterVec
	calls    *prometheus.CounterVec
	callTime *prometheus.HistogramVec
}

// NewMetrics returns empty metrics with those of the process and the runtime. more are collected at each scrape
// (queue lengths, the store).
func NewMetrics(more ...prometheus.Collector) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counters("mashang_http_requests_total", "HTTP requests answered.", "route", "method", "status"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mashang_http_request_seconds", Help: "Time to answer an HTTP request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route", "method"}),
		notices: counters("mashang_notices_total", "Attempts to tell somebody, by outcome.", "outcome"),
		acts:    counters("mashang_acts_total", "Acts on submissions.", "act"),
		filed:   counters("mashang_filed_total", "Submissions filed, by the state they began in.", "state"),
		urged: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "mashang_urged_total", Help: "Urges of overdue submissions.",
		}),
		arrivals: counters("mashang_arrivals_total", "Deliveries of the platform given up after all tries.", "outcome"),
		calls:    counters("mashang_wechat_calls_total", "Calls of the platform, by how they ended: 0, an errcode, or what went wrong.", "endpoint", "code"),
		callTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mashang_wechat_seconds", Help: "Time the platform took for a call.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"endpoint"}),
	}
	m.alarms = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "mashang_alarms_total", Help: "Texts that speak of a danger.",
	})
	m.photos = counters("mashang_photo_checks_total", "What the platform said of photos.", "verdict")
	m.registry.MustRegister(m.requests, m.seconds, m.notices, m.acts, m.filed, m.urged, m.arrivals, m.alarms, m.photos,
		m.calls, m.callTime,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.Collect(more...)
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Collect adds collectors. It panics on a duplicate, which is a mistake in the wiring.
func (m *Metrics) Collect(more ...prometheus.Collector) { m.registry.MustRegister(more...) }

// Observe is desk.Config.Observe.
func (m *Metrics) Observe(event, label string) {
	switch event {
	case "notice":
		m.notices.WithLabelValues(label).Inc()
	case "act":
		m.acts.WithLabelValues(label).Inc()
	case "filed":
		m.filed.WithLabelValues(label).Inc()
	case "urged":
		m.urged.Inc()
	case "alarm":
		m.alarms.Inc()
	case "photo":
		m.photos.WithLabelValues(label).Inc()
	case "arrival":
		m.arrivals.WithLabelValues(label).Inc()
	}
}

// Platform records a call of the platform, and one that was not made ("open", "budget"). Both labels come from
// fixed lists.
func (m *Metrics) Platform(endpoint, code string, took time.Duration) {
	m.calls.WithLabelValues(endpoint, code).Inc()
	if code != "open" && code != "budget" {
		m.callTime.WithLabelValues(endpoint).Observe(took.Seconds())
	}
}

func (m *Metrics) request(route, method string, status int, took time.Duration) {
	method = methodLabel(method)
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route, method).Observe(took.Seconds())
}

// methodLabel keeps invented methods from creating series.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// MetricsPath is the path for scrapers.
const MetricsPath = "/metrics"

// Handler answers a scraper.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
