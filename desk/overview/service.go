// Package overview shows staff a whole station: lists, figures, reports, boards.
package overview

import (
	"mashang/desk/audit"
	"mashang/desk/codes"
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
	Roster   *roster.Service
	Listing  *listing.Service
	Matters  *matters.Service
	Reporter Reporter
	Sealer   Sealer
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	jobs     *jobs.Service
	codes    *codes.Service
	roster   *roster.Service
	listing  *listing.Service
	matters  *matters.Service
	reporter Reporter
	sealer   Sealer
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		jobs:     p.Jobs,
		codes:    p.Codes,
		roster:   p.Roster,
		listing:  p.Listing,
		matters:  p.Matters,
		reporter: p.Reporter,
		sealer:   p.Sealer,
		store:    p.Store,
	}
}
