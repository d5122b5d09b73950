package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/miniprogram/auth"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	mpcontext "github.com/silenceper/wechat/v2/miniprogram/context"

	"mashang/notice"
)

// Client speaks to the platform for one mini program. One for the process; safe
// for use by many goroutines.
type Client struct {
	cfg       Config
	http      *http.Client
	log       *slog.Logger
	now       func() time.Time
	tokens    *tokens
	auth      *auth.Auth
	purposes  map[string]notice.Purpose
	receiver  *Receiver
	serialise stripes
}

// New returns a client. It makes no call. cache shares the token among
// processes; clock tells the time. A wrong configuration is an Invalid fault
// that names all wrong fields as config.yaml has them ("wechat.app_id").
func New(cfg Config, shared TokenCache, clock func() time.Time, log *slog.Logger) (*Client, error) {
	cfg, base, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if cfg.Transport == nil {
		cfg.Transport = defaultTransport()
	}
	tameSDK()
	c := &Client{
		cfg: cfg, log: log, now: clock,
		http: &http.Client{
			Transport:     &pinned{base: base, next: cfg.Transport},
			CheckRedirect: noRedirect,
		},
		purposes:  make(map[string]notice.Purpose, len(cfg.Templates)),
		receiver:  newReceiver(cfg, clock),
		serialise: newStripes(),
	}
	for p, t := range cfg.Templates {
		if t.ID != "" {
			c.purposes[t.ID] = p
		}
	}
	c.tokens = &tokens{
		shared: shared, key: "stable_token:" + cfg.AppID, timeout: cfg.Timeout,
		now: clock, log: log, fetch: c.stableToken,
	}
	c.auth = auth.NewAuth(&mpcontext.Context{
		Config:                   &config.Config{AppID: cfg.AppID, AppSecret: cfg.AppSecret},
		AccessTokenContextHandle: c.tokens,
	})
	return c, nil
}

// Close gives back idle connections.
func (c *Client) Close() {
	if t, ok := c.cfg.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Ping fetches the stable token from the platform, past every cache: it proves
// the way, the AppID, the secret and the platform's IP list.
func (c *Client) Ping(ctx context.Context) error {
	if _, _, err := c.stableToken(ctx); err != nil {
		return c.fault(ctx, err)
	}
	return nil
}

// Receiver returns the receiver for the platform's pushes.
func (c *Client) Receiver() *Receiver { return c.receiver }

// TemplateID returns the purpose's template id, "" if it has none.
func (c *Client) TemplateID(p notice.Purpose) string { return c.cfg.Templates[p].ID }

// Purpose returns the purpose that a template id stands for.
func (c *Client) Purpose(templateID string) (notice.Purpose, bool) {
	p, ok := c.purposes[templateID]
	return p, ok
}

// stableToken asks the platform through the SDK and returns the token and its
// remaining life. The SDK's own cache is not used.
func (c *Client) stableToken(ctx context.Context) (string, time.Duration, error) {
	const endpoint = "/cgi-bin/stable_token"
	handle, ok := credential.NewStableAccessToken(c.cfg.AppID, c.cfg.AppSecret, "", cache.NewMemory()).(*credential.StableAccessToken)
	if !ok {
		return "", 0, errors.New("wechat: the sdk's token handle has another type")
	}
	var res credential.ResAccessToken
	_, err := throughSDK(ctx, c, func(ctx context.Context) (_ struct{}, err error) {
		res, err = handle.GetAccessTokenDirectly(ctx, false)
		return struct{}{}, err
	})
	switch {
	case res.ErrCode != 0:
		return "", 0, newAPIError(endpoint, res.ErrCode, res.ErrMsg)
	case err != nil:
		return "", 0, c.newCallError(endpoint, err)
	case res.AccessToken == "":
		return "", 0, c.newCallError(endpoint, errors.New("no token in the answer"))
	}
	return res.AccessToken, time.Duration(res.ExpiresIn) * time.Second, nil
}

// status is the part that all answers share; errcode may be missing.
type status struct {
	ErrCode int64  `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

func (s *status) verdict() (code int64, msg string) { return s.ErrCode, s.ErrMsg }

// answer is a pointer to a struct that embeds status.
type answer interface{ verdict() (int64, string) }

// call makes one POST with a token and decodes the JSON answer into out. A
// refused token is dropped and the call made once more.
func (c *Client) call(ctx context.Context, path string, in any, out answer) error {
	return c.withToken(ctx, path, func(token string) error {
		return c.doJSON(ctx, http.MethodPost, path, url.Values{"access_token": {token}}, in, out)
	})
}

// tokenError marks that a call failed before it was made.
type tokenError struct{ error }

func (e tokenError) Unwrap() error { return e.error }

func (c *Client) withToken(ctx context.Context, path string, try func(token string) error) error {
	for again := false; ; again = true {
		token, err := c.tokens.GetAccessTokenContext(ctx)
		if err != nil {
			if codeOf(err) == 0 {
				err = c.newCallError(path, err)
			}
			return tokenError{err}
		}
		err = try(token)
		switch codeOf(err) {
		case codeTokenInvalid, codeTokenBad, codeTokenExpired:
			c.tokens.drop(ctx, token)
			if again {
				return err
			}
		default:
			return err
		}
	}
}

// doJSON makes one request and decodes its JSON answer into out. An errcode
// becomes an *APIError, anything else that went wrong a *CallError.
func (c *Client) doJSON(ctx context.Context, method, path string, query url.Values, in any, out answer) error {
	body, err := c.do(ctx, method, path, query, in, maxJSON)
	if err != nil {
		return err
	}
	return c.decode(path, body, out)
}

func (c *Client) decode(path string, body []byte, out answer) error {
	if err := json.Unmarshal(body, out); err != nil {
		return c.newCallError(path, errors.New("the answer is not the expected JSON"))
	}
	if code, msg := out.verdict(); code != 0 {
		return newAPIError(path, code, msg)
	}
	return nil
}

// do makes one request and returns the answer's body of at most limit bytes.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, in any, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	var body bytes.Buffer
	if in != nil {
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false) // the platform counts \u0026 as six characters
		if err := enc.Encode(in); err != nil {
			return nil, c.newCallError(path, err)
		}
	}
	target := "https://" + platformHost + path + "?" + query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, target, &body)
	if err != nil {
		return nil, c.newCallError(path, err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.newCallError(path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(&bounded{body: resp.Body, left: limit})
	if err != nil {
		return nil, c.newCallError(path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, c.newCallError(path, fmt.Errorf("status %d", resp.StatusCode))
	}
	return got, nil
}
