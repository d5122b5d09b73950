package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Pointer names what a code shall point at.
type Pointer struct {
	Kind string `json:"kind" enum:"member,room,place,station"`
	ID   string `json:"id,omitempty" maxLength:"64" doc:"The member's, room's or place's id; none for the station."`
}

// NewCode is the body that makes a code.
type NewCode struct {
	Target Pointer `json:"target"`
}

// CodeChange is the body that changes a code; what is left out stays.
type CodeChange struct {
	Target  *Pointer `json:"target,omitempty" doc:"Points the printed code elsewhere."`
	Revoked *bool    `json:"revoked,omitempty"`
}

// KeptCode is a code as its station's staff see it.
type KeptCode struct {
	Key       string    `json:"key"`
	Kind      string    `json:"kind" enum:"member,room,place,station"`
	Name      string    `json:"name" doc:"Of the target, also while the code is out of use."`
	Village   string    `json:"village,omitempty" doc:"Of the target, if it has one."`
	Lost      bool      `json:"lost,omitempty" doc:"The roster no longer has the target: the code leads to the station alone."`
	Target    Target    `json:"target"`
	Revoked   bool      `json:"revoked"`
	URL       string    `json:"url" doc:"What the plain-link code holds."`
	CreatedAt time.Time `json:"created_at"`

	ScansRecent    int    `json:"scans_30d" doc:"Scans of today and the 29 days before; one phone within half an hour is one."`
	ScansTotal     int    `json:"scans_total"`
	FiledTotal     int    `json:"filed_total" doc:"Submissions that were filed from it."`
	LastScannedDay string `json:"last_scanned_day,omitempty" format:"date" doc:"None: it was never scanned."`
}

type (
	// ByKey is the input of what needs a key only.
	ByKey struct {
		Key string `path:"key" doc:"The key as printed."`
	}
	pngIn struct {
		ByKey

		Size int `query:"size" minimum:"64" maximum:"2048" default:"480" doc:"Side in pixels."`
	}
	newCodeIn    struct{ Body NewCode }
	codeChangeIn struct {
		ByKey

		Body CodeChange
	}
	codesIn struct {
		Paging

		Kind  string `query:"kind" enum:"member,room,place,station" doc:"One kind of target."`
		State string `query:"state" enum:"used,revoked" doc:"In use, or out of use."`
		Query string `query:"q" maxLength:"64" doc:"Looked for in name, village and key."`
	}
	// picture is an image answer.
	picture struct{ Body func(huma.Context) }
)

func (f *Face) addCodes() {
	handle(f, op(http.MethodGet, "/codes/{key}", "readCode", "What a code shows to whoever scans it.").
		open().fails(http.StatusNotFound), f.readCode)
	handle(f, op(http.MethodGet, "/codes/{key}/qr.png", "codePNG", "The plain-link code.").
		open().fails(http.StatusNotFound).binary("image/png"), f.png)
	handle(f, op(http.MethodGet, "/codes/{key}/qr.svg", "codeSVG", "The plain-link code as a drawing.").
		open().fails(http.StatusNotFound).binary("image/svg+xml"), f.svg)
	handle(f, op(http.MethodGet, "/codes/{key}/wxacode", "wxacode", "The platform's round code.").
		open().fails(http.StatusNotFound).binary("image/jpeg", "image/png"), f.wxacode)
	handle(f, op(http.MethodGet, "/codes/{key}/link", "codeLink", "Links that open the code's page from outside WeChat, to be sent by text message.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), f.codeLink)
	handle(f, op(http.MethodGet, "/codes", "listCodes", "The station's codes with how often they are scanned and filed from, newest first.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.listCodes)
	handle(f, op(http.MethodPost, "/codes", "makeCode", "Make a code for a target of the station.").
		by(staffOrAdmin).writes().creates().fails(http.StatusForbidden), f.makeCode)
	handle(f, op(http.MethodPatch, "/codes/{key}", "changeCode", "Re-point, revoke or restore a code.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), f.changeCode)
}

func (f *Face) readCode(ctx context.Context, _ access.Caller, in *ByKey) (*answer[Code], error) {
	s, err := f.desk.Codes.Sign(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	f.scanned(ctx, &s)
	if s.Revoked {
		return nil, fault.New(fault.NotFound, "这个码已经停用，请联系%s，电话 %s", s.Station.Name, s.Station.Phone)
	}
	return &answer[Code]{codeOf(s)}, nil
}

func (f *Face) png(ctx context.Context, _ access.Caller, in *pngIn) (*picture, error) {
	return drawn(f.desk.Codes.QRCode(ctx, in.Key, "png", in.Size))
}

func (f *Face) svg(ctx context.Context, _ access.Caller, in *ByKey) (*picture, error) {
	return drawn(f.desk.Codes.QRCode(ctx, in.Key, "svg", 0))
}

func (f *Face) wxacode(ctx context.Context, _ access.Caller, in *ByKey) (*picture, error) {
	return drawn(f.desk.Codes.CodeImage(ctx, in.Key))
}

// CodeLink opens a code's page from outside WeChat.
type CodeLink struct {
	URL       string    `json:"url" doc:"For browsers and text messages."`
	App       string    `json:"app" doc:"For other apps: weixin://…"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (f *Face) codeLink(ctx context.Context, c access.Caller, in *ByKey) (*answer[CodeLink], error) {
	l, err := f.desk.Codes.CodeLink(ctx, c, in.Key)
	return &answer[CodeLink]{CodeLink{l.URL, l.App, l.Until.In(station.Zone)}}, err
}

// keptAWhile is for what every stranger may see of a code: for as long as a
// revoked one may still be shown.
const keptAWhile = "public, max-age=300"

// drawn sends an image.
func drawn(d codes.Drawing, err error) (*picture, error) {
	if err != nil {
		return nil, err
	}
	return &picture{func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", d.Type)
		ctx.SetHeader("Cache-Control", keptAWhile)
		ctx.SetStatus(http.StatusOK)
		_, _ = ctx.BodyWriter().Write(d.Data) // whoever asked has gone
	}}, nil
}

func (f *Face) listCodes(ctx context.Context, c access.Caller, in *codesIn) (*listed[KeptCode], error) {
	filter := codes.CodeFilter{Kind: station.TargetKind(in.Kind), Query: in.Query}
	if in.State != "" {
		revoked := in.State == "revoked"
		filter.Revoked = &revoked
	}
	p, err := f.desk.Codes.Codes(ctx, c, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[KeptCode]{page[KeptCode]{Items: make([]KeptCode, len(p.Items)), NextCursor: p.Next}}
	for i := range p.Items {
		out.Body.Items[i] = kept(&p.Items[i], f.desk.Codes.URL(p.Items[i].Key))
	}
	return out, nil
}

func kept(k *codes.KeptCode, url string) KeptCode {
	return KeptCode{
		Key: k.Key, Kind: string(k.Target.Kind), Name: k.Name, Village: k.Village, Lost: k.Lost,
		Target:  Target{Kind: string(k.Target.Kind), ID: k.Target.ID, Name: k.Name},
		Revoked: k.Revoked, URL: url, CreatedAt: casework.Millis(k.CreatedAt).Time(),
		ScansRecent: k.Use.Recent, ScansTotal: k.Use.Total, FiledTotal: k.Use.Filed, LastScannedDay: k.Use.LastDay,
	}
}

func (f *Face) makeCode(ctx context.Context, c access.Caller, in *newCodeIn) (*answer[KeptCode], error) {
	k, err := f.desk.Codes.NewCode(ctx, c, in.Body.Target.target())
	return &answer[KeptCode]{kept(&k, f.desk.Codes.URL(k.Key))}, err
}

func (f *Face) changeCode(ctx context.Context, c access.Caller, in *codeChangeIn) (*answer[KeptCode], error) {
	ch := codes.CodeChange{Revoked: in.Body.Revoked}
	if in.Body.Target != nil {
		t := in.Body.Target.target()
		ch.Target = &t
	}
	k, err := f.desk.Codes.ChangeCode(ctx, c, in.Key, ch)
	return &answer[KeptCode]{kept(&k, f.desk.Codes.URL(k.Key))}, err
}

// scanned counts that somebody looked at what a code shows; phones are told
// apart by address and program.
func (f *Face) scanned(ctx context.Context, s *codes.Sign) {
	if c := visitOf(ctx).gin; c != nil && c.Request.Method != http.MethodHead {
		f.desk.Codes.Scanned(s, c.ClientIP()+"\n"+c.Request.UserAgent())
	}
}

func (p Pointer) target() station.Target {
	return station.Target{Kind: station.TargetKind(p.Kind), ID: p.ID}
}
