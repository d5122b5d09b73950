// Package handlers is the product's HTTP side: the people's API, pages for browsers, the platform's calls, and
// the endpoints for an operator's tools. Each area has its own package; this one joins them.
//
// It decides nothing. It reads a request strictly, identifies the caller, calls the desk, and converts the
// result (a View, a fault) for the wire. The contract is docs/api.md; its machine-readable form (OpenAPI) is
// made from the code that answers.
package handlers

import (
	"context"
	"net/http"

	"mashang/desk"
	deskcodes "mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/handlers/codes"
	"mashang/handlers/handover"
	"mashang/handlers/identity"
	"mashang/handlers/login"
	"mashang/handlers/matters"
	"mashang/handlers/notes"
	"mashang/handlers/overview"
	"mashang/handlers/pages"
	"mashang/handlers/reception"
	"mashang/handlers/roster"
	"mashang/handlers/web"
)

// Server is the whole HTTP surface. It is safe for concurrent use.
type Server struct{ api *web.API }

// New builds the server. d may be nil if only OpenAPI is needed; it is not used before the first request.
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
	notes.Register(api, d)
	handover.Register(api, d)
	overview.Register(api, d)
	roster.Register(api, d)
	login.Register(api, d)
	reception.Register(api, d)
	if err := pages.Register(api, d); err != nil {
		return nil, err
	}
	if err := api.Describe(); err != nil {
		return nil, err
	}
	return &Server{api: api}, nil
}

// Close ends the streams, which would otherwise keep a server from stopping.
func (s *Server) Close() { s.api.Close() }

// Handler returns what a server serves.
func (s *Server) Handler() http.Handler { return s.api.Engine }

// OpenAPI is the description of the API, indented JSON.
func (s *Server) OpenAPI() []byte { return s.api.OpenAPI() }

// Route is one registered path.
type Route struct {
	Method string
	// Path is the router's path, "/q/:key".
	Path string
}

// Routes lists all registered routes, for the tests that compare them with the table of rights.
func (s *Server) Routes() []Route {
	var list []Route
	for _, r := range s.api.Engine.Routes() {
		list = append(list, Route{Method: r.Method, Path: r.Path})
	}
	return list
}

// visitors implements web.Desk.
type visitors struct{ d *desk.Desk }

func (v visitors) Caller(ctx context.Context, token string) (access.Caller, error) {
	return v.d.Identity.Caller(ctx, token)
}

func (v visitors) Seated(ctx context.Context, token string) (access.Caller, error) {
	return v.d.Login.ConsoleCaller(ctx, token)
}

func (v visitors) Attempted(a record.Attempt) { v.d.Login.RecordAttempt(a) }

func (v visitors) Scanned(s *deskcodes.Sign, device string) { v.d.Codes.Scanned(s, device) }
