package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
)

// inputError is a mistake of whoever plays a phone.
type inputError struct{ text string }

func (e *inputError) Error() string { return "emulator: " + e.text }

func badInput(text string) error { return &inputError{text} }

// demoPhone is the number of a person who gives none.
const demoPhone = "13800000000"

var phoneShape = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// Control returns the people's side, all paths under /_emulator/:
//
//	POST users/{openid}/code                          -> {code}
//	POST users/{openid}/phonecode {phone?}            -> {code}
//	POST users/{openid}/grants {template_id?, count?} -> {granted: [{template_id, left}]}
//	GET  users/{openid}/messages                      -> {items}, newest first
//	POST users/{openid}/chat {text?}                  -> {items}
//	GET  users/{openid}/chat                          -> {items}, oldest first
//	GET  cast                                         -> whatever Options.Cast gives
//
// A POST needs no body: grants then means one for every template, chat that
// the person opened the chat. Errors are RFC 9457 problems: 422 for a wrong
// input, 502 when the push URL did not take the event.
func (e *Emulator) Control() http.Handler {
	mux := http.NewServeMux()
	user := func(pattern string, f func(ctx context.Context, openid string, body []byte) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			e.control(w, r, func(ctx context.Context, body []byte) (any, error) {
				openid := r.PathValue("openid")
				if !openidShape.MatchString(openid) {
					return nil, badInput("openid must be 4 to 64 letters, digits, _ or -")
				}
				if err := e.know(ctx, openid); err != nil {
					return nil, err
				}
				return f(ctx, openid, body)
			})
		})
	}
	user("POST /_emulator/users/{openid}/code", e.controlCode)
	user("POST /_emulator/users/{openid}/phonecode", e.controlPhone)
	user("POST /_emulator/users/{openid}/grants", e.controlGrants)
	user("POST /_emulator/users/{openid}/chat", e.controlWrite)
	user("GET /_emulator/users/{openid}/chat", func(_ context.Context, openid string, _ []byte) (any, error) {
		return items(e.Chat(openid)), nil
	})
	user("GET /_emulator/users/{openid}/messages", func(_ context.Context, openid string, _ []byte) (any, error) {
		return items(e.Messages(openid)), nil
	})
	if e.opts.Cast != nil {
		mux.HandleFunc("GET /_emulator/cast", func(w http.ResponseWriter, r *http.Request) {
			e.control(w, r, func(ctx context.Context, _ []byte) (any, error) { return e.opts.Cast(ctx) })
		})
	}
	return mux
}

type codeAnswer struct {
	Code string `json:"code"`
}

func (e *Emulator) controlCode(_ context.Context, openid string, _ []byte) (any, error) {
	return codeAnswer{e.logins.issue(openid)}, nil
}

func (e *Emulator) controlPhone(_ context.Context, _ string, body []byte) (any, error) {
	in := struct {
		Phone string `json:"phone"`
	}{demoPhone}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if !phoneShape.MatchString(in.Phone) {
		return nil, badInput("phone must be a mainland mobile number")
	}
	return codeAnswer{e.phones.issue(in.Phone)}, nil
}

type granted struct {
	Template string `json:"template_id"`
	Left     int    `json:"left"`
}

func (e *Emulator) controlGrants(ctx context.Context, openid string, body []byte) (any, error) {
	in := struct {
		Template string `json:"template_id"`
		Count    int    `json:"count"`
	}{Count: 1}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	templates := []string{in.Template}
	if in.Template == "" {
		templates = slices.Sorted(maps.Keys(e.templates))
	}
	out := make([]granted, 0, len(templates))
	for _, t := range templates {
		left, err := e.Grant(ctx, openid, t, in.Count)
		if err != nil {
			return nil, err
		}
		out = append(out, granted{t, left})
	}
	return map[string][]granted{"granted": out}, nil
}

func (e *Emulator) controlWrite(ctx context.Context, openid string, body []byte) (any, error) {
	var in struct {
		Text *string `json:"text"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if in.Text == nil {
		if err := e.Enter(ctx, openid); err != nil {
			return nil, err
		}
	} else if err := e.Write(ctx, openid, *in.Text); err != nil {
		return nil, err
	}
	return items(e.Chat(openid)), nil
}

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

func (e *Emulator) control(w http.ResponseWriter, r *http.Request, f func(context.Context, []byte) (any, error)) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	var result any
	if err == nil {
		result, err = f(r.Context(), body)
	}
	if err == nil {
		w.Header().Set("Cache-Control", "no-store")
		e.writeJSON(w, result)
		return
	}
	p := problem{Status: http.StatusInternalServerError, Code: "internal", Detail: err.Error()}
	if _, ok := errors.AsType[*inputError](err); ok {
		p.Status, p.Code = http.StatusUnprocessableEntity, "invalid"
	} else if errors.Is(err, errNotTaken) {
		p.Status, p.Code = http.StatusBadGateway, "push_refused"
	}
	p.Title = http.StatusText(p.Status)
	data, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(data)
}
