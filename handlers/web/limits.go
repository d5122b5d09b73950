package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"mashang/domain/fault"
)

// buckets has one token bucket per key. The least recently used are dropped, which only gives somebody a full
// bucket.
type buckets struct {
	size  int
	every rate.Limit
	now   func() time.Time
	list  *lru.Cache[string, *rate.Limiter]
}

// maxBuckets bounds the memory of one kind of limit (about 20 MB).
const maxBuckets = 100_000

// newBuckets returns buckets of n tokens that refill over the span.
func newBuckets(n int, span time.Duration, now func() time.Time) *buckets {
	list, err := lru.New[string, *rate.Limiter](maxBuckets)
	if err != nil {
		panic(err) // fails only for a size below one
	}
	return &buckets{size: n, every: rate.Limit(float64(n) / span.Seconds()), now: now, list: list}
}

func (b *buckets) of(key string) *rate.Limiter {
	if l, ok := b.list.Get(key); ok {
		return l
	}
	l := rate.NewLimiter(b.every, b.size)
	if prev, ok, _ := b.list.PeekOrAdd(key, l); ok {
		return prev
	}
	return l
}

// Take takes a token, or returns TooMany with the time until the next one. giveBack returns the token.
func (b *buckets) Take(key, message string) (giveBack func(), err error) {
	now := b.now()
	r := b.of(key).ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, fault.New(fault.TooMany, "%s", message).Retry(wait)
	}
	return func() { r.CancelAt(now) }, nil
}

// left reports whether there is a token, without taking it.
func (b *buckets) left(key string) bool { return b.of(key).TokensAt(b.now()) >= 1 }

// limiters are all the limits of the server.
type limiters struct {
	writes, addresses, Logins, Filings, Uploads, guesses *buckets
	// WrongLinks is for links to calendars that lead nowhere, of one address.
	WrongLinks *buckets
	// Streams are limited by person, Watchers by login on a screen.
	Streams, Watchers *concurrencyLimit
}

func newLimiters(l Limits, now func() time.Time) *limiters {
	return &limiters{
		writes:     newBuckets(l.PersonPerMinute, time.Minute, now),
		addresses:  newBuckets(l.AddressPerMinute, time.Minute, now),
		Logins:     newBuckets(l.LoginPerMinute, time.Minute, now),
		Filings:    newBuckets(l.SubmissionsPerDay, 24*time.Hour, now),
		Uploads:    newBuckets(l.UploadsPerHour, time.Hour, now),
		Streams:    newOpenings(maxStreams),
		Watchers:   newOpenings(maxWatchers),
		WrongLinks: newBuckets(l.LoginPerMinute, time.Minute, now),
		guesses:    newBuckets(l.WrongInvitationsPerHour, time.Hour, now),
	}
}

// concurrencyLimit limits what is open at once by key.
type concurrencyLimit struct {
	mu   sync.Mutex
	most int
	n    map[string]int
}

func newOpenings(most int) *concurrencyLimit {
	return &concurrencyLimit{most: most, n: map[string]int{}}
}

// Take opens one more, or returns TooMany. The caller must call end once.
func (o *concurrencyLimit) Take(key string) (end func(), err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n[key] >= o.most {
		return nil, fault.New(fault.TooMany, "%s", tooManyOpen).Retry(streamRetryAfter)
	}
	o.n[key]++
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.n[key]--; o.n[key] == 0 {
			delete(o.n, key)
		}
	}, nil
}

const (
	// maxStreams is the maximum of one person: one for each browser, or for each page if a browser cannot
	// share it.
	maxStreams = 20
	// maxWatchers is the maximum of one login on a screen: a browser and its retry.
	maxWatchers = 3
	// streamRetryAfter is when to retry.
	streamRetryAfter = 10 * time.Second
)

// The messages of the limits.
const (
	tooManyOpen   = "开着的页面太多了，请关掉几个再试"
	slowDown      = "操作太频繁了，请稍等一会儿再试"
	SlowLogin     = "登录太频繁了，请稍等一会儿再试"
	EnoughFilings = "今天提交的诉求已经很多了，请明天再提交；紧急情况请直接打工作站电话"
	EnoughUploads = "上传太多了，请过一会儿再上传"
	EnoughLinks   = "这个地址打开的失效链接太多了，请稍后再试"
	enoughGuesses = "输错次数太多，请一小时后再试，或联系联络员"
)

// byAddress limits the requests of one address.
func (api *API) byAddress(c *gin.Context) {
	if err := api.BoundAddress(c.Request.Context(), c, api.Limits.addresses, slowDown); err != nil {
		api.Refuse(c, err)
	}
}

// BoundAddress takes a token from an address's bucket. An untrusted proxy counts as one address, since for whom
// it forwards is unknown.
func (api *API) BoundAddress(ctx context.Context, c *gin.Context, b *buckets, message string) error {
	addr, bound := api.AddressOf(ctx, c)
	if !bound {
		return nil
	}
	_, err := b.Take(AddressKey(addr), message)
	return err
}

// AddressOf returns the address of a request, as far as it is known. bound is false for a peer without a
// network, and for an exempt one: a program on this machine, at an installation that only this machine reaches.
// Elsewhere a peer on this machine is a proxy, with or without forwarding headers.
func (api *API) AddressOf(ctx context.Context, c *gin.Context) (addr netip.Addr, bound bool) {
	peer, err := netip.ParseAddrPort(c.Request.RemoteAddr)
	if err != nil {
		return addr, false // a unix socket or a test's recorder
	}
	addr = peer.Addr().Unmap()
	if len(api.Options.TrustedProxies) > 0 {
		if forwarded, err := netip.ParseAddr(c.ClientIP()); err == nil && forwarded.Unmap() != addr {
			return forwarded.Unmap(), true
		}
	}
	if isForwarded(c.Request.Header) {
		if addr.IsLoopback() || addr.IsPrivate() {
			api.warnOfProxy(ctx, addr)
		}
		return addr, true
	}
	return addr, !addr.IsLoopback() || !api.LocalOnly
}

// warnOfProxy logs once that an untrusted peer forwards requests.
func (api *API) warnOfProxy(ctx context.Context, addr netip.Addr) {
	if api.strangeProxy.Swap(true) {
		return
	}
	api.Log.LogAttrs(ctx, slog.LevelWarn, "a proxy forwards requests and is not trusted; everybody behind it counts as one address",
		slog.String("proxy", addr.String()), slog.String("advice", "请把反向代理的地址写进 http.trusted_proxies，并让它设置 X-Forwarded-For，见 docs/operation.md"))
}

// forwarding are the headers of forwarded requests (RFC 9110, RFC 7239 and those of nginx, Caddy, Apache and
// CDNs).
var forwarding = []string{
	"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Server",
	"X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip",
}

func isForwarded(h http.Header) bool {
	return slices.ContainsFunc(forwarding, func(name string) bool { return len(h[name]) > 0 })
}

// onThisMachine reports whether a public address leads to this machine only.
func onThisMachine(publicURL string) bool {
	u, err := url.Parse(publicURL)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// AddressKey returns an IPv4 address, or the 64-bit network of an IPv6 subscriber.
func AddressKey(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
