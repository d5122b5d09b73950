package wechat

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"mashang/domain/fault"
)

// codeOf returns the platform's errcode in err, or 0.
func codeOf(err error) int64 {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	return 0
}

// errcode returns the platform's errcode if this endpoint gave it, else 0. The token endpoint's errcodes, for
// example, mean something else.
func (e *endpoint) errcode(err error) int64 {
	if a, ok := errors.AsType[*APIError](err); ok && a.Endpoint == e.path {
		return a.Code
	}
	return 0
}

// codeLabel is an errcode as a label for metrics, "other" for an unknown one.
func (e *endpoint) codeLabel(code int64) string {
	_, own := e.overrides[code]
	_, known := policy[code]
	if own || known {
		return strconv.FormatInt(code, 10)
	}
	return "other"
}

// fault turns an error of a call into a fault for the person. Callers handle the errcodes of their own endpoint
// before. It does not alarm: applyPolicy did.
func (c *Client) fault(err error) error {
	const later = "微信平台暂时没有应答，请稍后再试"
	const tomorrow = "微信平台今日的调用次数已用完，请明天再试或直接联系工作站"
	if h, ok := errors.AsType[*HeldError](err); ok {
		switch {
		case h.reason == heldOpen:
			return fault.Wrap(err, fault.Unavailable, later).Retry(h.Retry)
		case h.Retry > time.Minute:
			return fault.Wrap(err, fault.Unavailable, tomorrow).Retry(h.Retry)
		default:
			return fault.Wrap(err, fault.TooMany, "操作太频繁，请一分钟后再试").Retry(h.Retry)
		}
	}
	switch code := codeOf(err); code {
	case codePerMinute:
		return fault.Wrap(err, fault.TooMany, "操作太频繁，请一分钟后再试").Retry(time.Minute)
	case codePerSecond, codeBusy:
		return fault.Wrap(err, fault.Unavailable, later).Retry(time.Second)
	case codePerMinuteCheck:
		return fault.Wrap(err, fault.Unavailable, later).Retry(time.Minute)
	case codeDayQuota, codeDayQuotaLink:
		return fault.Wrap(err, fault.Unavailable, tomorrow).Retry(time.Hour)
	case 0:
		return fault.Wrap(err, fault.Unavailable, later).Retry(5 * time.Second)
	default:
		// Credentials, permission, IP list, or our own mistake: neither the person nor a retry can fix it.
		return fault.Wrap(err, fault.Unavailable, "微信平台拒绝了本次调用，等一等也不会好：已通知管理员处理，急事请直接联系工作站")
	}
}

// alarm logs what an operator has to look at.
func (c *Client) alarm(ctx context.Context, what string, err error) {
	attrs := []slog.Attr{slog.String("what", what), slog.Any("error", err)}
	if e, ok := errors.AsType[*APIError](err); ok {
		attrs = append(attrs, slog.String("endpoint", e.Endpoint), slog.Int64("errcode", e.Code))
		if cure, ip := Diagnose(err); cure != "" {
			attrs = append(attrs, slog.String("advice", cure), slog.String("ip", ip))
		}
	}
	c.log.LogAttrs(ctx, slog.LevelError, "wechat: needs a look", attrs...)
}
