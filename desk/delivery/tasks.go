package delivery

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mashang/desk/kit"
)

// deliverEvery is the interval of rounds, which make up for a lost hint.
const (
	deliverEvery = 2 * time.Second
	expireEvery  = time.Hour
)

// Tasks returns the background loops that send notices and expire the undelivered list.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{
		{Name: "deliver", Run: svc.deliverLoop},
		{Name: "expire untold", Run: func(ctx context.Context) { svc.kit.Every(ctx, expireEvery, svc.expireAll) }},
	}
}

func (svc *Service) expireAll(ctx context.Context) {
	for _, st := range svc.kit.Stations(ctx) {
		if _, err := svc.ExpireUndelivered(ctx, st); err != nil {
			svc.kit.Log.WarnContext(ctx, "list of the untold not gone through", slog.String("station", st), slog.Any("err", err))
		}
	}
}

// maxStations is how many stations are delivered for concurrently, so that one station's backlog does not delay
// the others.
const maxStations = 16

func (svc *Service) deliverLoop(ctx context.Context) {
	tick := time.NewTicker(deliverEvery)
	defer tick.Stop()
	var work errgroup.Group
	work.SetLimit(maxStations)
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
				svc.kit.Drain(ctx, st, svc.Deliver)
			}
			return nil
		})
	}
	for {
		select {
		case <-ctx.Done():
			_ = work.Wait() // its functions always return nil
			return
		case st := <-svc.kit.Hints():
			begin(st)
		case <-tick.C:
			for _, st := range svc.kit.Stations(ctx) {
				begin(st)
			}
		}
	}
}
