package handlers

import (
	"context"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mashang/domain/access"
)

// base is where the people's API lies.
const base = "/api/v1"

// gate is who may call an operation at all. What they may see of which
// submission is the desk's question; asked here first, a caller of the wrong
// role hears of that and not of fields they got wrong.
type gate func(access.Caller) error

func anyone(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	return nil
}

func staff(c access.Caller) error        { return access.Staff(c, false) }
func staffOrAdmin(c access.Caller) error { return access.Staff(c, true) }
func may(a access.Action) gate           { return func(c access.Caller) error { return access.Can(c, a) } }
func (o operation) open() operation      { o.gate = nil; return o }
func (o operation) by(g gate) operation  { o.gate = g; return o }
func (o operation) writes() operation    { o.write = true; return o }
func (o operation) quietly() operation   { o.quiet = true; return o }
func (o operation) creates() operation   { o.DefaultStatus = http.StatusCreated; return o }

// fails adds the statuses an operation may answer beside those all have.
func (o operation) fails(s ...int) operation {
	o.Errors = append(o.Errors, s...)
	return o
}

// binary documents an answer that is no JSON.
func (o operation) binary(types ...string) operation {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	o.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	return o
}

// operation is one operation with who may call it and what it costs.
type operation struct {
	huma.Operation

	gate  gate
	write bool
	// quiet is set for what goes on by itself and is no use of a session.
	quiet bool
	// proofs are the fields that prove who somebody is.
	proofs []string
}

// op begins an operation that needs a session.
func op(method, path, id, summary string) operation {
	return operation{
		Operation: huma.Operation{Method: method, Path: base + path, OperationID: id, Summary: summary},
		gate:      anyone,
	}
}

// handle registers an operation. h is given the caller, nobody on an open
// operation, and answers faults.
func handle[I, O any](f *Face, o operation, h func(ctx context.Context, c access.Caller, in *I) (*O, error)) {
	o.Middlewares = huma.Middlewares{f.admit(o)}
	o.MaxBodyBytes = f.o.MaxBody + 1 // huma refuses a body of exactly its limit
	o.BodyReadTimeout = bodyReadTimeout
	o.Errors = append(o.Errors, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	o.Security = noSession
	if o.gate != nil {
		o.Errors = append(o.Errors, http.StatusUnauthorized)
		o.Security = []map[string][]string{{"session": {}}}
	}
	if _, ok := reflect.TypeFor[I]().FieldByName("Body"); ok {
		o.Errors = append(o.Errors,
			http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	slices.Sort(o.Errors)
	huma.Register(f.api, o.Operation, func(ctx context.Context, in *I) (*O, error) {
		v := visitOf(ctx)
		out, err := h(ctx, v.caller, in)
		if err != nil {
			v.cause, v.unproven = err, unproven(err, o.proofs)
			return nil, problemOf(err, v.trace)
		}
		return out, nil
	})
}

// admit is before every operation: it finds out who asks, and refuses a caller
// of the wrong role and one who goes too fast, before the body is read.
func (f *Face) admit(o operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if o.gate == nil {
			next(ctx)
			return
		}
		c := humagin.Unwrap(ctx)
		v := visitOf(ctx.Context())
		err := f.identify(ctx.Context(), c, v, o.quiet)
		if err == nil {
			err = o.gate(v.caller)
		}
		if err == nil && o.write {
			_, err = f.limits.writes.take(v.caller.Person, slowDown)
		}
		if err != nil {
			f.refuse(c, err)
			return
		}
		next(ctx)
	}
}

// ByID is the input of what needs an id only.
type ByID struct {
	ID string `path:"id" doc:"The submission's id, e.g. hk-3f9v0c2m8x1qz7ab."`
}

// Paging is the input of every list. (Inputs that others embed are exported:
// huma looks into no others.)
type Paging struct {
	Cursor string `query:"cursor" doc:"next_cursor of the page before; empty for the first."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"Items a page."`
}

// page is every list on the wire.
type page[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor" doc:"Empty at the end. A page may be short and still have a next one."`
	Unread     int    `json:"unread,omitempty" doc:"How many of the page are left out because their record cannot be read: they are not gone."`
}

// listed is the output of every list.
type listed[T any] struct{ Body page[T] }

// answer is the output of everything else.
type answer[T any] struct{ Body T }
