package app_test

import (
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
)

// TestWeChatSettingsAreWrong: settings that only make sense together are named
// one by one, and nothing is asked of anybody.
func TestWeChatSettingsAreWrong(t *testing.T) {
	t.Parallel()
	cfg := config.Defaults()
	cfg.WeChat.AppID, cfg.WeChat.AppSecret = "wx0123456789abcdef", config.Secret(strings.Repeat("5", 32))
	cfg.WeChat.PushToken, cfg.WeChat.PushAESKey = "theTokenOfTheTest", config.Secret(strings.Repeat("k", 43))
	cfg.WeChat.Templates = map[string]string{"member_new": "one-template", "member_urge": "one-template"}
	cfg.WeChat.TemplateKeys = map[string]string{"member_urge.hint": "thing2"}
	got := app.WeChatFindings(t.Context(), cfg)
	for _, want := range []string{
		"✗ 微信配置：", "\n    wechat.templates.member_urge.id：与 member_new 用了同一个模板\n", "wechat.templates.member_urge.keys.subject：与 hint 用了同一个字段名",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "✓") {
		t.Errorf("went on:\n%s", got)
	}
	cfg.WeChat.AppID = ""
	if got := app.WeChatFindings(t.Context(), cfg); got != "" {
		t.Errorf("of the emulated platform: %s", got)
	}
}

// TestDomain: what the console would not take is said before anything is asked.
func TestDomain(t *testing.T) {
	t.Parallel()
	for origin, want := range map[string]string{
		"https://ma.example.cn": "✓ 对外地址", "http://ma.example.cn": "✗ http.public_url 是 http://ma.example.cn：小程序和二维码规则只接受 https 域名",
		"https://192.0.2.1": "服务器域名不能是 IP 地址", "https://[2001:db8::1]": "服务器域名不能是 IP 地址", "https://localhost": "服务器域名不能是 IP 地址或本机名",
		"https://server": "本机名", "https://ma.example.cn:8443": "只能用 443 端口", "https://%zz": "无法识别",
	} {
		cfg := config.Defaults()
		cfg.WeChat.AppID, cfg.HTTP.PublicURL = "wx0123456789abcdef", origin
		if got := app.ConfigFindings(cfg); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", origin, got, want)
		}
	}
}
