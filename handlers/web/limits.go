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

// buckets hold one token bucket per key. The least recently used are
// forgotten, which only ever gives somebody a full bucket.
type buckets struct {
	size  int
	every rate.Limit
	now   func() time.Time
	list  *lru.Cache[string, *rate.Limiter]
}

// mostBuckets bounds the memory of one kind of limit (about 20 MB).
const mostBuckets = 100_000

// newBuckets gives each key n tokens that come back over the span.
func newBuckets(n int, span time.Duration, now func() time.Time) *buckets {
	list, err := lru.New[string, *rate.Limiter](mostBuckets)
	if err != nil {
		panic(err) // only a size below one is refused
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

// Take takes a token, or answers TooMany with the time until there is one.
// giveBack returns the token.
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
	// streams are open by person, watchers by login on a screen.
	Streams, Watchers *openings
}

func newLimiters(l Limits, now func() time.Time) *limiters {
	return &limiters{
		writes:    newBuckets(l.PersonPerMinute, time.Minute, now),
		addresses: newBuckets(l.AddressPerMinute, time.Minute, now),
		Logins:    newBuckets(l.LoginPerMinute, time.Minute, now),
		Filings:   newBuckets(l.SubmissionsPerDay, 24*time.Hour, now),
		Uploads:   newBuckets(l.UploadsPerHour, time.Hour, now),
		Streams:   newOpenings(mostStreams),
		Watchers:  newOpenings(mostWatchers),
		guesses:   newBuckets(l.WrongInvitationsPerHour, time.Hour, now),
	}
}

// openings count what is open at once by key.
type openings struct {
	mu   sync.Mutex
	most int
	n    map[string]int
}

func newOpenings(most int) *openings { return &openings{most: most, n: map[string]int{}} }

// Take opens one more, or answers TooMany; close is to be called once.
func (o *openings) Take(key string) (end func(), err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n[key] >= o.most {
		return nil, fault.New(fault.TooMany, "%s", tooManyOpen).Retry(streamAgain)
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
	// mostStreams is how many streams one person has open: one a browser, or one a
	// page where a browser cannot share it.
	mostStreams = 20
	// mostWatchers is how many one login on a screen has: a browser and its
	// second try.
	mostWatchers = 3
	// streamAgain is when one may have ended.
	streamAgain = 10 * time.Second
)

// What a person is told who goes too fast.
const (
	tooManyOpen   = "开着的页面太多了，请关掉几个再试"
	slowDown      = "操作太频繁了，请稍等一会儿再试"
	SlowLogin     = "登录太频繁了，请稍等一会儿再试"
	EnoughFilings = "今天提交的诉求已经很多了，请明天再提交；紧急情况请直接打工作站电话"
	EnoughUploads = "上传太多了，请过一会儿再上传"
	enoughGuesses = "输错次数太多，请一小时后再试，或联系联络员"
)

// byAddress bounds the requests of one address.
func (api *API) byAddress(c *gin.Context) {
	if err := api.BoundAddress(c.Request.Context(), c, api.Limits.addresses, slowDown); err != nil {
		api.Refuse(c, err)
	}
}

// BoundAddress takes from an address's bucket. A peer that forwards without
// being trusted is one address: nobody knows for whom it asks.
func (api *API) BoundAddress(ctx context.Context, c *gin.Context, b *buckets, message string) error {
	addr, bound := api.AddressOf(ctx, c)
	if !bound {
		return nil
	}
	_, err := b.Take(AddressKey(addr), message)
	return err
}

// AddressOf is the address a request comes from, as far as it is known. bound is
// false for a peer without a network and for one the limits spare: a program on
// this machine that asks for itself, at an installation only this machine reaches.
// Anywhere else a peer on this machine is a proxy, whether it says so or not.
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
	return addr, !addr.IsLoopback() || !api.Here
}

// warnOfProxy says once that somebody forwards and is not trusted.
func (api *API) warnOfProxy(ctx context.Context, addr netip.Addr) {
	if api.strangeProxy.Swap(true) {
		return
	}
	api.Log.LogAttrs(ctx, slog.LevelWarn, "a proxy forwards requests and is not trusted; everybody behind it counts as one address",
		slog.String("proxy", addr.String()), slog.String("advice", "请把反向代理的地址写进 http.trusted_proxies，并让它设置 X-Forwarded-For，见 docs/operation.md"))
}

// forwarding are the headers by which a proxy says that it asks for another
// (RFC 9110, RFC 7239 and what nginx, Caddy, Apache and CDNs send).
var forwarding = []string{
	"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Server",
	"X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip",
}

func isForwarded(h http.Header) bool {
	return slices.ContainsFunc(forwarding, func(name string) bool { return len(h[name]) > 0 })
}

// onThisMachine reports whether an address people use leads to this machine only.
func onThisMachine(publicURL string) bool {
	u, err := url.Parse(publicURL)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// AddressKey is an IPv4 address, or the network of 64 bits an IPv6 subscriber
// has.
func AddressKey(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
