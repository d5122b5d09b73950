// Package pages serves what is not the API: pages for browsers, the clients' files, and the platform's calls.
package pages

import (
	"sync"
	"time"

	deskcodes "mashang/desk/codes"
	deskinbound "mashang/desk/inbound"
	deskmatters "mashang/desk/matters"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	codes   *deskcodes.Service
	inbound *deskinbound.Service
	matters *deskmatters.Service
}

// routes are the operations of the area.
type routes struct {
	api   *web.API
	desk  services
	pages *pages
	// The store's last answer about its readiness, and its time.
	readyMu  sync.Mutex
	readyErr error
	readyAt  time.Time
}
