// Package uploads takes in photos and voices and asks whether a photo is harmless.
package uploads

import (
	"mashang/desk/kit"
)

// Parts are what a Service is made of.
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
	// asked wakes whoever asks the platform about photos.
	asked chan struct{}
}

// New joins the parts.
func New(p Parts) *Service {
	return &Service{
		kit:      p.Kit,
		media:    p.Media,
		platform: p.Platform,
		store:    p.Store,
		asked:    make(chan struct{}, 1),
	}
}

// Asked is signalled when the platform should be asked about a photo.
func (svc *Service) Asked() <-chan struct{} { return svc.asked }
