package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/doctor"
	"mashang/domain/fault"
	"mashang/wechat"
)

// TestWellIsShort: when all is well, each step is one line, and the console's
// list is the only thing to look at.
func TestWellIsShort(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	got := p.examine()
	if got.bad != 0 || got.warned != 1 {
		t.Fatalf("%+v", got)
	}
	report, list, ok := strings.Cut(got.out, "! 下面这些平台不提供查询")
	if !ok || strings.Count(report, "\n") != 7 || strings.Count(report, "✓ ") != 7 {
		t.Errorf("too long, or no list:\n%s", got.out)
	}
	for _, want := range []string{
		"合法域名都填 https://example.com（", "URL https://example.com/wechat/push", "Token（17 位）", "EncodingAESKey（43 位）", "安全模式",
		"规则 https://example.com/q/（以 / 结尾）", "pages/scan/index", "功能 → 客服", "用户隐私保护指引", "手机号快速验证有余额",
	} {
		if !strings.Contains(list, want) {
			t.Errorf("the list does not say %q:\n%s", want, list)
		}
	}
	for _, d := range doctor.Declared {
		if !strings.Contains(list, d.What) || !strings.Contains(list, d.Why) {
			t.Errorf("the list lacks %s", d.What)
		}
	}
	if len(p.drawn) != 1 || p.drawn[0] != aKey {
		t.Errorf("drew %q", p.drawn)
	}
}

func refusal(code int64, msg string) error {
	return fault.Wrap(&wechat.APIError{Code: code, Msg: msg, Endpoint: "/cgi-bin/stable_token"}, fault.Unavailable, "微信平台拒绝了本次调用")
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{refusal(40125, "invalid appsecret"), "✗ 微信：AppSecret 不对"},
		{refusal(40001, "invalid credential"), "✗ 微信：AppSecret 不对"},
		{refusal(40013, "invalid appid"), "✗ 微信：AppID 不对"},
		{refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"), "要加入的 IP：203.0.113.7，几分钟后生效"},
		{refusal(40164, "not in whitelist"), "要加入的 IP：平台没有说是哪个"},
		{refusal(40243, "frozen"), "✗ 微信：AppSecret 被冻结"},
		{refusal(50004, "forbidden"), "✗ 微信：小程序已被停用"},
		{refusal(50007, "frozen"), "✗ 微信：小程序已被冻结"},
		{refusal(89503, ""), "请管理员在微信里点“确认”"},
		{refusal(89506, ""), "24 小时后才能再试"},
		{refusal(89507, ""), "1 小时后才能再试"},
		{refusal(45009, ""), "明天 0 点恢复"},
		{refusal(45011, ""), "一分钟后再试"},
		{refusal(-1, ""), "平台正忙，请稍后再试"},
		{refusal(99999, "not known to us"), "✗ 微信：errcode 99999，not known to us"},
		{fault.New(fault.Unavailable, "微信平台暂时没有应答"), "✗ 微信：取 access_token 没有得到应答：微信平台暂时没有应答"},
	} {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.ping = tc.err
			p.finds(1, 0, tc.want)
			if len(p.drawn) != 0 {
				t.Error("went on without credentials")
			}
		})
	}
}

func TestTheSecretLooksCut(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.cfg.WeChat.AppSecret = p.cfg.WeChat.AppSecret[:30]
	p.finds(0, 1, "! 微信：AppSecret 有 30 个字符，通常是 32 个")
}

func TestThePlatformIsAway(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.cfg.WeChat.APIBase = "http://127.0.0.1:1"
	p.finds(1, 0, "✗ 微信：连不上 http://127.0.0.1:1", "连接被拒绝", "✓ 消息推送", "✓ 普通链接")
}

func TestTheClockIsOff(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.cfg.WeChat.APIBase = p.serve(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	})
	p.finds(1, 0, "✗ 本机时钟与微信服务器相差 1h0m", "✓ 微信：AppID")
}

func TestImage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change      func(*patient)
		bad, warned int
		want        string
	}{
		"not released": {func(p *patient) { p.drawing = refusal(41030, "invalid page") }, 1, 0, "✗ 小程序码：小程序还没有发布，或已发布的版本里没有页面 pages/scan/index（errcode 41030）"},
		"refused":      {func(p *patient) { p.drawing = refusal(45009, "quota") }, 1, 0, "✗ 小程序码：没有生成：errcode 45009，quota"},
		"no answer":    {func(p *patient) { p.drawing = fault.New(fault.Unavailable, "没有应答") }, 1, 0, "✗ 小程序码：没有生成：没有应答"},
		"no station":   {func(p *patient) { p.key = "" }, 0, 0, "✓ 小程序码：还没有导入名册"},
		"a trial":      {func(p *patient) { p.cfg.WeChat.EnvVersion = "trial" }, 0, 1, "! 小程序码和通知现在打开的是 trial 版"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			tc.change(p)
			p.finds(tc.bad, tc.warned, tc.want)
		})
	}
}

func TestNoCallbackAddressIsNoMatter(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.ips = nil
	p.finds(0, 0)
}

// TestTroubleIsNamed makes each kind of failure with real servers where one can.
func TestTroubleIsNamed(t *testing.T) {
	t.Parallel()
	get := func(c *http.Client, address string) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/?signature=planted", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		return err
	}
	quiet := func(s *httptest.Server) *httptest.Server {
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		t.Cleanup(s.Close)
		return s
	}
	secure := quiet(httptest.NewTLSServer(http.NotFoundHandler()))
	plain := quiet(httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))
	slow := quiet(httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })))
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	quiet(old)
	strange := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	pool := x509.NewCertPool()
	pool.AddCert(secure.Certificate())
	named := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "other.example"}}}
	modern := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	brief := &http.Client{Timeout: 20 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"no such name":        {fmt.Errorf("x: %w", &net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true}), "域名解析失败：nowhere.example"},
		"another's":           {get(named, secure.URL), "证书不是发给这个域名的"},
		"unknown authority":   {get(strange, secure.URL), "缺少中间证书"},
		"expired":             {&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}, "证书已过期"},
		"no TLS there":        {get(strange, strings.Replace(slow.URL, "http:", "https:", 1)), "这个端口不是 https"},
		"an old TLS":          {get(modern, old.URL), "TLS 握手被拒绝"},
		"nobody listens":      {get(strange, "http://127.0.0.1:1"), "连接被拒绝"},
		"no answer":           {get(brief, slow.URL), "超时没有应答"},
		"hung up":             {get(strange, plain.URL), "连接中途被断开"},
		"cut":                 {io.ErrUnexpectedEOF, "连接中途被断开"},
		"something else":      {errors.New("what is this"), "what is this"},
		"an odd redirection":  {errors.New(`failed to parse Location header "https://x?signature=planted"`), "应答无法识别"},
		"a deadline":          {context.DeadlineExceeded, "超时没有应答"},
		"wrapped by the HTTP": {get(&http.Client{Transport: failing{}}, plain.URL), "out of order"},
	} {
		got := doctor.Trouble(tc.err)
		if tc.err == nil || !strings.Contains(got, tc.want) || strings.Contains(got, "planted") {
			t.Errorf("%s: %q of %v, want %q", name, got, tc.err, tc.want)
		}
	}
}

type failing struct{}

func (failing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("out of order")
}

func TestSkew(t *testing.T) {
	t.Parallel()
	date := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			t.Errorf("asked by %s", r.Method)
		}
		w.Header()["Date"] = nil // the server would add its own
		if date != "" {
			w.Header().Set("Date", date)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	cfg := config.Defaults()
	cfg.WeChat.APIBase = server.URL
	d := doctor.Checkup{Config: cfg}
	for _, off := range []time.Duration{0, -time.Hour, 90 * time.Second} {
		date = time.Now().Add(-off).UTC().Format(http.TimeFormat)
		got, err := d.Skew(t.Context())
		if err != nil || (got-off).Abs() > 10*time.Second {
			t.Errorf("off by %v: %v, %v", off, got, err)
		}
	}
	for _, date = range []string{"", "yesterday"} {
		if got, err := d.Skew(t.Context()); err == nil {
			t.Errorf("date %q: %v", date, got)
		}
	}
	server.Close()
	if _, err := d.Skew(t.Context()); err == nil {
		t.Error("nobody answers")
	}
}
