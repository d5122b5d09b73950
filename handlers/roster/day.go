package roster

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Turns lists them.
type Turns struct {
	Items []wire.Turn `json:"items" nullable:"false" doc:"Of the next four weeks, the first first."`
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

func (rt *routes) addDay() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/duty", "myDuty", "When the member is on duty, in the next four weeks.").
		By(web.MemberOnly).Fails(http.StatusForbidden), rt.myDuty)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/codes", "myCodes", "The codes that point at the member.").
		By(web.MemberOnly).Fails(http.StatusForbidden), rt.myCodes)
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/phrases", "phrases", "What the caller often says.").
		Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Phrases], error) {
		list, err := rt.desk.roster.Phrases(ctx, c)
		return &wire.Output[Phrases]{Body: Phrases{wire.Filled(list)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/phrases", "setPhrases", "Replace them all.").
		Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *phrasesIn) (*wire.Output[Phrases], error) {
		list, err := rt.desk.roster.SetPhrases(ctx, c, in.Body.Items)
		return &wire.Output[Phrases]{Body: Phrases{wire.Filled(list)}}, err
	})
}

func (rt *routes) addFaces() {
	web.Handle(rt.api, web.Op(http.MethodPut, "/me/photo", "setPhoto", "Make an upload the member's photo, for everybody who scans their code.").
		By(web.MemberOnly).Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, in *faceIn) (*web.Nothing, error) {
		return nil, rt.desk.roster.SetPortrait(ctx, c, "", in.Body.Photo)
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/me/photo", "removeMyPhoto", "Show none.").
		By(web.MemberOnly).Writes().Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*web.Nothing, error) {
		return nil, rt.desk.roster.SetPortrait(ctx, c, "", "")
	})
	web.Handle(rt.api, web.Op(http.MethodPut, "/members/{id}/photo", "setMemberPhoto", "Likewise for a member.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *memberFaceIn) (*web.Nothing, error) {
		return nil, rt.desk.roster.SetPortrait(ctx, c, in.ID, in.Body.Photo)
	})
	web.Handle(rt.api, web.Op(http.MethodDelete, "/members/{id}/photo", "removeMemberPhoto", "Likewise for a member.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *awayOf) (*web.Nothing, error) {
		return nil, rt.desk.roster.SetPortrait(ctx, c, in.ID, "")
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/photo", "codePhoto", "The photo of the member a code points at.").
		Open().Fails(http.StatusNotFound).Binary("image/jpeg"), rt.portrait)
}

func (rt *routes) myDuty(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Turns], error) {
	list, err := rt.desk.roster.MyDuty(ctx, c)
	if err != nil {
		return nil, err
	}
	return &wire.Output[Turns]{Body: Turns{Items: wire.Each(list, wire.TurnOf)}}, nil
}

func (rt *routes) myCodes(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[OwnCodes], error) {
	list, err := rt.desk.roster.MyCodes(ctx, c)
	if err != nil {
		return nil, err
	}
	out := OwnCodes{Items: make([]OwnCode, len(list))}
	for i, x := range list {
		out.Items[i] = OwnCode{Key: x.Key, Name: c.Name, URL: rt.desk.codes.URL(x.Key)}
	}
	return &wire.Output[OwnCodes]{Body: out}, nil
}

func (rt *routes) portrait(ctx context.Context, _ access.Caller, in *web.ByKey) (*web.Picture, error) {
	file, err := rt.desk.roster.Portrait(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) { web.ServeFile(humagin.Unwrap(ctx), file, web.CacheBriefly) }}, nil
}
