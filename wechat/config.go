package wechat

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
)

// DefaultBaseURL is the platform's own address.
const DefaultBaseURL = "https://api.weixin.qq.com"

// The versions of the mini program that a code image or a message may open.
const (
	EnvRelease = "release"
	EnvTrial   = "trial"
	EnvDevelop = "develop"
)

// PushMode is how the platform signs and encrypts its pushes. It is set in the platform's console and here, and
// never taken from a request.
type PushMode string

// The modes.
const (
	// PushPlain: clear bodies. The signature does not cover the body, so anyone who has seen one pushed URL can
	// forge pushes for five minutes. Only for tests.
	PushPlain PushMode = "plain"
	// PushCompatible: clear and encrypted side by side; only the encrypted part is read.
	PushCompatible PushMode = "compatible"
	// PushSafe: encrypted bodies, signed whole. The default.
	PushSafe PushMode = "safe"
)

// Template is one subscribe-message template, as the platform's console shows it.
type Template struct {
	// ID is the platform's template id; "" means that the purpose has no template and cannot be sent as a
	// message.
	ID string
	// Keys maps a field's meaning (notice.Fields) to the template's key, for
	// example "subject" to "thing2". Missing ones take DefaultKeys.
	Keys map[string]string
}

// Config is everything the platform client needs. AppID and AppSecret are
// required; every other field has a usable zero value.
type Config struct {
	AppID     string
	AppSecret string
	// OriginalID is the account's gh_ id; if set, pushes to another account are refused.
	OriginalID string
	// Official is the official account for web pages inside WeChat; its zero
	// value means there is none.
	Official Official
	// EnvVersion is EnvRelease (default), EnvTrial or EnvDevelop.
	EnvVersion string
	// BaseURL is the platform's address; default DefaultBaseURL. It must be https, except on a loopback address
	// or with a Transport.
	BaseURL string
	// Transport carries the requests; nil means our own with timeouts. HandlerTransport runs the emulator in
	// this process.
	Transport http.RoundTripper
	// Timeout bounds one request to the platform; default 8 s.
	Timeout time.Duration
	// PushMode is PushSafe by default. PushToken and PushAESKey are those of
	// the platform's console; both empty means that no push is accepted.
	PushMode   PushMode
	PushToken  string
	PushAESKey string
	// Templates holds the template of each purpose.
	Templates map[notice.Purpose]Template
	// Budget counts calls among processes; nil: this process alone observes the limits, once the platform has
	// reported them.
	Budget Budget
	// Observe, if set, is called after every call with its path, its result and the time it took. The result is
	// "0", an errcode, "cut", "timeout", "garbage", "status" or "canceled"; "open" and "budget" if the call was
	// not made. Both values come from small sets and hold nothing personal.
	Observe func(endpoint, code string, took time.Duration)
	// Cleared, if set, is called after each use of the platform's clear_quota, which an account may use ten
	// times a month. err is why it failed.
	Cleared func(ctx context.Context, err error)
	// Wait waits for d before a retry; nil: by the real clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// DefaultKeys returns the default template key of each field of a purpose, numbered by its position in
// notice.Fields: character_string1, thing2, ... It is nil for an unknown purpose.
func DefaultKeys(p notice.Purpose) map[string]string {
	var keys map[string]string
	for i, f := range notice.Fields[p] {
		if keys == nil {
			keys = make(map[string]string, len(notice.Fields[p]))
		}
		keys[f.Meaning] = f.Type + strconv.Itoa(i+1)
	}
	return keys
}

var (
	appIDShape    = regexp.MustCompile(`^wx[0-9A-Za-z]{6,30}$`)
	pushKeyShape  = regexp.MustCompile(`^[A-Za-z0-9]{43}$`)
	pushTokShape  = regexp.MustCompile(`^[A-Za-z0-9]{3,32}$`)
	templateShape = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	keyShape      = regexp.MustCompile(`^([a-z_]+)[0-9]{1,4}$`)
)

// complete returns the configuration with its defaults and the parsed base URL, or a fault that names every
// wrong field.
func (c Config) complete() (Config, *url.URL, error) {
	if c.EnvVersion == "" {
		c.EnvVersion = EnvRelease
	}
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.Timeout == 0 {
		c.Timeout = 8 * time.Second
	}
	if c.PushMode == "" {
		c.PushMode = PushSafe
	}
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
	if c.Cleared == nil {
		c.Cleared = func(context.Context, error) {}
	}
	if c.Wait == nil {
		c.Wait = pause
	}
	var check fault.Check
	check.Require(appIDShape.MatchString(c.AppID), "wechat.app_id", "AppID 应以 wx 开头，由字母和数字组成")
	check.Require(c.AppSecret != "", "wechat.app_secret", "缺少 AppSecret，请用环境变量或密钥文件提供")
	check.Require(slices.Contains([]string{EnvRelease, EnvTrial, EnvDevelop}, c.EnvVersion),
		"wechat.env_version", "小程序版本只能是 release、trial 或 develop")
	check.Require(c.Timeout > 0, "wechat.timeout", "超时须大于零")
	base, err := url.Parse(c.BaseURL)
	check.Require(err == nil && base.Host != "" && base.RawQuery == "" && base.User == nil && c.confidential(base),
		"wechat.api_base", "平台地址须是完整的 https 地址")
	c.checkPush(&check)
	c.Templates = c.checkTemplates(&check)
	if err := check.Err(); err != nil {
		return Config{}, nil, err
	}
	return c, base, nil
}

// confidential reports whether requests to base cannot be read in transit.
func (c Config) confidential(base *url.URL) bool {
	if base.Scheme == "https" {
		return true
	}
	ip := net.ParseIP(base.Hostname())
	return base.Scheme == "http" && (c.Transport != nil || base.Hostname() == "localhost" || ip.IsLoopback())
}

func (c Config) checkPush(check *fault.Check) {
	check.Require(slices.Contains([]PushMode{PushPlain, PushCompatible, PushSafe}, c.PushMode),
		"wechat.push_mode", "消息推送方式只能是 plain、compatible 或 safe")
	if c.PushToken == "" && c.PushAESKey == "" {
		return
	}
	check.Require(pushTokShape.MatchString(c.PushToken), "wechat.push_token", "推送 Token 应为 3 至 32 位字母或数字")
	check.Require(c.PushMode == PushPlain || pushKeyShape.MatchString(c.PushAESKey),
		"wechat.push_aes_key", "EncodingAESKey 应为 43 位字母或数字")
}

// checkTemplates returns the templates with the key of every field filled in.
func (c Config) checkTemplates(check *fault.Check) map[notice.Purpose]Template {
	full := make(map[notice.Purpose]Template, len(c.Templates))
	owner := make(map[string]notice.Purpose)
	for _, p := range slices.Sorted(maps.Keys(c.Templates)) {
		t, name := c.Templates[p], "wechat.templates."+string(p)
		fields := notice.Fields[p]
		check.Require(fields != nil, name, "没有这种通知")
		if t.ID != "" {
			check.Require(templateShape.MatchString(t.ID), name+".id", "模板 ID 的格式不对")
			check.Require(owner[t.ID] == "", name+".id", "与 %s 用了同一个模板", owner[t.ID])
			owner[t.ID] = p
		}
		keys := DefaultKeys(p)
		for _, meaning := range slices.Sorted(maps.Keys(t.Keys)) {
			at := slices.IndexFunc(fields, func(f notice.Field) bool { return f.Meaning == meaning })
			check.Require(at >= 0, name+".keys."+meaning, "这种通知没有该字段")
			check.Require(keyShape.MatchString(t.Keys[meaning]), name+".keys."+meaning, "字段名应形如 thing1")
			if at >= 0 {
				keys[meaning] = t.Keys[meaning]
			}
		}
		used := make(map[string]string, len(keys))
		for _, meaning := range slices.Sorted(maps.Keys(keys)) {
			check.Require(used[keys[meaning]] == "", name+".keys."+meaning, "与 %s 用了同一个字段名", used[keys[meaning]])
			used[keys[meaning]] = meaning
		}
		full[p] = Template{ID: t.ID, Keys: keys}
	}
	return full
}

// keyType returns the type in a template key: "thing" for "thing12".
func keyType(key string) string { return strings.TrimRight(key, "0123456789") }
