package desktest

import (
	"sync"
	"sync/atomic"

	"mashang/desk"
)

// Sweep has several processes sweep concurrently and returns how many submissions they reminded of.
func (b *Bundle) Sweep(desks ...*desk.Desk) int {
	b.T.Helper()
	var urged atomic.Int64
	var wg sync.WaitGroup
	for _, d := range append(desks, b.Desk) {
		wg.Go(func() {
			n, err := d.Deadlines.Sweep(b.T.Context(), Here)
			if err != nil {
				b.T.Error(err)
			}
			urged.Add(int64(n))
		})
	}
	wg.Wait()
	return int(urged.Load())
}
