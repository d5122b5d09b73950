package identity

import (
	"context"
	"net/http"

	"mashang/desk/delivery"
	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Grant is the caller's answer to the request for one template's consent.
type Grant struct {
	TemplateID string `json:"template_id" minLength:"1" maxLength:"128"`
	Result     string `json:"result" enum:"accept,reject"`
}

// Grants is the body that reports consents.
type Grants struct {
	Grants []Grant `json:"grants" nullable:"false" maxItems:"10"`
}

// Counted is the number of consents that were counted.
type Counted struct {
	Accepted int `json:"accepted"`
}

// Template is a message template for whose consent the client may ask.
type Template struct {
	ID      string `json:"id"`
	Purpose string `json:"purpose"`
	Why     string `json:"why,omitempty" doc:"With a moment: what its messages are for, in words for the person."`
	For     string `json:"for" enum:"member,visitor,liaison"`
}

type (
	grantsIn    struct{ Body Grants }
	templatesIn struct {
		Moment string `query:"moment" enum:"filing,replying,inbox,booking,duty" doc:"When the person taps: after filing, when writing into a matter, when opening their list, when looking at a booking, when opening their reception days. Answers what to ask for now, at most three. Left out: all."`
	}
)

func (rt *routes) addConsent() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/subscriptions", "reportConsents", "Report which messages the caller allowed: one consent, one message.").
		Writes(), rt.subscribe)
	web.Handle(rt.api, web.Op(http.MethodGet, "/subscriptions/templates", "listConsentTemplates", "The message templates to ask consent for.").
		Fails(http.StatusUnprocessableEntity), rt.templates)
}

func (rt *routes) subscribe(ctx context.Context, c access.Caller, in *grantsIn) (*wire.Output[Counted], error) {
	grants := make([]delivery.Grant, len(in.Body.Grants))
	accepted := 0
	for i, g := range in.Body.Grants {
		grants[i] = delivery.Grant{Template: g.TemplateID, Accepted: g.Result == "accept"}
		if grants[i].Accepted {
			accepted++
		}
	}
	if err := rt.desk.delivery.Subscribe(ctx, c, grants); err != nil {
		return nil, err
	}
	return &wire.Output[Counted]{Body: Counted{accepted}}, nil
}

func (rt *routes) templates(ctx context.Context, c access.Caller, in *templatesIn) (*wire.ListOutput[Template], error) {
	out := &wire.ListOutput[Template]{Body: wire.Page[Template]{Items: []Template{}}}
	add := func(t delivery.Template, why string) {
		out.Body.Items = append(out.Body.Items, Template{ID: t.ID, Purpose: string(t.Purpose), Why: why, For: t.Purpose.Audience()})
	}
	if in.Moment == "" {
		for _, t := range rt.desk.delivery.Templates() {
			add(t, "")
		}
		return out, nil
	}
	questions, err := rt.desk.delivery.Questions(ctx, c, notice.Moment(in.Moment))
	for _, q := range questions {
		add(q.Template, q.Why)
	}
	return out, err
}
