package desktest

import (
	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/domain/record"
)

// JobProduct returns what a started job made.
func (b *Bundle) JobProduct(c access.Caller) func(record.Job, error) (jobs.Product, error) {
	return func(j record.Job, err error) (jobs.Product, error) {
		b.T.Helper()
		if err != nil {
			return jobs.Product{}, err
		}
		b.JobEnd(c, j.ID)
		return b.Jobs.JobFile(b.T.Context(), c, j.ID)
	}
}
