// Package privacy lets people see, correct and erase their own data.
package privacy

import (
	"mashang/desk/audit"
	"mashang/desk/delivery"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/notes"
	"mashang/desk/reception"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Delivery *delivery.Service
	Identity *identity.Service
	Notes    *notes.Service
	Matters  *matters.Service
	// Reception has their bookings.
	Reception *reception.Service
	Media     Media
	Sealer    Sealer
	Store     Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	delivery *delivery.Service
	identity *identity.Service
	notes    *notes.Service
	matters  *matters.Service
	// reception has their bookings.
	reception *reception.Service
	media     Media
	sealer    Sealer
	store     Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:       p.Kit,
		audit:     p.Audit,
		delivery:  p.Delivery,
		identity:  p.Identity,
		notes:     p.Notes,
		matters:   p.Matters,
		reception: p.Reception,
		media:     p.Media,
		sealer:    p.Sealer,
		store:     p.Store,
	}
}
