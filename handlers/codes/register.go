package codes

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{codes: d.Codes}}
	rt.addCodes()
	rt.addSigns()
}
