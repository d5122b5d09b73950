// Package overview serves what staff see of a whole station: lists, figures, jobs, the audit.
package overview

import (
	deskaudit "mashang/desk/audit"
	deskidentity "mashang/desk/identity"
	deskjobs "mashang/desk/jobs"
	desklisting "mashang/desk/listing"
	deskmatters "mashang/desk/matters"
	deskoverview "mashang/desk/overview"
	deskprivacy "mashang/desk/privacy"
	deskroster "mashang/desk/roster"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	audit    *deskaudit.Service
	identity *deskidentity.Service
	jobs     *deskjobs.Service
	listing  *desklisting.Service
	matters  *deskmatters.Service
	overview *deskoverview.Service
	privacy  *deskprivacy.Service
	roster   *deskroster.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}
