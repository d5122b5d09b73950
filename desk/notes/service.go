// Package notes keeps what a station's liaisons write beside a submission: notes that only they read, tags, reminders
// of their own, and nudges to whoever owes the next step. The rules are in domain/annotation.
package notes

import (
	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/desk/listing"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit     *kit.Kit
	Audit   *audit.Service
	Listing *listing.Service
	Store   Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit     *kit.Kit
	audit   *audit.Service
	listing *listing.Service
	store   Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{kit: p.Kit, audit: p.Audit, listing: p.Listing, store: p.Store}
}
