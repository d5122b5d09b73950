// Package adapt adapts the packages of one technology each to the desk's ports, where their names or types
// differ. The binary and the tests of desk and handlers use the same adapters.
package adapt

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

// CodeWidth is the width in pixels of the code images that are requested: enough to print them as wide as a
// hand at 300 dpi.
const CodeWidth = 860

// Platform adapts the WeChat client to the desk.
type Platform struct{ *wechat.Client }

// CheckText implements desk.Platform.
func (p Platform) CheckText(ctx context.Context, openid, text string) (kit.Verdict, error) {
	v, err := p.Client.CheckText(ctx, openid, text)
	return kit.Verdict(v), err
}

// Notify implements desk.Platform.
func (p Platform) Notify(ctx context.Context, m notice.Message) (notice.Receipt, error) {
	s, err := p.Send(ctx, m)
	return notice.Receipt{Outcome: s.Outcome, MsgID: s.MsgID}, err
}

// CheckPhoto implements desk.Platform.
func (p Platform) CheckPhoto(ctx context.Context, openid, address string) (string, error) {
	return p.CheckPicture(ctx, openid, address)
}

// Link implements desk.Platform.
func (p Platform) Link(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.URLLink(ctx, wechat.PageScan, "scene="+scene, life)
}

// AppLink implements desk.Platform.
func (p Platform) AppLink(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.Scheme(ctx, wechat.PageScan, "scene="+scene, life)
}

// CodeImage implements desk.Platform.
func (p Platform) CodeImage(ctx context.Context, scene string) ([]byte, error) {
	return p.Client.CodeImage(ctx, scene, CodeWidth)
}

// Template implements desk.Platform.
func (p Platform) Template(purpose notice.Purpose) string { return p.TemplateID(purpose) }

// PurposeOf implements desk.Platform.
func (p Platform) PurposeOf(template string) (notice.Purpose, bool) { return p.Purpose(template) }

// Push adapts the receiver of pushes to the HTTP server and the desk.
type Push struct{ *wechat.Receiver }

// Open implements web.Push.
func (p Push) Open(query url.Values, body []byte) ([]record.InboundEvent, error) {
	events, err := p.Receiver.Open(query, body)
	return Events(events), err
}

// Events converts events of the platform to the desk's. Kinds without a counterpart are dropped: they are
// acknowledged and have no effect.
func Events(events []wechat.Event) []record.InboundEvent {
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
				continue // delivered, as assumed
			}
			a.Kind, a.MsgID, a.ErrorCode = kit.EventSent, e.MsgID, e.ErrorCode
		case wechat.MediaCheck:
			a.Kind, a.Trace, a.Verdict, a.ErrorCode = kit.EventMediaCheck, e.Trace, e.Verdict, e.ErrorCode
		case wechat.SubscribePopup:
			a.Kind, a.Template, a.Accepted = kit.EventConsent, e.Template, e.Accept
		case wechat.SubscribeChange:
			a.Kind, a.Template = kit.EventConsentOff, e.Template
		case wechat.Unreadable:
			a.Kind, a.Message, a.Size, a.Why = inbound.EventUnread, e.MsgType, e.Size, string(e.Reason)
			if !e.FromPerson() {
				a.OpenID = "" // a machine cannot be asked to send it again
			}
		default:
			continue
		}
		list = append(list, a)
	}
	return list
}
