package handlers_test

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"mashang/handlers"
	"mashang/handlers/web"
)

// tooMany checks a refusal and returns its Retry-After in seconds.
func (b *bundle) tooMany(r reply) int {
	b.t.Helper()
	b.problem(r, 429, "too_many")
	n, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || n < 1 {
		b.t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
	}
	return n
}

func TestPersonLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Limits = web.Limits{PersonPerMinute: 3} })
	visitor, other := b.login("villager"), b.login("tourist")
	s := b.file(visitor, nil)
	for _, text := range []string{"一", "二"} {
		b.done(visitor, s, "messages", map[string]any{"text": text, "version": nil})
	}
	if wait := b.tooMany(b.act(visitor, s, "messages", map[string]any{"text": "三", "version": nil})); wait != 20 {
		t.Errorf("Retry-After %d, want 20", wait)
	}
	b.file(other, nil)
	b.want(b.send("GET", "/api/v1/submissions", visitor, nil), 200)
	b.clock.Advance(20 * time.Second)
	b.done(visitor, s, "messages", map[string]any{"text": "三", "version": nil})
}

// An upload that is refused gives its hour's place back, but it was received
// and decoded: nobody may have that done without end.
func TestRefusedUploadsAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Limits = web.Limits{PersonPerMinute: 3} })
	visitor := b.login("villager")
	for range 3 {
		b.problem(b.post(visitor, part{"file", "x", []byte("nothing known")}), 422, "invalid")
	}
	b.tooMany(b.post(visitor, part{"file", "x", []byte("nothing known")}))
}

func TestDailyLimitCountsWhatWasFiled(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) {
		o.Limits = web.Limits{PersonPerMinute: 1000, SubmissionsPerDay: 2, UploadsPerHour: 2}
	})
	visitor := b.login("villager")
	for range 5 {
		b.problem(b.send("POST", "/api/v1/submissions", visitor, filing(map[string]any{"text": " "}), "Idempotency-Key", newKey()), 422, "invalid")
		b.problem(b.post(visitor, part{"file", "x", []byte("nothing known")}), 422, "invalid")
	}
	for range 2 {
		b.file(visitor, nil)
		b.upload(visitor, "p.png", png(t, 20, 20))
	}
	if wait := b.tooMany(b.send("POST", "/api/v1/submissions", visitor, filing(nil), "Idempotency-Key", newKey())); wait != 12*3600 {
		t.Errorf("Retry-After %d, want 12 h", wait)
	}
	b.tooMany(b.post(visitor, part{"file", "p.png", png(t, 20, 20)}))
	b.clock.Advance(12 * time.Hour)
	b.file(visitor, nil)
}

func TestDemoGivesRoom(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Limits, o.Demo = web.Limits{PersonPerMinute: 10}, true })
	visitor := b.login("villager")
	s := b.file(visitor, nil)
	for i := range 119 {
		b.done(visitor, s, "messages", map[string]any{"text": strconv.Itoa(i), "version": nil})
	}
	b.tooMany(b.act(visitor, s, "messages", map[string]any{"text": "x", "version": nil}))
}

func TestWrongInvitations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	for range 5 {
		b.problem(b.send("POST", "/api/v1/bindings", visitor, `{"invitation":"0000000000000000"}`), 422, "invalid")
	}
	b.tooMany(b.send("POST", "/api/v1/bindings", visitor, `{"invitation":"0000000000000000"}`))
	b.problem(b.send("POST", "/api/v1/bindings", b.login("tourist"), `{"invitation":"0000000000000000"}`), 422, "invalid")
	b.clock.Advance(13 * time.Minute)
	b.problem(b.send("POST", "/api/v1/bindings", visitor, `{"invitation":"0000000000000000"}`), 422, "invalid")
}

// from asks without a network, as if from the peer.
func (b *bundle) from(peer, forwarded, method, path, body string) reply {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = peer
	r.Header.Set("Content-Type", "application/json")
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	w := httptest.NewRecorder()
	b.face.Handler().ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.Bytes()}
}

func TestAddressLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Limits = web.Limits{AddressPerMinute: 3, LoginPerMinute: 1} })
	path := "/api/v1/codes/" + codeRoom
	for range 3 {
		b.want(b.from("203.0.113.7:4000", "", "GET", path, ""), 200)
	}
	// Another port, a made-up header and another page are the same address.
	b.tooMany(b.from("203.0.113.7:4001", "198.51.100.1", "GET", path, ""))
	b.tooMany(b.from("203.0.113.7:4001", "", "GET", "/q/"+codeRoom, ""))
	b.tooMany(b.from("203.0.113.7:4001", "", "GET", "/nowhere", ""))
	b.want(b.from("203.0.113.8:4000", "", "GET", path, ""), 200)
	// A subscriber has 64 bits of IPv6.
	for _, host := range []string{"1", "2", "3"} {
		b.want(b.from("[2001:db8:1:2::"+host+"]:4000", "", "GET", path, ""), 200)
	}
	b.tooMany(b.from("[2001:db8:1:2:9::9]:4000", "", "GET", path, ""))
	b.want(b.from("[2001:db8:1:3::1]:4000", "", "GET", path, ""), 200)
	// What the platform and the operator's tools call is not bound.
	for range 5 {
		b.want(b.from("203.0.113.7:4000", "", "GET", "/healthz", ""), 200)
	}
	login := func(peer string) reply {
		return b.from(peer, "", "POST", "/api/v1/sessions", `{"code":"`+b.emu.LoginCode("villager")+`"}`)
	}
	b.want(login("203.0.113.10:1"), 201)
	b.tooMany(login("203.0.113.10:1"))
}

// A peer on this machine is a proxy as soon as people come from elsewhere. With
// none trusted everybody behind it is one address, whatever it says or keeps to
// itself: or no limit by address held, and each code by SMS is paid for.
func TestAProxyOnThisMachineIsOneAddress(t *testing.T) {
	t.Parallel()
	path := "/api/v1/codes/" + codeRoom
	for name, c := range map[string]struct {
		public, peer, header string
		trusted              []string
		bound                bool
	}{
		"forwards":                 {publicURL, "127.0.0.1:1", "X-Forwarded-For", nil, true},
		"forwards by IPv6":         {publicURL, "[::1]:1", "X-Forwarded-For", nil, true},
		"forwards, mapped":         {publicURL, "[::ffff:127.0.0.1]:1", "X-Real-Ip", nil, true},
		"forwards, RFC 7239":       {publicURL, "127.0.0.1:1", "Forwarded", nil, true},
		"says nothing":             {publicURL, "127.0.0.1:1", "", nil, true},
		"another one is trusted":   {publicURL, "127.0.0.1:1", "X-Forwarded-For", []string{"10.0.0.0/8"}, true},
		"trusted, says nothing":    {publicURL, "127.0.0.1:1", "", []string{"127.0.0.1"}, true},
		"in front of a demo":       {"http://127.0.0.1:8080", "127.0.0.1:1", "X-Forwarded-For", nil, true},
		"nobody, on one's machine": {"http://127.0.0.1:8080", "127.0.0.1:1", "", nil, false},
		"nobody, by name":          {"http://localhost:8080", "[::1]:1", "", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(o *web.Options) {
				o.PublicURL, o.TrustedProxies, o.Limits = c.public, c.trusted, web.Limits{AddressPerMinute: 3}
			})
			for n := range 5 {
				r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
				r.RemoteAddr = c.peer
				if c.header != "" {
					r.Header.Set(c.header, fmt.Sprintf("203.0.113.%d", n))
				}
				w := httptest.NewRecorder()
				b.face.Handler().ServeHTTP(w, r)
				if want := map[bool]int{true: 429, false: 200}[c.bound && n >= 3]; w.Code != want {
					t.Errorf("request %d: %d, want %d", n, w.Code, want)
				}
			}
			if warned := strings.Count(b.log.String(), "a proxy forwards requests and is not trusted"); warned != map[bool]int{true: 1, false: 0}[c.header != ""] {
				t.Errorf("%d warnings of a proxy", warned)
			}
		})
	}
}

// Sixty people behind a proxy that nobody trusts get no more codes than one.
func TestTextsBehindAProxyThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sent := 0
	for n := range 60 {
		r := b.from("127.0.0.1:1", fmt.Sprintf("203.0.113.%d", n), "POST", "/api/v1/sessions/sms", fmt.Sprintf(`{"phone":"138%08d"}`, n))
		if r.Status == 200 {
			sent++
		}
	}
	if sent != 20 {
		t.Errorf("%d codes by SMS sent, want 20", sent)
	}
}

func TestForwardedAddressesBehindAProxy(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) {
		o.TrustedProxies = []string{"127.0.0.1", "10.0.0.0/8"}
		o.Limits = web.Limits{AddressPerMinute: 2}
	})
	path := "/api/v1/codes/" + codeRoom
	for range 2 {
		b.want(b.from("127.0.0.1:1", "203.0.113.7", "GET", path, ""), 200)
	}
	b.tooMany(b.from("127.0.0.1:1", "203.0.113.7", "GET", path, ""))
	// What the client itself put in front is not believed.
	b.tooMany(b.from("10.1.2.3:1", "127.0.0.1, 203.0.113.7", "GET", path, ""))
	b.want(b.from("10.1.2.3:1", "203.0.113.8", "GET", path, ""), 200)
	// A peer that is no proxy speaks for itself.
	for range 2 {
		b.want(b.from("198.51.100.1:1", "203.0.113.9", "GET", path, ""), 200)
	}
	b.tooMany(b.from("198.51.100.1:1", "203.0.113.10", "GET", path, ""))
	if _, err := handlers.New(nil, web.Options{Now: b.clock.Now, TrustedProxies: []string{"nonsense"}}); err == nil {
		t.Error("a proxy that is no address is taken")
	}
}

// Each code by SMS is paid for, whichever number it goes to.
func TestTextsFromOneAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	send := func(peer string, n int) reply {
		return b.from(peer, "", "POST", "/api/v1/sessions/sms", fmt.Sprintf(`{"phone":"138%08d"}`, n))
	}
	for n := range 20 {
		b.want(send("203.0.113.7:5000", n), 200)
	}
	b.tooMany(send("203.0.113.7:5000", 20))
	b.want(send("203.0.113.8:5000", 21), 200)
	b.clock.Advance(time.Hour)
	b.want(send("203.0.113.7:5000", 22), 200)
}
