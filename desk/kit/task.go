package kit

import (
	"context"
	"time"
)

// Task is a background loop of an area.
type Task struct {
	// Name is for logs and tests, in lower-case letters.
	Name string
	// Run works until ctx ends, then finishes the batch in hand.
	Run func(ctx context.Context)
}

// WakeableTask is a task that runs work when wake is signalled and every period. work returns how many items it
// processed; a full batch is followed by another.
func (k *Kit) WakeableTask(name string, wake <-chan struct{}, period time.Duration, work func(context.Context) (int, error)) Task {
	return Task{Name: name, Run: func(ctx context.Context) {
		tick := time.NewTicker(period)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-wake:
			case <-tick.C:
			}
			k.Drain(ctx, "", func(ctx context.Context, _ string) (int, error) { return work(ctx) })
		}
	}}
}

// StationTask is a task that runs work for all stations every period.
func (k *Kit) StationTask(name string, period time.Duration, work func(ctx context.Context, st string) (int, error)) Task {
	return Task{Name: name, Run: func(ctx context.Context) {
		k.Every(ctx, period, func(ctx context.Context) { k.eachStation(ctx, work) })
	}}
}
