// Package codes serves codes: their content, signs and images.
package codes

import (
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
