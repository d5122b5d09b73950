package desktest

import (
	"context"
	"time"

	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/domain/record"
)

// Eventually waits until the job fulfils the condition.
func (b *Bundle) Eventually(c access.Caller, id, what string, holds func(record.Job) bool) record.Job {
	b.T.Helper()
	ctx, cancel := context.WithTimeout(b.T.Context(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		j, err := b.Jobs.Job(b.T.Context(), c, id)
		if err != nil {
			b.T.Fatal(err)
		}
		if holds(j) {
			return j
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.T.Fatalf("not %s: %+v", what, j)
		}
	}
}

func (b *Bundle) JobEnd(c access.Caller, id string) record.Job {
	b.T.Helper()
	return b.Eventually(c, id, "ended", func(j record.Job) bool { return j.State.Ended() })
}

func (b *Bundle) Start(c access.Caller, kind string, run jobs.JobRun) record.Job {
	b.T.Helper()
	j, err := b.Jobs.StartJob(b.T.Context(), c, kind, run)
	if err != nil {
		b.T.Fatal(err)
	}
	return j
}
