// Package audit records who did what to whose data, before it is done, and reads the record back.
package audit

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
	// writing is a mutex with a context: held while a line is written.
	writing chan struct{}
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:     p.Kit,
		sealer:  p.Sealer,
		store:   p.Store,
		writing: make(chan struct{}, 1),
	}
}
