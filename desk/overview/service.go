// Package overview shows staff a whole station: lists, figures, reports, boards.
package overview

import (
	"golang.org/x/sync/singleflight"

	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/delivery"
	"mashang/desk/jobs"
	"mashang/desk/kit"
	"mashang/desk/listing"
	"mashang/desk/matters"
	"mashang/desk/roster"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Jobs     *jobs.Service
	Codes    *codes.Service
	Delivery *delivery.Service
	Roster   *roster.Service
	Listing  *listing.Service
	Matters  *matters.Service
	Reporter Reporter
	Sealer   Sealer
	Store    Store
	// Examine is nil where the platform is emulated.
	Examine Examine
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	jobs     *jobs.Service
	codes    *codes.Service
	delivery *delivery.Service
	roster   *roster.Service
	listing  *listing.Service
	matters  *matters.Service
	reporter Reporter
	sealer   Sealer
	store    Store
	examine  Examine
	checks   singleflight.Group
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		jobs:     p.Jobs,
		codes:    p.Codes,
		delivery: p.Delivery,
		roster:   p.Roster,
		listing:  p.Listing,
		matters:  p.Matters,
		reporter: p.Reporter,
		sealer:   p.Sealer,
		store:    p.Store,
		examine:  p.Examine,
	}
}
