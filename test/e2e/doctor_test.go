package e2e_test

import (
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// deployment is a product with a real AppID as an operator sets it up: the
// platform (the emulator on a port of its own), the server, and a reverse proxy
// with TLS behind https://example.com.
type deployment struct {
	*site
	templates []emulator.Template
}

// platformAPI starts the platform's side with the account's templates.
func (d *deployment) platformAPI(change func(*emulator.Options)) string {
	d.t.Helper()
	o := emulator.Options{
		AppID: accountID, AppSecret: accountSecret, OriginalID: accountOrigin, Clock: time.Now, Rand: rand.Reader,
		Pages: wechat.Pages, Templates: d.templates,
	}
	change(&o)
	e, err := emulator.New(d.t.Context(), o)
	if err != nil {
		d.t.Fatal(err)
	}
	server := httptest.NewServer(listing(e.API(), o.Templates))
	d.t.Cleanup(func() {
		server.Close()
		_ = e.Close(d.t.Context())
	})
	return server.URL
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	d := &deployment{}
	var ids []string
	for _, p := range notice.Purposes {
		tmpl := emulator.Template{ID: "tmpl-" + strings.ReplaceAll(string(p), "_", "-"), Title: string(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			tmpl.Fields = append(tmpl.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		d.templates = append(d.templates, tmpl)
		ids = append(ids, string(p)+"="+tmpl.ID)
	}
	d.site = newSite(t, map[string]string{
		"MASHANG_WECHAT_APP_ID": accountID, "MASHANG_WECHAT_APP_SECRET": accountSecret, "MASHANG_WECHAT_PUSH_TOKEN": accountToken,
		"MASHANG_WECHAT_PUSH_AES_KEY": accountKey, "MASHANG_WECHAT_ORIGINAL_ID": accountOrigin,
		"MASHANG_WECHAT_TEMPLATES": strings.Join(ids, ","), "MASHANG_WECHAT_VERIFY_FILES": "WW_verify_ab12.txt=ab12",
		"MASHANG_HTTP_PUBLIC_URL": "https://example.com", "MASHANG_HTTP_TRUSTED_PROXIES": "127.0.0.1,::1", "MASHANG_SEAL_KEYS": "k7:" + strings.Repeat("A", 43) + "=",
	})
	d.announce()
	d.Args = []string{"serve"}
	d.Env["MASHANG_WECHAT_API_BASE"] = d.platformAPI(func(*emulator.Options) {})
	d.front()
	for what, secret := range map[string]string{"the AppSecret": accountSecret, "the push token": accountToken, "the AES key": accountKey} {
		d.secret(what, secret)
	}
	return d
}

// front starts the reverse proxy and makes the deployment reach it by the
// public name: through a proxy of its own, and with its certificate trusted.
func (d *deployment) front() {
	d.t.Helper()
	target, err := url.Parse(d.Base)
	if err != nil {
		d.t.Fatal(err)
	}
	reverse := httputil.NewSingleHostReverseProxy(target)
	reverse.ErrorLog = log.New(io.Discard, "", 0)
	secure := httptest.NewUnstartedServer(reverse)
	secure.Config.ErrorLog = reverse.ErrorLog
	secure.StartTLS()
	d.t.Cleanup(secure.Close)
	trusted := filepath.Join(d.work, "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(trusted, cert, 0o600); err != nil {
		d.t.Fatal(err)
	}
	tunnel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "example.com:443" {
			http.Error(w, r.Host, http.StatusBadGateway)
			return
		}
		to, err := net.Dial("tcp", secure.Listener.Addr().String())
		if err != nil {
			http.Error(w, "", http.StatusBadGateway)
			return
		}
		from, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			d.t.Errorf("hijack: %v", err)
			return
		}
		_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}))
	d.t.Cleanup(tunnel.Close)
	d.Env["SSL_CERT_FILE"], d.Env["HTTPS_PROXY"] = trusted, tunnel.URL
}

// says runs the doctor with more settings and wants its words.
func (d *deployment) says(code int, env map[string]string, words ...string) string {
	d.t.Helper()
	r := d.run(env, "doctor")
	if r.code != code {
		d.t.Errorf("doctor: %v, want exit %d", r, code)
	}
	for _, w := range words {
		if !strings.Contains(r.out, w) {
			d.t.Errorf("the doctor does not say %q:\n%s", w, r.out)
		}
	}
	for _, secret := range []string{accountSecret, accountToken, accountKey, "signature="} {
		if strings.Contains(r.out+r.errOut, secret) {
			d.t.Errorf("the doctor tells a secret: %v", r)
		}
	}
	return r.out
}

// machine is what differs between two runs: where, when, how fast, how many
// addresses the platform has; kernel is a word about the machine itself.
var (
	kernel  = regexp.MustCompile(`(?m)^! 内核设置.*\n`)
	machine = regexp.MustCompile(`(?m)(?:数据目录|磁盘)：.*$|相差 [^，。\n]+|（[^（）]*s、[^（）]*s）|Redis \d[^：（]*|\d+ 个地址|\d+ 项请留意|\d{4}-\d\d-\d\d \d\d:\d\d`)
)

// asInTheGuide holds the guide's sample to what the doctor really says.
func (d *deployment) asInTheGuide(said string) {
	d.t.Helper()
	guide, err := os.ReadFile(filepath.Join(repository, "docs", "wechat-setup.md"))
	if err != nil {
		d.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "下面是一次真实运行的输出")
	_, rest, _ = strings.Cut(rest, "```\n")
	sample, _, _ := strings.Cut(rest, "\n```")
	said = strings.ReplaceAll(kernel.ReplaceAllString(strings.TrimSpace(said), ""), "https://example.com", "https://ma.example.cn")
	if diff := cmp.Diff(machine.ReplaceAllString(sample, "~"), machine.ReplaceAllString(said, "~")); diff != "" {
		d.t.Errorf("the sample in docs/wechat-setup.md is not what the doctor says:\n%s\nnow it says:\n%s", diff, said)
	}
}

// TestDoctorOnADeployment examines a whole set-up from outside, well and ill.
func TestDoctorOnADeployment(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	d.says(0, nil, "✓ 微信：AppID 和 AppSecret 有效", "! 服务没有运行")
	d.start()
	d.ready()
	d.cleansed()
	d.says(0, nil, "✓ 小程序码：还没有导入名册", "✓ 普通链接：1 个校验文件")
	d.mustRun("roster", "import", smallRoster().folder(t))
	well := d.says(0, nil,
		"✓ 对外地址：https://example.com", "✓ 微信：可以连通", "✓ 微信：AppID 和 AppSecret 有效",
		fmt.Sprintf("✓ 消息模板：%d 种通知都有模板，字段相符", len(notice.Purposes)),
		"✓ 消息推送：https://example.com/wechat/push 应答正确", "✓ 普通链接：1 个校验文件和码牌的网页都打得开", "✓ 小程序码：可以生成",
		"□ 设置 → 服务内容声明 → 用户隐私保护指引", "\n0 项必须处理")
	d.asInTheGuide(well)
	const base = "MASHANG_WECHAT_API_BASE"
	stranger := httptest.NewServer(http.HandlerFunc(offTheList))
	defer stranger.Close()
	for _, tc := range map[string]struct {
		env  map[string]string
		want []string
	}{
		"a wrong secret": {map[string]string{"MASHANG_WECHAT_APP_SECRET": strings.Repeat("0", 32)}, []string{"✗ 微信：AppSecret 不对"}},
		"another app":    {map[string]string{"MASHANG_WECHAT_APP_ID": "wxfedcba0987654321"}, []string{"✗ 微信：AppID 不对"}},
		"off the list":   {map[string]string{base: stranger.URL}, []string{"要加入的 IP：203.0.113.7"}},
		"not released": {
			map[string]string{base: d.platformAPI(func(o *emulator.Options) { o.Pages = nil })},
			[]string{"✗ 小程序码：小程序还没有发布"},
		},
		"other templates": {
			map[string]string{base: d.platformAPI(func(o *emulator.Options) { o.Templates = o.Templates[:4] })},
			[]string{"✗ 消息模板 wechat.templates.member_urge：账号里没有编号 tmpl-member-urge", "✓ 消息模板：4 种通知的模板字段相符"},
		},
		"another token":     {map[string]string{"MASHANG_WECHAT_PUSH_TOKEN": "another"}, []string{"403，Token 与正在运行的服务不同"}},
		"another AES key":   {map[string]string{"MASHANG_WECHAT_PUSH_AES_KEY": strings.Repeat("b", 43)}, []string{"Token 相符，而 EncodingAESKey"}},
		"another original":  {map[string]string{"MASHANG_WECHAT_ORIGINAL_ID": "gh_another"}, []string{"original_id 与正在运行的服务不同"}},
		"another file":      {map[string]string{"MASHANG_WECHAT_VERIFY_FILES": "WW_verify_cd34.txt=cd34"}, []string{"WW_verify_cd34.txt 应答 404"}},
		"no such name":      {map[string]string{"MASHANG_HTTP_PUBLIC_URL": "https://no.example.invalid", "HTTPS_PROXY": ""}, []string{"域名解析失败：no.example.invalid", "是好的：问题在域名解析"}},
		"unknown authority": {map[string]string{"SSL_CERT_FILE": filepath.Join(t.TempDir(), "none.pem")}, []string{"证书不受信任", "是好的"}},
	} {
		d.says(1, tc.env, tc.want...)
	}
	d.stop()
	d.says(0, nil, "! 服务没有运行")
}

// listing adds to an API what the platform says of the account itself, as its
// pages on getTemplateList and getCallbackIp have it.
func listing(api http.Handler, list []emulator.Template) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/wxaapi/newtmpl/gettemplate":
			data := make([]object, 0, len(list))
			for _, t := range list {
				var content strings.Builder
				for _, f := range t.Fields {
					content.WriteString(f.Name + ":{{" + f.Key + ".DATA}}\n")
				}
				data = append(data, object{"priTmplId": t.ID, "title": t.Title, "content": content.String(), "type": 2})
			}
			say(w, object{"errcode": 0, "errmsg": "ok", "data": data})
		case "/cgi-bin/getcallbackip":
			say(w, object{"ip_list": []string{"101.226.103.0/25", "140.207.54.0/24"}})
		default:
			api.ServeHTTP(w, r)
		}
	})
}

// offTheList is the platform's answer to an address that is not on the list.
func offTheList(w http.ResponseWriter, _ *http.Request) {
	say(w, object{
		"errcode": 40164,
		"errmsg":  "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6a0b1c2d-0123abcd-4567ef01",
	})
}
