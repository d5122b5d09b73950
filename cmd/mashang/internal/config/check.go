package config

import (
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"mashang/domain/notice"
)

// rules are the checks for our own tags in config.go, each with the message for the operator about what is
// allowed.
var rules = map[string]struct {
	ok    func(string) bool
	wrong string
}{
	"listen":       {isListen, "应为 地址:端口，例如 127.0.0.1:8080；端口 0 表示任取一个"},
	"metricsaddr":  {func(s string) bool { return s == MetricsOff || isListen(s) }, "应为 地址:端口，例如 127.0.0.1:9464；off 表示不提供"},
	"origin":       {isOrigin, "应为 http:// 或 https:// 开头的网址，只到域名和端口，例如 https://ma.example.cn"},
	"apibase":      {isAPIBase, "应为 https:// 开头的网址（本机可用 http://），不带账号、参数和 #"},
	"redisaddr":    {isRedisAddr, "应为 地址:端口，或以 / 开头的 unix 套接字路径；账号和口令另有设置，不写在这里"},
	"clock":        {isClock, `应为 00:00 到 23:59 的时刻，例如 "22:00"`},
	"identifier":   {matches(`[A-Za-z0-9_-]{1,128}`), "只能是字母、数字、_ 和 -，最多 128 个"},
	"appid":        {matches(`wx[0-9A-Za-z]{6,30}`), "应为 wx 开头的字母和数字，照平台“开发管理”里的 AppID 填写"},
	"purpose":      {isPurpose, "没有这种用途，可用的有 " + purposes()},
	"template":     {matches(`[A-Za-z0-9_-]{8,64}`), "应为平台“订阅消息”里的模板编号：8 到 64 个字母、数字、_ 或 -"},
	"purposefield": {isPurposeField, "应写成 用途.含义，例如 member_new.subject；用途和含义见 config.yaml 的说明"},
	"templatekey":  {matches(`[a-z_]+[0-9]{1,4}`), "应为模板里的字段名，例如 thing2"},
	"txtname":      {matches(`[A-Za-z0-9_.-]{1,100}\.txt`), "文件名只能是字母、数字、_、-、. 并以 .txt 结尾"},
}

// builtin has the messages for the library's own tags.
var builtin = map[string]string{
	"min":      "不能小于 {}",
	"max":      "不能大于 {}",
	"len":      "应为 {} 个字符",
	"oneof":    "只能是 {} 之一",
	"required": "不能为空",
	"alphanum": "只能是字母和数字",
	"cidr|ip":  "应为网段或地址，例如 10.0.0.0/8、192.168.1.1",
}

var checker = newChecker()

func newChecker() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("yaml") })
	for tag, rule := range rules {
		err := v.RegisterValidation(tag, func(fl validator.FieldLevel) bool { return rule.ok(fl.Field().String()) })
		if err != nil {
			panic(err) // only for an empty tag name
		}
	}
	return v
}

// check checks the values. It skips fields that already have a fault, and rules about them: each mistake is
// reported once.
func check(c Config, known Faults, origin func(field) string) Faults {
	var faults Faults
	wrong, _ := errors.AsType[validator.ValidationErrors](checker.Struct(c))
	for _, w := range wrong {
		path := strings.TrimPrefix(w.Namespace(), "Config.")
		path, item, _ := strings.Cut(path, "[")
		f, _ := fieldAt(path)
		message := explain(w)
		if item != "" {
			message = "其中 " + strings.TrimSuffix(item, "]") + "：" + message
		}
		faults = append(faults, faultOf(f, origin(f), message))
	}
	faulty := func(paths ...string) bool {
		bad := func(f Fault) bool { return slices.Contains(paths, f.Path) }
		return slices.ContainsFunc(known, bad) || slices.ContainsFunc(faults, bad)
	}
	for _, rule := range crossFieldRules {
		if faulty(rule.paths...) || rule.ok(c) {
			continue
		}
		f, _ := fieldAt(rule.paths[0])
		faults = append(faults, faultOf(f, origin(f), rule.wrong))
	}
	return faults
}

// explain translates one failed tag into Chinese. It never quotes the value.
func explain(w validator.FieldError) string {
	if rule, ok := rules[w.Tag()]; ok {
		return rule.wrong
	}
	param := w.Param()
	switch {
	case w.Tag() == "oneof":
		param = strings.Join(strings.Fields(param), "、")
	case w.Type() == reflect.TypeFor[Size]():
		n, _ := strconv.ParseInt(param, 10, 64)
		param = Size(n).String()
	case w.Kind() == reflect.String && (w.Tag() == "min" || w.Tag() == "max"):
		param += " 个字符"
		return map[string]string{"min": "不能少于 ", "max": "不能多于 "}[w.Tag()] + param
	}
	return strings.ReplaceAll(builtin[w.Tag()], "{}", param)
}

// matches returns a check that the whole text matches the pattern.
func matches(pattern string) func(string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString
}

func purposes() string {
	var names []string
	for _, p := range notice.Purposes {
		names = append(names, string(p))
	}
	return strings.Join(names, "、")
}

func isPurpose(s string) bool { return slices.Contains(notice.Purposes, notice.Purpose(s)) }

func isPurposeField(s string) bool {
	purpose, meaning, _ := strings.Cut(s, ".")
	return slices.ContainsFunc(notice.Fields[notice.Purpose(purpose)], func(f notice.Field) bool { return f.Meaning == meaning })
}

func isListen(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || strings.ContainsAny(host, "/@ ") {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == port
}

func isRedisAddr(s string) bool {
	if filepath.IsAbs(s) {
		return true
	}
	host, port, err := net.SplitHostPort(s)
	return err == nil && host != "" && port != "0" && isListen(s)
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		u.User == nil && u.RawQuery == "" && !u.ForceQuery && u.Fragment == "" && !strings.Contains(s, "#")
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isWebURL(s) && u.Path == ""
}

// isAPIBase requires https, because the AppSecret is sent there.
func isAPIBase(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !isWebURL(s) {
		return false
	}
	return u.Scheme == "https" || Loopback(net.JoinHostPort(u.Hostname(), "0"))
}

func isClock(s string) bool {
	_, ok := Clock(s).parse()
	return ok
}
