package web

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"
)

// outageInterval is the interval of log lines for one kind of outage: while the store is down every request fails,
// and a line for each could fill the disk.
const outageInterval = 10 * time.Second

// outages samples the log lines about failed requests.
type outages struct {
	mu   sync.Mutex
	seen *lru.Cache[string, *outage]
}

type outage struct {
	at time.Time
	// suppressed counts the requests since that were not logged.
	suppressed int
}

func newOutages() *outages {
	const kinds = 64
	seen, err := lru.New[string, *outage](kinds)
	if err != nil {
		panic(err) // fails only for a size below one
	}
	return &outages{seen: seen}
}

// log reports whether to log a request of this kind now, and how many were not logged since the last line.
func (o *outages) log(kind string, now time.Time) (more int, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	last, known := o.seen.Get(kind)
	if !known {
		o.seen.Add(kind, &outage{at: now})
		return 0, true
	}
	if now.Sub(last.at) < outageInterval {
		last.suppressed++
		return 0, false
	}
	more = last.suppressed
	last.at, last.suppressed = now, 0
	return more, true
}
