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

// How long what was read may be used without asking again. What this process
// changes itself is forgotten at once; another process's change is seen after
// at most this long.
const (
	// A session holds whose it is and what that person is bound to. What the
	// binding is worth is read from the roster each time.
	sessionTTL = 10 * time.Second
	codeTTL    = 5 * time.Second
	stationTTL = 2 * time.Second
	loadsTTL   = time.Second
	// A person's openid never changes.
	openIDTTL = time.Hour
	// Who plays a member, for notices.
	boundTTL = 2 * time.Second
	// A station's model is trained by a command, once a month.
	modelTTL = time.Minute
	// What is published, and a member's photo, change some times a week.
	resultsTTL = 30 * time.Second
	// A phone code gives its number once; the platform lets it live this long.
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
	// seen is when the use of a session at a computer was last written down.
	Seen *lru.Cache[string, time.Time]
}

// newCache makes an empty one; now is its clock.
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

// TTLCache is a bounded cache whose entries are used for ttl.
type TTLCache[V any] struct {
	ttl  time.Duration
	now  func() time.Time
	list *lru.Cache[string, *stamped[V]]
}

// stamped is one entry. Many callers at once make one load and share how it
// ends: if the store hangs, all of them hear so when the first does.
type stamped[V any] struct {
	mu    sync.Mutex
	value V
	at    time.Time
	under *loading // nil while nobody loads
}

// loading is a load under way. err is read after done is closed.
type loading struct {
	done chan struct{}
	err  error
	// left tells that who loaded was called off: that says nothing to others.
	left bool
}

// NewTTLCache holds up to size values, each for ttl.
func NewTTLCache[V any](size int, ttl time.Duration, now func() time.Time) *TTLCache[V] {
	list, err := lru.New[string, *stamped[V]](size)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &TTLCache[V]{ttl: ttl, now: now, list: list}
}

// Get returns the value for the key, loading it when it is missing or old.
// load is given the old value (zero if none). Errors are not kept.
func (f *TTLCache[V]) Get(ctx context.Context, key string, load func(ctx context.Context, old V) (V, error)) (V, error) {
	e, ok := f.list.Get(key)
	if !ok {
		e = &stamped[V]{}
		if prev, found, _ := f.list.PeekOrAdd(key, e); found {
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
		l := e.under
		if l == nil {
			l = &loading{done: make(chan struct{})}
			e.under = l
			e.mu.Unlock()
			return e.fill(ctx, l, now, load)
		}
		e.mu.Unlock()
		select {
		case <-l.done:
			if l.err != nil && !l.left {
				return none, l.err
			}
		case <-ctx.Done():
			return none, fault.Wrap(ctx.Err(), fault.Unavailable, "系统暂时繁忙，请稍后再试")
		}
	}
}

// fill loads for everybody who waits.
func (e *stamped[V]) fill(ctx context.Context, l *loading, now time.Time, load func(context.Context, V) (V, error)) (V, error) {
	l.left = true // until load returned: after a panic the others try for themselves
	defer func() {
		e.mu.Lock()
		e.under = nil
		e.mu.Unlock()
		close(l.done)
	}()
	v, err := load(ctx, e.value)
	l.err, l.left = err, err != nil && ctx.Err() != nil
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
func (f *TTLCache[V]) Forget(key string) { f.list.Remove(key) }

// Clear drops all values.
func (f *TTLCache[V]) Clear() { f.list.Purge() }
