package pages

import (
	"mashang/desk"
	"mashang/handlers/web"
)

// Register adds the pages to the server.
func Register(api *web.API, d *desk.Desk) error {
	p, err := newPages(api.Options.Emulator != nil)
	if err != nil {
		return err
	}
	rt := &routes{api: api, desk: services{codes: d.Codes, inbound: d.Inbound, matters: d.Matters}, pages: p}
	rt.addPages(api.People)
	rt.addClient(api.People)
	rt.addConsole(api.People)
	rt.addMachine(api.Engine)
	return nil
}
