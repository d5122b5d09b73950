// Package privacy lets people see, hand over, correct and erase their own data.
package privacy

import (
	"mashang/desk/audit"
	"mashang/desk/delivery"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Delivery *delivery.Service
	Identity *identity.Service
	Matters  *matters.Service
	Media    Media
	Sealer   Sealer
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	delivery *delivery.Service
	identity *identity.Service
	matters  *matters.Service
	media    Media
	sealer   Sealer
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		delivery: p.Delivery,
		identity: p.Identity,
		matters:  p.Matters,
		media:    p.Media,
		sealer:   p.Sealer,
		store:    p.Store,
	}
}
