// Package codes serves codes: their content, signs and images.
package codes

import (
	"mashang/desk"
	deskcodes "mashang/desk/codes"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	codes *deskcodes.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{codes: d.Codes}}
	rt.addCodes()
	rt.addSigns()
}
