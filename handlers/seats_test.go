package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mashang/handlers/web"
)

const secure = "__Host-"

// cookieOf is the cookie of the name that an answer sets.
func (b *bundle) cookieOf(r reply, name string) *http.Cookie {
	b.t.Helper()
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	b.t.Fatalf("no cookie %s in %v", name, r.Header)
	return nil
}

// screen is a browser that shows a login.
type screen struct {
	id, number, cookie string
}

func (b *bundle) screen(prefix string) screen {
	b.t.Helper()
	r := b.send("POST", "/api/v1/console/logins", "", nil, "User-Agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0")
	b.want(r, 201)
	m := r.JSON(b.t)
	c := b.cookieOf(r, prefix+"mashang-login-"+at[string](m, "id"))
	return screen{at[string](m, "id"), at[string](m, "number"), c.Name + "=" + c.Value}
}

// seatCookie signs the phone's person in at a computer; the answer is the Cookie
// header of the browser there.
func (b *bundle) seatCookie(phone string) string {
	b.t.Helper()
	s := b.screen(secure)
	b.want(b.send("GET", "/api/v1/console/logins/"+s.id, phone, nil), 200)
	b.want(b.send("POST", "/api/v1/console/logins/"+s.id+"/answer", phone, map[string]any{"allow": true, "number": s.number}), 204)
	r := b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", s.cookie)
	b.want(r, 201)
	c := b.cookieOf(r, secure+"mashang-console")
	return c.Name + "=" + c.Value
}

// TestALoginInAnotherTabLeavesThisOneGood: a browser whose session ended asks in each of its tabs, and each can be
// answered, in any order.
func TestALoginInAnotherTabLeavesThisOneGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := &url.URL{Scheme: "https", Host: "q.example.cn", Path: "/console/"}
	var tabs []map[string]any
	for range 2 {
		r := b.send("POST", "/api/v1/console/logins", "", nil)
		b.want(r, 201)
		jar.SetCookies(page, (&http.Response{Header: r.Header}).Cookies())
		tabs = append(tabs, r.JSON(t))
	}
	var cookies []string
	for _, c := range jar.Cookies(page) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	for _, tab := range tabs {
		path := "/api/v1/console/logins/" + at[string](tab, "id")
		b.want(b.send("GET", path, phone, nil), 200)
		b.want(b.send("POST", path+"/answer", phone, map[string]any{"allow": true, "number": tab["number"]}), 204)
		b.want(b.send("POST", path+"/session", "", nil, "Cookie", strings.Join(cookies, "; ")), 201)
	}
}

// TestCookieIsForOurOwnPagesOverHTTPS: name and attributes are what makes a
// browser send the session to nobody else.
func TestCookieIsForOurOwnPagesOverHTTPS(t *testing.T) {
	t.Parallel()
	for url, prefix := range map[string]string{publicURL: secure, "http://127.0.0.1:8080": ""} {
		b := setup(t, func(o *web.Options) { o.PublicURL = url })
		phone := b.as("sun", "hk", "liaison", "l1")
		s := b.screen(prefix)
		b.want(b.send("GET", "/api/v1/console/logins/"+s.id, phone, nil), 200)
		b.want(b.send("POST", "/api/v1/console/logins/"+s.id+"/answer", phone, map[string]any{"allow": true, "number": s.number}), 204)
		r := b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", s.cookie)
		b.want(r, 201)
		m := r.JSON(t)
		if at[string](m, "station") != "hk" || at[string](m, "by") != "scan" || at[string](m, "expires_at") != "2026-05-11T22:00:00+08:00" {
			t.Errorf("%s", r.Body)
		}
		c := b.cookieOf(r, prefix+"mashang-console")
		if c.Secure != (prefix != "") || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 12*60*60 {
			t.Errorf("%s: %s", url, c.Raw)
		}
		if strings.Contains(string(r.Body), c.Value) {
			t.Error("a script of the page can read the session")
		}
		// Under the other name it is nothing.
		plain := map[string]string{secure: "mashang-console=", "": secure + "mashang-console="}[prefix] + c.Value
		b.problem(b.send("GET", "/api/v1/console/session", "", nil, "Cookie", plain), 401, "unauthenticated")
		r = b.send("DELETE", "/api/v1/console/session", "", nil, "Cookie", c.Name+"="+c.Value)
		b.want(r, 204)
		if gone := b.cookieOf(r, c.Name); gone.MaxAge >= 0 || gone.Value != "" || gone.Path != "/" || gone.Secure != c.Secure {
			t.Errorf("%s: %s", url, gone.Raw)
		}
		b.problem(b.send("GET", "/api/v1/console/session", "", nil, "Cookie", c.Name+"="+c.Value), 401, "unauthenticated")
	}
}

// TestOtherSitesChangeNothing: a browser sends our cookie for whatever page has
// it do so; such a request is refused, and nothing is changed.
func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	cookie := b.seatCookie(phone)
	state := func() string {
		var all []string
		for _, path := range []string{"/codes", "/console/sessions", "/me/credentials", "/station/roster"} {
			r := b.send("GET", "/api/v1"+path, phone, nil)
			b.want(r, 200)
			all = append(all, string(r.Body))
		}
		return strings.Join(all, "\n")
	}
	before := state()
	attacks := [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
	}
	for _, a := range attacks {
		headers := append(slices.Clone(a), "Cookie", cookie)
		for _, x := range []struct{ method, path, body string }{
			{"POST", "/codes", `{"target":{"kind":"station"}}`},
			{"PUT", "/me/password", `{"password":"an attacker's own"}`},
			{"PATCH", "/codes/" + codeOfMa, `{"revoked":true}`},
			{"DELETE", "/console/session", ""},
		} {
			var body any
			if x.body != "" {
				body = x.body
			}
			m := b.problem(b.send(x.method, "/api/v1"+x.path, "", body, headers...), 403, "denied")
			if !strings.Contains(at[string](m, "detail"), "没有执行") {
				t.Errorf("%s %s: %v", x.method, x.path, m)
			}
		}
		if state() != before {
			t.Fatalf("%v changed something", a)
		}
	}
	// Nor does another site sign a browser in, as whoever it pleases.
	s := b.screen(secure)
	b.want(b.send("GET", "/api/v1/console/logins/"+s.id, phone, nil), 200)
	b.want(b.send("POST", "/api/v1/console/logins/"+s.id+"/answer", phone, map[string]any{"allow": true, "number": s.number}), 204)
	b.problem(b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", s.cookie, "Sec-Fetch-Site", "cross-site"), 404, "not_found")
	b.problem(b.send("POST", "/api/v1/console/sessions", "", map[string]any{"account": "l1@hk", "password": "x", "code": "1"}, "Sec-Fetch-Site", "cross-site"), 403, "denied")

	// Our own pages do, and so do programs, which send the header by themselves.
	for _, headers := range [][]string{
		{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"},
		{"Cookie", cookie, "Origin", b.http.URL},
		{"Cookie", cookie},
		{"Authorization", "Bearer " + phone, "Sec-Fetch-Site", "cross-site"},
	} {
		b.want(b.send("PATCH", "/api/v1/codes/"+codeOfMa, "", `{"revoked":false}`, headers...), 200)
	}
	// The header counts before the cookie: a cookie adds nothing to a token that is none.
	b.problem(b.send("GET", "/api/v1/console/session", "nonsense", nil, "Cookie", cookie), 401, "unauthenticated")
}

// TestComputerAllowsNoOtherComputer: whoever finds a computer open, or a password
// and a code, must not open sessions with it that count as by phone.
func TestComputerAllowsNoOtherComputer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	cookie, s := b.seatCookie(phone), b.screen(secure)
	_, token, _ := strings.Cut(cookie, "=")
	for _, headers := range [][]string{{"Cookie", cookie}, {"Authorization", "Bearer " + token}} {
		b.problem(b.send("GET", "/api/v1/console/logins/"+s.id, "", nil, headers...), 403, "denied")
		body := map[string]any{"allow": true, "number": s.number}
		b.problem(b.send("POST", "/api/v1/console/logins/"+s.id+"/answer", "", body, headers...), 403, "denied")
	}
	b.want(b.send("GET", "/api/v1/console/logins/"+s.id, phone, nil), 200)
}

// watch follows a login as the browser with the cookie does.
func (b *bundle) watch(s screen, cookie string) <-chan string {
	b.t.Helper()
	return b.streamed("/api/v1/console/logins/"+s.id+"/events", "", "Cookie", cookie)
}

// stateIs is the event of a state.
func stateIs(state string) string { return `state {"state":"` + state + `"}` }

// next is what the stream tells next; "" at its end.
func next(tb testing.TB, events <-chan string) string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	select {
	case s := <-events:
		return s
	case <-ctx.Done():
		tb.Fatal("the stream tells nothing")
		return ""
	}
}

func TestComputerFollowsThePhone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	s, other := b.screen(secure), b.screen(secure)
	events := b.watch(s, s.cookie)
	if got := next(t, events); got != stateIs("waiting") {
		t.Error(got)
	}
	look := b.got(b.send("GET", "/api/v1/console/logins/"+s.id, phone, nil))
	if look["agent"] != "Windows · Edge" || look["at"] != "2026-05-11T10:00:00+08:00" || look["expires_at"] != "2026-05-11T10:03:00+08:00" || look["state"] != "seen" || len(look) > 5 {
		t.Errorf("%v", look)
	}
	if got := next(t, events); got != stateIs("seen") {
		t.Error(got)
	}
	answer := func(number string) reply {
		return b.send("POST", "/api/v1/console/logins/"+s.id+"/answer", phone, map[string]any{"allow": true, "number": number})
	}
	wrong := "10"
	if s.number == wrong {
		wrong = "11"
	}
	if got := fields(b.problem(answer(wrong), 422, "invalid")); !slices.Equal(got, []string{"number"}) {
		t.Error(got)
	}
	b.want(answer(s.number), 204)
	if got := next(t, events); got != stateIs("approved") {
		t.Error(got)
	}
	if got := next(t, events); got != "" {
		t.Errorf("the stream goes on: %s", got)
	}
	b.problem(answer(s.number), 422, "wrong_state")
	// Another browser neither watches it nor takes it, not even with a cookie of its own.
	for _, cookie := range []string{other.cookie, "", s.cookie + "x", strings.Replace(s.cookie, secure, "", 1)} {
		b.problem(b.send("GET", "/api/v1/console/logins/"+s.id+"/events", "", nil, "Cookie", cookie), 404, "not_found")
		b.problem(b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", cookie), 404, "not_found")
	}
	b.want(b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", s.cookie), 201)
	b.problem(b.send("POST", "/api/v1/console/logins/"+s.id+"/session", "", nil, "Cookie", s.cookie), 422, "wrong_state")
	once := b.send("GET", "/api/v1/console/logins/"+other.id+"/events?once=1", "", nil, "Cookie", other.cookie)
	if string(once.Body) != "event: state\ndata: {\"state\":\"waiting\"}\n\n" {
		t.Errorf("%q", once.Body)
	}
}

// leave opens the stream of a login and goes away.
func (b *bundle) leave(s screen) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.http.URL+"/api/v1/console/logins/"+s.id+"/events", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Cookie", s.cookie)
	answer, err := b.http.Client().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if h := answer.Header; answer.StatusCode != http.StatusOK || h.Get("Cache-Control") != "no-store" || h.Get("X-Accel-Buffering") != "no" {
		b.t.Errorf("%d, %v", answer.StatusCode, h)
	}
	if err := answer.Body.Close(); err != nil {
		b.t.Fatal(err)
	}
}

// TestStreamsEndWithTheServer: a shutdown need not wait for who listens, nor a
// stream for who has gone.
func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.screen(secure)
	events := b.watch(s, s.cookie)
	if got := next(t, events); got != stateIs("waiting") {
		t.Error(got)
	}
	b.leave(s)
	b.face.Close()
	b.face.Close() // twice is once
	if got := next(t, events); got != "" {
		t.Errorf("the stream goes on: %s", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := b.http.Config.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// TestConsoleRunsItsOwnScriptsAlone reads the policy of the console's pages.
func TestConsoleRunsItsOwnScriptsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/console/", "/console/login", "/console/assets/index-a1b2.js"} {
		r := b.send("GET", path, "", nil)
		b.want(r, 200)
		policy := map[string]string{}
		for d := range strings.SplitSeq(r.Header.Get("Content-Security-Policy"), ";") {
			name, values, _ := strings.Cut(strings.TrimSpace(d), " ")
			policy[name] = values
		}
		for name, want := range map[string]string{
			"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'",
			"frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'none'",
		} {
			if policy[name] != want {
				t.Errorf("%s: %s is %q, want %q", path, name, policy[name], want)
			}
		}
		for name, values := range policy {
			if strings.Contains(values, "unsafe-eval") || strings.Contains(values, "unsafe-inline") && name != "style-src-attr" {
				t.Errorf("%s: %s %s", path, name, values)
			}
		}
	}
}

// TestSignInByPasswordOnTheWire goes the whole way without a phone, and looks for
// what must not be in the log.
func TestSignInByPasswordOnTheWire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	cookie := b.seatCookie(phone)
	const password = "planted-password-河口"
	by := func(method, path string, body any) reply {
		return b.send(method, "/api/v1"+path, "", body, "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
	}
	if m := b.got(by("GET", "/me/credentials", nil)); m["account"] != "l1@hk" || m["password_set_at"] != nil || m["app"] != false {
		t.Errorf("%v", m)
	}
	if got := fields(b.problem(by("PUT", "/me/password", map[string]any{"password": "short"}), 422, "invalid")); !slices.Equal(got, []string{"password"}) {
		t.Error(got)
	}
	b.want(by("PUT", "/me/password", map[string]any{"password": password}), 204)
	app := b.got(by("POST", "/me/authenticator", map[string]any{}))
	secret := at[string](app, "secret")
	if !strings.HasPrefix(at[string](app, "qr"), "data:image/svg+xml;base64,") {
		t.Errorf("%.60v", app["qr"])
	}
	code := func() string {
		c, err := totp.GenerateCode(secret, b.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	spent := code()
	codes := at[[]any](b.got(by("PUT", "/me/authenticator", map[string]any{"code": spent})), "codes")
	if len(codes) != 10 {
		t.Fatal(codes)
	}
	b.clock.Advance(time.Minute)
	signIn := func(password, code string) reply {
		return b.send("POST", "/api/v1/console/sessions", "", map[string]any{"account": "l1@hk", "password": password, "code": code})
	}
	r := signIn(password, code())
	b.want(r, 201)
	c := b.cookieOf(r, secure+"mashang-console")
	if at[string](r.JSON(t), "by") != "password" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("%s, %s", r.Body, c.Raw)
	}
	if m := b.got(b.send("GET", "/api/v1/console/session", "", nil, "Cookie", c.Name+"="+c.Value)); m["by"] != "password" || m["station_name"] != "河口镇委员工作站" {
		t.Errorf("%v", m)
	}
	list := at[[]any](b.got(by("GET", "/console/sessions", nil)), "items")
	if len(list) != 2 {
		t.Fatal(list)
	}
	for _, s := range list {
		if obj(s)["here"] == true {
			continue
		}
		b.want(by("DELETE", "/console/sessions/"+at[string](obj(s), "id"), nil), 204)
	}
	b.problem(b.send("GET", "/api/v1/console/session", "", nil, "Cookie", c.Name+"="+c.Value), 401, "unauthenticated")
	for range 5 {
		b.problem(signIn("planted-wrong-password", "000000"), 422, "invalid")
	}
	r = signIn(password, code())
	b.problem(r, 429, "too_many")
	if r.Header.Get("Retry-After") != "900" {
		t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
	}
	_, session, _ := strings.Cut(cookie, "=")
	planted := []string{phone, session, c.Value, password, "planted-wrong-password", secret, spent}
	for _, x := range codes {
		planted = append(planted, x.(string)) //nolint:forcetypeassert // a list of strings, or the test fails
	}
	log := b.log.String()
	if !strings.Contains(log, "/console/sessions") {
		t.Fatal("the log holds no request: the check below proves nothing")
	}
	for i, x := range planted {
		if x == "" || strings.Contains(log, x) {
			t.Errorf("planted text %d is in the log", i)
		}
	}
}
