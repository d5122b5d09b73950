package web

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"
)

// outageEvery is how often one kind of outage is logged: while the store is down
// every request is refused, and a line for each would fill the disk it needs.
const outageEvery = 10 * time.Second

// outages sample the lines about requests that could not be served.
type outages struct {
	mu   sync.Mutex
	seen *lru.Cache[string, *outage]
}

type outage struct {
	at time.Time
	// more are those since that were not logged.
	more int
}

func newOutages() *outages {
	const kinds = 64
	seen, err := lru.New[string, *outage](kinds)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &outages{seen: seen}
}

// log reports whether one of a kind is to be logged now, and how many were not
// since the last that was.
func (o *outages) log(kind string, now time.Time) (more int, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	last, known := o.seen.Get(kind)
	if !known {
		o.seen.Add(kind, &outage{at: now})
		return 0, true
	}
	if now.Sub(last.at) < outageEvery {
		last.more++
		return 0, false
	}
	more = last.more
	last.at, last.more = now, 0
	return more, true
}
