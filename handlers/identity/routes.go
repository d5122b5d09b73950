// Package identity serves sessions: logging in, binding, consent to messages.
package identity

import (
	deskdelivery "mashang/desk/delivery"
	deskidentity "mashang/desk/identity"
	deskprivacy "mashang/desk/privacy"
	"mashang/handlers/web"
)

// services are the areas of the desk that these operations use.
type services struct {
	delivery *deskdelivery.Service
	identity *deskidentity.Service
	privacy  *deskprivacy.Service
}

// routes are the operations of the area.
type routes struct {
	api  *web.API
	desk services
}
