package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mashang/domain/access"
	"mashang/handlers/wire"
)

// gate checks whether a caller may use an operation at all. The desk decides what they may see of which
// submission. The gate is checked first, so that a caller of the wrong role is told so and does not get errors
// of fields.
type gate func(access.Caller) error

func anyone(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	return nil
}

// Staff admits the station's staff.
func Staff(c access.Caller) error { return access.RequireStaff(c, false) }

// StaffOrAdmin admits staff and administrators.
func StaffOrAdmin(c access.Caller) error { return access.RequireStaff(c, true) }

// May admits callers whose role could do the action.
func May(a access.Action) gate { return func(c access.Caller) error { return access.Can(c, a) } }

// Open admits everyone, without a session.
func (o Operation) Open() Operation { o.gate = nil; return o }

// By sets the gate of the operation.
func (o Operation) By(g gate) Operation { o.gate = g; return o }

// Writes counts the operation against the limit on changes.
func (o Operation) Writes() Operation { o.write = true; return o }

// Background marks a background request, which does not count as use of a session.
func (o Operation) Background() Operation { o.background = true; return o }

// Compressed compresses large answers for clients that accept it. It is for lists: on a slow line they take
// most of a page's time. Whoever can add words to an answer and watch its length can guess what else is in it
// (BREACH). So no answer with a token or a one-time code is compressed. Lists have words of filers and keys of codes: they
// are safe because the console's cookie is SameSite=Strict, so that no other page can have them asked for.
func (o Operation) Compressed() Operation { o.compressed = true; return o }

// Creates answers 201.
func (o Operation) Creates() Operation { o.DefaultStatus = http.StatusCreated; return o }

// Fails adds the statuses that the operation may answer beside those of all operations.
func (o Operation) Fails(s ...int) Operation {
	o.Errors = append(o.Errors, s...)
	return o
}

// Binary documents an answer that is not JSON.
func (o Operation) Binary(types ...string) Operation {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	o.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	return o
}

// Operation is one operation with its gate and its limits.
type Operation struct {
	huma.Operation

	gate  gate
	write bool
	// background is set for background requests, which do not count as use of a session.
	background bool
	// compressed is set for large lists.
	compressed bool
	// proofs are the fields that prove identity.
	proofs []string
}

// Op returns an operation that needs a session.
func Op(method, path, id, summary string) Operation {
	return Operation{
		Operation: huma.Operation{Method: method, Path: wire.Base + path, OperationID: id, Summary: summary},
		gate:      anyone,
	}
}

// Handle registers an operation. h gets the caller, the zero value in an open operation, and returns faults.
func Handle[I, O any](api *API, o Operation, h func(ctx context.Context, c access.Caller, in *I) (*O, error)) {
	o.Middlewares = huma.Middlewares{api.admit(o)}
	o.MaxBodyBytes = api.Options.MaxBody + 1 // huma refuses a body of exactly its limit
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
	huma.Register(api.Huma, o.Operation, func(ctx context.Context, in *I) (*O, error) {
		v := VisitOf(ctx)
		out, err := h(ctx, v.caller, in)
		if err != nil {
			v.Cause, v.unproven = err, unproven(err, o.proofs)
			return nil, ProblemOf(err, v.Trace)
		}
		return out, nil
	})
}

// admit runs before every operation. It identifies the caller, and refuses a wrong role or a caller above a
// limit before the body is read.
func (api *API) admit(o Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if o.gate == nil {
			next(ctx)
			return
		}
		c := humagin.Unwrap(ctx)
		v := VisitOf(ctx.Context())
		err := api.identify(ctx.Context(), c, v, o.background)
		if err == nil {
			err = o.gate(v.caller)
		}
		if err == nil && o.write {
			_, err = api.Limits.writes.Take(v.caller.Person, slowDown)
		}
		if err != nil {
			api.Refuse(c, err)
			return
		}
		if o.compressed {
			defer compress(c)()
		}
		next(ctx)
	}
}
