package handover

import (
	"context"
	"net/http"
	"time"

	deskhandover "mashang/desk/handover"
	"mashang/domain/access"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// HandoverOffer is an offer as its filer sees it; without link and digits there is none.
type HandoverOffer struct {
	Token       string     `json:"token,omitempty" doc:"The link's secret, for a card: pages/takeover/index?t=<token>."`
	Link        string     `json:"link,omitempty" doc:"An address to be sent; the secret is behind the #, which no server is sent."`
	QR          string     `json:"qr,omitempty" doc:"The link as a QR code, a data: address of an SVG."`
	LinkUntil   *time.Time `json:"link_until,omitempty"`
	Claimed     bool       `json:"claimed" doc:"Somebody opened the link and waits. They were shown two digits; which, only they can say."`
	Full        bool       `json:"full,omitempty" doc:"So many opened the link that it helps nobody else: take it back and offer it anew."`
	Digits      string     `json:"digits,omitempty" doc:"Six digits for whoever has the number of phone_mask."`
	PhoneMask   string     `json:"phone_mask,omitempty"`
	DigitsUntil *time.Time `json:"digits_until,omitempty"`
	Follow      bool       `json:"follow" doc:"The filer goes on following it."`
}

// NewHandover is the body of an offer.
type NewHandover struct {
	Phone string `json:"phone,omitempty" maxLength:"40" doc:"A mainland mobile number: makes six digits that only whoever has proved this number can use."`
	Alone bool   `json:"alone,omitempty" doc:"The filer does not go on following it."`
}

// Confirmation is the body that names the claimant.
type Confirmation struct {
	Check string `json:"check" minLength:"1" maxLength:"16" doc:"The two digits that the right person reads out."`
}

type (
	offerIn struct {
		ID   string `path:"id" doc:"The submission's id."`
		Body NewHandover
	}
	confirmIn struct {
		ID   string `path:"id" doc:"The submission's id."`
		Body Confirmation
	}
)

func (rt *routes) addOffers() {
	const path = "/submissions/{id}/handover"
	web.Handle(rt.api, web.Op(http.MethodPost, path, "offerHandover", "Offer it to the person it was filed for, by a link and, with their number, by six digits.").
		By(web.May(access.Manage)).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.offer)
	web.Handle(rt.api, web.Op(http.MethodGet, path, "getHandover", "The offer as it stands.").
		By(web.May(access.Manage)).Background().Fails(http.StatusForbidden, http.StatusNotFound), rt.show)
	web.Handle(rt.api, web.Op(http.MethodDelete, path, "takeBackHandover", "End the offer: nothing that was sent of it works any more.").
		By(web.May(access.Manage)).Writes().Fails(http.StatusForbidden, http.StatusNotFound), rt.takeBack)
	web.Handle(rt.api, web.Op(http.MethodPost, path+"/confirm", "confirmHandover", "Give it to the claimant who was shown the two digits.").
		By(web.May(access.Manage)).Writes().MayEnd().Fails(http.StatusForbidden, http.StatusNotFound), rt.confirm)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/submissions/{id}/proxy", "endProxy", "Who handed it over follows it no more: by its visitor, or by that person.").
		By(web.May(access.Leave)).Writes().MayEnd().Fails(http.StatusForbidden, http.StatusNotFound), rt.endProxy)
}

func (rt *routes) offer(ctx context.Context, c access.Caller, in *offerIn) (*wire.Output[HandoverOffer], error) {
	return offered(rt.desk.Make(ctx, c, in.ID, in.Body.Phone, in.Body.Alone))
}

func (rt *routes) show(ctx context.Context, c access.Caller, in *wire.ByID) (*wire.Output[HandoverOffer], error) {
	return offered(rt.desk.Show(ctx, c, in.ID))
}

func (rt *routes) takeBack(ctx context.Context, c access.Caller, in *wire.ByID) (*web.Nothing, error) {
	return nil, web.Missing(rt.desk.TakeBack(ctx, c, in.ID))
}

func (rt *routes) confirm(ctx context.Context, c access.Caller, in *confirmIn) (*web.ChangeOutput, error) {
	return web.Changed(ctx)(rt.desk.Confirm(ctx, c, in.ID, in.Body.Check))
}

func (rt *routes) endProxy(ctx context.Context, c access.Caller, in *wire.ByID) (*web.ChangeOutput, error) {
	return web.Changed(ctx)(rt.desk.EndFollowing(ctx, c, in.ID))
}

func offered(o deskhandover.Offer, err error) (*wire.Output[HandoverOffer], error) {
	if err != nil {
		return nil, web.Missing(err)
	}
	out := HandoverOffer{
		Token: o.Token, Link: o.Link, LinkUntil: until(o.LinkUntil), Claimed: o.Claimed, Full: o.Full,
		Digits: o.Digits, PhoneMask: o.PhoneMask, DigitsUntil: until(o.DigitsUntil), Follow: o.Follow,
	}
	if len(o.Drawing) > 0 {
		out.QR = web.DataSVG(o.Drawing)
	}
	return &wire.Output[HandoverOffer]{Body: out}, nil
}

// until converts a time, nil for the zero time.
func until(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(station.Zone)
	return &t
}
