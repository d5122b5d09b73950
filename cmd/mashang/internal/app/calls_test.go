package app_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// The way to the platform is in the figures from the start; without an AppID
// there is no budget to show.
func TestCallsAreShown(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewPedanticRegistry()
	p, _ := product(t)
	registry.MustRegister(p.Calls())
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if len(families) != 1 || families[0].GetName() != "mashang_wechat_up" || families[0].GetMetric()[0].GetGauge().GetValue() != 1 {
		t.Errorf("shown: %v", families)
	}
}
