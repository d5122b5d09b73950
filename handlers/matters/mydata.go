package matters

import (
	"context"
	"net/http"
	"strings"
	"time"

	"mashang/desk/matters"
	"mashang/desk/privacy"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// HandoverCode is a one-time code for taking over a submission.
type HandoverCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Takeover is the body with the code.
type Takeover struct {
	Code string `json:"code" minLength:"1" maxLength:"64" doc:"Spaces, hyphens and capitals do not matter."`
}

// NewPhone is the number for calls.
type NewPhone struct {
	Phone     string `json:"phone,omitempty" maxLength:"40" doc:"Neither this nor phone_code: none any more."`
	PhoneCode string `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number."`
}

// Own is all stored data of the caller.
type Own struct {
	User        wire.User         `json:"user"`
	Contact     *wire.Member      `json:"contact" doc:"The household's contact member; null for none."`
	Consents    map[string]int    `json:"consents" nullable:"false" doc:"Messages still allowed, by purpose."`
	Phrases     []string          `json:"phrases" nullable:"false"`
	Views       []wire.SavedView  `json:"views" nullable:"false" doc:"List filters they keep."`
	Submissions []wire.Submission `json:"submissions" nullable:"false" doc:"What they filed, newest first, at most 500 and some."`
	More        bool              `json:"more" doc:"There are older ones: page through /submissions."`
	Kept        []string          `json:"kept" nullable:"false" doc:"What stays when all is deleted, a sentence each."`
}

// Erasure is the body for deleting all data of the caller.
type Erasure struct {
	Confirm string `json:"confirm" maxLength:"16" doc:"删除, so that nobody does it by a slip."`
}

// Publication is what everyone may read of a closed submission.
type Publication struct {
	Title string `json:"title" doc:"1 to 40 characters."`
	Text  string `json:"text" doc:"1 to 300 characters, in the liaison's words: no names, no numbers."`
}

// Result is one published result.
type Result struct {
	Title       string    `json:"title"`
	Text        string    `json:"text"`
	Category    string    `json:"category_name,omitempty"`
	Outcome     string    `json:"outcome" enum:"solved,agreed,explained,referred"`
	OutcomeName string    `json:"outcome_name"`
	ClosedAt    time.Time `json:"closed_at"`
}

// Results lists them.
type Results struct {
	Items []Result `json:"items" nullable:"false" doc:"Newest first."`
}

type (
	takeoverIn struct{ Body Takeover }
	erasureIn  struct{ Body Erasure }
	newPhoneIn struct {
		ID   string `path:"id" doc:"The submission's id."`
		Body NewPhone
	}
	publicationIn struct {
		ID   string `path:"id" doc:"The submission's id."`
		Body Publication
	}
	resultsIn struct {
		Key   string `path:"key" doc:"The key as printed."`
		Limit int    `query:"limit" minimum:"1" maximum:"20" default:"3"`
	}
)

func (rt *routes) addMyData() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/submissions/{id}/handover-code", "createHandoverCode", "A one-time code for the person it was filed for, to take it over.").
		Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity), rt.handoverCode)
	web.Handle(rt.api, web.Op(http.MethodPost, "/takeovers", "takeOverSubmission", "Take over what somebody filed for the caller.").
		Writes().Proves("code"), rt.takeOver)
	web.Handle(rt.api, web.Op(http.MethodPut, "/submissions/{id}/contact", "correctPhone", "Correct or remove the number the filer left.").
		Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.correctPhone)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/data", "myData", "Everything that is kept of the caller."), rt.myData)
	web.Handle(rt.api, web.Op(http.MethodPost, "/me/erasure", "eraseMyData", "Delete everything of the caller, for good.").
		Writes(), rt.erase)
	web.Handle(rt.api, web.Op(http.MethodPut, "/submissions/{id}/result", "publishResult", "Let everybody who scans read what became of it.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.publish)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/submissions/{id}/result", "unpublishResult", "Take that back.").
		By(web.Staff).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.unpublish)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/results", "listResults", "What became of recent matters of what the code points at.").
		Open().Fails(http.StatusNotFound, http.StatusUnprocessableEntity), rt.results)
}

func (rt *routes) handoverCode(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[HandoverCode], error) {
	h, err := rt.desk.privacy.NewHandoverCode(ctx, c, in.ID)
	return &wire.Output[HandoverCode]{Body: HandoverCode{h.Code, h.ExpiresAt.In(station.Zone)}}, err
}

// takeOver counts wrong codes as wrong invitations, as both can be guessed.
func (rt *routes) takeOver(ctx context.Context, c access.Caller, in *takeoverIn) (*wire.Output[wire.Submission], error) {
	v, err := web.Guessed(rt.api, c, func() (matters.View, error) { return rt.desk.privacy.TakeOver(ctx, c, in.Body.Code) })
	if err != nil {
		return nil, err
	}
	return &wire.Output[wire.Submission]{Body: wire.WholeOf(&v)}, nil
}

func (rt *routes) correctPhone(ctx context.Context, c access.Caller, in *newPhoneIn) (*wire.Output[wire.Submission], error) {
	v, err := rt.desk.privacy.CorrectPhone(ctx, c, in.ID, in.Body.Phone, in.Body.PhoneCode)
	if err != nil {
		return nil, web.Missing(err)
	}
	return &wire.Output[wire.Submission]{Body: wire.WholeOf(&v)}, nil
}

func (rt *routes) myData(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Own], error) {
	d, err := rt.desk.privacy.MyData(ctx, c)
	if err != nil {
		return nil, err
	}
	own := Own{User: wire.UserOf(d.User), Consents: d.Consents, Phrases: wire.Filled(d.Phrases), Views: wire.SavedViewsOf(d.SavedViews), Submissions: make([]wire.Submission, len(d.Submissions)), More: d.More, Kept: privacy.Kept}
	if d.Contact != nil {
		m := wire.MemberOf(d.Contact.Member)
		own.Contact = &m
	}
	for i := range d.Submissions {
		own.Submissions[i] = wire.WholeOf(&d.Submissions[i])
	}
	return &wire.Output[Own]{Body: own}, nil
}

func (rt *routes) erase(ctx context.Context, c access.Caller, in *erasureIn) (*web.Nothing, error) {
	var check fault.Check
	check.Require(strings.Trim(fold.Key(in.Body.Confirm), "\"'") == "删除", "confirm", "要删除全部信息，请写“删除”两个字")
	if err := check.Err(); err != nil {
		return nil, err
	}
	return nil, rt.desk.privacy.Erase(ctx, c)
}

func (rt *routes) publish(ctx context.Context, c access.Caller, in *publicationIn) (*web.Nothing, error) {
	return nil, web.Missing(rt.desk.matters.Publish(ctx, c, in.ID, in.Body.Title, in.Body.Text))
}

func (rt *routes) unpublish(ctx context.Context, c access.Caller, in *wire.ByID) (*web.Nothing, error) {
	return nil, web.Missing(rt.desk.matters.Unpublish(ctx, c, in.ID))
}

func (rt *routes) results(ctx context.Context, _ access.Caller, in *resultsIn) (*wire.Output[Results], error) {
	list, err := rt.desk.matters.Results(ctx, in.Key, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Results{Items: make([]Result, len(list))}
	for i, r := range list {
		out.Items[i] = resultOf(r)
	}
	return &wire.Output[Results]{Body: out}, nil
}

func resultOf(r matters.Result) Result {
	return Result{
		Title: r.Title, Text: r.Text, Category: r.Category, Outcome: string(r.Outcome), OutcomeName: r.Outcome.Chinese(),
		ClosedAt: r.ClosedAt.In(station.Zone),
	}
}
