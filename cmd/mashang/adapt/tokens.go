package adapt

import (
	"context"
	"sync"
	"time"

	"mashang/wechat"
)

// TokenCache is a token cache for this process alone. Its claims last until they are returned, as nobody
// else could take them over.
type TokenCache struct{ values sync.Map }

// Get implements wechat.TokenCache.
func (m *TokenCache) Get(_ context.Context, key string) (string, error) {
	v, _ := m.values.Load(key)
	s, _ := v.(string)
	return s, nil
}

// Set implements wechat.TokenCache. Its values do not expire by themselves.
func (m *TokenCache) Set(_ context.Context, key, value string, _ time.Duration) error {
	m.values.Store(key, value)
	return nil
}

// Claim implements wechat.TokenCache.
func (m *TokenCache) Claim(_ context.Context, key string, _ time.Duration) (bool, error) {
	_, taken := m.values.LoadOrStore(key, wechat.Claimed)
	return !taken, nil
}

// DeleteIf implements wechat.TokenCache.
func (m *TokenCache) DeleteIf(_ context.Context, key, value string) error {
	m.values.CompareAndDelete(key, value)
	return nil
}
