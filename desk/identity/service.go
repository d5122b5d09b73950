// Package identity opens sessions and binds people to roles.
package identity

import (
	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/delivery"
	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Codes    *codes.Service
	Delivery *delivery.Service
	Platform Platform
	Sealer   Sealer
	SMS      SMS
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	codes    *codes.Service
	delivery *delivery.Service
	platform Platform
	sealer   Sealer
	sms      SMS
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		codes:    p.Codes,
		delivery: p.Delivery,
		platform: p.Platform,
		sealer:   p.Sealer,
		sms:      p.SMS,
		store:    p.Store,
	}
}
