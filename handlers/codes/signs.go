package codes

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// SignOrder is the body for requesting signs.
type SignOrder struct {
	Template string   `json:"template" enum:"door,notice,table,sheet,poster,sticker" doc:"A door sign (A5), a notice of many codes of a village (A4), a card that stands on a table (A5, folded), one sign on A4, a poster (A3), a sticker (A6)."`
	Keys     []string `json:"keys,omitempty" maxItems:"500" doc:"These codes; without, all that the rest leaves."`
	Kinds    []string `json:"kinds,omitempty" maxItems:"5" enum:"member,room,place,station,reception" doc:"These kinds; a notice is of members unless this or keys says otherwise."`
	Village  string   `json:"village,omitempty" maxLength:"64" doc:"Those of one village."`
	Plain    bool     `json:"plain,omitempty" doc:"The plain-link code alone, without the platform's round one."`
	Crop     bool     `json:"crop,omitempty" doc:"What is smaller than A4 goes on A4, with marks where to cut."`
	Headline string   `json:"headline,omitempty" maxLength:"40" doc:"The station's own headline instead of that of each kind, 10 characters at most; a notice keeps its own."`
	Format   string   `json:"format,omitempty" enum:"pdf,png" doc:"pdf when left out; png makes an archive when there are several, 60 at most."`
}

type (
	signsIn   struct{ Body SignOrder }
	signPNGIn struct {
		web.ByKey

		Template string `query:"template" enum:"door,notice,table,sheet,poster,sticker" default:"door"`
		Plain    bool   `query:"plain" doc:"Without the platform's round code."`
		Headline string `query:"headline" maxLength:"40" doc:"As in SignOrder."`
	}
)

func (rt *routes) addSigns() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/signs", "makeSigns", "Begin to make signs; each code is read back before the file is there.").
		By(web.StaffOrAdmin).Writes().StartsJob().Fails(http.StatusForbidden, http.StatusConflict), rt.makeSigns)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/sign.png", "signImage", "One sign, or the notice of its village, to be looked at on a screen.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity).Binary("image/png"), rt.signImage)
}

func (rt *routes) makeSigns(ctx context.Context, c access.Caller, in *signsIn) (*wire.Output[wire.Job], error) {
	b := in.Body
	o := codes.SignOrder{Template: b.Template, Keys: b.Keys, Village: b.Village, Plain: b.Plain, Crop: b.Crop, Headline: b.Headline, PNG: b.Format == "png"}
	for _, k := range b.Kinds {
		o.Kinds = append(o.Kinds, station.TargetKind(k))
	}
	return web.JobStarted(rt.desk.codes.Signs(ctx, c, o))
}

func (rt *routes) signImage(ctx context.Context, c access.Caller, in *signPNGIn) (*web.Picture, error) {
	d, err := rt.desk.codes.SignImage(ctx, c, in.Key, codes.SignOrder{Template: in.Template, Plain: in.Plain, Headline: in.Headline})
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", d.Type)
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(d.Data) // fails only if the caller has gone
	}}, nil
}
