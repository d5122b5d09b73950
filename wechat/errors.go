package wechat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"mashang/fault"
)

// The platform's errcodes that lead to an act of ours. Their meanings and the
// act for each are the platform's documentation, checked against live samples.
const (
	codeBusy           = -1
	codeTokenInvalid   = 40001
	codeOpenID         = 40003
	codeTokenBad       = 40014
	codeLoginInvalid   = 40029
	codeArguments      = 40097
	codeScene          = 40129
	codeLoginUsed      = 40163
	codeSceneLength    = 40169
	codeRiskyUser      = 40226
	codePage           = 41030
	codeTokenExpired   = 42001
	codeNoConsent      = 43101
	codeForeignOpenID  = 43104
	codeConcurrent     = 43108
	codePerSecond      = 44990
	codePerMinuteCheck = 44991
	codeDayQuotaLink   = 44993
	codeDayQuota       = 45009
	codePerMinute      = 45011
	codeChatWindow     = 45015
	codeChatCount      = 45047
	codeInactive       = 61010
	codeRiskyText      = 87014
)

// APIError is an answer of the platform with an errcode.
type APIError struct {
	// Code is the platform's errcode.
	Code int64
	// Msg is its errmsg without the rid; it changes without notice, so it is
	// for the log and never compared.
	Msg string
	// RID is the platform's request id, which its support asks for; may be "".
	RID string
	// Endpoint is the path that was called.
	Endpoint string
}

// Error names the endpoint, the errcode and the rid.
func (e *APIError) Error() string {
	s := fmt.Sprintf("wechat: %s: errcode %d: %s", e.Endpoint, e.Code, e.Msg)
	if e.RID != "" {
		s += " (rid " + e.RID + ")"
	}
	return s
}

var ridShape = regexp.MustCompile(`,?\s*rid:\s*([0-9A-Za-z-]+)\s*$`)

func newAPIError(endpoint string, code int64, msg string) *APIError {
	e := &APIError{Code: code, Msg: msg, Endpoint: endpoint}
	if m := ridShape.FindStringSubmatchIndex(msg); m != nil {
		e.Msg, e.RID = msg[:m[0]], msg[m[2]:m[3]]
	}
	e.Msg = scrub(e.Msg)
	return e
}

// CallError is a call without a usable answer: no connection, no time left, a
// status other than 200, a body that is not what it should be.
type CallError struct {
	Endpoint string
	// Reached tells whether the platform may have acted on the request.
	Reached bool

	text  string
	cause error
}

// Error names the endpoint and what happened, without URL and secrets.
func (e *CallError) Error() string { return "wechat: " + e.Endpoint + ": " + e.text }

// Unwrap returns context.Canceled or context.DeadlineExceeded, or nil. Any
// other cause is dropped, as its text may hold the URL.
func (e *CallError) Unwrap() error { return e.cause }

// newCallError keeps of err only what may be read by anybody.
func (c *Client) newCallError(endpoint string, err error) *CallError {
	e := &CallError{Endpoint: endpoint, Reached: !neverSent(err)}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			e.cause = known
		}
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	e.text = scrub(strings.ReplaceAll(err.Error(), c.cfg.AppSecret, "***"))
	return e
}

// neverSent reports whether the request cannot have reached the platform.
func neverSent(err error) bool {
	if errors.Is(err, errForeignHost) || errors.Is(err, errNoClient) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

var (
	secretPair  = regexp.MustCompile(`(?i)\b(access_token|appid|secret|js_code|code|openid|touser|session_key)(=|"\s*:\s*")[^&\s"]*`)
	secretURL   = regexp.MustCompile(`https?://[^\s"]+`)
	secretShape = regexp.MustCompile(`\b(o[A-Za-z0-9_-]{27}|[A-Za-z0-9_-]{60,}|1[3-9][0-9]{9})\b`)
)

// scrub removes from a text what must not be in a log: URLs, values of telling
// parameters, and whatever looks like an openid, a token or a phone number.
func scrub(s string) string {
	s = secretURL.ReplaceAllString(s, "***")
	s = secretPair.ReplaceAllString(s, "$1$2***")
	s = secretShape.ReplaceAllString(s, "***")
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// codeOf returns the platform's errcode in err, or 0.
func codeOf(err error) int64 {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	return 0
}

// fault turns an error of a call into one for the person. Calls handle the
// codes of their own before.
func (c *Client) fault(ctx context.Context, err error) error {
	const later = "微信平台暂时没有应答，请稍后再试"
	switch code := codeOf(err); code {
	case codePerMinute:
		return fault.Wrap(err, fault.TooMany, "操作太频繁，请一分钟后再试").Retry(time.Minute)
	case codePerSecond, codeBusy:
		return fault.Wrap(err, fault.Unavailable, later).Retry(time.Second)
	case codePerMinuteCheck:
		return fault.Wrap(err, fault.Unavailable, later).Retry(time.Minute)
	case codeDayQuota, codeDayQuotaLink:
		c.alarm(ctx, "the day's quota is used up", err)
		return fault.Wrap(err, fault.Unavailable, "微信平台今日的调用次数已用完，请明天再试或直接联系工作站").Retry(time.Hour)
	case 0:
		return fault.Wrap(err, fault.Unavailable, later).Retry(5 * time.Second)
	default:
		// Credentials, permission, IP list, or our own mistake: nothing that
		// the person or another try could mend.
		c.alarm(ctx, "the platform refuses a call", err)
		return fault.Wrap(err, fault.Unavailable, "微信平台拒绝了本次调用，已通知管理员，请稍后再试").Retry(time.Minute)
	}
}

// alarm writes what somebody has to look at.
func (c *Client) alarm(ctx context.Context, what string, err error) {
	attrs := []slog.Attr{slog.String("what", what), slog.Any("error", err)}
	if e, ok := errors.AsType[*APIError](err); ok {
		attrs = append(attrs, slog.String("endpoint", e.Endpoint), slog.Int64("errcode", e.Code))
	}
	c.log.LogAttrs(ctx, slog.LevelError, "wechat: needs a look", attrs...)
}
