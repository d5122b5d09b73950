package bench_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// sample is what one round of load gave.
type sample struct {
	// took are the times to answer, ascending.
	took []time.Duration
	span time.Duration
	// cpu is what the server, and redis what its Redis, used meanwhile.
	cpu, redis time.Duration
}

func (s sample) rate() float64 { return float64(len(s.took)) / s.span.Seconds() }

// quantile returns the time that the share q of the requests did not exceed,
// 0 for none.
func (s sample) quantile(q float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	return s.took[min(int(q*float64(len(s.took))), len(s.took)-1)]
}

// each is a share of a cost.
func (s sample) each(cost time.Duration) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	return cost / time.Duration(len(s.took))
}

// step is one request of a worker; an error ends the benchmark.
type step func(worker int, c *conn) error

// closed keeps conns connections busy for the span: each sends its next
// request when it has the last answer.
func closed(ctx context.Context, addr string, conns int, span time.Duration, do step) (sample, error) {
	return crowd(ctx, addr, conns, func(worker int, c *conn, start time.Time) ([]time.Duration, error) {
		took := make([]time.Duration, 0, 1<<14)
		for end := start.Add(span); ; {
			before := time.Now()
			if before.After(end) || ctx.Err() != nil {
				return took, ctx.Err()
			}
			if err := do(worker, c); err != nil {
				return took, err
			}
			took = append(took, time.Since(before))
		}
	})
}

// exactly sends n requests over conns connections.
func exactly(ctx context.Context, addr string, conns, n int, do step) (sample, error) {
	return crowd(ctx, addr, conns, func(worker int, c *conn, _ time.Time) ([]time.Duration, error) {
		var took []time.Duration
		for range n/conns + min(1, max(0, n%conns-worker)) {
			before := time.Now()
			if err := do(worker, c); err != nil {
				return took, err
			}
			took = append(took, time.Since(before))
		}
		return took, ctx.Err()
	})
}

// crowd runs the work on each of conns connections at the same time.
func crowd(ctx context.Context, addr string, conns int, work func(worker int, c *conn, start time.Time) ([]time.Duration, error)) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	lines := make([]*conn, conns)
	for i := range lines {
		c, err := dial(ctx, addr)
		if err != nil {
			return sample{}, err
		}
		defer c.close()
		lines[i] = c
	}
	all := make([][]time.Duration, conns)
	var wg sync.WaitGroup
	start := time.Now()
	for i, c := range lines {
		wg.Go(func() {
			took, err := work(i, c, start)
			if all[i] = took; err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	s := sample{span: time.Since(start), took: slices.Concat(all...)}
	slices.Sort(s.took)
	return s, context.Cause(ctx)
}

// open sends n requests at fixed moments, whether or not the earlier ones were
// answered. Times count from the moment a request was due, so that a stall is
// charged to everything that waited for it.
func open(ctx context.Context, addr string, perSecond, n int, do step) (sample, error) {
	const most = 64 // connections, far more than are ever in use
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := make(chan *conn, most)
	for range most {
		c, err := dial(ctx, addr)
		if err != nil {
			return sample{}, err
		}
		defer c.close()
		idle <- c
	}
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	start := time.Now()
	tick := time.NewTimer(0)
	defer tick.Stop()
	for i := range n {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		tick.Reset(time.Until(due))
		select {
		case <-tick.C:
		case <-ctx.Done():
			wg.Wait()
			return sample{}, context.Cause(ctx)
		}
		wg.Go(func() {
			c := <-idle
			defer func() { idle <- c }()
			if err := do(i, c); err != nil {
				cancel(err)
			}
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	slices.Sort(took)
	return sample{took: took, span: time.Since(start)}, context.Cause(ctx)
}

// median of an even number of values is the mean of the middle two; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// medianOf measures each round and takes the median.
func medianOf(rounds []sample, measure func(sample) float64) float64 {
	values := make([]float64, len(rounds))
	for i, s := range rounds {
		values[i] = measure(s)
	}
	return median(values)
}

// ratioOf is the median of the ratios of neighbouring rounds: drift of the
// machine falls out.
func ratioOf(a, b []sample) float64 {
	values := make([]float64, len(a))
	for i := range a {
		values[i] = a[i].rate() / b[i].rate()
	}
	return median(values)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func TestQuantilesAndMedians(t *testing.T) {
	t.Parallel()
	var s sample
	if s.quantile(.5) != 0 || s.each(time.Second) != 0 || median(nil) != 0 {
		t.Error("nothing measured is nothing")
	}
	for i := range 100 {
		s.took = append(s.took, time.Duration(i+1)*time.Millisecond)
	}
	s.span = 2 * time.Second
	if s.quantile(.5) != 51*time.Millisecond || s.quantile(.99) != 100*time.Millisecond || s.quantile(1) != 100*time.Millisecond {
		t.Error(s.quantile(.5), s.quantile(.99), s.quantile(1))
	}
	if s.rate() != 50 || s.each(time.Second) != 10*time.Millisecond {
		t.Error(s.rate(), s.each(time.Second))
	}
	if median([]float64{3, 1, 2}) != 2 || median([]float64{4, 1, 2, 3}) != 2.5 {
		t.Error("medians")
	}
	twice := sample{took: s.took, span: time.Second}
	if ratioOf([]sample{s, twice, s}, []sample{twice, twice, twice}) != .5 {
		t.Error("ratio")
	}
}
