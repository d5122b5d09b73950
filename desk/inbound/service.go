// Package inbound works on what the platform pushed: what people write in the chat, taps,
// results of checks.
package inbound

import (
	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/uploads"
)

// Parts are what a Service is made of.
type Parts struct {
	Kit      *kit.Kit
	Uploads  *uploads.Service
	Delivery *delivery.Service
	Matters  *matters.Service
	Platform Platform
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	uploads  *uploads.Service
	delivery *delivery.Service
	matters  *matters.Service
	platform Platform
	store    Store
	// arrived wakes whoever works on what the platform pushed.
	arrived chan struct{}
}

// New joins the parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		uploads:  p.Uploads,
		delivery: p.Delivery,
		matters:  p.Matters,
		platform: p.Platform,
		store:    p.Store,
		arrived:  make(chan struct{}, 1),
	}
}

// Arrived is signalled when the platform has pushed something.
func (svc *Service) Arrived() <-chan struct{} { return svc.arrived }
