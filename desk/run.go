package desk

import (
	"context"
	"slices"
	"sync"

	"mashang/desk/kit"
)

// Tasks returns the areas' background loops.
func (d *Desk) Tasks() []kit.Task {
	return slices.Concat(
		d.Delivery.Tasks(), d.Inbound.Tasks(), d.Uploads.Tasks(), d.Listing.Tasks(),
		d.Deadlines.Tasks(), d.Codes.Tasks(), d.Login.Tasks(), d.Reception.Tasks(),
	)
}

// Run runs all tasks until ctx ends. Tasks finish the batch in hand; jobs are cancelled.
func (d *Desk) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, t := range d.Tasks() {
		wg.Go(func() { t.Run(ctx) })
	}
	<-ctx.Done()
	d.Jobs.StopJobs()
	wg.Wait()
}
