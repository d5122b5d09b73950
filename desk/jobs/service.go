// Package jobs runs work in the background that takes longer than a request should.
package jobs

import (
	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit    *kit.Kit
	Sealer Sealer
	Store  Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit    *kit.Kit
	sealer Sealer
	store  Store
	runner *jobRunner
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:    p.Kit,
		sealer: p.Sealer,
		store:  p.Store,
		runner: newJobRunner(),
	}
}
