// Package login signs staff in at the console, by phone or by password, and records refused attempts.
package login

import (
	"mashang/desk/audit"
	"mashang/desk/identity"
	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Identity *identity.Service
	Factors  Factors
	Painter  Painter
	Sealer   Sealer
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	identity *identity.Service
	factors  Factors
	painter  Painter
	sealer   Sealer
	store    Store
	attempts attempts
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		identity: p.Identity,
		factors:  p.Factors,
		painter:  p.Painter,
		sealer:   p.Sealer,
		store:    p.Store,
	}
}

// Tasks returns the background loop that writes refused attempts.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{{Name: "attempts", Run: svc.attemptsLoop}}
}
