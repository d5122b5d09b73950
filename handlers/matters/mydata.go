package matters

import (
	"context"
	"net/http"
	"strings"
	"time"

	"mashang/desk/privacy"
	"mashang/desk/reception"
	"mashang/desk/results"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

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
	Bookings    []OwnBooking      `json:"bookings" nullable:"false" doc:"Of reception days."`
	More        bool              `json:"more" doc:"There are older ones: page through /submissions."`
	Kept        []string          `json:"kept" nullable:"false" doc:"What stays when all is deleted, a sentence each, in Chinese, or in English for whoever reads no Chinese (Accept-Language)."`
}

// OwnBooking is a booking of the caller's.
type OwnBooking struct {
	Station string `json:"station"`
	Date    string `json:"date" format:"date"`
	Slot    string `json:"slot"`
	Where   string `json:"where"`
	Number  string `json:"number"`
	State   string `json:"state"`
	Persons int    `json:"persons"`
	Words   string `json:"words,omitempty"`
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
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

func (rt *routes) correctPhone(ctx context.Context, c access.Caller, in *newPhoneIn) (*wire.Output[wire.Submission], error) {
	v, err := rt.desk.privacy.CorrectPhone(ctx, c, in.ID, in.Body.Phone, in.Body.PhoneCode)
	if err != nil {
		return nil, web.Missing(err)
	}
	return &wire.Output[wire.Submission]{Body: wire.WholeOf(&v, web.LanguageOf(ctx))}, nil
}

func (rt *routes) myData(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Own], error) {
	d, err := rt.desk.privacy.MyData(ctx, c)
	if err != nil {
		return nil, err
	}
	own := Own{User: wire.UserOf(d.User), Consents: d.Consents, Phrases: wire.Filled(d.Phrases), Views: wire.SavedViewsOf(d.SavedViews), Submissions: make([]wire.Submission, len(d.Submissions)), More: d.More}
	l := web.LanguageOf(ctx)
	for _, k := range privacy.Kept {
		own.Kept = append(own.Kept, k.In(l, ""))
	}
	if d.Contact != nil {
		m := wire.MemberOf(d.Contact.Member)
		own.Contact = &m
	}
	own.Bookings = wire.Each(d.Bookings, func(v reception.BookingView) OwnBooking {
		return OwnBooking{
			Station: v.Day.Station, Date: v.Day.Date, Slot: wire.ClockOf(v.Slot), Where: v.Day.Where, Number: v.Number, State: string(v.State),
			Persons: v.Persons, Words: v.Words, Name: v.Name, Phone: v.Phone,
		}
	})
	for i := range d.Submissions {
		own.Submissions[i] = wire.WholeOf(&d.Submissions[i], l)
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
	return nil, web.Missing(rt.desk.results.Publish(ctx, c, in.ID, in.Body.Title, in.Body.Text))
}

func (rt *routes) unpublish(ctx context.Context, c access.Caller, in *wire.ByID) (*web.Nothing, error) {
	return nil, web.Missing(rt.desk.results.Unpublish(ctx, c, in.ID))
}

func (rt *routes) results(ctx context.Context, _ access.Caller, in *resultsIn) (*wire.Output[Results], error) {
	list, err := rt.desk.results.List(ctx, in.Key, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Results{Items: make([]Result, len(list))}
	for i, r := range list {
		out.Items[i] = resultOf(r)
	}
	return &wire.Output[Results]{Body: out}, nil
}

func resultOf(r results.Result) Result {
	return Result{
		Title: r.Title, Text: r.Text, Category: r.Category, Outcome: string(r.Outcome), OutcomeName: r.Outcome.Chinese(),
		ClosedAt: r.ClosedAt.In(station.Zone),
	}
}
