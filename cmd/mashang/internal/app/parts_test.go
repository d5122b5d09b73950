package app_test

import (
	"testing"

	"go.uber.org/goleak"

	"mashang/cmd/mashang/internal/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestHostOf(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"redis.example:6379": "redis.example", "10.0.0.7:6379": "10.0.0.7", "[fd00::7]:6379": "fd00::7", "redis": "redis",
	} {
		if got := app.HostOf(addr); got != want {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
}
