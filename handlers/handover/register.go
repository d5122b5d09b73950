// Package handover serves the handing over of submissions to the people they were filed for.
package handover

import (
	"mashang/desk"
	deskhandover "mashang/desk/handover"
	"mashang/handlers/web"
)

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk *deskhandover.Service
}

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: d.Handover}
	rt.addOffers()
	rt.addTaking()
}
