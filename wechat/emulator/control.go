package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// inputError is a mistake in a request to the people's side.
type inputError struct{ message string }

func (e *inputError) Error() string { return "emulator: " + e.message }

func badInput(text string) error { return &inputError{text} }

// Control returns the handler of the people's side, all paths under /_emulator/:
//
//	POST   users/{openid}/code                          -> {code}
//	POST   users/{openid}/oauthcode                     -> {code} of the official account's consent page
//	POST   users/{openid}/phonecode {phone?}            -> {code}
//	GET    users/{openid}/grants                        -> {granted: [{template_id, left}]}
//	POST   users/{openid}/grants {template_id?, count?} -> the same of what was granted
//	POST   users/{openid}/rejections {template_id?}     -> the same: "refuse" was tapped
//	POST   users/{openid}/withdrawals {template_id?}    -> the same: switched off in the settings
//	GET    users/{openid}/messages                      -> {items}, newest first
//	POST   users/{openid}/chat {open: {page, session_from?}} | {text} | {card: {title, page}} | form with a file -> {items, open}
//	GET    users/{openid}/chat                          -> {items, open}, oldest first
//	POST   users/{openid}/verdicts {verdicts}           -> {verdicts} that are still to come
//	GET    media/{id}                                   -> a picture or recording of a chat
//	GET    links/{id}                                   -> 302 to where the URL link leads
//	GET    faults                                       -> {items}, the fault plan with its hits
//	PUT    faults {items}                               -> the same
//	DELETE faults                                       -> the same, empty
//	GET    calls                                        -> {items: [{path, calls, answers: {errcode: n}}]}
//	GET    templates                                    -> {items: [{id, title, purpose, fields: [{key, name}]}]}
//	GET    texts                                        -> {items}: whatever Options.Texts gives
//	GET    cast                                         -> whatever Options.Cast gives
//
// and the pages for doing all of it by hand: the choice of a phone at /_emulator/, and each phone at
// phone/{openid}.
//
// A POST needs no body. Without one, grants means one for every template, rejections and withdrawals mean every
// template, and chat means that the person opened it from their list of chats. Errors are RFC 9457 problems:
// 404 for unknown ids, 422 for a wrong input, 502 when the push URL did not accept the event. Requests by a
// page of another origin are refused.
func (e *Emulator) Control() http.Handler {
	mux := http.NewServeMux()
	route := func(pattern string, f action) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { e.control(w, r, f) })
	}
	e.routePeople(route)
	e.routePlan(route)
	e.routePages(mux)
	mux.HandleFunc("GET /_emulator/media/{id}", e.showMedia)
	mux.HandleFunc("GET /_emulator/links/{id}", e.followLink)
	if e.opts.Texts != nil {
		route("GET /_emulator/texts", func(*http.Request, []byte) (any, error) { return map[string]any{"items": e.opts.Texts()}, nil })
	}
	if e.opts.Cast != nil {
		route("GET /_emulator/cast", func(r *http.Request, _ []byte) (any, error) { return e.opts.Cast(r.Context()) })
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, problem{Status: http.StatusForbidden, Code: "foreign_origin", Detail: "a page of another origin must not play here"})
	}))
	return guard.Handler(mux)
}

// action handles one path of the people's side, given the whole body.
type action func(r *http.Request, body []byte) (any, error)

// items wraps a list; an empty one is [], not null.
func items[T any](list []T) any {
	if list == nil {
		list = []T{}
	}
	return map[string][]T{"items": list}
}

// decode reads a JSON object if there is a body; unknown fields are refused.
func decode(body []byte, into any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return badInput("the body is not the expected JSON: " + err.Error())
	}
	return nil
}

// problem is an RFC 9457 body.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// control runs an action and writes its result.
func (e *Emulator) control(w http.ResponseWriter, r *http.Request, f action) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	switch {
	case err != nil:
	case len(body) > maxForm:
		err = badInput("the body is too large")
	default:
		var result any
		if result, err = f(r, body); err == nil {
			w.Header().Set("Cache-Control", "no-store")
			e.writeJSON(w, result)
			return
		}
	}
	p := problem{Status: http.StatusInternalServerError, Code: "internal", Detail: err.Error()}
	switch _, wrong := errors.AsType[*inputError](err); {
	case wrong:
		p.Status, p.Code = http.StatusUnprocessableEntity, "invalid"
	case errors.Is(err, errPushRefused):
		p.Status, p.Code = http.StatusBadGateway, "push_refused"
	}
	writeProblem(w, p)
}

func writeProblem(w http.ResponseWriter, p problem) {
	p.Title = http.StatusText(p.Status)
	data, err := json.Marshal(p)
	if err != nil {
		panic(err) // only strings and a number
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(data)
}

// writeNotFound writes the problem of an unknown id.
func writeNotFound(w http.ResponseWriter, detail string) {
	writeProblem(w, problem{Status: http.StatusNotFound, Code: "not_found", Detail: detail})
}
