// Package roster reads and changes a station's roster: members, rooms, duty, absences, rules.
package roster

import (
	"mashang/desk/audit"
	"mashang/desk/codes"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/uploads"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Codes    *codes.Service
	Uploads  *uploads.Service
	Identity *identity.Service
	Media    Media
	Sealer   Sealer
	Sheets   Sheets
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	codes    *codes.Service
	uploads  *uploads.Service
	identity *identity.Service
	media    Media
	sealer   Sealer
	sheets   Sheets
	store    Store
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		audit:    p.Audit,
		codes:    p.Codes,
		uploads:  p.Uploads,
		identity: p.Identity,
		media:    p.Media,
		sealer:   p.Sealer,
		sheets:   p.Sheets,
		store:    p.Store,
	}
}
