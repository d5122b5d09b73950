package desktest

import (
	"context"
	"sync"

	"mashang/desk"
	"mashang/desk/codes"
	"mashang/domain/record"
)

// signer remembers what it was asked to draw.
type signer struct {
	painter

	mu    sync.Mutex
	Asked []record.Sign
	Job   record.SignJob
	Fail  error
	Left  []record.SignFailure
}

func (s *signer) Signs(_ context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Asked, s.Job = signs, job
	progress(1, 2)
	progress(2, 2)
	return record.SignFile{Ending: "pdf", Type: "application/pdf", Data: []byte("%PDF"), Failed: s.Left}, s.Fail
}

func (s *signer) Titles() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.Asked {
		list = append(list, x.Title)
	}
	return list
}

// Signing replaces the painter by one that draws nothing.
func (b *Bundle) Signing() *signer {
	b.T.Helper()
	s := &signer{}
	b.Parts.Painter = s
	b.Desk = desk.New(b.cfg, b.Parts)
	b.T.Cleanup(b.Jobs.StopJobs)
	return s
}

func (b *Bundle) Signs(o codes.SignOrder) record.Job {
	b.T.Helper()
	c := b.Liaison()
	j, err := b.Codes.Signs(b.T.Context(), c, o)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.JobEnd(c, j.ID)
}
