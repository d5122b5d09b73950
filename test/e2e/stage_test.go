package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// stage is an emulated platform of its own, as the platform's servers are for a
// deployment with an AppID: any number of servers of the product may use it.
type stage struct {
	t      *testing.T
	emu    *emulator.Emulator
	server *httptest.Server
	sites  []*site

	mu sync.Mutex
	// given are the secrets that the platform handed out or was sent, with what
	// they are.
	given map[string]string
}

// tmpl is the account's template of a purpose.
func tmpl(p notice.Purpose) string {
	return "tmpl-" + strings.ReplaceAll(string(p), "_", "-") + "-of-the-test"
}

// newStage starts the platform; it pushes to the first of the sites.
func newStage(t *testing.T, sites ...*site) *stage {
	t.Helper()
	s := &stage{t: t, sites: sites, given: map[string]string{}}
	opts := emulator.Options{
		AppID: accountID, AppSecret: accountSecret, OriginalID: accountOrigin,
		PushToken: accountToken, PushAESKey: accountKey, PushURL: sites[0].Base + "/wechat/push",
		Push:  func(_ context.Context, r *http.Request) (*http.Response, error) { return web.Do(r) },
		Fetch: fetchOver,
		Clock: time.Now, Rand: rand.Reader, Pages: wechat.Pages,
	}
	var ids []string
	for _, p := range notice.Purposes {
		one := emulator.Template{ID: tmpl(p), Purpose: string(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			one.Fields = append(one.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		opts.Templates = append(opts.Templates, one)
		ids = append(ids, string(p)+"="+one.ID)
	}
	var err error
	if s.emu, err = emulator.New(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewServer(s.spy(s.emu.API()))
	t.Cleanup(func() {
		s.server.Close()
		if err := s.emu.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	for _, site := range sites {
		site.Args = []string{"serve"}
		maps.Copy(site.Env, map[string]string{
			"MASHANG_WECHAT_APP_ID": accountID, "MASHANG_WECHAT_APP_SECRET": accountSecret,
			"MASHANG_WECHAT_PUSH_TOKEN": accountToken, "MASHANG_WECHAT_PUSH_AES_KEY": accountKey,
			"MASHANG_WECHAT_ORIGINAL_ID": accountOrigin, "MASHANG_WECHAT_API_BASE": s.server.URL,
			"MASHANG_WECHAT_TEMPLATES": strings.Join(ids, ","),
			"MASHANG_SEAL_KEYS":        "k7:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
		})
		for what, secret := range map[string]string{
			"the AppSecret": accountSecret, "the push token": accountToken, "the AES key": accountKey,
		} {
			site.secret(what, secret)
		}
	}
	return s
}

var sessionKey = regexp.MustCompile(`"session_key":"([^"]+)"`)

// spy notes every token and session key that passes.
func (s *stage) spy(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note("an access token", r.URL.Query().Get("access_token"))
		if r.URL.Path != "/sns/jscode2session" {
			api.ServeHTTP(w, r)
			return
		}
		copied := httptest.NewRecorder()
		api.ServeHTTP(copied, r)
		if m := sessionKey.FindSubmatch(copied.Body.Bytes()); m != nil {
			s.note("a session key", string(m[1]))
		}
		maps.Copy(w.Header(), copied.Header())
		w.WriteHeader(copied.Code)
		_, _ = w.Write(copied.Body.Bytes())
	})
}

func (s *stage) note(what, secret string) {
	if secret == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given[secret] = what
}

// fetchOver gets a picture as the platform's servers do.
func fetchOver(ctx context.Context, address string) (int, string, []byte, error) {
	a, err := ask(ctx, http.MethodGet, address, "", nil, nil)
	if err != nil {
		return 0, "", nil, err
	}
	return a.status, a.header.Get("Content-Type"), a.body, nil
}

// enter logs somebody in at a site through the platform.
func (s *stage) enter(at *site, openid string) *phone {
	s.t.Helper()
	p := at.person(openid)
	a, err := ask(s.t.Context(), http.MethodPost, at.Base+"/api/v1/sessions", "", nil, object{"code": s.emu.LoginCode(openid)})
	if err != nil {
		s.t.Fatal(err)
	}
	var o wireSession
	p.wants(http.StatusCreated, a, &o)
	p.Token, p.User = o.Token, o.User
	at.secret("a token", o.Token)
	return p
}

// allows grants the person messages of each purpose, as taps do.
func (s *stage) allows(openid string, n int, purposes ...notice.Purpose) {
	s.t.Helper()
	for _, p := range purposes {
		if _, err := s.emu.Grant(s.t.Context(), openid, tmpl(p), n); err != nil {
			s.t.Fatal(err)
		}
	}
}
