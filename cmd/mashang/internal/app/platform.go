package app

import (
	"context"
	"net/url"
	"time"

	"mashang/desk/inbound"
	"mashang/desk/kit"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/wechat"
)

// codeWidth is the width in pixels of the code images asked of the platform:
// enough to print a hand's width at 300 dpi.
const codeWidth = 860

// platform shows the WeChat client to the desk in the desk's words.
type platform struct{ *wechat.Client }

func (p platform) CheckText(ctx context.Context, openid, text string) (kit.Verdict, error) {
	v, err := p.Client.CheckText(ctx, openid, text)
	return kit.Verdict(v), err
}

func (p platform) Notify(ctx context.Context, m notice.Message) (notice.Receipt, error) {
	s, err := p.Send(ctx, m)
	return notice.Receipt{Outcome: s.Outcome, MsgID: s.MsgID}, err
}

func (p platform) CheckPhoto(ctx context.Context, openid, address string) (string, error) {
	return p.CheckPicture(ctx, openid, address)
}

func (p platform) Link(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.URLLink(ctx, wechat.PageScan, "scene="+scene, life)
}

func (p platform) AppLink(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.Scheme(ctx, wechat.PageScan, "scene="+scene, life)
}

func (p platform) CodeImage(ctx context.Context, scene string) ([]byte, error) {
	return p.Client.CodeImage(ctx, scene, codeWidth)
}

func (p platform) Template(purpose notice.Purpose) string { return p.TemplateID(purpose) }

func (p platform) PurposeOf(template string) (notice.Purpose, bool) { return p.Purpose(template) }

// push shows the receiver to the HTTP server, and its events as arrivals.
type push struct{ *wechat.Receiver }

func (p push) Open(query url.Values, body []byte) ([]record.InboundEvent, error) {
	events, err := p.Receiver.Open(query, body)
	return arrived(events), err
}

// arrived puts what the platform pushed in the desk's words; what the desk has
// no word for is acknowledged and left.
func arrived(events []wechat.Event) []record.InboundEvent {
	var list []record.InboundEvent
	for _, e := range events {
		a := record.InboundEvent{ID: e.ID, OpenID: e.OpenID}
		switch e.Kind {
		case wechat.Text:
			a.Kind, a.Text = kit.EventText, e.Text
		case wechat.Image:
			a.Kind, a.Media = kit.EventImage, e.Media
		case wechat.Voice:
			a.Kind = kit.EventVoice
		case wechat.Card:
			a.Kind, a.Page = kit.EventCard, e.Page
		case wechat.Enter:
			a.Kind, a.Text = kit.EventEnter, e.Text
		case wechat.SubscribeSent:
			if e.ErrorCode == 0 {
				continue // delivered, which is what we believe anyway
			}
			a.Kind, a.MsgID, a.ErrorCode = kit.EventSent, e.MsgID, e.ErrorCode
		case wechat.MediaCheck:
			a.Kind, a.Trace, a.Verdict, a.ErrorCode = kit.EventMediaCheck, e.Trace, e.Verdict, e.ErrorCode
		case wechat.SubscribePopup:
			a.Kind, a.Template, a.Accepted = kit.EventConsent, e.Template, e.Accept
		case wechat.SubscribeChange:
			a.Kind, a.Template = kit.EventConsentOff, e.Template
		case wechat.Unread:
			a.Kind, a.Message, a.Size, a.Why = inbound.EventUnread, e.Message, e.Size, string(e.Why)
			if !e.FromPerson() {
				a.OpenID = "" // nobody can be asked to send it again
			}
		default:
			continue
		}
		list = append(list, a)
	}
	return list
}
