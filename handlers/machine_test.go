package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/handlers"
	"mashang/handlers/web"
)

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	photo := b.upload(visitor, "p.png", png(t, 20, 20))
	for _, path := range []string{
		"/", "/q/" + codeOfMa, "/q/2222222222", "/api/v1/codes/" + codeOfMa, "/api/v1/codes/" + codeOfMa + "/qr.png",
		"/api/v1/submissions", "/api/v1/uploads/" + at[string](photo, "id"), "/nowhere", "/healthz", "/metrics", "/openapi.json",
		"/Ab12cD.txt", "/wechat/push", "/_emulator/users/person-1/chat",
	} {
		for _, token := range []string{"", visitor} {
			r := b.send("GET", path, token, nil)
			h := r.Header
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
				h.Get("X-Frame-Options") != "DENY" || !strings.HasPrefix(h.Get("Strict-Transport-Security"), "max-age=31536000") {
				t.Errorf("%s: headers %v", path, h)
			}
			csp := h.Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
				t.Errorf("%s: policy %q", path, csp)
			}
			if strings.HasPrefix(path, "/api/") && !strings.Contains(path, "qr.png") && !strings.Contains(h.Get("Cache-Control"), "no-store") {
				t.Errorf("%s: Cache-Control %q", path, h.Get("Cache-Control"))
			}
		}
	}
	plain := setup(t, func(o *web.Options) { o.PublicURL = "http://127.0.0.1:8080" })
	if r := plain.send("GET", "/", "", nil); r.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without https")
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	seeding := errors.New("still seeding")
	b := setup(t, func(o *web.Options) {
		o.Ready = func(context.Context) error { return seeding }
	})
	b.want(b.send("GET", "/healthz", "", nil), 200)
	r := b.send("GET", "/readyz", "", nil)
	b.problem(r, 503, "unavailable")
	if r.Header.Get("Retry-After") == "" || bytes.Contains(r.Body, []byte("seeding")) {
		t.Errorf("not ready: %v %s", r.Header, r.Body)
	}
	seeding = nil
	b.want(b.send("GET", "/readyz", "", nil), 503) // an answer stands for a second
	b.clock.Advance(time.Second)
	b.want(b.send("GET", "/readyz", "", nil), 200)
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.MetricsHere = true })
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	b.done(ma, b.file(visitor, nil), "accept", nil)
	b.send("GET", "/nowhere/13800138000", "", nil)
	b.send("BREW", "/coffee", "", nil)
	r := b.send("GET", "/metrics", "", nil)
	b.want(r, 200)
	for _, line := range []string{
		`mashang_acts_total{act="accept"} 1`, `mashang_filed_total{state="assigned"} 1`,
		`mashang_http_requests_total{method="POST",route="/api/v1/submissions/:id/accept",status="200"} 1`,
		`mashang_http_requests_total{method="GET",route="none",status="404"} 1`, `mashang_http_requests_total{method="other",route="none",status="404"} 1`,
		`mashang_http_request_seconds_count{method="POST",route="/api/v1/submissions"} 1`, "go_goroutines",
	} {
		if !bytes.Contains(r.Body, []byte(line)) {
			t.Errorf("no %s", line)
		}
	}
	if bytes.Contains(r.Body, []byte("13800138000")) || bytes.Contains(r.Body, []byte("BREW")) {
		t.Error("what a stranger made up is in the figures")
	}
}

// People reach the public port, and the figures are none of theirs.
func TestMetricsAreNotOnThePublicPort(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/metrics", "/metrics/", "/metrics?x=1", "/Metrics", "//metrics"} {
		if r := b.send("GET", path, "", nil); r.Status != 404 || bytes.Contains(r.Body, []byte("go_goroutines")) {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
		}
	}
	w := httptest.NewRecorder()
	metrics := web.NewMetrics()
	metrics.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, web.MetricsPath, nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "go_goroutines") {
		t.Errorf("their own address: %d", w.Code)
	}
}

// Calls that were not made are counted, and say nothing of the platform's time.
func TestPlatformMetrics(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) {
		for _, code := range []string{"0", "40001", "open", "budget"} {
			o.Metrics.Platform("/wxa/msg_sec_check", code, time.Second)
		}
		o.MetricsHere = true
	})
	r := b.send("GET", "/metrics", "", nil)
	b.want(r, 200)
	for _, line := range []string{
		`mashang_wechat_calls_total{code="40001",endpoint="/wxa/msg_sec_check"} 1`,
		`mashang_wechat_calls_total{code="open",endpoint="/wxa/msg_sec_check"} 1`,
		`mashang_wechat_seconds_count{endpoint="/wxa/msg_sec_check"} 2`,
	} {
		if !bytes.Contains(r.Body, []byte(line)) {
			t.Errorf("no %s", line)
		}
	}
}

func TestVerifyFiles(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/Ab12cD.txt", "/q/Ab12cD.txt"} {
		r := b.send("GET", path, "", nil)
		b.want(r, 200)
		if string(r.Body) != "proof-of-domain" || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: %s %q", path, r.Header.Get("Content-Type"), r.Body)
		}
	}
	b.want(b.send("GET", "/other.txt", "", nil), 404)
}

// What the platform's stand-in pushes arrives signed and sealed, and becomes
// the member's answer.
func TestPush(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	s := b.file(visitor, nil)
	b.want(b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), ma, nil), 200)
	r := b.send("POST", "/_emulator/users/person-ma/chat", "", `{"text":"已经联系停车场"}`)
	if r.Status >= 300 {
		t.Fatalf("chat: %d %s", r.Status, r.Body)
	}
	if n, err := b.desk.Inbound.ProcessQueue(t.Context()); err != nil || n != 1 {
		t.Fatalf("arrivals %d, %v", n, err)
	}
	r = b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), visitor, nil)
	b.want(r, 200)
	if m := r.JSON(t); m["state"] != "answered" || sentences(m)[1] != "马晓舟委员答复：已经联系停车场" {
		t.Errorf("after the chat: %v %v", m["state"], sentences(m))
	}
	for _, query := range []string{"", "?signature=x&timestamp=1&nonce=1&echostr=hello", "?msg_signature=x&timestamp=1&nonce=1"} {
		b.problem(b.send("GET", "/wechat/push"+query, "", nil), 403, "denied")
		b.problem(b.send("POST", "/wechat/push"+query, "", `{"FromUserName":"person-ma","Content":"x"}`), 403, "denied")
	}
	b.problem(b.send("POST", "/wechat/push", "", strings.Repeat("x", 65<<10)), 413, "too_large")
	none := setup(t, func(o *web.Options) { o.Push, o.Emulator = nil, nil })
	b.problem(none.send("POST", "/wechat/push", "", `{}`), 403, "denied")
	b.problem(none.send("GET", "/wechat/push", "", nil), 403, "denied")
	b.problem(none.send("GET", "/_emulator/cast", "", nil), 404, "not_found")
}

// A panic is answered, logged without what it quotes, and harms nobody else.
func TestPanic(t *testing.T) {
	t.Parallel()
	for name, thrown := range map[string]any{"text": "13800138000 said so", "error": fmt.Errorf("13800138000"), "runtime": nil} {
		b := setup(t, func(o *web.Options) {
			o.Emulator = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				if thrown == nil {
					_ = strings.Split("x", " ")[1]
				}
				panic(thrown)
			})
		})
		m := b.problem(b.send("GET", "/_emulator/x?phone=13800138000", "", nil), 500, "internal")
		trace := at[string](m, "trace_id")
		log := b.log.String()
		if trace == "" || !strings.Contains(log, trace) || !strings.Contains(at[string](m, "detail"), trace) {
			t.Errorf("%s: trace %q is not in the log", name, trace)
		}
		if strings.Contains(log, "13800138000") {
			t.Errorf("%s: the log quotes what was thrown: %s", name, log)
		}
		b.want(b.send("GET", "/healthz", "", nil), 200)
	}
}

// A mistake of ours is told by its trace id alone.
func TestInternal(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) {
		o.Template = func() ([]byte, error) { return nil, errors.New("disk 7 is on fire") }
	})
	liaison := b.as("sun", "hk", "liaison", "l1")
	r := b.send("GET", "/api/v1/roster/template.xlsx", liaison, nil)
	m := b.problem(r, 500, "internal")
	if bytes.Contains(r.Body, []byte("fire")) {
		t.Errorf("the answer tells too much: %s", r.Body)
	}
	if log := b.log.String(); !strings.Contains(log, "disk 7 is on fire") || !strings.Contains(log, at[string](m, "trace_id")) {
		t.Error("the log lacks the cause")
	}
	none := setup(t, func(o *web.Options) { o.Template = nil })
	none.problem(none.send("GET", "/api/v1/roster/template.xlsx", none.as("sun", "hk", "liaison", "l1"), nil), 404, "not_found")
}

func TestLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	s := b.file(visitor, map[string]any{"text": "找一下王小二", "contact": map[string]any{"phone": "13800138000"}})
	b.send("GET", "/api/v1/submissions/"+at[string](s, "id")+"?token="+visitor, visitor, nil)
	b.send("GET", "/secret-path", visitor, nil)
	log := b.log.String()
	for _, secret := range []string{visitor, "王小二", "13800138000", at[string](s, "id"), "person-", "secret-path", "token="} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s:\n%s", secret, log)
		}
	}
	for _, want := range []string{`"method":"POST"`, `"route":"/api/v1/submissions"`, `"status":201`, `"took":`, `"bytes":`, `"trace":"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}

// TestSearchesLeaveNoTrace searches for a name at each address that takes a search,
// as who may and who may not, well and badly formed: it names somebody, and
// stands in no log line, no figure and no list of what was refused.
func TestSearchesLeaveNoTrace(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.MetricsHere = true })
	staff := b.as("sun", "hk", "liaison", "l1")
	tokens := []string{"", "nonsense", b.login("villager"), b.as("ma", "hk", "member", "m1"), staff}
	const name = "王小二zhaoren" // no digits: a time in the log may hold any
	doc, _ := description(t)
	doors := 0
	for path, item := range at[map[string]any](doc, "paths") {
		get, ok := item.(map[string]any)["get"].(map[string]any)
		if !ok || !searches(get) {
			continue
		}
		doors++
		for _, token := range tokens {
			for _, query := range []string{name, name + strings.Repeat("x", 101), name + "&limit=-1", name + "&nothing=" + name, name + "%zz"} {
				b.send("GET", path+"?q="+query, token, nil)
			}
		}
	}
	if doors != 4 {
		t.Errorf("%d addresses take a search", doors)
	}
	b.clock.Advance(time.Minute) // what was refused is written down in heaps
	b.send("GET", "/api/v1/station/attempts", "", nil)
	traces := map[string]string{
		"the log": b.log.String(), "the figures": string(b.send("GET", "/metrics", "", nil).Body),
		"the list of what was refused": string(b.send("GET", "/api/v1/station/attempts", staff, nil).Body),
	}
	for where, text := range traces {
		if text == "" || strings.Contains(text, "王小二") || strings.Contains(text, "zhaoren") || strings.Contains(text, url.QueryEscape("王小二")) {
			t.Errorf("%s holds what was searched for: %s", where, text)
		}
	}
}

// searches reports whether an operation has a parameter q.
func searches(op map[string]any) bool {
	list, _ := op["parameters"].([]any)
	return slices.ContainsFunc(list, func(p any) bool {
		param, ok := p.(map[string]any)
		return ok && param["name"] == "q"
	})
}

func TestOptionsHaveUsableZeroValues(t *testing.T) {
	t.Parallel()
	c := &clock{now: monday}
	f, err := handlers.New(desk.New(kit.Config{}, desk.Parts{Now: c.Now, Log: slog.New(slog.DiscardHandler)}), web.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{t: t, face: f, clock: c}
	b.want(b.from("127.0.0.1:1", "", "GET", "/", ""), 200)
	b.want(b.from("127.0.0.1:1", "", "GET", "/readyz", ""), 200)
	c.Advance(time.Minute)
	b.problem(b.from("127.0.0.1:1", "", "GET", "/api/v1/submissions", ""), 401, "unauthenticated")
}
