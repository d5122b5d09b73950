package matters

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/intake"
	"mashang/domain/language"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Filing is the body of a new submission.
type Filing struct {
	Scene       string        `json:"scene" minLength:"1" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
	Kind        string        `json:"kind" enum:"complaint,suggestion,inquiry,help,dispute"`
	Category    string        `json:"category,omitempty" doc:"One of the code's categories."`
	Visitor     string        `json:"visitor,omitempty" enum:"resident,tourist,business" doc:"resident when left out."`
	Text        string        `json:"text,omitempty" doc:"1 to 2,000 characters; may be empty with a voice message."`
	Photos      []string      `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
	Voice       string        `json:"voice,omitempty" doc:"An upload id."`
	Place       *wire.Place   `json:"place,omitempty"`
	Contact     *Contact      `json:"contact,omitempty"`
	Until       *time.Time    `json:"until,omitempty" doc:"Until when a tourist can be reached."`
	Anonymous   bool          `json:"anonymous,omitempty" doc:"Stay unnamed towards the member."`
	OnBehalfOf  *OnBehalfOf   `json:"on_behalf_of,omitempty" doc:"Filed for somebody else."`
	Against     *wire.Against `json:"against,omitempty" doc:"A business, a place or a person complained of."`
	AboutMember bool          `json:"about_member,omitempty" doc:"It is about a member, who will not be given it."`
	Intake      *Intake       `json:"intake,omitempty" doc:"For the liaison of the station, who writes down what somebody said: how it was heard."`
	SameAs      string        `json:"same_as,omitempty" maxLength:"512" doc:"The offer of the matter it joins, with the text it was made for."`
}

// Receipt is the answer to a repeated filing, for a caller who may still read the submission. Its present state
// is read by its id.
type Receipt struct {
	ID        string         `json:"id"`
	Number    string         `json:"number" doc:"The receipt number, to be read aloud."`
	State     casework.State `json:"state" enum:"held,pooled,assigned" doc:"Into which it was filed."`
	StateName string         `json:"state_name"`
}

// Contact is a phone for calling back: at most one of the two.
type Contact struct {
	Phone     string `json:"phone,omitempty" maxLength:"40"`
	PhoneCode string `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number."`
}

// Intake is how the liaison heard what they write down.
type Intake struct {
	Channel string     `json:"channel" enum:"call,visit,reception"`
	Persons int        `json:"persons,omitempty" minimum:"1" maximum:"20" default:"1" doc:"How many raised it together."`
	HeardAt *time.Time `json:"heard_at,omitempty" doc:"When it was said, within the last 31 days; now when left out. It moves no deadline."`
}

// OnBehalfOf is the person for whom the caller files.
type OnBehalfOf struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
}

// Numbers are phone numbers in clear.
type Numbers struct {
	Phone           string `json:"phone,omitempty"`
	OnBehalfOfPhone string `json:"on_behalf_of_phone,omitempty"`
}

// Why is a body with only a reason.
type Why struct {
	Reason string `json:"reason" doc:"At most 500 characters; written down."`
}

type (
	filingIn struct {
		Key  string `header:"Idempotency-Key" required:"true" pattern:"^[A-Za-z0-9_-]{8,64}$" patternDescription:"8 至 64 位字母、数字、下划线或连字符" doc:"Per person, kept 24 h: the same body gives the first receipt again (200), or 404 for whoever may not read it any more."`
		Body Filing
	}
	whyIn struct {
		wire.ByID

		Body Why
	}
)

func (rt *routes) addSubmissions() {
	web.Handle(rt.api, rt.documentOutputs(web.Op(http.MethodPost, "/submissions", "fileSubmission", "File a submission. Acknowledged when it is on disk.").
		Writes().Creates().Fails(http.StatusNotFound)), rt.submit)
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions", "listMySubmissions", "What the caller filed, newest first.").
		Fails(http.StatusUnprocessableEntity), rt.mine)
	web.Handle(rt.api, web.Op(http.MethodGet, "/submissions/{id}", "readSubmission", "One submission with its timeline.").
		By(web.May(access.Read)).Fails(http.StatusNotFound), rt.read)
	web.Handle(rt.api, web.Op(http.MethodPost, "/submissions/{id}/phone", "revealPhone", "Show the phone numbers; who looked and why is written down first.").
		By(web.May(access.Reveal)).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.phone)
}

func (rt *routes) submit(ctx context.Context, c access.Caller, in *filingIn) (*filingOutput, error) {
	request := in.Body.request()
	giveBack, limit := rt.api.Limits.Filings.Take(c.Person, web.EnoughFilings)
	if limit != nil {
		// A repetition of the day's last filing must get its receipt.
		v, ok, err := rt.desk.filing.Receipt(ctx, c, in.Key, request)
		if err != nil || !ok {
			return nil, cmp.Or(err, limit)
		}
		return receiptOf(&v, web.LanguageOf(ctx)), nil
	}
	v, err := rt.desk.filing.Submit(ctx, c, in.Key, request)
	if err != nil || v.Replayed {
		giveBack()
	}
	if err != nil {
		return nil, err
	}
	return receiptOf(&v, web.LanguageOf(ctx)), nil
}

// filingOutput is the output of filing: the submission, or the former receipt.
type filingOutput struct {
	Status int
	Body   any
}

func receiptOf(v *matters.View, l language.Language) *filingOutput {
	if v.Replayed {
		return &filingOutput{http.StatusOK, Receipt{v.ID, v.Number, v.State, v.State.Chinese()}}
	}
	return &filingOutput{http.StatusCreated, wire.WholeOf(v, l)}
}

// documentOutputs documents both outputs.
func (rt *routes) documentOutputs(o web.Operation) web.Operation {
	schemas := rt.api.Huma.OpenAPI().Components.Schemas
	content := func(t reflect.Type) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(t, true, t.Name())}}
	}
	o.Responses = map[string]*huma.Response{
		"200": {Description: "The same was filed before: its receipt.", Content: content(reflect.TypeFor[Receipt]())},
		"201": {Description: "It is filed.", Content: content(reflect.TypeFor[wire.Submission]())},
	}
	return o
}

func (b Filing) request() filing.Request {
	r := filing.Request{Scene: b.Scene, SameAs: b.SameAs, Filing: casework.Filing{
		Kind: casework.Kind(b.Kind), Category: b.Category, Visitor: casework.Visitor(b.Visitor), Text: b.Text,
		Photos: b.Photos, Voice: b.Voice, Anonymous: b.Anonymous, AboutMember: b.AboutMember,
	}}
	if p := b.Place; p != nil {
		r.Filing.Place = &casework.Place{Text: p.Text, Lat: p.Lat, Lng: p.Lng, Coord: p.Coord}
	}
	if b.Contact != nil {
		r.Filing.Phone, r.PhoneCode = b.Contact.Phone, b.Contact.PhoneCode
	}
	if b.Until != nil {
		// One zone, so that the same time in another notation is the same request.
		r.Filing.Until = b.Until.UTC()
	}
	if o := b.OnBehalfOf; o != nil {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: o.Name, Relation: o.Relation, Phone: o.Phone}
	}
	if n := b.Intake; n != nil {
		r.Filing.Intake = &intake.Intake{Channel: intake.Channel(n.Channel), Persons: n.Persons}
		if n.HeardAt != nil {
			r.Filing.Intake.HeardAt = n.HeardAt.UnixMilli()
		}
	}
	if a := b.Against; a != nil {
		r.Filing.Against = &casework.Against{Name: a.Name, Place: a.Place, AmountFen: a.AmountFen}
	}
	return r
}

func (rt *routes) mine(ctx context.Context, c access.Caller, in *wire.Paging) (*wire.ListOutput[wire.Submission], error) {
	return wire.Briefs(rt.desk.matters.Mine(ctx, c, in.Cursor, in.Limit))
}

func (rt *routes) read(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[wire.Submission], error) {
	v, err := rt.desk.matters.Get(ctx, c, in.ID)
	if err != nil {
		return nil, web.Missing(err)
	}
	return &wire.Output[wire.Submission]{Body: wire.WholeOf(&v, web.LanguageOf(ctx))}, nil
}

func (rt *routes) phone(ctx context.Context, c access.Caller, in *whyIn) (*wire.Output[Numbers], error) {
	n, err := rt.desk.overview.Phone(ctx, c, in.ID, in.Body.Reason)
	return &wire.Output[Numbers]{Body: Numbers{Phone: n.Phone, OnBehalfOfPhone: n.OnBehalfPhone}}, err
}
