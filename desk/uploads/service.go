// Package uploads takes photos and voice messages, and has photos checked.
package uploads

import (
	"time"

	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Media    Media
	Platform Platform
	Store    Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	media    Media
	platform Platform
	store    Store
	// wake wakes the loop that has photos checked.
	wake chan struct{}
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		media:    p.Media,
		platform: p.Platform,
		store:    p.Store,
		wake:     make(chan struct{}, 1),
	}
}

// checkEvery is the interval of rounds, which make up for a lost signal.
const checkEvery = 5 * time.Second

// Tasks returns the background loop that has photos checked.
func (svc *Service) Tasks() []kit.Task {
	return []kit.Task{svc.kit.WakeableTask("check photos", svc.wake, checkEvery, svc.CheckPhotos)}
}
