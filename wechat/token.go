package wechat

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// TokenCache shares the platform's token among processes. Losing it is harmless: the stable token is the same
// for everyone who asks.
type TokenCache interface {
	// Get returns the value, or "" when there is none.
	Get(ctx context.Context, key string) (string, error)
	// Set stores the value for ttl, which is positive.
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	// DeleteIf deletes the key only if it still holds value.
	DeleteIf(ctx context.Context, key, value string) error
	// Claim stores Claimed under the key for ttl if the key is empty, and reports whether it did. DeleteIf with
	// Claimed returns a claim.
	Claim(ctx context.Context, key string, ttl time.Duration) (mine bool, err error)
}

// Claimed is the stored value of a claim.
const Claimed = "1"

const (
	// tokenMargin is how long before a stable token's end the platform hands out the next one. The former stays
	// valid until its end.
	tokenMargin = 300 * time.Second
	// tokenRecheck is how long a copy is used without a look at the shared one.
	tokenRecheck = time.Minute
	// cacheTimeout bounds one operation on the shared cache.
	cacheTimeout = 500 * time.Millisecond
	// claimTTL is how long one process alone may fetch. It returns the claim when it is done.
	claimTTL = 10 * time.Second
	// claimPolls and claimPollInterval bound how long the other processes wait for its token. Then they fetch
	// themselves, which does no harm.
	claimPolls        = 30
	claimPollInterval = 100 * time.Millisecond
	// minForceInterval is the minimum time between two forced tokens, of all processes. The platform allows one per 30
	// s and 20 a day.
	minForceInterval = time.Minute
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
	// fetch asks the platform and returns the token and its remaining life. With force the platform makes a new
	// one and invalidates the old.
	fetch func(ctx context.Context, force bool) (string, time.Duration, error)

	flight singleflight.Group

	mu         sync.Mutex
	value      string
	freshUntil time.Time // until then the copy is used without a look at the shared one
	validUntil time.Time // until then the copy may be used when the shared cache is down
	// refused is the last token that the platform refused.
	refused string
}

// GetAccessTokenContext returns a token that was valid when last checked. Many callers cause one fetch; each
// waits no longer than its own context.
func (t *tokens) GetAccessTokenContext(ctx context.Context) (string, error) {
	if v := t.cached(func() time.Time { return t.freshUntil }); v != "" {
		return v, nil
	}
	// The fetch outlives a caller who gives up: other callers want its result.
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

// GetAccessToken completes the SDK's interface. Our code does not call it. It answers only from the copy, since
// a fetch could not be cancelled.
func (t *tokens) GetAccessToken() (string, error) {
	if v := t.cached(func() time.Time { return t.validUntil }); v != "" {
		return v, nil
	}
	return "", errNoClient
}

// cached returns the process's own copy before the time of limit, else "".
func (t *tokens) cached(limit func() time.Time) string {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value != "" && now.Before(limit()) {
		return t.value
	}
	return ""
}

// renew takes the token that another process has shared, or fetches one. One process claims the fetch; the
// others poll for its token.
func (t *tokens) renew(ctx context.Context) (string, error) {
	for range claimPolls {
		if v, done := t.lookUp(ctx); done {
			return v, nil
		}
		mine, err := t.claim(ctx, t.key+":claim", claimTTL)
		if mine {
			defer t.deleteShared(ctx, t.key+":claim", Claimed)
			// The former claimant may have shared its token since we looked.
			if v, done := t.lookUp(ctx); done {
				return v, nil
			}
		}
		if mine || err != nil || t.wait(ctx, claimPollInterval) != nil {
			break
		}
	}
	return t.fetchAndShare(ctx)
}

// lookUp returns the shared token, or the copy when the cache does not answer. A token that was refused does not
// count, even if the cache still or again has it.
func (t *tokens) lookUp(ctx context.Context) (v string, ok bool) {
	v, err := t.read(ctx)
	if err != nil {
		t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: token cache does not answer", slog.Any("error", err))
		v = t.cached(func() time.Time { return t.validUntil })
		return v, v != ""
	}
	if v == "" || t.isRefused(v) {
		return "", false
	}
	t.remember(v, tokenRecheck)
	return v, true
}

// fetchAndShare fetches a token and shares it. If it is the one that was just refused, the platform is asked to make a
// new one.
func (t *tokens) fetchAndShare(ctx context.Context) (string, error) {
	v, life, err := t.fetch(ctx, false)
	if err != nil {
		return "", err
	}
	if t.isRefused(v) {
		if mine, err := t.claim(ctx, t.key+":force", minForceInterval); mine && err == nil {
			t.log.LogAttrs(ctx, slog.LevelWarn, "wechat: the platform gives the token that it refused; forcing a new one")
			if forced, left, err := t.fetch(ctx, true); err == nil {
				v, life = forced, left
			}
		}
	}
	// Within the margin the platform is about to hand out the next token: use this one now, but do not keep it.
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

// current returns the copy regardless of its age, "" before the first.
func (t *tokens) current() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value
}

// remember keeps a copy. If the value is the same, a later end stays: the shared cache does not say how long
// its value lasts.
func (t *tokens) remember(v string, ttl time.Duration) {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := now.Add(ttl); v != t.value || until.After(t.validUntil) {
		t.validUntil = until
	}
	t.value = v
	t.freshUntil = now.Add(min(ttl, tokenRecheck))
}

// invalidate removes a refused token from this process and from the shared cache, unless a newer one has replaced it.
func (t *tokens) invalidate(ctx context.Context, refused string) {
	t.mu.Lock()
	if t.value == refused {
		t.value = ""
	}
	t.refused = refused
	t.mu.Unlock()
	t.deleteShared(ctx, t.key, refused)
}

// deleteShared deletes a value of ours from the shared cache, even if the caller has gone.
func (t *tokens) deleteShared(ctx context.Context, key, value string) {
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
