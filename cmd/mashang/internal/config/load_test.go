package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/config"
)

func TestNoFileNoEnvironment(t *testing.T) {
	t.Parallel()
	c, origin, err := config.Load(config.Source{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if origin.File != "" || len(origin.UnknownVars) != 0 {
		t.Errorf("origin %+v", origin)
	}
	if c.HTTP.Addr != "127.0.0.1:8080" || !c.Redis.Managed() || !c.WeChat.Emulated() {
		t.Errorf("defaults: %+v", c)
	}
}

func TestFileThenEnvironment(t *testing.T) {
	t.Parallel()
	text := `
http:
  addr: 127.0.0.1:9001
  read_timeout: 3s
  trusted_proxies: [10.0.0.0/8, "::1"]
  max_body: 64KiB
redis:
limits: {person_per_minute: 7}
notice: {quiet_from: 21:30}
wechat:
  templates:
    member_new: T_1-abcd
  verify_files:
    WW_verify.txt: abc
`
	c := good(t, text,
		"MASHANG_HTTP_ADDR=127.0.0.1:18080", "MASHANG_DATA_DIR=/some/dir",
		"MASHANG_LIMITS_PERSON_PER_MINUTE=", "UNRELATED=1", "no equals sign")
	want := config.Defaults()
	want.HTTP.Addr = "127.0.0.1:18080"
	want.HTTP.ReadTimeout = 3 * time.Second
	want.HTTP.TrustedProxies = []string{"10.0.0.0/8", "::1"}
	want.HTTP.MaxBody = 64 * config.KiB
	want.Data.Dir = "/some/dir"
	want.Limits.PersonPerMinute = 7
	want.Notice.QuietFrom = "21:30"
	want.WeChat.Templates = map[string]string{"member_new": "T_1-abcd"}
	want.WeChat.VerifyFiles = map[string]string{"WW_verify.txt": "abc"}
	want = want.WithDefaults()
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
	if c.HTTP.PublicURL != "http://127.0.0.1:18080" || c.Seal.KeysDir != "/some/dir/keys" {
		t.Errorf("derived: %s %s", c.HTTP.PublicURL, c.Seal.KeysDir)
	}
}

// sample is a value other than the default, valid for the field, as a variable
// writes it.
func sample(f setting) (text string, want any) {
	special := map[string]string{
		"http.addr":              "127.0.0.1:1",
		"http.public_url":        "https://ma.example.cn",
		"redis.addr":             "10.0.0.9:6380",
		"wechat.env_version":     "trial",
		"wechat.push_mode":       "plain",
		"wechat.api_base":        "http://127.0.0.1:9/base",
		"wechat.push_aes_key":    strings.Repeat("a", 43),
		"wechat.push_token":      "token1",
		"log.level":              "debug",
		"log.format":             "json",
		"media.thumb_side":       "64",
		"media.max_side":         "4000",
		"http.max_upload":        "99MiB",
		"media.max_photo_bytes":  "1MiB",
		"media.decode_memory":    "99MiB",
		"media.max_voice_bytes":  "1MiB",
		"media.max_pixels":       "50000",
		"http.trusted_proxies":   "10.0.0.0/8, 192.168.1.1",
		"wechat.templates":       "member_new=AAAAAAAA, visitor_reply=BBBBBBBB",
		"wechat.app_id":          "wx0000000000000000",
		"wechat.template_keys":   "member_new.subject=thing5",
		"wechat.verify_files":    "a.txt=x=y,b.txt=z",
		"notice.quiet_from":      "20:15",
		"notice.quiet_to":        "00:00",
		"media.max_voice":        "30s",
		"wechat.emulator_public": "true",
		"metrics.addr":           "10.0.0.1:9464",
		"sms.url":                "http://127.0.0.1:9/sms",
		"sms.secret":             "secret1",
		"wechat.official_app_id": "wx1111111111111111",
	}
	text, ok := special[f.path()]
	switch f.typ.Kind() {
	case reflect.Bool:
		return "true", true
	case reflect.Slice:
		return text, []string{"10.0.0.0/8", "192.168.1.1"}
	case reflect.Map:
		switch f.key {
		case "template_keys":
			return text, map[string]string{"member_new.subject": "thing5"}
		case "templates":
			return text, map[string]string{"member_new": "AAAAAAAA", "visitor_reply": "BBBBBBBB"}
		}
		return text, map[string]string{"a.txt": "x=y", "b.txt": "z"}
	case reflect.Int:
		if !ok {
			text = "3"
		}
		n := map[string]int{"64": 64, "4000": 4000, "50000": 50000, "3": 3}[text]
		return text, n
	case reflect.Int64:
		switch {
		case f.typ == reflect.TypeFor[time.Duration]() && !ok:
			return "7s", 7 * time.Second
		case f.typ == reflect.TypeFor[time.Duration]():
			return text, 30 * time.Second
		case !ok:
			return "8KiB", 8 * config.KiB
		}
		return text, map[string]config.Size{"99MiB": 99 * config.MiB, "1MiB": config.MiB}[text]
	default:
		if !ok {
			text = "some-value"
		}
		return text, reflect.ValueOf(text).Convert(f.typ).Interface()
	}
}

func TestEveryFieldHasAVariable(t *testing.T) {
	t.Parallel()
	for _, f := range everyField() {
		t.Run(f.path(), func(t *testing.T) {
			t.Parallel()
			text, want := sample(f)
			if strings.HasSuffix(f.key, "_file") {
				text = write(t, filepath.Join(t.TempDir(), "secret"), "in-a-file")
				if f.key == "push_aes_key_file" {
					write(t, text, strings.Repeat("b", 43))
				}
				if f.key == "push_token_file" {
					write(t, text, "inafile")
				}
				want = text
			}
			environ := []string{f.env() + "=" + text}
			if f.section == "redis" && f.key != "addr" {
				environ = append(environ, "MASHANG_REDIS_ADDR=10.0.0.9:6380")
			}
			switch f.path() {
			case "wechat.official_app_id":
				environ = append(environ, "MASHANG_WECHAT_OFFICIAL_SECRET=s")
			case "sms.url":
				environ = append(environ, "MASHANG_SMS_SECRET=s")
			case "redis.username":
				environ = append(environ, "MASHANG_REDIS_PASSWORD=p")
			case "wechat.app_id":
				environ = append(environ, "MASHANG_WECHAT_APP_SECRET=s", "MASHANG_WECHAT_PUSH_TOKEN=tok", "MASHANG_WECHAT_PUSH_MODE=plain")
			}
			c := good(t, "", environ...)
			got := reflect.ValueOf(c).FieldByIndex(f.index).Interface()
			if !cmp.Equal(want, got) {
				t.Errorf("%s=%s gave %v, want %v", f.env(), text, got, want)
			}
			if cmp.Equal(want, reflect.ValueOf(config.Config{}.WithDefaults()).FieldByIndex(f.index).Interface()) {
				t.Errorf("the sample for %s is its default and proves nothing", f.path())
			}
		})
	}
}

func TestEveryFieldCanBeInTheFile(t *testing.T) {
	t.Parallel()
	for _, f := range everyField() {
		if f.secret() || f.typ.Kind() == reflect.Map || f.typ.Kind() == reflect.Slice || strings.HasSuffix(f.key, "_file") {
			continue // maps, lists and secrets have tests of their own
		}
		t.Run(f.path(), func(t *testing.T) {
			t.Parallel()
			text, want := sample(f)
			environ := []string{
				"MASHANG_WECHAT_APP_SECRET=s", "MASHANG_WECHAT_PUSH_TOKEN=tok",
				"MASHANG_WECHAT_PUSH_AES_KEY=" + strings.Repeat("a", 43), "MASHANG_SMS_SECRET=s", "MASHANG_WECHAT_OFFICIAL_SECRET=s",
			}
			if f.section == "redis" && f.key != "addr" {
				environ = append(environ, "MASHANG_REDIS_ADDR=10.0.0.9:6380", "MASHANG_REDIS_PASSWORD=p")
			}
			c := good(t, f.section+":\n  "+f.key+": "+text+"\n", environ...)
			if got := reflect.ValueOf(c).FieldByIndex(f.index).Interface(); !cmp.Equal(want, got) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestWhichFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "config.yaml"), "log: {level: warn}")
	write(t, filepath.Join(dir, "b.yaml"), "log: {level: error}")
	absolute := write(t, filepath.Join(t.TempDir(), "c.yaml"), "log: {level: debug}")
	for _, tt := range []struct {
		flag, variable, want string
	}{
		{"", "", "warn"},
		{"", "b.yaml", "error"},
		{absolute, "b.yaml", "debug"},
	} {
		c, origin, err := config.Load(config.Source{Dir: dir, File: tt.flag, Environ: []string{"MASHANG_CONFIG=" + tt.variable}})
		if err != nil || c.Log.Level != tt.want || origin.File == "" {
			t.Errorf("flag %q, variable %q: level %q from %q, %v", tt.flag, tt.variable, c.Log.Level, origin.File, err)
		}
	}
}

func TestNamedFileMustBeReadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	huge := write(t, filepath.Join(dir, "huge.yaml"), strings.Repeat("#", 1<<20+1))
	for name, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "没有这个文件",
		dir:                             "不是普通文件",
		huge:                            "超过 1MiB",
	} {
		for _, src := range []config.Source{{File: name}, {Environ: []string{"MASHANG_CONFIG=" + name}}} {
			_, _, err := config.Load(src)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
}

func TestStrayVariablesAreNamedNotRefused(t *testing.T) {
	t.Parallel()
	_, origin, err := config.Load(config.Source{Dir: t.TempDir(), Environ: []string{
		"MASHANG_HTTP_ADRR=x", "MASHANG_REDIS_SERVICE_HOST=10.0.0.1", "MASHANG_OTHER=1", "MASHANG_HTTP_ADDR=127.0.0.1:0",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"MASHANG_HTTP_ADRR", "MASHANG_REDIS_SERVICE_HOST"}; !slices.Equal(origin.UnknownVars, want) {
		t.Errorf("strays %v, want %v", origin.UnknownVars, want)
	}
}

func TestEmptyFilesAreFine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"# only a comment\n", "---\n", "\n\n", "http:\n", "http: {}\n", "http:\n  addr:\n", "null\n"} {
		if c := good(t, text); c.HTTP.Addr != "127.0.0.1:8080" {
			t.Errorf("%q: addr %q", text, c.HTTP.Addr)
		}
	}
}

func TestPublicURLOfEveryInterface(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":80": "http://127.0.0.1:80", "0.0.0.0:81": "http://127.0.0.1:81", "[::]:82": "http://127.0.0.1:82",
		"[::1]:83": "http://[::1]:83", "localhost:84": "http://localhost:84",
	} {
		c := good(t, "", "MASHANG_HTTP_ADDR="+addr, "MASHANG_WECHAT_EMULATOR_PUBLIC=true")
		if c.HTTP.PublicURL != want {
			t.Errorf("%s: %s, want %s", addr, c.HTTP.PublicURL, want)
		}
	}
	c := good(t, "http: {public_url: 'https://ma.example.cn/'}")
	if c.HTTP.PublicURL != "https://ma.example.cn" {
		t.Errorf("slash at the end kept: %s", c.HTTP.PublicURL)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("http: {addr: 127.0.0.1:1}")
	f.Add("http:\n  addr: &a x\n  public_url: *a\n")
	f.Add("? [a, b]\n: c\n")
	f.Add("wechat:\n  templates: {member_new: [1]}\n  verify_files: a\n")
	f.Add("http:\n\t- x\n")
	f.Add("<<: {http: 1}\nhttp: !!binary x\n---\nb: 1")
	if text, err := os.ReadFile(committed); err == nil {
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := load(t, text)
		if err == nil && c.HTTP.Addr == "" {
			t.Error("accepted, and an empty address")
		}
		if faults, ok := errors.AsType[config.Faults](err); err != nil && (!ok || len(faults) == 0) {
			t.Error("refused without a reason")
		}
	})
}
