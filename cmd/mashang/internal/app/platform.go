package app

import (
	"context"
	"net/url"

	"mashang/desk"
	"mashang/notice"
	"mashang/wechat"
)

// codeWidth is the width in pixels of the code images asked of the platform:
// enough to print a hand's width at 300 dpi.
const codeWidth = 860

// platform shows the WeChat client to the desk in the desk's words.
type platform struct{ *wechat.Client }

func (p platform) CheckText(ctx context.Context, openid, text string) (desk.Verdict, error) {
	v, err := p.Client.CheckText(ctx, openid, text)
	return desk.Verdict(v), err
}

func (p platform) CodeImage(ctx context.Context, scene string) ([]byte, error) {
	return p.Client.CodeImage(ctx, scene, codeWidth)
}

func (p platform) Template(purpose notice.Purpose) string { return p.TemplateID(purpose) }

func (p platform) PurposeOf(template string) (notice.Purpose, bool) { return p.Purpose(template) }

// push shows the receiver to the HTTP face, and its events as arrivals.
type push struct{ *wechat.Receiver }

func (p push) Open(query url.Values, contentType string, body []byte) ([]desk.Arrival, error) {
	events, err := p.Receiver.Open(query, contentType, body)
	if err != nil {
		return nil, err
	}
	var list []desk.Arrival
	for _, e := range events {
		a := desk.Arrival{ID: e.ID, OpenID: e.OpenID}
		switch e.Kind {
		case wechat.Text:
			a.Kind, a.Text = desk.ArrivedText, e.Text
		case wechat.SubscribePopup, wechat.SubscribeChange:
			a.Kind, a.Template, a.Accepted = desk.ArrivedConsent, e.Template, e.Accept
		default:
			continue // acknowledged; nothing is done with it yet
		}
		list = append(list, a)
	}
	return list, nil
}
