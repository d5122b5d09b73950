package wechat_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/wechat"
)

// Planted values, which must not appear in any output.
const (
	plantedCode    = "planted-login-code"
	plantedToken   = "planted_token_91_kLm0PqRsTuVwXyZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	plantedOpenID  = "oPlantedOpenid-0000000000001"
	plantedSession = "tiihtNczf5v6AKRyjwEUhQ=="
	plantedText    = "planted-text"
	plantedPhone   = "13812345678"
)

// everyCall makes each call with planted input.
func everyCall(ctx context.Context, b *bundle) map[string]func() error {
	m := aMessage()
	m.OpenID = plantedOpenID
	return map[string]func() error{
		"ping":     func() error { return b.Ping(ctx) },
		"login":    func() error { return second(b.Login(ctx, plantedCode)) },
		"phone":    func() error { return second(b.Phone(ctx, plantedCode)) },
		"check":    func() error { return second(b.CheckText(ctx, plantedOpenID, plantedText)) },
		"picture":  func() error { return second(b.CheckPicture(ctx, plantedOpenID, "https://a.example/planted-text")) },
		"notify":   func() error { return second(b.Send(ctx, m)) },
		"image":    func() error { return second(b.CodeImage(ctx, "abc", 0)) },
		"chat":     func() error { return b.Chat(ctx, plantedOpenID, plantedText) },
		"link":     func() error { return second(b.URLLink(ctx, wechat.PageScan, "k=planted-text", time.Hour)) },
		"scheme":   func() error { return second(b.Scheme(ctx, wechat.PageScan, "k=planted-text", time.Hour)) },
		"upload":   func() error { return third(b.UploadMedia(ctx, "image", plantedText, "image/gif", gif)) },
		"media":    func() error { return third(b.Media(ctx, plantedText)) },
		"template": func() error { return second(b.AccountTemplates(ctx)) },
	}
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }

// leaks returns a text with the URL of the request and every planted value.
func leaks(r *http.Request) string {
	return fmt.Sprintf(`bad call %s openid=%s %s key %s secret %s token %s phone %s`,
		r.URL, plantedOpenID, plantedOpenID, plantedSession, appSecret, plantedToken, plantedPhone)
}

// TestNoSecretEverShows lets every call fail in every way and looks for the planted values in all output:
// errors, logs, figures.
func TestNoSecretEverShows(t *testing.T) {
	t.Parallel()
	servers := map[string]http.HandlerFunc{
		"errcode": func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":40013,"errmsg":%q}`, leaks(r))
		},
		"errcode in json": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":-1,"errmsg":"{\"secret\":\"%s\",\"session_key\":\"%s\"}"}`, appSecret, plantedSession)
		},
		"status": func(w http.ResponseWriter, r *http.Request) { http.Error(w, leaks(r), http.StatusBadGateway) },
		"html":   func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, "<html>%s</html>", leaks(r)) },
		"odd":    func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, `{"errcode":%q}`, leaks(r)) },
		"huge":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 11<<20)) },
		"panic":  func(_ http.ResponseWriter, r *http.Request) { panic(leaks(r)) },
		"hangs":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/?x="+leaks(r), http.StatusFound)
		},
	}
	ways := map[string]http.RoundTripper{
		"the transport fails":  roundTrip(func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("no way: %s", leaks(r)) }),
		"the transport panics": roundTrip(func(r *http.Request) (*http.Response, error) { panic(leaks(r)) }),
	}
	for name, handler := range servers {
		ways[name] = wechat.HandlerTransport(handler)
	}
	for name, way := range ways {
		for _, all := range []bool{false, true} { // with a token first, then even the token call fails
			t.Run(fmt.Sprintf("%s/%v", name, all), func(t *testing.T) {
				t.Parallel()
				rt := way
				if !all {
					rt = roundTrip(func(r *http.Request) (*http.Response, error) {
						if r.URL.Path == "/cgi-bin/stable_token" {
							return wechat.HandlerTransport(&heard{answer: `{"access_token":"` + plantedToken + `","expires_in":7200}`}).RoundTrip(r)
						}
						return way.RoundTrip(r)
					})
				}
				look(t, name, rt, all)
			})
		}
	}
}

func look(t *testing.T, name string, rt http.RoundTripper, all bool) {
	t.Helper()
	var mu sync.Mutex
	var out strings.Builder
	for call := range everyCall(t.Context(), nil) {
		cfg := config(rt)
		cfg.Timeout = 30 * time.Millisecond
		cfg.Observe = func(endpoint, code string, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			_, _ = fmt.Fprintln(&out, endpoint, code)
		}
		b := client(t, newClock(), nil, cfg)
		err := everyCall(t.Context(), b)[call]()
		if err == nil && (all || call != "ping") {
			t.Errorf("%s: no error", call)
		}
		mu.Lock()
		_, _ = fmt.Fprintf(&out, "%s: %v\n%+v\n%s", call, err, err, b.log)
		mu.Unlock()
	}
	for _, planted := range []string{
		appSecret, plantedToken, plantedCode, plantedOpenID, plantedSession, plantedText, plantedPhone, "https://", "access_token=p",
	} {
		if strings.Contains(out.String(), planted) {
			t.Errorf("%s: %q shows in: %s", name, planted, out.String())
		}
	}
}
