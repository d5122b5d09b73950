package doctor_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/adapt"
	"mashang/wechat"
)

// answer is a face that answers everything the same.
func answer(status int, header, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// only answers one method as given and everything else as the inner face does.
func only(method string, special, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && r.URL.Path == "/wechat/push" {
			special.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

const ownRefusal = "Content-Type: application/problem+json"

// noServer is an address nobody listens at.
const noServer = "127.0.0.1:1"

// TestPushURL lets each thing between the platform and us go wrong.
func TestPushURL(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change      func(p *patient)
		bad, warned int
		want        []string
	}{
		"another site": {
			func(p *patient) { p.face = answer(200, "", "<html>欢迎</html>") }, 4, 0,
			[]string{"✗ 消息推送：https://example.com/wechat/push 对校验请求的应答不对：应答的不是本服务", "本机直接访问", "✗ 普通链接"},
		},
		"moved": {
			func(p *patient) {
				p.face = only("GET", answer(301, "Location: https://www.example.com/wechat/push?signature=x", ""), p.inner)
			}, 1, 0,
			[]string{"被转到 https://www.example.com/wechat/push，平台不跟随跳转"},
		},
		"moved to nonsense": {
			func(p *patient) { p.face = only("GET", answer(302, "Location: https://%zz?signature=x", ""), p.inner) }, 1, 0,
			[]string{"✗ 消息推送：https://example.com 访问不了：应答无法识别"},
		},
		"moved to nowhere": {
			func(p *patient) { p.face = only("GET", answer(301, "", ""), p.inner) }, 1, 0, []string{"被转到 别处（没有说明），"},
		},
		"not passed on": {
			func(p *patient) { p.face = only("GET", answer(404, "", "nginx"), p.inner) }, 1, 0,
			[]string{"404，反向代理没有把 /wechat/push 转给本服务", "是好的：问题在域名解析、防火墙或反向代理"},
		},
		"behind a login": {
			func(p *patient) { p.face = only("GET", answer(401, "", ""), p.inner) }, 1, 0, []string{"401，反向代理要求登录"},
		},
		"a firewall": {
			func(p *patient) { p.face = only("GET", answer(403, "Content-Type: text/html", "blocked"), p.inner) }, 1, 0,
			[]string{"403，不是本服务给的", "WAF"},
		},
		"a small limit": {
			func(p *patient) { p.face = only("POST", answer(413, "", ""), p.inner) }, 1, 0, []string{"对推送的应答不对：413"},
		},
		"a teapot": {
			func(p *patient) { p.face = only("POST", answer(418, "", ""), p.inner) }, 1, 0, []string{"对推送的应答不对：状态 418"},
		},
		"starting": {
			func(p *patient) { p.face = answer(503, ownRefusal, ""); p.inner = p.face }, 1, 0, []string{"503，服务正在启动"},
		},
		"a gateway to elsewhere": {
			func(p *patient) { p.face = answer(502, "", "") }, 1, 0, []string{"502，反向代理连不上后面的服务", "是好的"},
		},
		"not running behind a gateway": {
			func(p *patient) { p.face = answer(502, "", ""); p.cfg.HTTP.Addr = noServer }, 0, 1,
			[]string{"! 服务没有运行（127.0.0.1:1 没有程序监听）"},
		},
		"not running at all": {
			func(p *patient) { p.cfg.HTTP.Addr, p.cfg.HTTP.PublicURL = noServer, "http://"+noServer }, 0, 1,
			[]string{"! 服务没有运行"},
		},
		"nobody on the port, nor inside": {
			func(p *patient) { p.cfg.HTTP.Addr, p.cfg.HTTP.PublicURL = noServer, "http://127.0.0.1:2" }, 1, 0,
			[]string{"✗ 消息推送：http://127.0.0.1:2 访问不了：连接被拒绝", "另外，服务没有运行"},
		},
		"nobody on the port, fine inside": {
			func(p *patient) { p.cfg.HTTP.PublicURL = "https://127.0.0.1:2" }, 1, 0,
			[]string{"访问不了：连接被拒绝", "是好的：问题在"},
		},
		"another's certificate": {
			func(p *patient) { p.web.TLSClientConfig.ServerName = "other.test" }, 1, 0, []string{"证书不是发给这个域名的"},
		},
		"a certificate about to end": {
			func(p *patient) { p.front(certificate(p.t, time.Now().Add(3*24*time.Hour+time.Hour))) }, 0, 1, []string{"✓ 消息推送", "! 证书 3 天后到期"},
		},
		"a certificate that ended": {
			func(p *patient) { p.front(certificate(p.t, time.Now().Add(-time.Hour))) }, 1, 0, []string{"证书已过期"},
		},
		"another program on our port": {
			func(p *patient) { p.face = answer(404, "", ""); p.inner = p.face }, 4, 0,
			[]string{"应答 404，不像本服务：请核对 http.addr"},
		},
		"another token": {
			func(p *patient) {
				p.inner = p.product(p.receiver(func(c *wechat.Config) { c.PushToken = "another" }))
				p.face = p.inner
			}, 1, 0,
			[]string{"403，Token 与正在运行的服务不同"},
		},
		"another token behind the gateway": {
			func(p *patient) { p.face = p.product(p.receiver(func(c *wechat.Config) { c.PushToken = "another" })) }, 1, 0,
			[]string{"403，反向代理转到了另一个服务"},
		},
		"another key": {
			func(p *patient) {
				p.inner = p.product(p.receiver(func(c *wechat.Config) { c.PushAESKey = strings.Repeat("j", 43) }))
				p.face = p.inner
			}, 1, 0,
			[]string{"对推送的应答不对：403，Token 相符，而 EncodingAESKey"},
		},
		"a clock behind": {
			func(p *patient) {
				date := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
				p.face = only("GET", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Date", date)
					answer(403, ownRefusal, "").ServeHTTP(w, r)
				}), p.inner)
			}, 1, 0,
			[]string{"403，应答的机器时钟相差 1h0m"},
		},
		"slow": {
			func(p *patient) { p.slow = time.Nanosecond }, 0, 1, []string{"✓ 消息推送", "! 消息推送：应答用了"},
		},
		"in clear": {
			func(p *patient) {
				p.cfg.WeChat.PushMode = "plain"
				p.Receiver = p.receiver(func(*wechat.Config) {})
				p.face = p.product(p.Receiver)
			}, 0, 1,
			[]string{"! 消息推送是明文模式", "明文模式，数据格式 JSON"},
		},
		"cannot be sealed": {
			func(p *patient) { p.sealing = errors.New("no key") }, 1, 0, []string{"✗ 消息推送：做不出试推的消息：no key", "✓ 普通链接"},
		},
		"listening everywhere": {
			func(p *patient) {
				_, port, _ := strings.Cut(p.cfg.HTTP.Addr, ":")
				p.cfg.HTTP.Addr = "0.0.0.0:" + port
				p.face = only("GET", answer(404, "", ""), p.inner)
			}, 1, 0, []string{"本机直接访问 0.0.0.0:"},
		},
		"no fixed port": {
			func(p *patient) { p.cfg.HTTP.Addr = "127.0.0.1:0"; p.face = only("GET", answer(404, "", ""), p.inner) }, 1, 0,
			[]string{"404"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			tc.change(p)
			p.finds(tc.bad, tc.warned, tc.want...)
		})
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	at := func(path string, special, rest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				special.ServeHTTP(w, r)
				return
			}
			rest.ServeHTTP(w, r)
		})
	}
	const file, sign = "/q/WW_verify_ab12.txt", "/q/" + aKey
	for name, tc := range map[string]struct {
		change      func(p *patient)
		bad, warned int
		want        []string
	}{
		"no file at all": {
			func(p *patient) { p.cfg.WeChat.VerifyFiles = nil }, 0, 1,
			[]string{"! 普通链接：没有配置 wechat.verify_files", "✓ 普通链接：0 个校验文件"},
		},
		"a file is missing": {
			func(p *patient) { p.face = at(file, answer(404, "", ""), p.face) }, 1, 0,
			[]string{"✗ 普通链接：校验文件 https://example.com/q/WW_verify_ab12.txt 应答 404"},
		},
		"the other place": {
			func(p *patient) { p.face = at("/WW_verify_ab12.txt", answer(403, "", ""), p.face) }, 1, 0,
			[]string{"✗ 普通链接：校验文件 https://example.com/WW_verify_ab12.txt 应答 403"},
		},
		"a file changed": {
			func(p *patient) { p.face = at(file, answer(200, "", "ab12\n"), p.face) }, 1, 0, []string{"内容与 wechat.verify_files 里的不同"},
		},
		"hung up": {
			func(p *patient) {
				p.face = at(file, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), p.face)
			}, 1, 0, []string{"访问不了：连接中途被断开"},
		},
		"a proxy's page": {
			func(p *patient) { p.face = at(sign, answer(200, "Content-Type: text/html", "hello"), p.face) }, 1, 0,
			[]string{"✗ 普通链接：码牌的网页 https://example.com/q/ 应答 200，不是本服务的网页"},
		},
		"no page": {
			func(p *patient) { p.face = at(sign, answer(404, "", ""), p.face) }, 1, 0, []string{"应答 404，不是本服务的网页"},
		},
		"the page hangs up": {
			func(p *patient) {
				p.face = at(sign, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), p.face)
			}, 1, 0, []string{"码牌的网页 https://example.com/q/ 访问不了"},
		},
		"no station yet": {func(p *patient) { p.key = "" }, 0, 0, []string{"✓ 普通链接：1 个校验文件和码牌的网页都打得开"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			tc.change(p)
			p.finds(tc.bad, tc.warned, tc.want...)
		})
	}
}

// TestTheProbeHasNoEffect: what the doctor pushes is acknowledged, and nothing
// of it is kept for anybody to act on.
func TestTheProbeHasNoEffect(t *testing.T) {
	t.Parallel()
	for _, mode := range []wechat.PushMode{wechat.PushPlain, wechat.PushCompatible, wechat.PushSafe} {
		r := newPatient(t).receiver(func(c *wechat.Config) { c.PushMode = mode })
		probe, err := r.EventProbe()
		if err != nil {
			t.Fatal(err)
		}
		arrivals, err := adapt.Push{Receiver: r}.Open(probe.Query, probe.Body)
		if err != nil || len(arrivals) != 0 {
			t.Errorf("%s: %v, %v", mode, arrivals, err)
		}
	}
}
