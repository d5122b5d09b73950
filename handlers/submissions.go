package handlers

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/filing"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

// Filing is the body of a new submission.
type Filing struct {
	Scene       string      `json:"scene" minLength:"1" maxLength:"512" doc:"What was scanned: the key, or the whole /q/ address."`
	Kind        string      `json:"kind" enum:"complaint,suggestion,inquiry,help,dispute"`
	Category    string      `json:"category,omitempty" doc:"One of the code's categories."`
	Visitor     string      `json:"visitor,omitempty" enum:"resident,tourist,business" doc:"resident when left out."`
	Text        string      `json:"text,omitempty" doc:"1 to 2,000 characters; may be empty with a voice message."`
	Photos      []string    `json:"photos,omitempty" nullable:"false" doc:"Up to 9 upload ids."`
	Voice       string      `json:"voice,omitempty" doc:"An upload id."`
	Place       *Place      `json:"place,omitempty"`
	Contact     *Contact    `json:"contact,omitempty"`
	Until       *time.Time  `json:"until,omitempty" doc:"Until when a tourist can be reached."`
	Anonymous   bool        `json:"anonymous,omitempty" doc:"Stay unnamed towards the member."`
	OnBehalfOf  *OnBehalfOf `json:"on_behalf_of,omitempty" doc:"Filed for somebody else."`
	Against     *Against    `json:"against,omitempty" doc:"A business, a place or a person complained of."`
	AboutMember bool        `json:"about_member,omitempty" doc:"It is about a member, who will not be given it."`
	SameAs      string      `json:"same_as,omitempty" maxLength:"512" doc:"The offer of the matter it joins, with the text it was made for."`
}

// Receipt is what the same filing is answered once it is filed, for whoever may still
// read it. What became of it since is read by its id.
type Receipt struct {
	ID        string         `json:"id"`
	Number    string         `json:"number" doc:"The receipt number, to be read aloud."`
	State     casework.State `json:"state" enum:"held,pooled,assigned" doc:"Into which it was filed."`
	StateName string         `json:"state_name"`
}

// Contact is how to call back: at most one of the two.
type Contact struct {
	Phone     string `json:"phone,omitempty" maxLength:"40"`
	PhoneCode string `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number."`
}

// OnBehalfOf is the person something is filed for.
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

// Why is a body that only says why.
type Why struct {
	Reason string `json:"reason" doc:"At most 500 characters; written down."`
}

type (
	filingIn struct {
		Key  string `header:"Idempotency-Key" required:"true" pattern:"^[A-Za-z0-9_-]{8,64}$" patternDescription:"8 至 64 位字母、数字、下划线或连字符" doc:"Per person, kept 24 h: the same body gives the first receipt again (200), or 404 for whoever may not read it any more."`
		Body Filing
	}
	whyIn struct {
		ByID

		Body Why
	}
)

func (f *Face) addSubmissions() {
	handle(f, f.gives(op(http.MethodPost, "/submissions", "file", "File a submission. Acknowledged when it is on disk.").
		writes().creates().fails(http.StatusNotFound)), f.submit)
	handle(f, op(http.MethodGet, "/submissions", "mine", "What the caller filed, newest first.").
		fails(http.StatusUnprocessableEntity), f.mine)
	handle(f, op(http.MethodGet, "/submissions/{id}", "readSubmission", "One submission with its timeline.").
		by(may(access.Read)).fails(http.StatusNotFound), f.read)
	handle(f, op(http.MethodPost, "/submissions/{id}/phone", "phone", "Show the phone numbers; who looked and why is written down first.").
		by(may(access.Reveal)).writes().fails(http.StatusForbidden, http.StatusNotFound), f.phone)
}

func (f *Face) submit(ctx context.Context, c access.Caller, in *filingIn) (*filed, error) {
	request := in.Body.request()
	giveBack, limit := f.limits.filings.take(c.Person, enoughFilings)
	if limit != nil {
		// Whoever asks again for the last receipt of the day shall have it.
		v, ok, err := f.desk.Filing.Receipt(ctx, c, in.Key, request)
		if err != nil || !ok {
			return nil, cmp.Or(err, limit)
		}
		return receiptOf(&v), nil
	}
	v, err := f.desk.Filing.Submit(ctx, c, in.Key, request)
	if err != nil || v.Replayed {
		giveBack()
	}
	if err != nil {
		return nil, err
	}
	return receiptOf(&v), nil
}

// filed is the output of filing: the submission, or the receipt of before.
type filed struct {
	Status int
	Body   any
}

func receiptOf(v *matters.View) *filed {
	if v.Replayed {
		return &filed{http.StatusOK, Receipt{v.ID, v.Number, v.State, v.State.Chinese()}}
	}
	return &filed{http.StatusCreated, wholeOf(v)}
}

// gives documents both.
func (f *Face) gives(o operation) operation {
	schemas := f.api.OpenAPI().Components.Schemas
	content := func(t reflect.Type) map[string]*huma.MediaType {
		return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(t, true, t.Name())}}
	}
	o.Responses = map[string]*huma.Response{
		"200": {Description: "The same was filed before: its receipt.", Content: content(reflect.TypeFor[Receipt]())},
		"201": {Description: "It is filed.", Content: content(reflect.TypeFor[Submission]())},
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
		// One zone, so that the same moment in other words is the same request.
		r.Filing.Until = b.Until.UTC()
	}
	if o := b.OnBehalfOf; o != nil {
		r.Filing.OnBehalf = &casework.OnBehalf{Name: o.Name, Relation: o.Relation, Phone: o.Phone}
	}
	if a := b.Against; a != nil {
		r.Filing.Against = &casework.Against{Name: a.Name, Place: a.Place, AmountFen: a.AmountFen}
	}
	return r
}

func (f *Face) mine(ctx context.Context, c access.Caller, in *Paging) (*listed[Submission], error) {
	return briefs(f.desk.Matters.Mine(ctx, c, in.Cursor, in.Limit))
}

func (f *Face) read(ctx context.Context, c access.Caller, in *ByID) (*answer[Submission], error) {
	v, err := f.desk.Matters.Get(ctx, c, in.ID)
	if err != nil {
		return nil, missing(err)
	}
	return &answer[Submission]{wholeOf(&v)}, nil
}

// missing gives what is not there and what is not the caller's the same words,
// whoever noticed.
func missing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return access.Missing()
	}
	return err
}

func (f *Face) phone(ctx context.Context, c access.Caller, in *whyIn) (*answer[Numbers], error) {
	n, err := f.desk.Overview.Phone(ctx, c, in.ID, in.Body.Reason)
	return &answer[Numbers]{Numbers{Phone: n.Phone, OnBehalfOfPhone: n.OnBehalfPhone}}, err
}

// briefs is a page of submissions on the wire.
func briefs(p kit.PageOf[matters.View], err error) (*listed[Submission], error) {
	if err != nil {
		return nil, err
	}
	out := &listed[Submission]{page[Submission]{Items: make([]Submission, len(p.Items)), NextCursor: p.Next, Unread: p.Unread}}
	for i := range p.Items {
		out.Body.Items[i] = briefOf(&p.Items[i])
	}
	return out, nil
}
