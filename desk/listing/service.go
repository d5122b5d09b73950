// Package listing keeps an index of each station's submissions in memory, for lists and searches, and counts
// what waits in an inbox.
package listing

import (
	"sync"

	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit   *kit.Kit
	Store Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit   *kit.Kit
	store Store
	// indexes are the indexes by station. requested carries stations whose index should be built soon.
	indexesMu sync.Mutex
	indexes   map[string]*StationIndex
	requested chan string
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:       p.Kit,
		store:     p.Store,
		indexes:   map[string]*StationIndex{},
		requested: make(chan string, 64),
	}
}

// Tasks returns the background loop that builds requested indexes.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{{Name: "index", Run: svc.indexLoop}}
}
