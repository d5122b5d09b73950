// Package inbound processes what the platform pushes: chat messages, consents, and results of checks.
package inbound

import (
	"time"

	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/uploads"
)

// Parts are the dependencies of a Service.
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
	// wake wakes the loop that processes the queue.
	wake chan struct{}
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		uploads:  p.Uploads,
		delivery: p.Delivery,
		matters:  p.Matters,
		platform: p.Platform,
		store:    p.Store,
		wake:     make(chan struct{}, 1),
	}
}

// receiveEvery is the interval of rounds, which make up for a lost signal.
const receiveEvery = 2 * time.Second

// Tasks returns the background loop that processes pushed events.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{svc.kit.WakeableTask("receive", svc.wake, receiveEvery, svc.ProcessQueue)}
}
