// Package codes makes codes, resolves scans, draws signs and counts scans.
package codes

import (
	"time"

	"mashang/desk/audit"
	"mashang/desk/jobs"
	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Jobs     *jobs.Service
	Painter  Painter
	Platform Platform
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	jobs     *jobs.Service
	painter  Painter
	platform Platform
	store    Store
	// images are the platform's code images by key. They never change.
	images *kit.TTLCache[[]byte]
	// links are the platform's links by key.
	links *kit.TTLCache[Link]
	scans *scanCounter
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		jobs:     p.Jobs,
		painter:  p.Painter,
		platform: p.Platform,
		store:    p.Store,
		images:   kit.NewTTLCache[[]byte](500, 24*time.Hour, p.Kit.Now),
		links:    kit.NewTTLCache[Link](20_000, linkReuse, p.Kit.Now),
		scans:    newScanCounter(),
	}
}

// Tasks returns the background loop that writes counted scans.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{{Name: "scans", Run: svc.scanLoop}}
}
