// Package pages serves what is no API: pages for browsers, the clients' files, what the platform calls.
package pages

import (
	"sync"
	"time"

	"mashang/desk"
	deskcodes "mashang/desk/codes"
	deskinbound "mashang/desk/inbound"
	deskmatters "mashang/desk/matters"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations ask.
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
	// What the store last said of its readiness, and when it was asked.
	readyMu  sync.Mutex
	readyErr error
	readyAt  time.Time
}

// Register adds the pages to the server.
func Register(api *web.API, d *desk.Desk) error {
	p, err := newPages()
	if err != nil {
		return err
	}
	rt := &routes{api: api, desk: services{codes: d.Codes, inbound: d.Inbound, matters: d.Matters}, pages: p}
	rt.addPages(api.People)
	rt.addClient(api.People)
	rt.addConsole(api.People)
	rt.addMachine(api.Engine)
	return nil
}
