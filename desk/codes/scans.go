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
	// scanWindow is how long repeated views of one code by one phone count as one scan: the code's page, the
	// client's first page, a login and a form all read it.
	scanWindow = 30 * time.Minute
	// maxPhones is how many phones are remembered for that, maxSums how many counts are kept until they are
	// written. Scans beyond that are not counted.
	maxPhones = 20_000
	maxSums   = 5_000
	// scansEvery is the interval at which the counts are written, in one batch.
	scansEvery = 5 * time.Second
)

// scanKey is what scans are counted by.
type scanKey struct{ station, code, day string }

// scanCounter counts in memory, so that a scan waits for nothing. A crash loses some seconds' scans.
type scanCounter struct {
	seen *lru.Cache[[sha256.Size]byte, time.Time]
	mu   sync.Mutex
	sums map[scanKey]int
}

func newScanCounter() *scanCounter {
	seen, err := lru.New[[sha256.Size]byte, time.Time](maxPhones)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &scanCounter{seen: seen, sums: map[scanKey]int{}}
}

// Scanned counts a view of a code. client distinguishes phones for scanWindow, in memory only; it may be an
// address.
func (svc *Service) Scanned(s *Sign, client string) {
	now, c := svc.kit.Now(), svc.scans
	phone := sha256.Sum256([]byte(s.Key + "\n" + client))
	if at, ok := c.seen.Get(phone); ok && now.Sub(at) < scanWindow {
		return
	}
	c.seen.Add(phone, now)
	c.add(scanKey{s.Station.ID, s.Key, now.In(station.Zone).Format(time.DateOnly)}, 1)
}

// add adds to a count, unless there is no room for another one.
func (c *scanCounter) add(k scanKey, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.sums[k]; ok || len(c.sums) < maxSums {
		c.sums[k] += n
	}
}

// WriteScans stores the counts since the last call. Counts that the store does not accept are kept for the next
// call.
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
	// The day that is written last becomes the code's last day.
	slices.SortFunc(list, func(a, b record.Scans) int { return strings.Compare(a.Day, b.Day) })
	if err := svc.store.AddScans(ctx, list); err != nil {
		for k, n := range sums {
			c.add(k, n)
		}
		svc.kit.Log.DebugContext(ctx, "scans not written down yet", slog.Any("err", err))
	}
}

// scanLoop writes scans until ctx ends, and once more then.
func (svc *Service) scanLoop(ctx context.Context) {
	write := func(ctx context.Context) {
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), kit.LeaseTime)
		defer cancel()
		svc.WriteScans(once)
	}
	svc.kit.Every(ctx, scansEvery, write)
	write(ctx)
}

// Usage sums up a station's codes.
type Usage struct {
	// Valid counts the codes that are not revoked, Scans the stored scans of all, if they were asked for.
	Valid, Scans int
}

// Use sums up a station's codes. Scans of the last seconds may be missing.
func (svc *Service) Use(ctx context.Context, st string, scans bool) (u Usage, err error) {
	all, err := svc.store.Codes(ctx, st)
	if err != nil {
		return u, err
	}
	for _, c := range all {
		if !c.Revoked {
			u.Valid++
		}
	}
	if !scans {
		return u, nil
	}
	uses, err := svc.store.CodeUses(ctx, st, nil)
	if err != nil {
		return u, err
	}
	for _, x := range uses {
		u.Scans += x.Total
	}
	return u, nil
}
