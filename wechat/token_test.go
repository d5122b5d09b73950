package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/wechat"
)

// tokenServer hands out numbered tokens and accepts only the latest, as the platform does.
type tokenServer struct {
	fetches atomic.Int64
	valid   atomic.Int64
	expires int64
	gate    chan struct{} // if set, a fetch waits for it
	refusal string        // if set, every call is refused with this
}

func (s *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/cgi-bin/stable_token" {
		if s.gate != nil {
			<-s.gate
		}
		s.fetches.Add(1)
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":%d}`, s.valid.Load(), s.expires)
		return
	}
	switch {
	case s.refusal != "":
		_, _ = w.Write([]byte(s.refusal))
	case r.URL.Query().Get("access_token") != fmt.Sprintf("token-%d", s.valid.Load()):
		_, _ = w.Write([]byte(`{"errcode":40001,"errmsg":"invalid credential rid: 6a-1-2"}`))
	default:
		_, _ = w.Write([]byte(`{"errcode":0,"errmsg":"ok","result":{"suggest":"pass"}}`))
	}
}

func withServer(t *testing.T, s *tokenServer) *bundle {
	t.Helper()
	if s.expires == 0 {
		s.expires = 7200
	}
	return client(t, newClock(), nil, config(wechat.HandlerTransport(s)))
}

func (b *bundle) check(t *testing.T) error {
	t.Helper()
	_, err := b.CheckText(t.Context(), someone, "路灯坏了")
	return err
}

func TestRefusedTokenIsHealedByOneFetch(t *testing.T) {
	t.Parallel()
	s := &tokenServer{}
	b := withServer(t, s)
	if err := b.check(t); err != nil {
		t.Fatal(err)
	}
	s.valid.Add(1) // the platform forgets the token
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := b.check(t); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.fetches.Load(); n != 2 {
		t.Errorf("%d fetches, want 2: the first and one to heal", n)
	}
	if b.cache.deletes != 1 {
		t.Errorf("the shared token was deleted %d times, want once", b.cache.deletes)
	}
}

func TestTokenRefusedAgainIsAnError(t *testing.T) {
	t.Parallel()
	for _, code := range []int{40001, 40014, 42001} {
		s := &tokenServer{refusal: fmt.Sprintf(`{"errcode":%d,"errmsg":"bad token"}`, code)}
		b := withServer(t, s)
		wantCode(t, b.check(t), fault.Unavailable)
		if n := s.fetches.Load(); n != 3 {
			t.Errorf("errcode %d: %d fetches, want 3: the first, one to heal, one forced", code, n)
		}
		if !strings.Contains(b.log.String(), "refuses the token it just gave") {
			t.Errorf("errcode %d: nobody is called: %s", code, b.log)
		}
	}
}

// forgetless is a cache that deletes nothing.
type forgetless struct{ fakeCache }

func (*forgetless) DeleteIf(context.Context, string, string) error { return errDown }

// TestARefusedTokenMayStayInTheCache: a refused token is not used again.
func TestARefusedTokenMayStayInTheCache(t *testing.T) {
	t.Parallel()
	s := &tokenServer{expires: 7200}
	b := clientOn(t, newClock().Now, &forgetless{}, config(wechat.HandlerTransport(s)))
	for range 3 {
		if err := b.check(t); err != nil {
			t.Fatal(err)
		}
		s.valid.Add(1)
	}
}

func TestManyCallersOneFetch(t *testing.T) {
	t.Parallel()
	s := &tokenServer{gate: make(chan struct{})}
	b := withServer(t, s)

	impatient, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := b.CheckText(impatient, someone, "路灯坏了")
		gone <- err
	}()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Fatalf("the caller who gave up got %v", err)
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := b.check(t); err != nil {
				t.Error(err)
			}
		})
	}
	close(s.gate)
	wg.Wait()
	if n := s.fetches.Load(); n > 2 {
		t.Errorf("%d fetches, want one for all, or two if the first caller's was over", n)
	}
}

func TestTokenIsSharedAndRead(t *testing.T) {
	t.Parallel()
	s := &tokenServer{}
	b := withServer(t, s)
	for range 100 {
		if err := b.check(t); err != nil {
			t.Fatal(err)
		}
	}
	if b.cache.gets != 2 {
		t.Errorf("the shared cache was read %d times for 100 calls within a minute, want twice: before the claim and with it", b.cache.gets)
	}
	if len(b.cache.ttls) != 1 || b.cache.ttls[0] != 6900*time.Second {
		t.Errorf("shared for %v, want 6900 s", b.cache.ttls)
	}
	// A second process takes it from the cache.
	other := client(t, b.clock, nil, config(wechat.HandlerTransport(s)))
	other.cache.values = b.cache.values
	if err := other.check(t); err != nil {
		t.Fatal(err)
	}
	if n := s.fetches.Load(); n != 1 {
		t.Errorf("%d fetches for two processes, want 1", n)
	}
}

func TestCacheDownServesTheCopy(t *testing.T) {
	t.Parallel()
	s := &tokenServer{}
	b := withServer(t, s)
	b.cache.setDown(true)
	for range 5 {
		if err := b.check(t); err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(10 * time.Minute)
	}
	if n := s.fetches.Load(); n != 1 {
		t.Errorf("%d fetches with the cache down, want 1", n)
	}
	b.clock.Advance(2 * time.Hour)
	if err := b.check(t); err != nil {
		t.Fatal(err)
	}
	if n := s.fetches.Load(); n != 2 {
		t.Errorf("%d fetches after the token's life, want 2", n)
	}
}

func TestTokenAtItsMarginIsNotStored(t *testing.T) {
	t.Parallel()
	for _, left := range []int64{300, 120} {
		s := &tokenServer{expires: left}
		b := withServer(t, s)
		if err := b.check(t); err != nil {
			t.Fatal(err)
		}
		if len(b.cache.ttls) != 0 {
			t.Errorf("a token with %d s left was stored for %v", left, b.cache.ttls)
		}
	}
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	c := newClock()
	emu := emulated(t, c, nil)
	cfg := config(wechat.HandlerTransport(emu.API()))
	cfg.AppSecret = "another-planted-secret"
	b := client(t, c, emu, cfg)
	err := b.Ping(t.Context())
	wantCode(t, err, fault.Unavailable)
	if e, ok := errors.AsType[*wechat.APIError](err); !ok || e.Code != 40125 || e.RID == "" {
		t.Errorf("got %v, want errcode 40125 with its rid", err)
	}
	if log := b.log.String(); !strings.Contains(log, "40125") || strings.Contains(log, "another-planted-secret") {
		t.Errorf("the log should name the errcode and not the secret: %s", log)
	}
}

func TestEmulatorRestartHeals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.meet(t)
	for range 3 {
		if err := b.check(t); err != nil {
			t.Fatal(err)
		}
		b.emu.RevokeTokens()
	}
}
