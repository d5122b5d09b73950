// Package login serves how staff sign in at the console, and what was tried.
package login

import (
	"mashang/desk"
	desklogin "mashang/desk/login"
	deskprivacy "mashang/desk/privacy"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations ask.
type services struct {
	login   *desklogin.Service
	privacy *deskprivacy.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{login: d.Login, privacy: d.Privacy}}
	rt.addAttempts()
	rt.addSeats()
}
