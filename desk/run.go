package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// The rounds that make up for lost hints and find what became due by itself.
const (
	deliverEvery = 2 * time.Second
	receiveEvery = 2 * time.Second
	checkEvery   = 5 * time.Second
	sweepEvery   = 20 * time.Second
	expireEvery  = time.Hour
)

// Run works in the background until ctx ends: delivers notices, works on what
// the platform pushed, urges. What is in hand when ctx ends is finished first;
// jobs are stopped.
func (d *Desk) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { d.deliverLoop(ctx) })
	wg.Go(func() { d.wokenLoop(ctx, d.arrived, receiveEvery, d.Receive) })
	wg.Go(func() { d.wokenLoop(ctx, d.asked, checkEvery, d.CheckPhotos) })
	wg.Go(func() { d.catalogueLoop(ctx) })
	wg.Go(func() {
		d.every(ctx, sweepEvery, func(ctx context.Context) {
			d.eachStation(ctx, func(ctx context.Context, st string) (int, error) { return d.Sweep(ctx, st) })
		})
	})
	wg.Go(func() {
		d.every(ctx, expireEvery, func(ctx context.Context) {
			for _, st := range d.stations(ctx) {
				if _, err := d.ExpireUntold(ctx, st); err != nil {
					d.log.WarnContext(ctx, "list of the untold not gone through", slog.String("station", st), slog.Any("err", err))
				}
			}
		})
	})
	wg.Go(func() { d.scanLoop(ctx) })
	wg.Go(func() { d.attemptsLoop(ctx) })
	<-ctx.Done()
	d.StopJobs()
	wg.Wait()
}

// stationsAtOnce is how many stations are delivered for at the same time: one
// with a backlog must not keep the others' first notices.
const stationsAtOnce = 16

func (d *Desk) deliverLoop(ctx context.Context) {
	tick := time.NewTicker(deliverEvery)
	defer tick.Stop()
	var work errgroup.Group
	work.SetLimit(stationsAtOnce)
	var busy sync.Map
	begin := func(st string) {
		hinted := &atomic.Bool{}
		if old, running := busy.LoadOrStore(st, hinted); running {
			old.(*atomic.Bool).Store(true) //nolint:forcetypeassert // nothing else is put there
			return
		}
		work.Go(func() error {
			defer busy.Delete(st)
			for again := true; again; again = hinted.Swap(false) {
				d.drain(ctx, st, d.Deliver)
			}
			return nil
		})
	}
	for {
		select {
		case <-ctx.Done():
			_ = work.Wait() // its functions fail by the log alone
			return
		case st := <-d.hint:
			begin(st)
		case <-tick.C:
			for _, st := range d.stations(ctx) {
				begin(st)
			}
		}
	}
}

// wokenLoop works whenever it is woken, and every now and then.
func (d *Desk) wokenLoop(ctx context.Context, woken <-chan struct{}, period time.Duration, work func(context.Context) (int, error)) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
		case <-tick.C:
		}
		d.drain(ctx, "", func(ctx context.Context, _ string) (int, error) { return work(ctx) })
	}
}

func (d *Desk) every(ctx context.Context, period time.Duration, work func(context.Context)) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			work(ctx)
		}
	}
}

func (d *Desk) eachStation(ctx context.Context, work func(context.Context, string) (int, error)) {
	for _, st := range d.stations(ctx) {
		if ctx.Err() != nil {
			return
		}
		d.drain(ctx, st, work)
	}
}

// stations lists all stations, none when the store does not answer: there is a
// next round.
func (d *Desk) stations(ctx context.Context) []string {
	ids, err := d.store.StationIDs(ctx)
	if err != nil && !d.troubled.Swap(true) {
		d.log.WarnContext(ctx, "stations not listed", slog.Any("err", err))
	}
	return ids
}

// drain repeats the work while it comes in full batches. A batch that was
// begun is finished even if ctx ends meanwhile.
func (d *Desk) drain(ctx context.Context, st string, work func(context.Context, string) (int, error)) {
	for ctx.Err() == nil {
		batch, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTime)
		n, err := work(batch, st)
		cancel()
		if err != nil {
			// A store that is gone fails every round: said once is enough.
			if !d.troubled.Swap(true) {
				d.log.WarnContext(ctx, "round not finished; later ones are tried in silence", slog.String("station", st), slog.Any("err", err))
			}
			return
		}
		if d.troubled.Swap(false) {
			d.log.InfoContext(ctx, "rounds are finished again")
		}
		if n < leaseSize {
			return
		}
	}
}
