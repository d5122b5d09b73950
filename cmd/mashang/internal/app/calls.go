package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"mashang/wechat"
)

// calls collects the state of the platform calls for the metrics.
type calls struct{ client *wechat.Client }

var (
	platformUp = prometheus.NewDesc("mashang_wechat_up", "0 while calls are held back because the platform does not answer.", nil, nil)
	budgetUsed = prometheus.NewDesc("mashang_wechat_budget_used_ratio", "How much of the day's own budget of calls all processes have taken.", []string{"endpoint"}, nil)
)

// Describe implements prometheus.Collector.
func (calls) Describe(ch chan<- *prometheus.Desc) {
	ch <- platformUp
	ch <- budgetUsed
}

// Collect implements prometheus.Collector.
func (c calls) Collect(ch chan<- prometheus.Metric) {
	up := 1.0
	if c.client.Open() {
		up = 0
	}
	ch <- prometheus.MustNewConstMetric(platformUp, prometheus.GaugeValue, up)
	for endpoint, share := range c.client.BudgetUsed() {
		ch <- prometheus.MustNewConstMetric(budgetUsed, prometheus.GaugeValue, share, endpoint)
	}
}
