package handlers

import (
	"context"
	"net/http"

	"mashang/access"
	"mashang/desk"
)

// Grant is what the caller answered when asked for one template's consent.
type Grant struct {
	TemplateID string `json:"template_id" minLength:"1" maxLength:"128"`
	Result     string `json:"result" enum:"accept,reject"`
}

// Grants is the body that reports consents.
type Grants struct {
	Grants []Grant `json:"grants" nullable:"false" maxItems:"10"`
}

// Counted says how many consents were counted.
type Counted struct {
	Accepted int `json:"accepted"`
}

// Template is a message template the client may ask consent for.
type Template struct {
	ID      string `json:"id"`
	Purpose string `json:"purpose"`
	For     string `json:"for" enum:"member,visitor"`
}

type grantsIn struct{ Body Grants }

func (f *Face) addConsent() {
	handle(f, op(http.MethodPost, "/subscriptions", "subscribe", "Report which messages the caller allowed: one consent, one message.").
		writes(), f.subscribe)
	handle(f, op(http.MethodGet, "/subscriptions/templates", "templates", "The message templates to ask consent for."), f.templates)
}

func (f *Face) subscribe(ctx context.Context, c access.Caller, in *grantsIn) (*answer[Counted], error) {
	grants := make([]desk.Grant, len(in.Body.Grants))
	accepted := 0
	for i, g := range in.Body.Grants {
		grants[i] = desk.Grant{Template: g.TemplateID, Accepted: g.Result == "accept"}
		if grants[i].Accepted {
			accepted++
		}
	}
	if err := f.desk.Subscribe(ctx, c, grants); err != nil {
		return nil, err
	}
	return &answer[Counted]{Counted{accepted}}, nil
}

func (f *Face) templates(_ context.Context, _ access.Caller, _ *nothing) (*listed[Template], error) {
	out := &listed[Template]{page[Template]{Items: []Template{}}}
	for _, t := range f.desk.Templates() {
		out.Body.Items = append(out.Body.Items, Template{t.ID, string(t.Purpose), t.Purpose.Audience()})
	}
	return out, nil
}
