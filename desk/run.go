package desk

import (
	"context"
	"slices"
	"sync"

	"mashang/desk/kit"
)

// Tasks are what the areas do in the background.
func (d *Desk) Tasks() []kit.Task {
	return slices.Concat(
		d.Delivery.Tasks(), d.Inbound.Tasks(), d.Uploads.Tasks(), d.Listing.Tasks(),
		d.Deadlines.Tasks(), d.Codes.Tasks(), d.Login.Tasks(),
	)
}

// Run does every task until ctx ends. What is in hand then is finished first; jobs are
// stopped.
func (d *Desk) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, t := range d.Tasks() {
		wg.Go(func() { t.Run(ctx) })
	}
	<-ctx.Done()
	d.Jobs.StopJobs()
	wg.Wait()
}
