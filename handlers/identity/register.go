package identity

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{delivery: d.Delivery, identity: d.Identity, privacy: d.Privacy}}
	rt.addSessions()
	rt.addConsent()
}
