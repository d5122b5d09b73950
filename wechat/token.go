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
	// Claim stores Claimed under the key for ttl if there is nothing, and
	// reports whether it did. DeleteIf with Claimed gives a claim back.
	Claim(ctx context.Context, key string, ttl time.Duration) (mine bool, err error)
}

// Claimed is the value of a claim.
const Claimed = "1"

const (
	// tokenMargin is how long before its end the platform hands out the next
	// stable token; the former stays valid until its end.
	tokenMargin = 300 * time.Second
	// tokenRecheck is how long a copy is used without a look at the shared one.
	tokenRecheck = time.Minute
	// cacheTimeout bounds one operation on the shared cache.
	cacheTimeout = 500 * time.Millisecond
	// claimTime is how long one process alone may fetch; it gives the claim back
	// when it is done.
	claimTime = 10 * time.Second
	// claimLooks and claimPause bound how long the others wait for its token
	// before they fetch themselves, which does no harm.
	claimLooks = 30
	claimPause = 100 * time.Millisecond
	// forceGap lets one process in a minute force a new token. The platform
	// does it at most every 30 s and 20 times a day.
	forceGap = time.Minute
)

// tokens is the client's token handle; it implements the SDK's
// credential.AccessTokenContextHandle.
type tokens struct {
	shared  TokenCache
	key     string
	timeout time.Duration
	now     func() time.Time
	log     *slog.Logger
	wait    func(ctx context.Context, d time.Duration) error
	// fetch asks the platform and returns the token and its remaining life.
	// With force the platform makes a new one and kills the old.
	fetch func(ctx context.Context, force bool) (string, time.Duration, error)

	flight singleflight.Group

	mu    sync.Mutex
	value string
	fresh time.Time // until then the copy is used without asking
	until time.Time // until then it may be used when the shared cache is down
	// refused is the token that the platform took last for no good.
	refused string
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
		bounded, cancel := context.WithTimeout(own, t.timeout)
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

// renew takes the token that another process has shared, or fetches one. Of
// those who find none one claims the fetch, and the others look whether it has
// come.
func (t *tokens) renew(ctx context.Context) (string, error) {
	for range claimLooks {
		if v, done := t.found(ctx); done {
			return v, nil
		}
		mine, err := t.claim(ctx, t.key+":claim", claimTime)
		if mine {
			defer t.forget(ctx, t.key+":claim", Claimed)
			// The one before may have shared its token since we looked.
			if v, done := t.found(ctx); done {
				return v, nil
			}
		}
		if mine || err != nil || t.wait(ctx, claimPause) != nil {
			break
		}
	}
	return t.make(ctx)
}

// found takes the shared token, or the copy when the cache does not answer. One
// that was just refused is none, should it still or again be there.
func (t *tokens) found(ctx context.Context) (v string, ok bool) {
	v, err := t.read(ctx)
	if err != nil {
		t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: token cache does not answer", slog.Any("error", err))
		v = t.copy(func() time.Time { return t.until })
		return v, v != ""
	}
	if v == "" || t.isRefused(v) {
		return "", false
	}
	t.remember(v, tokenRecheck)
	return v, true
}

// make fetches a token and shares it. If the platform gives again what it has
// just refused, it is asked to make a new one.
func (t *tokens) make(ctx context.Context) (string, error) {
	v, life, err := t.fetch(ctx, false)
	if err != nil {
		return "", err
	}
	if t.isRefused(v) {
		if mine, err := t.claim(ctx, t.key+":force", forceGap); mine && err == nil {
			t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: the platform gives the token that it refused; forcing a new one")
			if forced, left, err := t.fetch(ctx, true); err == nil {
				v, life = forced, left
			}
		}
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

func (t *tokens) isRefused(v string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return v == t.refused
}

// held is the copy, however old; "" before the first.
func (t *tokens) held() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value
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
	t.refused = refused
	t.mu.Unlock()
	t.forget(ctx, t.key, refused)
}

// forget deletes a value of ours from the shared cache, also for a caller who
// has gone.
func (t *tokens) forget(ctx context.Context, key, value string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cacheTimeout)
	defer cancel()
	if err := t.shared.DeleteIf(ctx, key, value); err != nil {
		t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: token or claim not removed", slog.Any("error", err))
	}
}

func (t *tokens) claim(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	return t.shared.Claim(ctx, key, ttl)
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
