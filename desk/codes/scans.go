package codes

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"

	"mashang/desk/kit"
	"mashang/domain/record"
	"mashang/domain/station"
)

const (
	// scanAgain is for how long one phone that looks at one code is one scan:
	// the page behind a code, the client's first page, a login and a form all
	// ask what it shows.
	scanAgain = 30 * time.Minute
	// scansKnown is how many phones are remembered for that, and scansHeld how
	// many sums are held until they are written; what is more is not counted.
	scansKnown = 20_000
	scansHeld  = 5_000
	// scansEvery is how often the sums are written, in one go.
	scansEvery = 5 * time.Second
)

// scanKey is what is counted apart.
type scanKey struct{ station, code, day string }

// scanCounter adds up in memory: whoever scans waits for nothing, and a crash
// loses some seconds' scans.
type scanCounter struct {
	seen *lru.Cache[[sha256.Size]byte, time.Time]
	mu   sync.Mutex
	sums map[scanKey]int
}

func newScanCounter() *scanCounter {
	seen, err := lru.New[[sha256.Size]byte, time.Time](scansKnown)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &scanCounter{seen: seen, sums: map[scanKey]int{}}
}

// Scanned counts that somebody looked at what a code shows. who tells phones
// apart for half an hour, in memory alone; it may be an address.
func (svc *Service) Scanned(s *Sign, who string) {
	now, c := svc.kit.Now(), svc.scans
	phone := sha256.Sum256([]byte(s.Key + "\n" + who))
	if at, ok := c.seen.Get(phone); ok && now.Sub(at) < scanAgain {
		return
	}
	c.seen.Add(phone, now)
	c.add(scanKey{s.Station.ID, s.Key, now.In(station.Zone).Format(time.DateOnly)}, 1)
}

// add counts, unless there is no room for another sum.
func (c *scanCounter) add(k scanKey, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.sums[k]; ok || len(c.sums) < scansHeld {
		c.sums[k] += n
	}
}

// WriteScans writes down what was counted since. What the store does not take
// is kept for the next time.
func (svc *Service) WriteScans(ctx context.Context) {
	c := svc.scans
	c.mu.Lock()
	sums := c.sums
	c.sums = map[scanKey]int{}
	c.mu.Unlock()
	list := make([]record.Scans, 0, len(sums))
	for k, n := range sums {
		list = append(list, record.Scans{Station: k.station, Code: k.code, Day: k.day, N: n})
	}
	if len(list) == 0 {
		return
	}
	// The last written is a code's last day.
	slices.SortFunc(list, func(a, b record.Scans) int { return strings.Compare(a.Day, b.Day) })
	if err := svc.store.AddScans(ctx, list); err != nil {
		for k, n := range sums {
			c.add(k, n)
		}
		svc.kit.Log.DebugContext(ctx, "scans not written down yet", slog.Any("err", err))
	}
}

// scanLoop writes scans down until ctx ends, and once more then.
func (svc *Service) scanLoop(ctx context.Context) {
	write := func(ctx context.Context) {
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), kit.LeaseTime)
		defer cancel()
		svc.WriteScans(once)
	}
	svc.kit.Every(ctx, scansEvery, write)
	write(ctx)
}
