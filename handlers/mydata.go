package handlers

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
)

// HandoverCode is a one-time code with which somebody takes a submission over.
type HandoverCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Takeover is the body that uses it.
type Takeover struct {
	Code string `json:"code" minLength:"1" maxLength:"64" doc:"Spaces, hyphens and capitals do not matter."`
}

// NewPhone is the number to be called under.
type NewPhone struct {
	Phone     string `json:"phone,omitempty" maxLength:"40" doc:"Neither this nor phone_code: none any more."`
	PhoneCode string `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number."`
}

// Own is everything that is kept of the caller.
type Own struct {
	User        User           `json:"user"`
	Contact     *Member        `json:"contact" doc:"The household's contact member; null for none."`
	Consents    map[string]int `json:"consents" nullable:"false" doc:"Messages still allowed, by purpose."`
	Phrases     []string       `json:"phrases" nullable:"false"`
	Views       []SavedView    `json:"views" nullable:"false" doc:"List filters they keep."`
	Submissions []Submission   `json:"submissions" nullable:"false" doc:"What they filed, newest first, at most 500 and some."`
	More        bool           `json:"more" doc:"There are older ones: page through /submissions."`
	Kept        []string       `json:"kept" nullable:"false" doc:"What stays when all is deleted, a sentence each."`
}

// Erasure is the body that has everything of the caller deleted.
type Erasure struct {
	Confirm string `json:"confirm" maxLength:"16" doc:"删除, so that nobody does it by a slip."`
}

// Publication is what everybody may read of a closed submission.
type Publication struct {
	Title string `json:"title" doc:"1 to 40 characters."`
	Text  string `json:"text" doc:"1 to 300 characters, in the liaison's words: no names, no numbers."`
}

// Result is one.
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

func (f *Face) addMyData() {
	handle(f, op(http.MethodPost, "/submissions/{id}/handover-code", "handoverCode", "A one-time code for the person it was filed for, to take it over.").
		writes().fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity), f.handoverCode)
	handle(f, op(http.MethodPost, "/takeovers", "takeOver", "Take over what somebody filed for the caller.").
		writes().proves("code"), f.takeOver)
	handle(f, op(http.MethodPut, "/submissions/{id}/contact", "correctPhone", "Correct or remove the number the filer left.").
		writes().fails(http.StatusForbidden, http.StatusNotFound), f.correctPhone)
	handle(f, op(http.MethodGet, "/me/data", "myData", "Everything that is kept of the caller."), f.myData)
	handle(f, op(http.MethodPost, "/me/erasure", "erase", "Delete everything of the caller, for good.").
		writes(), f.erase)
	handle(f, op(http.MethodPut, "/submissions/{id}/result", "publish", "Let everybody who scans read what became of it.").
		by(staff).writes().fails(http.StatusForbidden, http.StatusNotFound), f.publish)
	handle(f, op(http.MethodDelete, "/submissions/{id}/result", "unpublish", "Take that back.").
		by(staff).writes().fails(http.StatusForbidden, http.StatusNotFound), f.unpublish)
	handle(f, op(http.MethodGet, "/codes/{key}/results", "results", "What became of recent matters of what the code points at.").
		open().fails(http.StatusNotFound, http.StatusUnprocessableEntity), f.results)
}

func (f *Face) handoverCode(ctx context.Context, c access.Caller, in *ByID) (*answer[HandoverCode], error) {
	h, err := f.desk.Privacy.HandOver(ctx, c, in.ID)
	return &answer[HandoverCode]{HandoverCode{h.Code, h.ExpiresAt.In(station.Zone)}}, err
}

// takeOver counts wrong codes as wrong invitations: both are guessed alike.
func (f *Face) takeOver(ctx context.Context, c access.Caller, in *takeoverIn) (*answer[Submission], error) {
	v, err := guessed(f, c, func() (matters.View, error) { return f.desk.Privacy.TakeOver(ctx, c, in.Body.Code) })
	if err != nil {
		return nil, err
	}
	return &answer[Submission]{wholeOf(&v)}, nil
}

func (f *Face) correctPhone(ctx context.Context, c access.Caller, in *newPhoneIn) (*answer[Submission], error) {
	v, err := f.desk.Privacy.CorrectPhone(ctx, c, in.ID, in.Body.Phone, in.Body.PhoneCode)
	if err != nil {
		return nil, missing(err)
	}
	return &answer[Submission]{wholeOf(&v)}, nil
}

func (f *Face) myData(ctx context.Context, c access.Caller, _ *nothing) (*answer[Own], error) {
	d, err := f.desk.Privacy.MyData(ctx, c)
	if err != nil {
		return nil, err
	}
	own := Own{User: userOf(d.User), Consents: d.Consents, Phrases: filled(d.Phrases), Views: savedViewsOf(d.SavedViews), Submissions: make([]Submission, len(d.Submissions)), More: d.More, Kept: privacy.Kept}
	if d.Contact != nil {
		m := memberOf(d.Contact.Member)
		own.Contact = &m
	}
	for i := range d.Submissions {
		own.Submissions[i] = wholeOf(&d.Submissions[i])
	}
	return &answer[Own]{own}, nil
}

func (f *Face) erase(ctx context.Context, c access.Caller, in *erasureIn) (*nothing, error) {
	var check fault.Check
	check.Require(strings.Trim(fold.Key(in.Body.Confirm), "\"'") == "删除", "confirm", "要删除全部信息，请写“删除”两个字")
	if err := check.Err(); err != nil {
		return nil, err
	}
	return nil, f.desk.Privacy.Forget(ctx, c)
}

func (f *Face) publish(ctx context.Context, c access.Caller, in *publicationIn) (*nothing, error) {
	return nil, missing(f.desk.Matters.Publish(ctx, c, in.ID, in.Body.Title, in.Body.Text))
}

func (f *Face) unpublish(ctx context.Context, c access.Caller, in *ByID) (*nothing, error) {
	return nil, missing(f.desk.Matters.Unpublish(ctx, c, in.ID))
}

func (f *Face) results(ctx context.Context, _ access.Caller, in *resultsIn) (*answer[Results], error) {
	list, err := f.desk.Matters.Results(ctx, in.Key, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Results{Items: make([]Result, len(list))}
	for i, r := range list {
		out.Items[i] = resultOf(r)
	}
	return &answer[Results]{out}, nil
}

func resultOf(r matters.Result) Result {
	return Result{
		Title: r.Title, Text: r.Text, Category: r.Category, Outcome: string(r.Outcome), OutcomeName: r.Outcome.Chinese(),
		ClosedAt: r.ClosedAt.In(station.Zone),
	}
}
