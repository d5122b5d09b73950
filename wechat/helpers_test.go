package wechat_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The official account beside the mini program.
const (
	officialID     = "wx00000000000000ff"
	officialSecret = "official-secret-0123456789abcdef"
)

const (
	appID     = "wx0123456789abcdef"
	appSecret = "planted-secret-0123456789abcdef"
	pushToken = "pushtoken"
	pushKey   = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	original  = "gh_0123456789ab"
	someone   = "oSomebody-000000000000000001"
)

// start is the time at which every test begins.
var start = time.Date(2026, 5, 1, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

// clock is a clock that stands still until moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: start} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fakeCache is a TokenCache that can be set to fail and counts its uses.
type fakeCache struct {
	mu      sync.Mutex
	values  map[string]string
	ttls    []time.Duration
	down    bool
	gets    int
	deletes int // of tokens
}

var errDown = errors.New("cache is down")

func (f *fakeCache) Get(_ context.Context, key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gets++
	if f.down {
		return "", errDown
	}
	return f.values[key], nil
}

func (f *fakeCache) Set(_ context.Context, key, value string, ttl time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return errDown
	}
	f.ttls = append(f.ttls, ttl)
	if f.values == nil {
		f.values = make(map[string]string)
	}
	f.values[key] = value
	return nil
}

func (f *fakeCache) DeleteIf(_ context.Context, key, value string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return errDown
	}
	if f.values[key] == value {
		delete(f.values, key)
		if value != wechat.Claimed {
			f.deletes++
		}
	}
	return nil
}

func (f *fakeCache) Claim(_ context.Context, key string, _ time.Duration) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return false, errDown
	}
	if f.values == nil {
		f.values = make(map[string]string)
	}
	if f.values[key] != "" {
		return false, nil
	}
	f.values[key] = wechat.Claimed
	return true, nil
}

func (f *fakeCache) setDown(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
}

// syncBuffer collects a log.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// templates gives each purpose a template id of a realistic length.
func templates() map[notice.Purpose]wechat.Template {
	out := make(map[notice.Purpose]wechat.Template)
	for _, p := range notice.Purposes {
		out[p] = wechat.Template{ID: templateID(p)}
	}
	return out
}

func templateID(p notice.Purpose) string { return "template-" + string(p) + "-0123456789" }

func config(rt http.RoundTripper) wechat.Config {
	return wechat.Config{
		AppID: appID, AppSecret: appSecret, OriginalID: original,
		Official:  wechat.Official{AppID: officialID, Secret: officialSecret},
		PushToken: pushToken, PushAESKey: pushKey,
		Transport: rt, Templates: templates(),
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// emulated returns an emulator that knows our pages and templates.
func emulated(t *testing.T, c *clock, change func(*emulator.Options)) *emulator.Emulator {
	t.Helper()
	opts := emulator.Options{
		AppID: appID, AppSecret: appSecret, OriginalID: original,
		OfficialAppID: officialID, OfficialSecret: officialSecret,
		PushToken: pushToken, PushAESKey: pushKey,
		Clock: c.Now, Rand: rand.Reader, Pages: wechat.Pages,
	}
	for _, p := range notice.Purposes {
		tpl := emulator.Template{ID: templateID(p), Purpose: string(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			tpl.Fields = append(tpl.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		opts.Templates = append(opts.Templates, tpl)
	}
	if change != nil {
		change(&opts)
	}
	emu, err := emulator.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return emu
}

// bundle is a client with an emulator behind it.
type bundle struct {
	*wechat.Client

	emu   *emulator.Emulator
	clock *clock
	cache *fakeCache
	log   *syncBuffer
}

func setup(t *testing.T) *bundle {
	t.Helper()
	c := newClock()
	emu := emulated(t, c, nil)
	return client(t, c, emu, config(wechat.HandlerTransport(emu.API())))
}

// setupHTTP is setup over a real connection.
func setupHTTP(t *testing.T) *bundle {
	t.Helper()
	c := newClock()
	emu := emulated(t, c, nil)
	server := httptest.NewServer(emu.API())
	t.Cleanup(server.Close)
	cfg := config(nil)
	cfg.BaseURL = server.URL
	return client(t, c, emu, cfg)
}

func client(t *testing.T, c *clock, emu *emulator.Emulator, cfg wechat.Config) *bundle {
	t.Helper()
	b := clientOn(t, c.Now, &fakeCache{}, cfg)
	b.emu, b.clock = emu, c
	return b
}

// clientOn returns a client with the given cache and clock.
func clientOn(t *testing.T, now func() time.Time, cache wechat.TokenCache, cfg wechat.Config) *bundle {
	t.Helper()
	b := &bundle{log: &syncBuffer{}}
	b.cache, _ = cache.(*fakeCache)
	var err error
	b.Client, err = wechat.New(cfg, cache, now, slog.New(slog.NewTextHandler(b.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// meet logs someone in, so that the platform knows them.
func (b *bundle) meet(t *testing.T) {
	t.Helper()
	if _, err := b.Login(t.Context(), b.emu.LoginCode(someone)); err != nil {
		t.Fatal(err)
	}
}

// stubbed returns a client of a platform that hands out tokens and answers every other call with answer.
func stubbed(t *testing.T, answer http.HandlerFunc) *bundle {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/cgi-bin/stable_token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"planted-token","expires_in":7200}`))
	})
	mux.HandleFunc("/", answer)
	return client(t, newClock(), nil, config(wechat.HandlerTransport(mux)))
}
