package codes

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Pointer names the target of a code.
type Pointer struct {
	Kind string `json:"kind" enum:"member,room,place,station,reception"`
	ID   string `json:"id,omitempty" maxLength:"64" doc:"The member's, room's, place's or rule's id; none for the station."`
}

// NewCode is the body for creating a code.
type NewCode struct {
	Target Pointer `json:"target"`
}

// CodeChange is the body for changing a code; omitted fields stay.
type CodeChange struct {
	Target  *Pointer `json:"target,omitempty" doc:"Points the printed code elsewhere."`
	Revoked *bool    `json:"revoked,omitempty"`
}

type (
	pngIn struct {
		web.ByKey

		Size int `query:"size" minimum:"64" maximum:"2048" default:"480" doc:"Side in pixels."`
	}
	newCodeIn    struct{ Body NewCode }
	codeChangeIn struct {
		web.ByKey

		Body CodeChange
	}
	codesIn struct {
		wire.Paging

		Kind  string `query:"kind" enum:"member,room,place,station,reception" doc:"One kind of target."`
		State string `query:"state" enum:"used,revoked" doc:"In use, or out of use."`
		Query string `query:"q" maxLength:"64" doc:"Looked for in name, village and key."`
	}
)

func (rt *routes) addCodes() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}", "readCode", "What a code shows to whoever scans it.").
		Open().Fails(http.StatusNotFound), rt.readCode)
	web.Handle(rt.api, web.Op(http.MethodGet, "/stations", "listStations", "Whom to call without a code: the stations, or none when they are too many to choose from.").
		Open(), rt.stations)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/qr.png", "codePNG", "The plain-link code.").
		Open().Fails(http.StatusNotFound).Binary("image/png"), rt.png)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/qr.svg", "codeSVG", "The plain-link code as a drawing.").
		Open().Fails(http.StatusNotFound).Binary("image/svg+xml"), rt.svg)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/wxacode", "wxacode", "The platform's round code.").
		Open().Fails(http.StatusNotFound).Binary("image/jpeg", "image/png"), rt.wxacode)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/link", "codeLink", "Links that open the code's page from outside WeChat, to be sent by text message.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), rt.codeLink)
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes", "listCodes", "The station's codes with how often they are scanned and filed from, newest first.").
		By(web.StaffOrAdmin).Compressed().Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.listCodes)
	web.Handle(rt.api, web.Op(http.MethodPost, "/codes", "makeCode", "Make a code for a target of the station.").
		By(web.StaffOrAdmin).Writes().Creates().Fails(http.StatusForbidden), rt.makeCode)
	web.Handle(rt.api, web.Op(http.MethodPatch, "/codes/{key}", "changeCode", "Re-point, revoke or restore a code.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.changeCode)
}

func (rt *routes) readCode(ctx context.Context, _ access.Caller, in *web.ByKey) (*wire.Output[wire.Code], error) {
	s, err := rt.desk.codes.Sign(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	rt.api.Scanned(ctx, &s)
	if s.Revoked {
		return nil, fault.New(fault.NotFound, "这个码已经停用，请联系%s，电话 %s", s.Station.Name, s.Station.Phone)
	}
	return &wire.Output[wire.Code]{Body: wire.CodeOf(s)}, nil
}

// StationsToCall are the stations that a person without a code can call.
type StationsToCall struct {
	Items []wire.Station `json:"items" nullable:"false"`
}

func (rt *routes) stations(ctx context.Context, _ access.Caller, _ *web.Nothing) (*wire.Output[StationsToCall], error) {
	list, err := rt.api.StationsToCall(ctx)
	if err != nil {
		return nil, err
	}
	return &wire.Output[StationsToCall]{Body: StationsToCall{wire.Each(list, func(s codes.StationRef) wire.Station { return wire.Station(s) })}}, nil
}

func (rt *routes) png(ctx context.Context, _ access.Caller, in *pngIn) (*web.Picture, error) {
	return sendDrawing(rt.desk.codes.QRCode(ctx, in.Key, "png", in.Size))
}

func (rt *routes) svg(ctx context.Context, _ access.Caller, in *web.ByKey) (*web.Picture, error) {
	return sendDrawing(rt.desk.codes.QRCode(ctx, in.Key, "svg", 0))
}

func (rt *routes) wxacode(ctx context.Context, _ access.Caller, in *web.ByKey) (*web.Picture, error) {
	return sendDrawing(rt.desk.codes.CodeImage(ctx, in.Key))
}

// CodeLink opens a code's page from outside WeChat.
type CodeLink struct {
	URL       string    `json:"url" doc:"For browsers and text messages."`
	App       string    `json:"app" doc:"For other apps: weixin://…"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (rt *routes) codeLink(ctx context.Context, c access.Caller, in *web.ByKey) (*wire.Output[CodeLink], error) {
	l, err := rt.desk.codes.CodeLink(ctx, c, in.Key)
	return &wire.Output[CodeLink]{Body: CodeLink{l.URL, l.App, l.Until.In(station.Zone)}}, err
}

// sendDrawing sends an image.
func sendDrawing(d codes.Drawing, err error) (*web.Picture, error) {
	if err != nil {
		return nil, err
	}
	return &web.Picture{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", d.Type)
		ctx.SetHeader("Cache-Control", web.CacheBriefly)
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(d.Data) // fails only if the caller has gone
	}}, nil
}

func (rt *routes) listCodes(ctx context.Context, c access.Caller, in *codesIn) (*wire.ListOutput[wire.KeptCode], error) {
	filter := codes.CodeFilter{Kind: station.TargetKind(in.Kind), Query: in.Query}
	if in.State != "" {
		revoked := in.State == "revoked"
		filter.Revoked = &revoked
	}
	p, err := rt.desk.codes.Codes(ctx, c, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[wire.KeptCode]{Body: wire.Page[wire.KeptCode]{Items: make([]wire.KeptCode, len(p.Items)), NextCursor: p.Next}}
	for i := range p.Items {
		out.Body.Items[i] = wire.KeptCodeOf(&p.Items[i], rt.desk.codes.URL(p.Items[i].Key))
	}
	return out, nil
}

func (rt *routes) makeCode(ctx context.Context, c access.Caller, in *newCodeIn) (*wire.Output[wire.KeptCode], error) {
	k, err := rt.desk.codes.NewCode(ctx, c, in.Body.Target.target())
	return &wire.Output[wire.KeptCode]{Body: wire.KeptCodeOf(&k, rt.desk.codes.URL(k.Key))}, err
}

func (rt *routes) changeCode(ctx context.Context, c access.Caller, in *codeChangeIn) (*wire.Output[wire.KeptCode], error) {
	ch := codes.CodeChange{Revoked: in.Body.Revoked}
	if in.Body.Target != nil {
		t := in.Body.Target.target()
		ch.Target = &t
	}
	k, err := rt.desk.codes.ChangeCode(ctx, c, in.Key, ch)
	return &wire.Output[wire.KeptCode]{Body: wire.KeptCodeOf(&k, rt.desk.codes.URL(k.Key))}, err
}

func (p Pointer) target() station.Target {
	return station.Target{Kind: station.TargetKind(p.Kind), ID: p.ID}
}
