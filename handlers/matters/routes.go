// Package matters serves submissions: filing, reading, acts, uploads, dossiers.
package matters

import (
	deskfiling "mashang/desk/filing"
	deskmatters "mashang/desk/matters"
	deskoverview "mashang/desk/overview"
	deskprivacy "mashang/desk/privacy"
	deskresults "mashang/desk/results"
	deskuploads "mashang/desk/uploads"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	filing   *deskfiling.Service
	matters  *deskmatters.Service
	overview *deskoverview.Service
	privacy  *deskprivacy.Service
	results  *deskresults.Service
	uploads  *deskuploads.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}
