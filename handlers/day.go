package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/station"
)

// Turn is one coming duty of the member.
type Turn struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Target Target    `json:"target" doc:"Where it is done."`
}

// Turns lists them.
type Turns struct {
	Items []Turn `json:"items" nullable:"false" doc:"Of the next four weeks, the first first."`
}

// OwnCode is a code that points at the member.
type OwnCode struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	URL  string `json:"url" doc:"What the code holds; its image is at /codes/{key}/qr.png."`
}

// OwnCodes lists them.
type OwnCodes struct {
	Items []OwnCode `json:"items" nullable:"false"`
}

// Phrases are what somebody often says.
type Phrases struct {
	Items []string `json:"items" nullable:"false" doc:"At most 30 of 1 to 200 characters, none twice."`
}

// Portrait is which upload is a member's photo.
type Portrait struct {
	Photo string `json:"photo" minLength:"1" maxLength:"64" doc:"An upload of the caller's."`
}

type (
	phrasesIn    struct{ Body Phrases }
	faceIn       struct{ Body Portrait }
	memberFaceIn struct {
		ID   string `path:"id" doc:"The member's id."`
		Body Portrait
	}
)

func (f *Face) addDay() {
	handle(f, op(http.MethodGet, "/me/duty", "myDuty", "When the member is on duty, in the next four weeks.").
		by(memberOnly).fails(http.StatusForbidden), f.myDuty)
	handle(f, op(http.MethodGet, "/me/codes", "myCodes", "The codes that point at the member.").
		by(memberOnly).fails(http.StatusForbidden), f.myCodes)
	handle(f, op(http.MethodGet, "/me/phrases", "phrases", "What the caller often says.").
		fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *nothing) (*answer[Phrases], error) {
		list, err := f.desk.Roster.Phrases(ctx, c)
		return &answer[Phrases]{Phrases{filled(list)}}, err
	})
	handle(f, op(http.MethodPut, "/me/phrases", "setPhrases", "Replace them all.").
		writes().fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *phrasesIn) (*answer[Phrases], error) {
		list, err := f.desk.Roster.SetPhrases(ctx, c, in.Body.Items)
		return &answer[Phrases]{Phrases{filled(list)}}, err
	})
}

func (f *Face) addFaces() {
	handle(f, op(http.MethodPut, "/me/photo", "setPhoto", "Make an upload the member's photo, for everybody who scans their code.").
		by(memberOnly).writes().fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *faceIn) (*nothing, error) {
		return nil, f.desk.Roster.SetFace(ctx, c, "", in.Body.Photo)
	})
	handle(f, op(http.MethodDelete, "/me/photo", "dropPhoto", "Show none.").
		by(memberOnly).writes().fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *nothing) (*nothing, error) {
		return nil, f.desk.Roster.SetFace(ctx, c, "", "")
	})
	handle(f, op(http.MethodPut, "/members/{id}/photo", "setMemberPhoto", "Likewise for a member.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberFaceIn) (*nothing, error) {
		return nil, f.desk.Roster.SetFace(ctx, c, in.ID, in.Body.Photo)
	})
	handle(f, op(http.MethodDelete, "/members/{id}/photo", "dropMemberPhoto", "Likewise for a member.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *awayOf) (*nothing, error) {
		return nil, f.desk.Roster.SetFace(ctx, c, in.ID, "")
	})
	handle(f, op(http.MethodGet, "/codes/{key}/photo", "codePhoto", "The photo of the member a code points at.").
		open().fails(http.StatusNotFound).binary("image/jpeg"), f.portrait)
}

func (f *Face) myDuty(ctx context.Context, c access.Caller, _ *nothing) (*answer[Turns], error) {
	list, err := f.desk.Roster.MyDuty(ctx, c)
	if err != nil {
		return nil, err
	}
	return &answer[Turns]{Turns{Items: each(list, turnOf)}}, nil
}

func turnOf(t roster.Turn) Turn {
	return Turn{
		From: t.From.In(station.Zone), To: t.To.In(station.Zone),
		Target: Target{Kind: string(t.Target.Kind), ID: t.Target.ID, Name: t.Name},
	}
}

func (f *Face) myCodes(ctx context.Context, c access.Caller, _ *nothing) (*answer[OwnCodes], error) {
	list, err := f.desk.Roster.MyCodes(ctx, c)
	if err != nil {
		return nil, err
	}
	out := OwnCodes{Items: make([]OwnCode, len(list))}
	for i, x := range list {
		out.Items[i] = OwnCode{Key: x.Key, Name: c.Name, URL: f.desk.Codes.URL(x.Key)}
	}
	return &answer[OwnCodes]{out}, nil
}

func (f *Face) portrait(ctx context.Context, _ access.Caller, in *ByKey) (*picture, error) {
	file, err := f.desk.Roster.Face(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	return &picture{func(ctx huma.Context) { serveFile(humagin.Unwrap(ctx), file, keptAWhile) }}, nil
}
