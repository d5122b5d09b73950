package overview

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{audit: d.Audit, identity: d.Identity, jobs: d.Jobs, listing: d.Listing, matters: d.Matters, overview: d.Overview, privacy: d.Privacy, roster: d.Roster}}
	rt.addQueues()
	rt.addStart()
	rt.addMatters()
	rt.addUntold()
	rt.addUnread()
	rt.addJobs()
	rt.addFigures()
	rt.addDashboard()
	rt.addGuard()
	rt.addAudit()
	rt.addLive()
}
