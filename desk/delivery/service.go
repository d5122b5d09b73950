// Package delivery sends notices by subscribe message, in the chat or by SMS, and lists the undelivered ones for the
// liaison.
package delivery

import (
	"mashang/desk/kit"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Platform Platform
	// SMS is nil when no texts can be sent.
	SMS    SMS
	Sealer Sealer
	Store  Store
	// Documents is the store again.
	Documents Documents
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit       *kit.Kit
	platform  Platform
	sms       SMS
	sealer    Sealer
	store     Store
	documents Documents
}

// New makes a Service from its parts.
func New(p Parts) *Service {
	return &Service{
		kit:       p.Kit,
		platform:  p.Platform,
		sms:       p.SMS,
		sealer:    p.Sealer,
		store:     p.Store,
		documents: p.Documents,
	}
}
