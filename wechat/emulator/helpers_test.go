package emulator_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mashang/wechat/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID     = "wx0123456789abcdef"
	appSecret = "secret"
	pushToken = "pushtoken"
	pushKey   = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	someone   = "person-1"
	tpl       = "template-1"
)

var start = time.Date(2026, 5, 1, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

// clock stands still until moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

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

type bundle struct {
	*emulator.Emulator

	t     *testing.T
	clock *clock
	api   http.Handler
	ctl   http.Handler
}

func setup(t *testing.T, change func(*emulator.Options)) *bundle {
	t.Helper()
	c := &clock{now: start}
	opts := emulator.Options{
		AppID: appID, AppSecret: appSecret, PushToken: pushToken, PushAESKey: pushKey,
		Clock: c.Now, Rand: rand.Reader,
		Pages: []string{"pages/index/index"},
		Templates: []emulator.Template{
			{ID: tpl, Fields: []emulator.Field{{Key: "thing1"}, {Key: "time2"}}},
			{ID: "template-2", Fields: []emulator.Field{{Key: "phrase1"}}},
		},
	}
	if change != nil {
		change(&opts)
	}
	e, err := emulator.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return &bundle{Emulator: e, t: t, clock: c, api: e.API(), ctl: e.Control()}
}

// answer is an answer of the API.
type answer struct {
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
	Token   string `json:"access_token"`
	Expires int    `json:"expires_in"`
	OpenID  string `json:"openid"`
	Result  struct {
		Suggest string `json:"suggest"`
		Label   int    `json:"label"`
	} `json:"result"`
	raw    []byte
	header http.Header
}

func request(t *testing.T, h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body)))
	return w
}

func (b *bundle) do(method, target, body string) answer {
	b.t.Helper()
	w := request(b.t, b.api, method, target, body)
	if w.Code != http.StatusOK {
		b.t.Fatalf("%s %s: status %d", method, target, w.Code)
	}
	a := answer{raw: w.Body.Bytes(), header: w.Header()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(a.raw, &a); err != nil {
			b.t.Fatal(err)
		}
	}
	return a
}

// stable fetches the stable token.
func (b *bundle) stable(force bool) answer {
	b.t.Helper()
	body, _ := json.Marshal(map[string]any{"grant_type": "client_credential", "appid": appID, "secret": appSecret, "force_refresh": force})
	return b.do(http.MethodPost, "/cgi-bin/stable_token", string(body))
}

// post makes a call with a good token. body is any value, or JSON text.
func (b *bundle) post(path string, body any) answer {
	b.t.Helper()
	return b.do(http.MethodPost, path+"?access_token="+b.stable(false).Token, encode(b.t, body))
}

// encode returns JSON text as it is, and anything else as JSON.
func encode(t *testing.T, body any) string {
	t.Helper()
	if text, ok := body.(string); ok {
		return text
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (b *bundle) want(a answer, code int) {
	b.t.Helper()
	if a.ErrCode != code {
		b.t.Fatalf("errcode %d (%s), want %d", a.ErrCode, a.ErrMsg, code)
	}
}

func message(change func(map[string]any)) map[string]any {
	m := map[string]any{
		"touser": someone, "template_id": tpl, "page": "pages/index/index?id=1",
		"data":              map[string]any{"thing1": map[string]any{"value": "路灯坏了"}, "time2": map[string]any{"value": "2026-05-01 10:00"}},
		"miniprogram_state": "formal", "lang": "zh_CN",
	}
	if change != nil {
		change(m)
	}
	return m
}

func (b *bundle) send(change func(map[string]any)) answer {
	b.t.Helper()
	return b.post("/cgi-bin/message/subscribe/send", message(change))
}

func (b *bundle) grant(n int) {
	b.t.Helper()
	if err := b.GrantQuietly(b.t.Context(), someone, tpl, n); err != nil {
		b.t.Fatal(err)
	}
}

// sink is a push URL in this process.
type sink struct {
	mu      sync.Mutex
	got     []pushed
	answers []string // what to answer, one after the other; then "success"
}

type pushed struct {
	query  map[string][]string
	header http.Header
	body   []byte
}

func (s *sink) push(_ context.Context, r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, pushed{r.URL.Query(), r.Header, body})
	text := "success"
	if len(s.answers) > 0 {
		text, s.answers = s.answers[0], s.answers[1:]
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewBufferString(text))}, nil
}

// memory is a State that can be set to fail.
type memory struct {
	mu    sync.Mutex
	all   map[string]string
	saves int
	err   error
}

func (m *memory) Load(context.Context) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.all), nil
}

func (m *memory) Save(_ context.Context, changed map[string]string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	if m.all == nil {
		m.all = make(map[string]string)
	}
	maps.Copy(m.all, changed)
	m.saves++
	return nil
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}
