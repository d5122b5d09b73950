// Package filing accepts new submissions.
package filing

import (
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/uploads"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Uploads  *uploads.Service
	Identity *identity.Service
	Matters  *matters.Service
	Sealer   Sealer
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	uploads  *uploads.Service
	identity *identity.Service
	matters  *matters.Service
	sealer   Sealer
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		uploads:  p.Uploads,
		identity: p.Identity,
		matters:  p.Matters,
		sealer:   p.Sealer,
		store:    p.Store,
	}
}
