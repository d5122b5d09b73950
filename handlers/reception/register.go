package reception

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, reception: d.Reception}
	rt.addVisitors()
	rt.addDays()
	rt.addSwaps()
	rt.addWishes()
	rt.addHour()
	rt.addFeed()
}
