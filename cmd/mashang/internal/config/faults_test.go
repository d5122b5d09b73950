package config_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/cmd/mashang/internal/config"
)

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	text := `http:
  addr: nowhere
  adrr: 127.0.0.1:1
  read_timeout: 15
  write_timeout: -3s
  trusted_proxies: [10.0.0.0/8, nonsense]
  max_body: 1MB
redis:
  db: many
  pool: 0x
  pool: 5
  tls: perhaps
wechat:
  push_mode: loud
  app_secret: hunter2hunter2
  templates: {member_knew: aaaaaaaa, member_new: "???"}
  verify_files: {"../x.txt": a}
graphite:
  on: true
notice: [1]
log: {level: loud}
`
	faults := bad(t, text, "MASHANG_NOTICE_WORKERS=four", "MASHANG_LOG_FORMAT=xml", "MASHANG_MEDIA_MAX_SIDE=1")
	want := []string{
		"http.addr", "http.adrr", "http.read_timeout", "http.write_timeout", "http.trusted_proxies",
		"http.max_body", "redis.db", "redis.pool", "redis.pool", "redis.tls", "wechat.app_secret",
		"wechat.push_mode", "wechat.templates", "wechat.templates", "wechat.verify_files",
		"graphite", "notice", "notice.workers", "log.level", "log.format", "media.max_side",
	}
	got := paths(faults)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v\n%v", got, want, faults)
	}
	message := faults.Error()
	for _, part := range []string{
		"配置有 21 处错误", "http.addr / MASHANG_HTTP_ADDR（config.yaml 第 2 行）：应为 地址:端口",
		"第 3 行", "是不是 addr？", "500ms、15s", "不能小于 10ms", "其中 1：应为网段",
		"512KiB", "第 9 行", "第 11 行）：重复了，第 10 行", "true 或 false", "只能是 plain、compatible、safe 之一",
		"MASHANG_WECHAT_APP_SECRET", "app_secret_file", "其中 member_knew：没有这种用途", "member_message", "其中 ../x.txt",
		"没有这个分段", "可用的有 http、metrics、data", "应为一个分段", "MASHANG_NOTICE_WORKERS（来自环境变量）：应为整数",
		"MASHANG_LOG_FORMAT", "text、json", "不能小于 320",
	} {
		if !strings.Contains(message, part) {
			t.Errorf("missing %q", part)
		}
	}
	for _, value := range []string{"hunter2", "nowhere", "nonsense", "perhaps", "four", "xml"} {
		if strings.Contains(message, value) {
			t.Errorf("quotes the value %q", value)
		}
	}
	if t.Failed() {
		t.Log(message)
	}
}

func TestOneFault(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text    string
		environ []string
		path    string
		parts   []string
	}{
		"no yaml":             {"http: [\n", nil, "", []string{"不是合法的 YAML", "config.yaml 第"}},
		"tab":                 {"http:\n\taddr: x\n", nil, "", []string{"第 2 行", "空格"}},
		"a list":              {"- http\n", nil, "", []string{"最外层"}},
		"a text":              {"http\n", nil, "", []string{"最外层"}},
		"two documents":       {"http:\n---\ndata:\n", nil, "", []string{"只能有一份"}},
		"section twice":       {"http: {addr: 127.0.0.1:1}\nhttp:\n", nil, "http", []string{"重复了，第 1 行"}},
		"merge":               {"http:\n  <<: {addr: 127.0.0.1:1}\n", nil, "http.<<", []string{"锚点"}},
		"unknown, far":        {"data: {completely_else: 1}\n", nil, "data.completely_else", []string{"可用的有 dir"}},
		"list for text":       {"data: {dir: [a]}\n", nil, "data.dir", []string{"一段文字"}},
		"text for map":        {"wechat: {templates: x}\n", nil, "wechat.templates", []string{"名称=值"}},
		"list in map":         {"wechat: {templates: {member_new: [1]}}\n", nil, "wechat.templates", []string{"名称=值"}},
		"key twice in map":    {"wechat: {verify_files: {a.txt: a, a.txt: b}}\n", nil, "wechat.verify_files.a.txt", []string{"重复了"}},
		"far api base":        {"wechat: {api_base: 'http://a.cn'}\n", nil, "wechat.api_base", []string{"https://"}},
		"secret of webhooks":  {"", []string{"MASHANG_SMS_URL=https://sms.example.cn", "MASHANG_SMS_SECRET=whsec_no base64"}, "sms.secret", []string{"whsec_", "base64"}},
		"app id":              {"wechat: {app_id: gh_12345678}\n", nil, "wechat.app_id", []string{"wx 开头"}},
		"short template":      {"wechat: {templates: {member_new: abc}}\n", nil, "wechat.templates", []string{"其中 member_new", "模板编号"}},
		"template key":        {"wechat: {template_keys: {member_new.who: thing1}}\n", nil, "wechat.template_keys", []string{"用途.含义"}},
		"template key's name": {"wechat: {template_keys: {member_new.subject: thing}}\n", nil, "wechat.template_keys", []string{"thing2"}},
		"empty template":      {"wechat: {templates: {member_new: ''}}\n", nil, "wechat.templates", []string{"不能为空"}},
		"text for list":       {"http: {trusted_proxies: {a: b}}\n", nil, "http.trusted_proxies", []string{"列表"}},
		"negative size":       {"http: {max_body: -1}\n", nil, "http.max_body", []string{"12MiB"}},
		"great size":          {"http: {max_body: 1GiB}\n", nil, "http.max_body", []string{"不能大于 64MiB"}},
		"bad clock":           {"", []string{"MASHANG_NOTICE_QUIET_TO=25:00"}, "notice.quiet_to", []string{"23:59"}},
		"short clock":         {"", []string{"MASHANG_NOTICE_QUIET_TO=7:00"}, "notice.quiet_to", []string{"23:59"}},
		"map variable":        {"", []string{"MASHANG_WECHAT_TEMPLATES=abc"}, "wechat.templates", []string{"名称=值", "MASHANG_WECHAT_TEMPLATES（来自环境变量）"}},
		"bare duration":       {"", []string{"MASHANG_REDIS_TIMEOUT=2"}, "redis.timeout", []string{"带单位"}},
		"public url, path":    {"http: {public_url: https://a.cn/b}\n", nil, "http.public_url", []string{"只到域名和端口"}},
		"public url, scheme":  {"http: {public_url: a.cn}\n", nil, "http.public_url", []string{"https://"}},
		"api base, account":   {"wechat: {api_base: 'https://u:p@a.cn'}\n", nil, "wechat.api_base", []string{"不带账号"}},
		"redis url":           {"redis: {addr: 'redis://u:p@h:1/0'}\n", nil, "redis.addr", []string{"套接字路径"}},
		"redis without port":  {"redis: {addr: 10.0.0.1}\n", nil, "redis.addr", []string{"地址:端口"}},
		"port too great":      {"http: {addr: '127.0.0.1:65536'}\n", nil, "http.addr", []string{"地址:端口"}},
		"named port":          {"http: {addr: '127.0.0.1:http'}\n", nil, "http.addr", []string{"地址:端口"}},
		"token too short":     {"", []string{"MASHANG_WECHAT_PUSH_TOKEN=ab"}, "wechat.push_token", []string{"不能少于 3 个字符"}},
		"aes key length":      {"", []string{"MASHANG_WECHAT_PUSH_AES_KEY=abc"}, "wechat.push_aes_key", []string{"应为 43 个字符"}},
		"thumb beyond photo":  {"media: {max_side: 400, thumb_side: 500}\n", nil, "media.thumb_side", []string{"max_side"}},
		"upload below photo":  {"http: {max_upload: 5MiB}\n", nil, "http.max_upload", []string{"max_photo_bytes"}},
		"managed, password":   {"", []string{"MASHANG_REDIS_PASSWORD=x"}, "redis.addr", []string{"自带的 Redis"}},
		"managed, db":         {"redis: {db: 3}\n", nil, "redis.addr", []string{"自带的 Redis"}},
		"user, no password":   {"redis: {addr: '10.0.0.1:1', username: u}\n", nil, "redis.username", []string{"还需要口令"}},
		"emulator in the air": {"http: {addr: '0.0.0.0:8080'}\n", nil, "http.addr", []string{"第 1 行", "emulator_public", "app_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults := bad(t, tt.text, tt.environ...)
			if len(faults) != 1 || faults[0].Path != tt.path {
				t.Fatalf("want one fault at %q, got %v", tt.path, faults)
			}
			for _, part := range tt.parts {
				if !strings.Contains(faults.Error(), part) {
					t.Errorf("missing %q in %v", part, faults)
				}
			}
		})
	}
}

func TestBrokenFileStillTellsAboutVariables(t *testing.T) {
	t.Parallel()
	faults := bad(t, "http: [", "MASHANG_HTTP_ADDR=0.0.0.0:1", "MASHANG_LOG_LEVEL=info", "MASHANG_REDIS_POOL=x")
	if got := paths(faults); !slices.Equal(got, []string{"", "redis.pool"}) {
		t.Errorf("got %v: rules between fields must wait until the file can be read\n%v", got, faults)
	}
}

func TestEmulatorStaysAtHome(t *testing.T) {
	t.Parallel()
	for addr, ok := range map[string]bool{
		"127.0.0.1:1": true, "127.8.8.8:1": true, "[::1]:1": true, "localhost:1": true, "[::ffff:127.0.0.1]:1": true,
		":1": false, "0.0.0.0:1": false, "[::]:1": false, "192.168.0.1:1": false, "example.cn:1": false, "127.0.0.1.example.cn:1": false,
	} {
		if _, err := load(t, "", "MASHANG_HTTP_ADDR="+addr); (err == nil) != ok {
			t.Errorf("%s: %v", addr, err)
		}
		if _, err := load(t, "", "MASHANG_HTTP_ADDR="+addr, "MASHANG_WECHAT_EMULATOR_PUBLIC=true"); err != nil {
			t.Errorf("%s, allowed: %v", addr, err)
		}
		if config.Loopback(addr) != ok {
			t.Errorf("Loopback(%q) = %v", addr, !ok)
		}
	}
	if config.Loopback("no port") {
		t.Error("an address that cannot be read is not loopback")
	}
}

func TestRealPlatformNeedsItsSecrets(t *testing.T) {
	t.Parallel()
	key := "MASHANG_WECHAT_PUSH_AES_KEY=" + strings.Repeat("k", 43)
	app, secret, token := "MASHANG_WECHAT_APP_ID=wx123456", "MASHANG_WECHAT_APP_SECRET=s", "MASHANG_WECHAT_PUSH_TOKEN=tok"
	for _, tt := range []struct {
		environ []string
		want    []string
	}{
		{[]string{app}, []string{"wechat.app_secret", "wechat.push_token", "wechat.push_aes_key"}},
		{[]string{app, secret, token}, []string{"wechat.push_aes_key"}},
		{[]string{app, secret, token, "MASHANG_WECHAT_PUSH_MODE=compatible"}, []string{"wechat.push_aes_key"}},
		{[]string{app, secret, token, "MASHANG_WECHAT_PUSH_MODE=plain"}, nil},
		{[]string{app, secret, token, key}, nil},
		{[]string{app, secret, token, key, "MASHANG_HTTP_ADDR=:443"}, nil},
	} {
		_, err := load(t, "", tt.environ...)
		faults, _ := errors.AsType[config.Faults](err)
		if !slices.Equal(paths(faults), tt.want) {
			t.Errorf("%v: %v, want %v", tt.environ, paths(faults), tt.want)
		}
	}
}

func TestAFieldsOwnFaultSilencesItsRules(t *testing.T) {
	t.Parallel()
	faults := bad(t, "wechat: {app_id: 'wx 1'}\nhttp: {addr: ':80'}\n")
	if got := paths(faults); !slices.Equal(got, []string{"wechat.app_id"}) {
		t.Errorf("got %v", faults)
	}
	faults = bad(t, "wechat: {app_id: wx123456, push_token_file: "+filepath.Join(t.TempDir(), "none")+"}\n",
		"MASHANG_WECHAT_APP_SECRET=s", "MASHANG_WECHAT_PUSH_MODE=plain")
	if got := paths(faults); !slices.Equal(got, []string{"wechat.push_token_file"}) {
		t.Errorf("got %v", faults)
	}
}
