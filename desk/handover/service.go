// Package handover lets whoever filed a submission for somebody hand it over to that person, by a card, a QR code
// or six digits, and lets both follow it from then on.
package handover

import (
	"mashang/desk/audit"
	"mashang/desk/delivery"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/privacy"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Delivery *delivery.Service
	Identity *identity.Service
	Matters  *matters.Service
	Privacy  *privacy.Service
	Painter  Painter
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
	privacy  *privacy.Service
	painter  Painter
	sealer   Sealer
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit: p.Kit, audit: p.Audit, delivery: p.Delivery, identity: p.Identity, matters: p.Matters, privacy: p.Privacy,
		painter: p.Painter, sealer: p.Sealer, store: p.Store,
	}
}
