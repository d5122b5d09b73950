// Package handlers is the product's HTTP side: the people's API, the pages a browser is
// shown, what the platform calls, and what an operator's tools ask. Each area has a
// package of its own; this one joins them.
//
// It decides nothing: it reads a request strictly, knows who asks, lets the desk do the
// work, and turns what comes back (a View, a fault) into words on the wire. The contract
// is docs/api.md; the machine-readable form of it is made from the same code that
// answers (OpenAPI).
package handlers

import (
	"context"
	"net/http"

	"mashang/desk"
	deskcodes "mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/handlers/codes"
	"mashang/handlers/identity"
	"mashang/handlers/login"
	"mashang/handlers/matters"
	"mashang/handlers/overview"
	"mashang/handlers/pages"
	"mashang/handlers/roster"
	"mashang/handlers/web"
)

// Server is the whole HTTP surface. It is safe for concurrent use.
type Server struct{ api *web.API }

// New builds the server. d may be nil when only OpenAPI is wanted; nothing is asked of
// it before the first request.
func New(d *desk.Desk, o web.Options) (*Server, error) {
	if d == nil {
		d = &desk.Desk{}
	}
	api, err := web.New(visitors{d}, o)
	if err != nil {
		return nil, err
	}
	identity.Register(api, d)
	codes.Register(api, d)
	matters.Register(api, d)
	overview.Register(api, d)
	roster.Register(api, d)
	login.Register(api, d)
	if err := pages.Register(api, d); err != nil {
		return nil, err
	}
	if err := api.Describe(); err != nil {
		return nil, err
	}
	return &Server{api: api}, nil
}

// Close ends the streams, which would keep a server from stopping.
func (s *Server) Close() { s.api.Close() }

// Handler returns what a server serves.
func (s *Server) Handler() http.Handler { return s.api.Engine }

// OpenAPI is the description of the API, indented JSON.
func (s *Server) OpenAPI() []byte { return s.api.OpenAPI() }

// Route is one registered path.
type Route struct {
	Method string
	// Path is as the router has it, "/q/:key".
	Path string
}

// Routes lists everything that is registered, for the tests that hold each
// route to its row in the table of rights.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.api.Engine.Routes() {
		list = append(list, Route{Method: r.Method, Path: r.Path})
	}
	return list
}

// visitors answer what is asked before any operation.
type visitors struct{ d *desk.Desk }

func (v visitors) Caller(ctx context.Context, token string) (access.Caller, error) {
	return v.d.Identity.Caller(ctx, token)
}

func (v visitors) Seated(ctx context.Context, token string) (access.Caller, error) {
	return v.d.Login.ConsoleCaller(ctx, token)
}

func (v visitors) Attempted(a record.Attempt) { v.d.Login.RecordAttempt(a) }

func (v visitors) Scanned(s *deskcodes.Sign, device string) { v.d.Codes.Scanned(s, device) }
