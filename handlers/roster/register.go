package roster

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{codes: d.Codes, delivery: d.Delivery, identity: d.Identity, overview: d.Overview, roster: d.Roster}}
	rt.addRules()
	rt.addAbsences()
	rt.addSurge()
	rt.addCalendar()
	rt.addTemplates()
	rt.addDay()
	rt.addFaces()
	rt.addRoster()
	rt.addBindings()
}
