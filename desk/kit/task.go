package kit

import (
	"context"
	"time"
)

// Task is work that an area does in the background.
type Task struct {
	// Name is for logs and tests: lower-case letters.
	Name string
	// Run works until ctx ends. It finishes what is in hand then.
	Run func(ctx context.Context)
}

// Woken is a task whose rounds begin when wake is signalled and every period. work
// says how many things it did; a full batch is followed by another.
func (k *Kit) Woken(name string, wake <-chan struct{}, period time.Duration, work func(context.Context) (int, error)) Task {
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

// Rounds is a task that goes over all stations every period.
func (k *Kit) Rounds(name string, period time.Duration, work func(ctx context.Context, st string) (int, error)) Task {
	return Task{Name: name, Run: func(ctx context.Context) {
		k.Every(ctx, period, func(ctx context.Context) { k.eachStation(ctx, work) })
	}}
}
