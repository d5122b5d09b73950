package wechat_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

// trial is one call of the contract, which can be made any number of times.
type trial struct {
	name, path string
	// make makes the call and returns what the caller gets: "ok", a verdict, an outcome, or a fault's code.
	make func(t *testing.T, b *bundle) string
	// busy, refused and lost are what the caller gets when nothing was done but may be later, when nothing ever
	// will be done, and when that is unknown.
	busy, refused, lost string
	// own has the expected results of the errcodes that wechat.md lists for the call.
	own map[int64]ended
}

// ended is the expected result of a call.
type ended struct {
	calls   int
	got     string
	alarm   bool
	dropped bool   // the token was dropped
	rests   string // until the next "second", "minute" or "day"; "" if the endpoint is not blocked
}

// final expects one call with this result and no alarm.
func final(got string) ended { return ended{calls: 1, got: got} }

// somebody expects one call with this result and an alarm.
func somebody(got string) ended { return ended{calls: 1, got: got, alarm: true} }

// faultOf returns the code of a call's fault.
func faultOf(err error) string {
	if err == nil {
		return "ok"
	}
	return string(fault.CodeOf(err))
}

var gif = []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")

// trials returns all calls of the contract.
func trials() []trial {
	const unavailable = "unavailable"
	plain := func(name, path string, call func(ctx context.Context, t *testing.T, b *bundle) error, own map[int64]ended) trial {
		return trial{
			name: name, path: path, own: own, busy: unavailable, refused: unavailable, lost: unavailable,
			make: func(t *testing.T, b *bundle) string {
				t.Helper()
				return faultOf(call(t.Context(), t, b))
			},
		}
	}
	link := map[int64]ended{
		40002: somebody(unavailable), 40165: somebody(unavailable), 40212: somebody(unavailable), 85079: somebody(unavailable),
		44990: {calls: 1, got: unavailable, rests: "second"}, 44993: {calls: 1, got: unavailable, alarm: true, rests: "day"},
		85401: somebody(unavailable), 85402: somebody(unavailable), 85406: somebody(unavailable), 85407: somebody(unavailable), 85408: somebody(unavailable),
	}
	chat := map[int64]ended{
		40003: final("not_found"), 45015: final("wrong_state"), 45047: final("wrong_state"), 70000: final(unavailable), 40007: final("invalid"),
	}
	return []trial{
		plain("Ping", "/cgi-bin/stable_token", func(ctx context.Context, _ *testing.T, b *bundle) error { return b.Ping(ctx) },
			map[int64]ended{
				40001: somebody(unavailable), 40002: somebody(unavailable), 40125: somebody(unavailable), 40164: somebody(unavailable),
				40243: somebody(unavailable), 41002: somebody(unavailable), 41004: somebody(unavailable), 43002: somebody(unavailable),
				50004: somebody(unavailable), 50007: somebody(unavailable), 89503: somebody(unavailable), 89506: somebody(unavailable), 89507: somebody(unavailable),
			}),
		plain("Login", "/sns/jscode2session", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.Login(ctx, b.emu.LoginCode(someone)))
		}, map[int64]ended{
			40029: final("invalid"), 40163: final("invalid"), 40226: final("denied"),
			40001: somebody(unavailable), 40125: somebody(unavailable), 40164: somebody(unavailable), 41008: somebody(unavailable),
			45011: final("too_many"), 45009: {calls: 2, got: unavailable, alarm: true, rests: "day"},
		}),
		plain("OfficialLogin", "/sns/oauth2/access_token", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.OfficialLogin(ctx, b.emu.OAuthCode(someone)))
		}, map[int64]ended{
			40029: final("invalid"), 40163: final("invalid"),
			40001: somebody(unavailable), 40013: somebody(unavailable), 40125: somebody(unavailable), 41008: somebody(unavailable),
		}),
		plain("Phone", "/wxa/business/getuserphonenumber", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.Phone(ctx, b.emu.PhoneCode("13912345678")))
		}, map[int64]ended{40029: final("invalid"), 40163: final("invalid")}),
		plain("DrawCode", "/wxa/getwxacodeunlimit", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.CodeImage(ctx, "abc", 0))
		}, map[int64]ended{
			40097: somebody("internal"), 40129: somebody("internal"), 40169: somebody("internal"), 41030: somebody("wrong_state"), 85096: somebody(unavailable),
		}),
		{
			name: "Send", path: "/cgi-bin/message/subscribe/send", busy: "retry", refused: "refused", lost: "unknown",
			make: func(t *testing.T, b *bundle) string {
				t.Helper()
				if err := b.emu.GrantQuietly(t.Context(), someone, templateID(notice.MemberNew), 9); err != nil {
					t.Fatal(err)
				}
				if got, err := b.Send(t.Context(), aMessage()); got.Outcome != notice.Sent || err != nil {
					return string(got.Outcome)
				}
				return "ok"
			},
			own: map[int64]ended{
				43101: final("no_consent"), 43108: final("retry"), 40003: final("refused"), 45168: final("refused"),
				40037: somebody("refused"), 41030: somebody("refused"), 43107: somebody("refused"), 47003: somebody("refused"),
			},
		},
		plain("Chat", "/cgi-bin/message/custom/send", func(ctx context.Context, t *testing.T, b *bundle) error {
			t.Helper()
			if err := b.emu.Write(ctx, someone, "您好"); err != nil {
				t.Fatal(err)
			}
			return b.Chat(ctx, someone, "您好")
		}, chat),
		{
			name: "CheckText", path: "/wxa/msg_sec_check", busy: unavailable, refused: unavailable, lost: unavailable,
			make: func(t *testing.T, b *bundle) string {
				t.Helper()
				b.emu.LoginCode(someone)
				verdict, err := b.CheckText(t.Context(), someone, "路灯坏了")
				if err != nil || verdict == wechat.Pass {
					return faultOf(err)
				}
				return verdict
			},
			own: map[int64]ended{
				61010: final("inactive"), 87014: final("risky"), 40003: somebody("unauthenticated"), 43104: somebody("unauthenticated"),
				40129: somebody(unavailable), 43002: somebody(unavailable), 44002: somebody(unavailable), 47001: somebody(unavailable),
				44991: {calls: 1, got: unavailable, rests: "minute"},
			},
		},
		plain("CheckPicture", "/wxa/media_check_async", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.CheckPicture(ctx, someone, "https://a.example/1.jpg"))
		}, map[int64]ended{
			61010: final("wrong_state"), 87020: final("conflict"), 40003: somebody("unauthenticated"), 43104: somebody("unauthenticated"),
			40004: somebody(unavailable), 40129: somebody(unavailable), 44991: {calls: 1, got: unavailable, rests: "minute"},
		}),
		plain("URLLink", "/wxa/generate_urllink", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.URLLink(ctx, wechat.PageScan, "k=1", time.Hour))
		}, link),
		plain("Scheme", "/wxa/generatescheme", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.Scheme(ctx, wechat.PageScan, "k=1", time.Hour))
		}, link),
		plain("UploadMedia", "/cgi-bin/media/upload", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return third(b.UploadMedia(ctx, "image", "a.gif", "image/gif", gif))
		}, nil),
		plain("Media", "/cgi-bin/media/get", func(ctx context.Context, t *testing.T, b *bundle) error {
			t.Helper()
			id, _, err := b.UploadMedia(ctx, "image", "a.gif", "image/gif", gif)
			if err != nil {
				t.Fatal(err)
			}
			return third(b.Media(ctx, id))
		}, map[int64]ended{40007: final("not_found")}),
		plain("AccountTemplates", "/wxaapi/newtmpl/gettemplate", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.AccountTemplates(ctx))
		}, nil),
		plain("CallbackIPs", "/cgi-bin/getcallbackip", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.CallbackIPs(ctx))
		}, nil),
		plain("APIIPs", "/cgi-bin/get_api_domain_ip", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return second(b.APIIPs(ctx))
		}, nil),
		plain("clear_quota", "/cgi-bin/clear_quota", func(ctx context.Context, _ *testing.T, b *bundle) error {
			return b.Clear(ctx)
		}, map[int64]ended{48006: somebody(unavailable)}),
	}
}

// wants returns the expected result of an errcode: the call's own, or the general one.
func (c trial) wants(code int64) ended {
	if e, ok := c.own[code]; ok {
		return e
	}
	again := 2
	if wechat.Endpoints()[c.path] {
		again = 3
	}
	limit := c.busy
	if limit != "retry" {
		limit = "too_many"
	}
	switch code {
	case -1:
		return ended{calls: again, got: c.busy}
	case 40001, 40014, 42001:
		if c.open() {
			return somebody(c.refused)
		}
		return ended{calls: 2, got: c.busy, alarm: true, dropped: true}
	case 45009:
		return ended{calls: 1, got: c.busy, alarm: true, rests: "day"}
	case 45011:
		return ended{calls: 1, got: limit, rests: "minute"}
	default:
		return somebody(c.refused)
	}
}

// open reports whether the call takes no token.
func (c trial) open() bool { return c.name == "Ping" || c.name == "Login" || c.name == "OfficialLogin" }

// general are the errcodes that any call may get. The last is an unknown one.
var general = []int64{-1, 40001, 40014, 42001, 45009, 45011, 40013, 48001, 50002, 61004, 40234, 87009, 99999}

// wire is the connection between the client and the emulator. It counts requests and can be made to fail.
type wire struct {
	next  http.RoundTripper
	path  string
	torn  int // this many connections fail
	calls int
	// short limits the wait for an answer; 0: the client's own timeout.
	short time.Duration
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == w.path {
		w.calls++
		if w.torn > 0 {
			w.torn--
			return nil, errNoRoute
		}
		if w.short > 0 {
			ctx, cancel := context.WithTimeout(r.Context(), w.short)
			defer cancel() // no answer ever comes
			r = r.WithContext(ctx)
		}
	}
	return w.next.RoundTrip(r)
}
