// Package deadlines sends reminders and transfers submissions as time passes.
package deadlines

import (
	"time"

	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/roster"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Delivery *delivery.Service
	Roster   *roster.Service
	Matters  *matters.Service
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	delivery *delivery.Service
	roster   *roster.Service
	matters  *matters.Service
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		delivery: p.Delivery,
		roster:   p.Roster,
		matters:  p.Matters,
		store:    p.Store,
	}
}

const sweepEvery = 20 * time.Second

// Tasks returns the background loop that sweeps all stations.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{svc.kit.StationTask("sweep", sweepEvery, svc.Sweep)}
}
