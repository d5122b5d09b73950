// Package login serves the staff's sign-in at the console, and the failed attempts.
package login

import (
	desklogin "mashang/desk/login"
	deskprivacy "mashang/desk/privacy"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	login   *desklogin.Service
	privacy *deskprivacy.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}
