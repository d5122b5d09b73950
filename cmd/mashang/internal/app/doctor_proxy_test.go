package app_test

import (
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
)

// A proxy that nobody trusts makes everybody one address: the doctor says so
// before people find out.
func TestAProxyThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		public, addr string
		trusted      []string
		want         string
	}{
		"on this machine":            {"https://ma.example.cn", "127.0.0.1:8080", nil, "✗ 反向代理：服务只监听本机"},
		"by IPv6":                    {"https://ma.example.cn", "[::1]:8080", []string{"10.0.0.0/8"}, "✗ 反向代理：服务只监听本机"},
		"elsewhere":                  {"https://ma.example.cn", "0.0.0.0:8080", nil, "✗ 反向代理：对外是 https"},
		"trusted":                    {"https://ma.example.cn", "127.0.0.1:8080", []string{"127.0.0.1"}, ""},
		"trusted by network":         {"https://ma.example.cn", "127.0.0.1:8080", []string{"127.0.0.0/8"}, ""},
		"trusted by IPv6":            {"https://ma.example.cn", "localhost:8080", []string{"::1"}, ""},
		"trusted elsewhere":          {"https://ma.example.cn", "0.0.0.0:8080", []string{"10.0.0.2"}, ""},
		"nobody but this machine":    {"http://127.0.0.1:8080", "127.0.0.1:8080", nil, ""},
		"an office without a proxy":  {"http://10.0.0.9:8080", "10.0.0.9:8080", nil, ""},
		"a demo shown through nginx": {"http://demo.example.cn", "127.0.0.1:8080", nil, "✗ 反向代理：服务只监听本机"},
	} {
		cfg := config.Defaults()
		cfg.HTTP.PublicURL, cfg.HTTP.Addr, cfg.HTTP.TrustedProxies = c.public, c.addr, c.trusted
		got := app.ConfigFindings(cfg)
		if c.want == "" && strings.Contains(got, "反向代理") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
