// Package roster serves who a station's people are: rosters, rules, calendars, absences, invitations.
package roster

import (
	deskcodes "mashang/desk/codes"
	deskdelivery "mashang/desk/delivery"
	deskidentity "mashang/desk/identity"
	deskoverview "mashang/desk/overview"
	deskroster "mashang/desk/roster"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations ask.
type services struct {
	codes    *deskcodes.Service
	delivery *deskdelivery.Service
	identity *deskidentity.Service
	overview *deskoverview.Service
	roster   *deskroster.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}
