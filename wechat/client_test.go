package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/wechat"
)

func TestConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := wechat.New(wechat.Config{
		AppID: "nonsense", EnvVersion: "beta", BaseURL: "http://api.example.com", Timeout: -1,
		PushMode: "loud", PushToken: "x", PushAESKey: "short",
		Templates: map[notice.Purpose]wechat.Template{
			notice.MemberNew:    {ID: "bad id", Keys: map[string]string{"nothing": "thing1", notice.Subject: "Thing"}},
			notice.VisitorReply: {ID: "same-template", Keys: map[string]string{notice.Who: "thing3"}},
			notice.MemberUrge:   {ID: "same-template"},
			"unheard_of":        {ID: "other-template"},
		},
	}, &fakeCache{}, newClock().Now, nil)
	wantCode(t, err, fault.Invalid)
	e, _ := errors.AsType[*fault.Error](err)
	named := make(map[string]bool)
	for _, f := range e.Fields {
		named[f.Field] = true
	}
	for _, want := range []string{
		"wechat.app_id", "wechat.app_secret", "wechat.env_version", "wechat.api_base", "wechat.timeout",
		"wechat.push_mode", "wechat.push_token", "wechat.push_aes_key",
		"wechat.templates.member_new.id", "wechat.templates.member_new.keys.nothing",
		"wechat.templates.member_new.keys.subject", "wechat.templates.visitor_reply.id",
		"wechat.templates.visitor_reply.keys.who", "wechat.templates.unheard_of",
	} {
		if !named[want] {
			t.Errorf("%s is not named; named: %v", want, named)
		}
	}
}

func TestMinimalConfig(t *testing.T) {
	t.Parallel()
	c, err := wechat.New(wechat.Config{AppID: appID, AppSecret: "s"}, &fakeCache{}, newClock().Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Receiver().Open(nil, []byte("{}"))
	wantCode(t, err, fault.Unavailable)
}

// TestFaultOfEachErrcode checks the general table. Errcodes of single endpoints are checked with these.
func TestFaultOfEachErrcode(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Code{
		-1: fault.Unavailable, 45011: fault.TooMany, 44990: fault.Unavailable, 44991: fault.Unavailable,
		45009: fault.Unavailable, 40013: fault.Unavailable, 40164: fault.Unavailable, 48001: fault.Unavailable,
		40234: fault.Unavailable, 87009: fault.Unavailable,
	} {
		b := stubbed(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"as told, rid: 6a0b1c2d-0123abcd-4567ef01"}`, code)
		})
		_, err := b.CheckText(t.Context(), someone, "路灯坏了")
		wantCode(t, err, want)
		f, _ := errors.AsType[*fault.Error](err)
		e, ok := errors.AsType[*wechat.APIError](err)
		if !ok || e.Code != int64(code) || e.Msg != "as told" || e.RID != "6a0b1c2d-0123abcd-4567ef01" || e.Endpoint != "/wxa/msg_sec_check" {
			t.Errorf("errcode %d: got %+v", code, e)
		}
		// A fault that says to come back later must be one that time cures.
		refused := slices.Contains([]int{40013, 40164, 40234, 48001, 87009}, code)
		if (f.RetryAfter <= 0) != refused || strings.Contains(f.Message, "稍后") == refused && code != 45011 && code != 45009 || f.Message == "" {
			t.Errorf("errcode %d: %q, again after %v", code, f.Message, f.RetryAfter)
		}
	}
}

func TestLoginErrcodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Code{
		40029: fault.Invalid, 40163: fault.Invalid, 40226: fault.Denied, 45011: fault.TooMany, -1: fault.Unavailable,
	} {
		b := stubbed(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"as told"}`, code)
		})
		_, err := b.Login(t.Context(), "abc")
		wantCode(t, err, want)
	}
}

func TestPhoneOfAnotherMiniProgram(t *testing.T) {
	t.Parallel()
	info := func(country, watermark string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":0,"phone_info":{"phoneNumber":"+85291234567","purePhoneNumber":"91234567","countryCode":%q,"watermark":{"appid":%q}}}`, country, watermark)
		}
	}
	_, err := stubbed(t, info("852", "wxsomebodyelse")).Phone(t.Context(), "abc")
	wantCode(t, err, fault.Unavailable)
	phone, err := stubbed(t, info("852", appID)).Phone(t.Context(), "abc")
	if err != nil || phone != "+85291234567" {
		t.Errorf("got %q, %v", phone, err)
	}
}

func TestImageMayBePNG(t *testing.T) {
	t.Parallel()
	png := "\x89PNG\r\n\x1a\n0000"
	b := stubbed(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write([]byte(png))
	})
	got, err := b.CodeImage(t.Context(), "abc", 0)
	if err != nil || string(got) != png {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSDKCannotGoAstray(t *testing.T) {
	t.Parallel()
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	setup(t) // any client replaces the SDK's HTTP client
	if err := wechat.SDKGet(server.URL); err == nil || reached {
		t.Errorf("a request outside any client: %v, reached %v", err, reached)
	}
}

func TestHandlerTransport(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			<-release
		case "/panic":
			panic("on purpose")
		default:
			w.Header().Set("X-Seen", r.Host)
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("X-Late", "yes")
			_, _ = fmt.Fprint(w, r.RequestURI)
		}
	})
	rt := wechat.HandlerTransport(handler)
	do := func(ctx context.Context, path string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://in.process"+path, strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		return rt.RoundTrip(req)
	}
	resp, err := do(t.Context(), "/a?b=c")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusTeapot || resp.Header.Get("X-Seen") != "in.process" || resp.Header.Get("X-Late") != "" {
		t.Errorf("got %d %v", resp.StatusCode, resp.Header)
	}
	if _, err := do(t.Context(), "/panic"); err == nil { //nolint:bodyclose // a panic has no body
		t.Error("a panic went unnoticed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := do(ctx, "/hang"); !errors.Is(err, context.DeadlineExceeded) { //nolint:bodyclose // a timeout has no body
		t.Errorf("a hanging handler: %v", err)
	}
	close(release)
}
