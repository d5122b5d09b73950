package bench_test

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/adapters/seal"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/reason"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
)

// How the price of the seals is measured.
const (
	sealRounds  = 15
	sealSpan    = 400 * time.Millisecond
	sealWriters = 64
	sealOffered = 8
	sealPage    = 25
)

// BenchmarkSeals measures what sealing costs the store: filing (64 at once, each
// answered after the disk has it), reading one submission and reading a page, in
// turns with the same store that neither seals nor checks, which is the code of
// before there were seals. Nothing of HTTP is in it, so that the share is the
// greatest there can be.
func BenchmarkSeals(b *testing.B) {
	keys, err := seal.Parse("k1:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))))
	must(b, err)
	servers := []*storetest.Server{storetest.New(b, storetest.Durable()), storetest.New(b, storetest.Durable())}
	plain, sealed := servers[0].Open(b), servers[1].Open(b)
	clients := []*redis.Client{servers[0].Client(b), servers[1].Client(b)}
	sealed.Seal(keys, store.Mark{ID: "bench", Format: store.Format})
	var next atomic.Int64
	clock := casework.Clock{Days: calendar.New(station.Zone)}
	file := func(s *store.Store) (casework.Submission, error) {
		sub, _, err := s.Admit(b.Context(), sealFiling(clock, next.Add(1)))
		return sub, err
	}
	first := map[*store.Store]string{}
	for _, s := range []*store.Store{plain, sealed} {
		for range 500 {
			sub, err := file(s)
			must(b, err)
			first[s] = sub.ID
		}
	}
	for b.Loop() {
		for _, what := range []struct {
			name    string
			workers int
			do      func(s *store.Store) error
		}{
			{"filing", sealWriters, func(s *store.Store) error { _, err := file(s); return err }},
			{"reading", 1, func(s *store.Store) error { _, err := s.Load(b.Context(), first[s]); return err }},
			{"page", 1, func(s *store.Store) error {
				_, _, _, err := s.Page(b.Context(), "lj", record.Index{Name: record.All}, record.Cursor{}, sealPage)
				return err
			}},
		} {
			var ratios, rates, costs []float64
			for round := range sealRounds {
				// The order changes, so that neither always has the warmer machine.
				var rate, cost [2]float64
				for i := range 2 {
					at := (i + round) % 2
					before := sealCPU(b, clients[at])
					n, span := sealRate(b, what.workers, []*store.Store{plain, sealed}[at], what.do)
					rate[at], cost[at] = n/span.Seconds(), (sealCPU(b, clients[at])-before)/n
				}
				ratios, rates, costs = append(ratios, rate[1]/rate[0]), append(rates, rate[1]), append(costs, cost[0]/cost[1])
			}
			figure(b, median(rates), what.name+"/s")
			figure(b, median(ratios), what.name+"-of-unsealed")
			figure(b, median(costs), what.name+"-of-unsealed-by-CPU")
			aim(b, what.name+" with seals against without, by processor time", median(costs), ">=", 0.95)
		}
	}
}

// sealCPU is the processor time in seconds that this process and a Redis have
// used. What others run on the machine at the same time does not lengthen it, as it
// does a rate.
func sealCPU(b *testing.B, client *redis.Client) float64 {
	b.Helper()
	var own syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &own))
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano()).Seconds()
	info, err := client.Info(b.Context(), "cpu").Result()
	must(b, err)
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_user" || name == "used_cpu_sys" {
			n, err := strconv.ParseFloat(value, 64)
			must(b, err)
			total += n
		}
	}
	return total
}

// sealRate is how often something was done, and in what time.
func sealRate(b *testing.B, workers int, s *store.Store, do func(*store.Store) error) (n float64, span time.Duration) {
	b.Helper()
	var done atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range workers {
		wg.Go(func() {
			for time.Since(start) < sealSpan {
				if err := do(s); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()), time.Since(start)
}

// sealFiling is a filing of ordinary length, offered to several.
func sealFiling(clock casework.Clock, n int64) record.Admission {
	sub := casework.Submission{
		ID: fmt.Sprintf("lj-%016d", n), Station: "lj", Filer: "u1", FiledAt: casework.At(storetest.Noon),
		Kind: casework.Complaint, Visitor: casework.Tourist, Category: "market",
		Text:   strings.Repeat("在码头附近的农家乐吃饭，结账时多收了钱，老板态度恶劣。", 6),
		Target: station.Target{Kind: station.ForStation},
	}
	a := record.Admission{Key: fmt.Sprintf("seal-%d", n), BodyHash: "h", NoticeID: fmt.Sprintf("n%d", n), Now: storetest.Noon}
	for i := range sealOffered {
		sub.Decision.Candidates = append(sub.Decision.Candidates, casework.Candidate{
			Member: fmt.Sprintf("m%d", i), Name: "马委员", Score: 70 - i, Reasons: []reason.Reason{"sector=文化旅游", "duty"},
		})
		a.Capacities = append(a.Capacities, 1<<30)
	}
	a.Submission = clock.Start(sub, storetest.Noon)
	return a
}
