package desk

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"mashang/access"
	"mashang/station"
)

// How long what was read may be used without asking again. What this process
// changes itself is forgotten at once; another process's change is seen after
// at most this long.
const (
	freshSession = 10 * time.Second
	freshCode    = 5 * time.Second
	freshStation = 2 * time.Second
	freshLoads   = time.Second
	// A person's openid never changes.
	freshOpenID = time.Hour
)

// known is who a token belongs to.
type known struct {
	caller access.Caller
	openid string
}

// cache keeps what nearly every request needs, so that a filing costs one trip
// to the store.
type cache struct {
	sessions *fresh[known]
	codes    *fresh[station.Code]
	stations *fresh[*station.Station]
	loads    *fresh[map[string]int]
	openids  *fresh[string]
	visited  *lru.Cache[string, struct{}]
}

func newCache(now func() time.Time) *cache {
	visited, err := lru.New[string, struct{}](100_000)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &cache{
		sessions: newFresh[known](100_000, freshSession, now),
		codes:    newFresh[station.Code](20_000, freshCode, now),
		stations: newFresh[*station.Station](2_000, freshStation, now),
		loads:    newFresh[map[string]int](2_000, freshLoads, now),
		openids:  newFresh[string](100_000, freshOpenID, now),
		visited:  visited,
	}
}

// fresh is a bounded cache whose entries are used for ttl.
type fresh[V any] struct {
	ttl  time.Duration
	now  func() time.Time
	list *lru.Cache[string, *stamped[V]]
}

// stamped locks while loading, so that many callers make one load.
type stamped[V any] struct {
	mu    sync.Mutex
	value V
	at    time.Time
}

func newFresh[V any](size int, ttl time.Duration, now func() time.Time) *fresh[V] {
	list, err := lru.New[string, *stamped[V]](size)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &fresh[V]{ttl: ttl, now: now, list: list}
}

// get returns the value for the key, loading it when it is missing or old.
// load is given the old value (zero if none). Errors are not kept.
func (f *fresh[V]) get(ctx context.Context, key string, load func(ctx context.Context, old V) (V, error)) (V, error) {
	e, ok := f.list.Get(key)
	if !ok {
		e = &stamped[V]{}
		if prev, found, _ := f.list.PeekOrAdd(key, e); found {
			e = prev
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := f.now()
	if !e.at.IsZero() && now.Sub(e.at) < f.ttl {
		return e.value, nil
	}
	v, err := load(ctx, e.value)
	if err != nil {
		var zero V
		return zero, err
	}
	e.value, e.at = v, now
	return v, nil
}

func (f *fresh[V]) forget(key string) { f.list.Remove(key) }
func (f *fresh[V]) clear()            { f.list.Purge() }
