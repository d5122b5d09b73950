package kit

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// The times for which cached values are used without asking the store again. A change made by this process is
// dropped from the cache at once; another process's change is seen after at most this time.
const (
	// A session holds its person and that person's binding. What the binding permits is read from the roster
	// each time.
	sessionTTL = 10 * time.Second
	codeTTL    = 5 * time.Second
	stationTTL = 2 * time.Second
	loadsTTL   = time.Second
	// A person's openid never changes.
	openIDTTL = time.Hour
	// The person bound to a member, for notices.
	boundTTL = 2 * time.Second
	// A station's model is trained by a command, once a month.
	modelTTL = time.Minute
	// Published results and members' portraits change some times a week.
	resultsTTL = 30 * time.Second
	// A phone code yields its number once. The platform lets the code live this long.
	phoneTTL = 5 * time.Minute
)

// Cache keeps what nearly every request needs, so that a filing costs one trip
// to the store.
type Cache struct {
	Sessions     *TTLCache[record.Person]
	Codes        *TTLCache[station.Code]
	Stations     *TTLCache[*station.Station]
	loads        *TTLCache[map[string]int]
	LastAssigned *TTLCache[map[string]casework.Millis]
	OpenIDs      *TTLCache[string]
	Bound        *TTLCache[string]
	Phones       *TTLCache[string]
	Models       *TTLCache[*StationModel]
	Results      *TTLCache[[]record.Result]
	Portraits    *TTLCache[map[string]string]
	visited      *lru.Cache[string, struct{}]
	// Seen is when the last use of a console session was stored, by session.
	Seen *lru.Cache[string, time.Time]
}

// newCache makes an empty cache; now is its clock.
func newCache(now func() time.Time) *Cache {
	visited, err := lru.New[string, struct{}](100_000)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	seen, err := lru.New[string, time.Time](20_000)
	if err != nil {
		panic(err)
	}
	return &Cache{
		Sessions:     NewTTLCache[record.Person](100_000, sessionTTL, now),
		Codes:        NewTTLCache[station.Code](20_000, codeTTL, now),
		Stations:     NewTTLCache[*station.Station](2_000, stationTTL, now),
		loads:        NewTTLCache[map[string]int](2_000, loadsTTL, now),
		LastAssigned: NewTTLCache[map[string]casework.Millis](2_000, loadsTTL, now),
		OpenIDs:      NewTTLCache[string](100_000, openIDTTL, now),
		Bound:        NewTTLCache[string](20_000, boundTTL, now),
		Phones:       NewTTLCache[string](10_000, phoneTTL, now),
		Models:       NewTTLCache[*StationModel](500, modelTTL, now),
		Results:      NewTTLCache[[]record.Result](2_000, resultsTTL, now),
		Portraits:    NewTTLCache[map[string]string](2_000, resultsTTL, now),
		visited:      visited,
		Seen:         seen,
	}
}

// TTLCache is a bounded cache whose entries are valid for ttl.
type TTLCache[V any] struct {
	ttl     time.Duration
	now     func() time.Time
	entries *lru.Cache[string, *cacheEntry[V]]
}

// cacheEntry is one entry. Concurrent callers share one load and its result or error: if the store hangs, all
// of them fail together with the first.
type cacheEntry[V any] struct {
	mu      sync.Mutex
	value   V
	at      time.Time
	loading *loading // nil while no load runs
}

// loading is a load in progress. err may be read after done is closed.
type loading struct {
	done chan struct{}
	err  error
	// abandoned: the loading caller's context ended, so err says nothing about the others' loads.
	abandoned bool
}

// NewTTLCache holds up to size values, each for ttl.
func NewTTLCache[V any](size int, ttl time.Duration, now func() time.Time) *TTLCache[V] {
	list, err := lru.New[string, *cacheEntry[V]](size)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &TTLCache[V]{ttl: ttl, now: now, entries: list}
}

// Get returns the value for the key and loads it when it is missing or older than ttl. load receives the old
// value (zero if none). Errors are not cached.
func (f *TTLCache[V]) Get(ctx context.Context, key string, load func(ctx context.Context, old V) (V, error)) (V, error) {
	e, ok := f.entries.Get(key)
	if !ok {
		e = &cacheEntry[V]{}
		if prev, found, _ := f.entries.PeekOrAdd(key, e); found {
			e = prev
		}
	}
	var none V
	for {
		now := f.now()
		e.mu.Lock()
		if !e.at.IsZero() && now.Sub(e.at) < f.ttl {
			defer e.mu.Unlock()
			return e.value, nil
		}
		l := e.loading
		if l == nil {
			l = &loading{done: make(chan struct{})}
			e.loading = l
			e.mu.Unlock()
			return e.fill(ctx, l, now, load)
		}
		e.mu.Unlock()
		select {
		case <-l.done:
			if l.err != nil && !l.abandoned {
				return none, l.err
			}
		case <-ctx.Done():
			return none, fault.Wrap(ctx.Err(), fault.Unavailable, "系统暂时繁忙，请稍后再试")
		}
	}
}

// fill loads the value for all waiting callers.
func (e *cacheEntry[V]) fill(ctx context.Context, l *loading, now time.Time, load func(context.Context, V) (V, error)) (V, error) {
	l.abandoned = true // until load has returned: after a panic the others load for themselves
	defer func() {
		e.mu.Lock()
		e.loading = nil
		e.mu.Unlock()
		close(l.done)
	}()
	v, err := load(ctx, e.value)
	l.err, l.abandoned = err, err != nil && ctx.Err() != nil
	if err != nil {
		var none V
		return none, err
	}
	e.mu.Lock()
	e.value, e.at = v, now
	e.mu.Unlock()
	return v, nil
}

// Forget drops one value.
func (f *TTLCache[V]) Forget(key string) { f.entries.Remove(key) }

// Clear drops all values.
func (f *TTLCache[V]) Clear() { f.entries.Purge() }
