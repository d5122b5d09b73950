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
	wg.Go(func() { d.wokenLoop(ctx, d.Inbound.Arrived(), receiveEvery, d.Inbound.Receive) })
	wg.Go(func() { d.wokenLoop(ctx, d.Uploads.Asked(), checkEvery, d.Uploads.CheckPhotos) })
	wg.Go(func() { d.Listing.CatalogueLoop(ctx) })
	wg.Go(func() {
		d.kit.Every(ctx, sweepEvery, func(ctx context.Context) {
			d.kit.EachStation(ctx, func(ctx context.Context, st string) (int, error) { return d.Deadlines.Sweep(ctx, st) })
		})
	})
	wg.Go(func() {
		d.kit.Every(ctx, expireEvery, func(ctx context.Context) {
			for _, st := range d.kit.Stations(ctx) {
				if _, err := d.Delivery.ExpireUntold(ctx, st); err != nil {
					d.kit.Log.WarnContext(ctx, "list of the untold not gone through", slog.String("station", st), slog.Any("err", err))
				}
			}
		})
	})
	wg.Go(func() { d.Codes.ScanLoop(ctx) })
	wg.Go(func() { d.Login.AttemptsLoop(ctx) })
	<-ctx.Done()
	d.Jobs.StopJobs()
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
				d.kit.Drain(ctx, st, d.Delivery.Deliver)
			}
			return nil
		})
	}
	for {
		select {
		case <-ctx.Done():
			_ = work.Wait() // its functions fail by the log alone
			return
		case st := <-d.kit.Hints():
			begin(st)
		case <-tick.C:
			for _, st := range d.kit.Stations(ctx) {
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
		d.kit.Drain(ctx, "", func(ctx context.Context, _ string) (int, error) { return work(ctx) })
	}
}
