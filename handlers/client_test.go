package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mashang/handlers/web"
)

// asked asks for the client as a browser that takes these encodings.
func asked(b *bundle, path, encodings string) reply {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.http.URL+path, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", encodings) // set by hand, so that nobody unpacks it
	return b.do(r)
}

const plainPage = "<!doctype html><title>client</title><div id=app><!--app-html--></div>"

// What was scanned is in the first bytes: a slow line shows it before the
// client has come.
func TestScannedPageIsReadableAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, query := range []string{"key=" + codeOfMa, "scene=" + codeOfMa, "q=" + url.QueryEscape(publicURL+"/q/"+codeOfMa)} {
		a := asked(b, "/m/pages/scan/index?"+query, "gzip")
		b.holds(string(a.Body), "<title>client</title>", "马晓舟 委员", "文化旅游 · 联系上滩村", "现在值班",
			"/m/pages/file/index?key="+codeOfMa+"&amp;kind=help", `href="tel:09301234567"`)
		if strings.Contains(string(a.Body), "<script") || a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", query, a.Header)
		}
	}
	form := string(asked(b, "/m/pages/file/index?kind=complaint&key="+codeOfMa, "gzip").Body)
	b.holds(form, "<title>client</title>", "发生了什么事？", "您扫的码：马晓舟 委员", "马上打开", `href="tel:09301234567"`)
	if strings.Contains(form, "kind=help") {
		t.Errorf("the form leads to itself: %s", form)
	}
	b.clock.Advance(4 * time.Hour) // nobody is there any more
	for _, path := range []string{"/m/pages/scan/index?key=" + codeOfMa, "/q/" + codeOfMa} {
		b.holds(string(asked(b, path, "identity").Body), "下次值班", "5月18日 09:00–12:00")
	}
	for _, query := range []string{"", "key=none", "key=zzzzzzzzzz", "key=%3Cscript%3E"} {
		for _, page := range []string{"scan", "file"} {
			if a := asked(b, "/m/pages/"+page+"/index?"+query, "identity"); a.Status != 200 || string(a.Body) != plainPage {
				t.Errorf("%s %q: %d %s", page, query, a.Status, a.Body)
			}
		}
	}
}

func TestClientIsServed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		path, encodings string
		status          int
		body, cache     string
		coding          string
	}{
		{"/m/", "identity", 200, plainPage, "no-cache", ""},
		{"/m/", "gzip, br", 200, packed("packed page"), "no-cache", "gzip"},
		// The client's pages are addresses of its own.
		{"/m/pages/file/index?key=abc", "gzip", 200, packed("packed page"), "no-cache", "gzip"},
		{"/m/assets/index-a1b2.js", "identity", 200, "let a = 1;", "public, max-age=31536000, immutable", ""},
		{"/m/assets/index-a1b2.js", "gzip", 200, packed("packed script"), "public, max-age=31536000, immutable", "gzip"},
		{"/m/assets/index-a1b2.js", "gzip, deflate, br", 200, "smaller script", "public, max-age=31536000, immutable", "br"},
		{"/m/assets/index-a1b2.js", "gzip, br;q=0", 200, packed("packed script"), "public, max-age=31536000, immutable", "gzip"},
		{"/m/assets/index-a1b2.js.br", "gzip", 404, "", "no-store", ""},
		// A page has a first page of its own, which names all that it loads.
		{"/m/pages/inbox/index", "gzip, br", 200, "<!doctype html><title>inbox</title>", "no-cache", ""},
		{"/m/assets/plain-a1b2.css", "gzip", 200, "a{}", "public, max-age=31536000, immutable", ""},
		// Of an older build: a page in its place would be no script.
		{"/m/assets/index-0000.js", "gzip", 404, "", "no-store", ""},
		{"/m/../go.mod", "identity", 200, plainPage, "no-cache", ""},
	} {
		a := asked(b, c.path, c.encodings)
		h, body := a.Header, string(a.Body)
		if a.Status != c.status || c.body != "" && body != c.body || h.Get("Cache-Control") != c.cache ||
			h.Get("Content-Encoding") != c.coding {
			t.Errorf("%s (%s): %d %v\n%s", c.path, c.encodings, a.Status, h, body)
		}
		policy := h.Get("Content-Security-Policy")
		if c.status == 200 && (!strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'self'")) {
			t.Errorf("%s: policy %q", c.path, policy)
		}
	}
	// Only the emulated phones may frame it.
	alone := setup(t, func(o *web.Options) { o.Emulator = nil })
	if h := asked(alone, "/m/", "identity").Header; !strings.HasSuffix(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("X-Frame-Options") != "DENY" {
		t.Errorf("without the emulator others may frame it: %v", h)
	}
}

func TestWithoutClientThePagesDoNotLeadThere(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Client = nil })
	if a := asked(b, "/m/pages/file/index", "identity"); a.Status != http.StatusNotFound || !strings.Contains(string(a.Body), "网页版还没有安装") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if sign := asked(b, "/q/"+codeOfMa, "identity"); strings.Contains(string(sign.Body), "/m/") {
		t.Error("the page behind a code leads to a client that is not there")
	}
	with := setup(t)
	if sign := asked(with, "/q/"+codeOfMa, "identity"); !strings.Contains(string(sign.Body), "/m/pages/file/index?key="+codeOfMa+"&amp;kind=complaint") {
		t.Error("the page behind a code does not lead to filing")
	}
}

func TestLoginByPhone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if ways := b.send("GET", "/api/v1/sessions/ways", "", nil).JSON(t); !at[bool](ways, "sms") || !at[bool](ways, "emulator") {
		t.Errorf("%v", ways)
	}
	const phone = "13800138000"
	b.want(b.send("POST", "/api/v1/sessions/sms", "", `{"phone":"+86 138-0013-8000"}`), 200)
	again := b.send("POST", "/api/v1/sessions/sms", "", `{"phone":"`+phone+`"}`)
	if again.Status != http.StatusTooManyRequests || again.Header.Get("Retry-After") != "60" {
		t.Errorf("at once again: %d %v", again.Status, again.Header)
	}
	code := b.texts.List()[0].Code
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	if a := b.send("POST", "/api/v1/sessions", "", `{"phone":"`+phone+`","sms_code":"`+wrong+`"}`); a.Status != 422 || !strings.Contains(string(a.Body), "sms_code") {
		t.Errorf("a wrong code: %d %s", a.Status, a.Body)
	}
	r := b.send("POST", "/api/v1/sessions", "", `{"phone":"`+phone+`","sms_code":"`+code+`"}`)
	b.want(r, 201)
	if s := r.JSON(t); at[string](s, "token") == "" || at[string](obj(s["user"]), "role") != "visitor" {
		t.Errorf("%v", s)
	}
	for what, body := range map[string]string{
		"nothing":        `{}`,
		"no account":     `{"oauth_code":"abc"}`,
		"both":           `{"code":"abc","phone":"13800138000"}`,
		"a code alone":   `{"sms_code":"123456"}`,
		"no mobile":      `{"phone":"0931-1234567","sms_code":"123456"}`,
		"a used code":    `{"phone":"13800138000","sms_code":"` + code + `"}`,
		"another number": `{"phone":"13900139000","sms_code":"` + code + `"}`,
	} {
		if a := b.send("POST", "/api/v1/sessions", "", body); a.Status != 422 {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
}
