package matters

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the area's operations to the API.
func Register(api *web.API, d *desk.Desk) {
	rt := &routes{api: api, desk: services{filing: d.Filing, matters: d.Matters, overview: d.Overview, privacy: d.Privacy, results: d.Results, uploads: d.Uploads}}
	rt.addUploads()
	rt.addSubmissions()
	rt.addActs()
	rt.addRouting()
	rt.addSafety()
	rt.addTopics()
	rt.addSame()
	rt.addMyData()
	rt.addDossier()
	rt.addFindPhone()
}
