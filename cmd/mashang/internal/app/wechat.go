package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"mashang/adapters/sms"
	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// emulatedAppID is the AppID of the emulator's account, if none is configured.
const emulatedAppID = "wx0000000000000000"

// emulatedTitles are the titles of the emulated templates on a phone.
var emulatedTitles = map[notice.Purpose]string{
	notice.MemberNew: "新诉求提醒", notice.MemberUrge: "催办提醒", notice.MemberMessage: "群众补充提醒",
	notice.VisitorReply: "答复提醒", notice.VisitorClosed: "办结通知", notice.VisitorProgress: "进度通知",
	notice.LiaisonAlarm: "险情提醒", notice.LiaisonUrge: "督办提醒", notice.DepartmentAssist: "协办提醒", notice.VisitorBooking: "预约提醒", notice.MemberDuty: "值班提醒",
}

// platformHost is the platform for this process: the real one, or the emulator on the same port. Client hides
// the difference.
type platformHost struct {
	Client *wechat.Client
	// Emulator is nil with a real AppID.
	Emulator *emulator.Emulator
	Texts    *sms.Inbox // takes text messages where the emulator is
	// server answers the emulator's pushes once the HTTP server runs.
	server atomic.Pointer[http.Handler]
}

// newPlatformHost creates the client and, without an AppID, the emulator. state stores the emulator's state
// over a restart, and cast answers /_emulator/cast; both may be nil. more completes the client's configuration.
func newPlatformHost(ctx context.Context, cfg config.Config, tokens wechat.TokenCache, state emulator.State, cast func(context.Context) (any, error), log *slog.Logger, more ...func(*wechat.Config)) (*platformHost, error) {
	s := &platformHost{Texts: sms.NewInbox(time.Now)}
	wc := wechat.Config{
		AppID: cfg.WeChat.AppID, AppSecret: cfg.WeChat.AppSecret.Reveal(), OriginalID: cfg.WeChat.OriginalID,
		EnvVersion: cfg.WeChat.EnvVersion, BaseURL: cfg.WeChat.APIBase, Timeout: cfg.WeChat.Timeout,
		Official:  wechat.Official{AppID: cfg.WeChat.OfficialAppID, Secret: cfg.WeChat.OfficialSecret.Reveal()},
		PushMode:  wechat.PushMode(cfg.WeChat.PushMode),
		PushToken: cfg.WeChat.PushToken.Reveal(), PushAESKey: cfg.WeChat.PushAESKey.Reveal(),
		Templates: adapt.Templates(cfg.WeChat.Templates, cfg.WeChat.TemplateKeys),
	}
	for _, change := range more {
		change(&wc)
	}
	if cfg.WeChat.Emulated() {
		if err := s.emulate(ctx, cfg, &wc, state, cast, log); err != nil {
			return nil, err
		}
		// Each emulator has its own tokens and limits, so none are shared.
		tokens, wc.Budget = &adapt.TokenCache{}, nil
	}
	client, err := wechat.New(wc, tokens, time.Now, log)
	if err != nil {
		return nil, err
	}
	s.Client = client
	return s, nil
}

// emulate creates an account with its emulator and points wc at it.
func (s *platformHost) emulate(ctx context.Context, cfg config.Config, wc *wechat.Config, state emulator.State, cast func(context.Context) (any, error), log *slog.Logger) error {
	secret, err := randomHex(16)
	if err != nil {
		return err
	}
	wc.AppID, wc.AppSecret, wc.OriginalID = emulatedAppID, secret, "gh_emulator"
	wc.PushMode, wc.PushToken, wc.PushAESKey = wechat.PushSafe, secret, (secret + secret)[:43]
	wc.EnvVersion = wechat.EnvRelease
	wc.Templates = map[notice.Purpose]wechat.Template{}
	var list []emulator.Template
	for _, p := range notice.Purposes {
		t := emulator.Template{ID: "emulated-" + strings.ReplaceAll(string(p), "_", "-"), Title: emulatedTitles[p], Purpose: string(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			t.Fields = append(t.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		list = append(list, t)
		wc.Templates[p] = wechat.Template{ID: t.ID}
	}
	s.Emulator, err = emulator.New(ctx, emulator.Options{
		AppID: wc.AppID, AppSecret: secret, OriginalID: wc.OriginalID,
		Push: s.push, Fetch: s.fetch(cfg.HTTP.PublicURL), PushToken: wc.PushToken, PushAESKey: wc.PushAESKey,
		Clock: time.Now, Rand: rand.Reader, Pages: wechat.Pages, Contacts: wechat.ContactPages, Templates: list,
		State: state, Cast: cast, Log: log,
		LinkBase: cfg.HTTP.PublicURL + "/_emulator/links/", Program: "/m/", Texts: func() any { return s.Texts.List() },
		// It serves loads that no real platform would.
		Unlimited: true,
	})
	if err != nil {
		return fmt.Errorf("start the emulator: %w", err)
	}
	wc.BaseURL = ""
	wc.Transport = wechat.HandlerTransport(s.Emulator.API())
	return nil
}

// push delivers an emulated push to our push endpoint without a socket.
func (s *platformHost) push(_ context.Context, r *http.Request) (*http.Response, error) {
	server := s.server.Load()
	if server == nil {
		return nil, fmt.Errorf("the server is not up yet")
	}
	return wechat.HandlerTransport(*server).RoundTrip(r)
}

// fetch lets the emulator fetch a picture for its check, only from our own address and without a socket.
func (s *platformHost) fetch(publicURL string) func(context.Context, string) (int, string, []byte, error) {
	return func(ctx context.Context, address string) (int, string, []byte, error) {
		if !strings.HasPrefix(address, publicURL+"/") {
			return 0, "", nil, fmt.Errorf("not an address of ours")
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return 0, "", nil, err
		}
		resp, err := s.push(ctx, r)
		if err != nil {
			return 0, "", nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		data, err := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Content-Type"), data, err
	}
}

// Close stops the emulator and saves its state.
func (s *platformHost) Close(ctx context.Context) error {
	s.Client.Close()
	if s.Emulator == nil {
		return nil
	}
	return s.Emulator.Close(ctx)
}

func randomHex(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// withBudget makes the client count its calls together with other processes, and report each of them.
func withBudget(back *managedStore, observe func(endpoint, code string, took time.Duration)) func(*wechat.Config) {
	return func(c *wechat.Config) {
		c.Budget, c.Observe = back.Budgets(c.AppID), observe
	}
}
