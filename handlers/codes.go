package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/access"
	"mashang/casework"
	"mashang/desk"
	"mashang/fault"
	"mashang/station"
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
	Target    Target    `json:"target"`
	Revoked   bool      `json:"revoked"`
	URL       string    `json:"url" doc:"What the plain-link code holds."`
	CreatedAt time.Time `json:"created_at"`
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
	handle(f, op(http.MethodGet, "/codes", "listCodes", "The station's codes, newest first.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.listCodes)
	handle(f, op(http.MethodPost, "/codes", "makeCode", "Make a code for a target of the station.").
		by(staffOrAdmin).writes().creates().fails(http.StatusForbidden), f.makeCode)
	handle(f, op(http.MethodPatch, "/codes/{key}", "changeCode", "Re-point, revoke or restore a code.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound), f.changeCode)
}

func (f *Face) readCode(ctx context.Context, _ access.Caller, in *ByKey) (*answer[Code], error) {
	s, err := f.desk.Sign(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	if s.Revoked {
		return nil, fault.New(fault.NotFound, "这个码已经停用，请联系%s，电话 %s", s.Station.Name, s.Station.Phone)
	}
	return &answer[Code]{codeOf(s)}, nil
}

func (f *Face) png(ctx context.Context, _ access.Caller, in *pngIn) (*picture, error) {
	return drawn(f.desk.QRCode(ctx, in.Key, "png", in.Size))
}

func (f *Face) svg(ctx context.Context, _ access.Caller, in *ByKey) (*picture, error) {
	return drawn(f.desk.QRCode(ctx, in.Key, "svg", 0))
}

func (f *Face) wxacode(ctx context.Context, _ access.Caller, in *ByKey) (*picture, error) {
	return drawn(f.desk.CodeImage(ctx, in.Key))
}

// CodeLink opens a code's page from outside WeChat.
type CodeLink struct {
	URL       string    `json:"url" doc:"For browsers and text messages."`
	App       string    `json:"app" doc:"For other apps: weixin://…"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (f *Face) codeLink(ctx context.Context, c access.Caller, in *ByKey) (*answer[CodeLink], error) {
	l, err := f.desk.CodeLink(ctx, c, in.Key)
	return &answer[CodeLink]{CodeLink{l.URL, l.App, l.Until.In(station.Zone)}}, err
}

// keptAWhile is for what every stranger may see of a code: for as long as a
// revoked one may still be shown.
const keptAWhile = "public, max-age=300"

// drawn sends an image.
func drawn(d desk.Drawing, err error) (*picture, error) {
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

// listCodes pages by place in the list: codes are never removed and new ones
// come first, so an item may be seen twice and is never missed.
func (f *Face) listCodes(ctx context.Context, c access.Caller, in *Paging) (*listed[KeptCode], error) {
	all, err := f.desk.Codes(ctx, c)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b station.Code) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), strings.Compare(a.Key, b.Key))
	})
	if in.Cursor != "" {
		i := slices.IndexFunc(all, func(c station.Code) bool { return c.Key == in.Cursor })
		if i < 0 {
			e := fault.New(fault.Invalid, "cursor 无效，请从第一页重新开始")
			e.Fields = []fault.Field{{Field: "cursor", Message: e.Message}}
			return nil, e
		}
		all = all[i+1:]
	}
	var out page[KeptCode]
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.NextCursor = all[in.Limit-1].Key
	}
	out.Items = make([]KeptCode, len(all))
	for i, code := range all {
		if out.Items[i], err = f.kept(ctx, code); err != nil {
			return nil, err
		}
	}
	return &listed[KeptCode]{out}, nil
}

func (f *Face) kept(ctx context.Context, code station.Code) (KeptCode, error) {
	name, err := f.desk.TargetName(ctx, code)
	if err != nil {
		return KeptCode{}, err
	}
	return KeptCode{
		Key: code.Key, Kind: string(code.Target.Kind), Name: name,
		Target:  Target{Kind: string(code.Target.Kind), ID: code.Target.ID, Name: name},
		Revoked: code.Revoked, URL: f.desk.URL(code.Key), CreatedAt: casework.Millis(code.CreatedAt).Time(),
	}, nil
}

func (f *Face) makeCode(ctx context.Context, c access.Caller, in *newCodeIn) (*answer[KeptCode], error) {
	code, err := f.desk.NewCode(ctx, c, in.Body.Target.target())
	if err != nil {
		return nil, err
	}
	k, err := f.kept(ctx, code)
	return &answer[KeptCode]{k}, err
}

func (f *Face) changeCode(ctx context.Context, c access.Caller, in *codeChangeIn) (*answer[KeptCode], error) {
	ch := desk.CodeChange{Revoked: in.Body.Revoked}
	if in.Body.Target != nil {
		t := in.Body.Target.target()
		ch.Target = &t
	}
	code, err := f.desk.ChangeCode(ctx, c, in.Key, ch)
	if err != nil {
		return nil, err
	}
	k, err := f.kept(ctx, code)
	return &answer[KeptCode]{k}, err
}

func (p Pointer) target() station.Target {
	return station.Target{Kind: station.TargetKind(p.Kind), ID: p.ID}
}
