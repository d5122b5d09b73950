package emulator

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// demoPhone is the default phone number.
const demoPhone = "13800000000"

var phoneShape = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// routePeople adds the routes of what people do on their phones.
func (e *Emulator) routePeople(route func(string, action)) {
	user := func(method, what string, f func(r *http.Request, openid string, body []byte) (any, error)) {
		route(method+" /_emulator/users/{openid}/"+what, func(r *http.Request, body []byte) (any, error) {
			openid := r.PathValue("openid")
			if !openidShape.MatchString(openid) {
				return nil, badInput(errOpenID)
			}
			if err := e.ensurePerson(r.Context(), openid); err != nil {
				return nil, err
			}
			return f(r, openid, body)
		})
	}
	user("POST", "code", e.controlCode)
	user("POST", "oauthcode", func(_ *http.Request, openid string, _ []byte) (any, error) {
		return codeAnswer{e.OAuthCode(openid)}, nil
	})
	user("POST", "phonecode", e.controlPhone)
	user("POST", "grants", e.controlGrants)
	user("POST", "rejections", e.controlReject)
	user("POST", "withdrawals", e.controlWithdraw)
	user("POST", "chat", e.controlWrite)
	user("POST", "verdicts", e.controlVerdicts)
	user("GET", "grants", func(_ *http.Request, openid string, _ []byte) (any, error) {
		return e.grantsOf(openid, e.templateIDs()), nil
	})
	user("GET", "chat", func(_ *http.Request, openid string, _ []byte) (any, error) {
		return e.chatOf(openid), nil
	})
	user("GET", "messages", func(_ *http.Request, openid string, _ []byte) (any, error) {
		return items(e.Messages(openid)), nil
	})
}

type codeAnswer struct {
	Code string `json:"code"`
}

func (e *Emulator) controlCode(_ *http.Request, openid string, _ []byte) (any, error) {
	return codeAnswer{e.logins.issue(openid)}, nil
}

func (e *Emulator) controlPhone(_ *http.Request, _ string, body []byte) (any, error) {
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

func (e *Emulator) grantsOf(openid string, templates []string) any {
	out := make([]granted, len(templates))
	for i, t := range templates {
		out[i] = granted{t, e.Left(openid, t)}
	}
	return map[string][]granted{"granted": out}
}

func (e *Emulator) templateIDs() []string { return slices.Sorted(maps.Keys(e.templates)) }

// forTemplates calls f for the template, or for every template if none is named.
func (e *Emulator) forTemplates(openid, template string, f func(template string) error) (any, error) {
	templates := []string{template}
	if template == "" {
		templates = e.templateIDs()
	}
	for _, t := range templates {
		if err := f(t); err != nil {
			return nil, err
		}
	}
	return e.grantsOf(openid, templates), nil
}

func (e *Emulator) controlGrants(r *http.Request, openid string, body []byte) (any, error) {
	in := struct {
		Template string `json:"template_id"`
		Count    int    `json:"count"`
	}{Count: 1}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if in.Template == "" && e.hasMixedTypes() {
		return nil, badInput("20002: one popup takes one-time or long-term templates, not both")
	}
	return e.forTemplates(openid, in.Template, func(t string) error {
		_, err := e.Grant(r.Context(), openid, t, in.Count)
		return err
	})
}

// hasMixedTypes reports whether the account has templates of more than one type.
func (e *Emulator) hasMixedTypes() bool {
	types := map[int]bool{}
	for _, t := range e.templates {
		types[cmp.Or(t.Type, OneTime)] = true
	}
	return len(types) > 1
}

func (e *Emulator) controlReject(r *http.Request, openid string, body []byte) (any, error) {
	return e.declineTemplates(r.Context(), openid, body, e.Reject)
}

func (e *Emulator) controlWithdraw(r *http.Request, openid string, body []byte) (any, error) {
	return e.declineTemplates(r.Context(), openid, body, e.Withdraw)
}

// declineTemplates calls say for the named template, or for every one.
func (e *Emulator) declineTemplates(ctx context.Context, openid string, body []byte, say func(ctx context.Context, openid, template string) error) (any, error) {
	var in struct {
		Template string `json:"template_id"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	return e.forTemplates(openid, in.Template, func(t string) error { return say(ctx, openid, t) })
}

func (e *Emulator) controlWrite(r *http.Request, openid string, body []byte) (any, error) {
	act := e.writeJSONChat
	contentType := r.Header.Get("Content-Type")
	if strings.HasPrefix(contentType, "multipart/") {
		act = func(ctx context.Context, openid string, body []byte) error {
			return e.writeFile(ctx, openid, contentType, body)
		}
	}
	if err := act(r.Context(), openid, body); err != nil {
		return nil, err
	}
	return e.chatOf(openid), nil
}

type chatAnswer struct {
	Items []Line `json:"items"`
	// Open reports whether the person can write. Otherwise only a contact button of the program opens the chat.
	Open bool `json:"open"`
}

func (e *Emulator) chatOf(openid string) chatAnswer {
	return chatAnswer{append([]Line{}, e.Chat(openid)...), e.canChat(openid)}
}

func (e *Emulator) writeJSONChat(ctx context.Context, openid string, body []byte) error {
	var in struct {
		Text *string `json:"text"`
		Card *struct {
			Title string `json:"title"`
			Page  string `json:"page"`
		} `json:"card"`
		Open *struct {
			Page    string `json:"page"`
			Session string `json:"session_from"`
		} `json:"open"`
	}
	if err := decode(body, &in); err != nil {
		return err
	}
	switch {
	case in.Text != nil && in.Card != nil, in.Open != nil && (in.Text != nil || in.Card != nil):
		return badInput("it is a text, a card, or the opening of the chat")
	case in.Open != nil:
		return e.EnterFrom(ctx, openid, in.Open.Page, in.Open.Session)
	case in.Text != nil:
		return e.Write(ctx, openid, *in.Text)
	case in.Card != nil:
		return e.SendCard(ctx, openid, in.Card.Title, in.Card.Page)
	}
	return e.Enter(ctx, openid)
}

// writeFile sends the form's file as a picture or a recording.
func (e *Emulator) writeFile(ctx context.Context, openid, contentType string, form []byte) error {
	data, err := formFile(contentType, form, "file")
	if err != nil {
		return badInput("the form must have a file named file")
	}
	kind := sniff(data)
	if isVoice(kind) {
		return e.SendVoice(ctx, openid, kind, data)
	}
	return e.SendImage(ctx, openid, kind, data)
}

func (e *Emulator) controlVerdicts(_ *http.Request, openid string, body []byte) (any, error) {
	var in struct {
		Verdicts []MediaVerdict `json:"verdicts"`
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	for _, v := range in.Verdicts {
		if !slices.Contains(mediaVerdicts, v) {
			return nil, badInput("verdicts are pass, review, risky, fail and never")
		}
	}
	if len(in.Verdicts) == 0 || len(in.Verdicts) > maxKept {
		return nil, badInput("verdicts must hold 1 to 200 of them")
	}
	e.SetMediaVerdicts(openid, in.Verdicts...)
	var left []MediaVerdict
	e.people.with(openid, func(p *person) { left = slices.Clone(p.verdicts) })
	return map[string][]MediaVerdict{"verdicts": left}, nil
}
