package wechat

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// TokenCache shares the platform's token among processes. Losing it is
// harmless: the platform's stable token is the same for all who ask.
type TokenCache interface {
	// Get returns the value, or "" when there is none.
	Get(ctx context.Context, key string) (string, error)
	// Set stores the value for ttl, which is positive.
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	// DeleteIf deletes the key only if it still holds value.
	DeleteIf(ctx context.Context, key, value string) error
}

const (
	// tokenMargin is how long before its end the platform hands out the next
	// stable token; the former stays valid until its end.
	tokenMargin = 300 * time.Second
	// tokenRecheck is how long a copy is used without a look at the shared one.
	tokenRecheck = time.Minute
	// cacheTimeout bounds one operation on the shared cache.
	cacheTimeout = 500 * time.Millisecond
)

// tokens is the client's token handle; it implements the SDK's
// credential.AccessTokenContextHandle.
type tokens struct {
	shared  TokenCache
	key     string
	timeout time.Duration
	now     func() time.Time
	log     *slog.Logger
	// fetch asks the platform and returns the token and its remaining life.
	fetch func(ctx context.Context) (string, time.Duration, error)

	flight singleflight.Group

	mu    sync.Mutex
	value string
	fresh time.Time // until then the copy is used without asking
	until time.Time // until then it may be used when the shared cache is down
}

// GetAccessTokenContext returns a token that was valid when it was last seen.
// Many callers cause one fetch; each waits no longer than its own context.
func (t *tokens) GetAccessTokenContext(ctx context.Context) (string, error) {
	if v := t.copy(func() time.Time { return t.fresh }); v != "" {
		return v, nil
	}
	// The fetch outlives a caller who gives up: the others want its answer.
	own := context.WithoutCancel(ctx)
	ch := t.flight.DoChan("", func() (any, error) {
		bounded, cancel := context.WithTimeout(own, t.timeout+2*cacheTimeout)
		defer cancel()
		return t.renew(bounded)
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-ch:
		v, _ := r.Val.(string)
		return v, r.Err
	}
}

// GetAccessToken completes the SDK's interface. Nothing of ours calls it, and
// it only ever answers from the copy, since it could not be cancelled.
func (t *tokens) GetAccessToken() (string, error) {
	if v := t.copy(func() time.Time { return t.until }); v != "" {
		return v, nil
	}
	return "", errNoClient
}

// copy returns the process's own copy while its limit lies ahead, else "".
func (t *tokens) copy(limit func() time.Time) string {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value != "" && now.Before(limit()) {
		return t.value
	}
	return ""
}

func (t *tokens) renew(ctx context.Context) (string, error) {
	v, err := t.read(ctx)
	if err != nil {
		t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: token cache does not answer", slog.Any("error", err))
		if v := t.copy(func() time.Time { return t.until }); v != "" {
			return v, nil
		}
	}
	if v != "" {
		t.remember(v, tokenRecheck)
		return v, nil
	}
	v, life, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	// At the margin the platform is about to hand out the next one: use this
	// one now, keep it nowhere.
	if ttl := life - tokenMargin; ttl > 0 {
		t.remember(v, ttl)
		if err := t.write(ctx, v, ttl); err != nil {
			t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: token not shared", slog.Any("error", err))
		}
	}
	return v, nil
}

// remember keeps a copy. A value already held keeps its longer life: the shared
// cache does not say how long its value lasts.
func (t *tokens) remember(v string, ttl time.Duration) {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := now.Add(ttl); v != t.value || until.After(t.until) {
		t.until = until
	}
	t.value = v
	t.fresh = now.Add(min(ttl, tokenRecheck))
}

// drop forgets a token that the platform refused, here and in the shared cache,
// unless a newer one has taken its place.
func (t *tokens) drop(ctx context.Context, refused string) {
	t.mu.Lock()
	if t.value == refused {
		t.value = ""
	}
	t.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	if err := t.shared.DeleteIf(ctx, t.key, refused); err != nil {
		t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: refused token not removed", slog.Any("error", err))
	}
}

func (t *tokens) read(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	return t.shared.Get(ctx, t.key)
}

func (t *tokens) write(ctx context.Context, v string, ttl time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	return t.shared.Set(ctx, t.key, v, ttl)
}
