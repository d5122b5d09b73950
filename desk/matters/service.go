// Package matters shows submissions and acts on them.
package matters

import (
	"sync"

	"mashang/desk/audit"
	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/desk/listing"
	"mashang/desk/results"
	"mashang/desk/roster"
	"mashang/desk/uploads"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Uploads  *uploads.Service
	Delivery *delivery.Service
	Roster   *roster.Service
	Listing  *listing.Service
	Results  *results.Service
	Media    Media
	Painter  Painter
	Sealer   Sealer
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	uploads  *uploads.Service
	delivery *delivery.Service
	roster   *roster.Service
	listing  *listing.Service
	results  *results.Service
	media    Media
	painter  Painter
	sealer   Sealer
	store    Store
	// similarIndexes are the similarity indexes by station.
	similarMu      sync.Mutex
	similarIndexes map[string]*similarIndex
	// words are the category suggesters by station.
	wordsMu sync.Mutex
	words   map[string]wordList
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:            p.Kit,
		audit:          p.Audit,
		uploads:        p.Uploads,
		delivery:       p.Delivery,
		roster:         p.Roster,
		listing:        p.Listing,
		results:        p.Results,
		media:          p.Media,
		painter:        p.Painter,
		sealer:         p.Sealer,
		store:          p.Store,
		similarIndexes: map[string]*similarIndex{},
		words:          map[string]wordList{},
	}
}
