package wechat

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/miniprogram/auth"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	mpcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/officialaccount/oauth"

	"mashang/domain/notice"
)

// Client is the client of the platform for one mini program. A process has one; it is safe for concurrent use.
type Client struct {
	cfg       Config
	http      *http.Client
	log       *slog.Logger
	now       func() time.Time
	tokens    *tokens
	auth      *auth.Auth
	official  *oauth.Oauth
	purposes  map[string]notice.Purpose
	receiver  *Receiver
	sendLocks stripes
	breakers  map[*endpoint]*breaker
	// budgets are the local budgets, by the endpoint that owns each.
	budgets map[*endpoint]*localBudget
}

// New returns a client and makes no call. shared shares the token among processes. A wrong configuration is an
// Invalid fault that names all wrong fields as config.yaml has them ("wechat.app_id").
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
	replaceSDKClient()
	c := &Client{
		cfg: cfg, log: log, now: clock,
		http: &http.Client{
			Transport:     &platformTransport{base: base, next: cfg.Transport},
			CheckRedirect: noRedirect,
		},
		purposes:  make(map[string]notice.Purpose, len(cfg.Templates)),
		receiver:  newReceiver(cfg, clock),
		sendLocks: newStripes(),
	}
	for p, t := range cfg.Templates {
		if t.ID != "" {
			c.purposes[t.ID] = p
		}
	}
	c.breakers = make(map[*endpoint]*breaker, len(endpoints))
	c.budgets = make(map[*endpoint]*localBudget, len(endpoints))
	for _, ep := range endpoints {
		c.breakers[ep] = &breaker{now: clock, onChange: func(ctx context.Context, open bool) { c.logBreaker(ctx, ep, open) }}
		if ep.sharedBudget == nil {
			c.budgets[ep] = newLocalBudget(ep, cfg.Budget, clock, log)
		}
	}
	c.tokens = &tokens{
		shared: shared, key: "stable_token:" + cfg.AppID, timeout: 2*cfg.Timeout + claimPolls*claimPollInterval,
		now: clock, log: log, wait: cfg.Wait, fetch: c.stableToken,
	}
	c.auth = auth.NewAuth(&mpcontext.Context{
		Config:                   &config.Config{AppID: cfg.AppID, AppSecret: cfg.AppSecret},
		AccessTokenContextHandle: c.tokens,
	})
	c.official = newOfficial(cfg.Official)
	return c, nil
}

// Close closes idle connections.
func (c *Client) Close() {
	if t, ok := c.cfg.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Ping fetches the stable token from the platform, bypassing every cache. It proves the connection, the AppID,
// the secret and the platform's IP list. Diagnose says what to fix when it fails.
func (c *Client) Ping(ctx context.Context) error {
	if _, _, err := c.stableToken(ctx, false); err != nil {
		return c.fault(err)
	}
	return nil
}

// Open reports whether calls of some endpoint are held back because the platform does not answer there.
func (c *Client) Open() bool {
	for _, b := range c.breakers {
		if b.open() {
			return true
		}
	}
	return false
}

// BudgetUsed returns the part of the day's budget that is spent, 0 to 1, for each endpoint with a day's limit.
// It is empty without a Config.Budget.
func (c *Client) BudgetUsed() map[string]float64 {
	used := make(map[string]float64)
	for ep, p := range c.budgets {
		if share, limited := p.used(); limited {
			used[ep.path] = share
		}
	}
	return used
}

func (c *Client) logBreaker(ctx context.Context, ep *endpoint, open bool) {
	if open {
		c.log.LogAttrs(ctx, slog.LevelError, "wechat: needs a look", slog.String("what", "the platform does not answer; calls are held back"), slog.String("endpoint", ep.path))
		return
	}
	c.log.LogAttrs(ctx, slog.LevelInfo, "wechat: the platform answers again", slog.String("endpoint", ep.path))
}

// Receiver returns the receiver for the platform's pushes.
func (c *Client) Receiver() *Receiver { return c.receiver }

// TemplateID returns the purpose's template id, "" if it has none.
func (c *Client) TemplateID(p notice.Purpose) string { return c.cfg.Templates[p].ID }

// Purpose returns the purpose that has this template id.
func (c *Client) Purpose(templateID string) (notice.Purpose, bool) {
	p, ok := c.purposes[templateID]
	return p, ok
}

// stableToken fetches the token through the SDK and returns it with its remaining life. It does not use the
// SDK's cache. force makes a new token.
func (c *Client) stableToken(ctx context.Context, force bool) (token string, life time.Duration, err error) {
	handle, ok := credential.NewStableAccessToken(c.cfg.AppID, c.cfg.AppSecret, "", cache.NewMemory()).(*credential.StableAccessToken)
	if !ok {
		return "", 0, errors.New("wechat: the sdk's token handle has another type")
	}
	err = c.call(ctx, epToken, func(ctx context.Context, _ string) error {
		res, err := throughSDK(ctx, c, func(ctx context.Context) (credential.ResAccessToken, error) {
			return handle.GetAccessTokenDirectly(ctx, force)
		})
		switch {
		case res.ErrCode != 0:
			return c.newAPIError(epToken.path, res.ErrCode, res.ErrMsg)
		case err != nil:
			return c.newCallError(epToken.path, err)
		case res.AccessToken == "":
			return c.newCallError(epToken.path, malformed("no token in the answer"))
		}
		token, life = res.AccessToken, time.Duration(res.ExpiresIn)*time.Second
		return nil
	})
	return token, life, err
}
