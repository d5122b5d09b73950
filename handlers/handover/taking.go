package handover

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// HandoverLink is the body that claims what a link hands over.
type HandoverLink struct {
	Token string `json:"token" minLength:"1" maxLength:"64" doc:"The link's secret."`
}

// HandoverClaim is what somebody who opened a link is shown.
type HandoverClaim struct {
	Check      string     `json:"check,omitempty" doc:"Two digits to tell the person who sent the link; nobody else is shown them."`
	Until      *time.Time `json:"until,omitempty"`
	Submission string     `json:"submission,omitempty" doc:"Its id, once it is the caller's. Until then nothing of it is shown."`
}

// Takeover is the body with six digits.
type Takeover struct {
	Code      string `json:"code" minLength:"1" maxLength:"64" doc:"Six digits; spaces and hyphens do not matter."`
	PhoneCode string `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number, of whoever did not log in with the number."`
}

type (
	linkIn     struct{ Body HandoverLink }
	takeoverIn struct{ Body Takeover }
)

func (rt *routes) addTaking() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/handovers", "claimHandover", "Claim what a link hands over; again, to learn whether it is the caller's by now.").
		Writes().Fails(http.StatusNotFound), rt.claim)
	web.Handle(rt.api, web.Op(http.MethodPost, "/takeovers", "takeOverSubmission", "Take over what somebody filed for the caller, by six digits and the number they are bound to.").
		Writes().Proves("code"), rt.takeOver)
}

func (rt *routes) claim(ctx context.Context, c access.Caller, in *linkIn) (*wire.Output[HandoverClaim], error) {
	claim, err := rt.desk.Claim(ctx, c, in.Body.Token)
	return &wire.Output[HandoverClaim]{Body: HandoverClaim{claim.Check, until(claim.Until), claim.Submission}}, err
}

// takeOver counts wrong digits as wrong invitations, as both can be guessed.
func (rt *routes) takeOver(ctx context.Context, c access.Caller, in *takeoverIn) (*web.ChangeOutput, error) {
	return web.Changed(ctx)(web.Guessed(rt.api, c, func() (matters.View, error) {
		return rt.desk.Redeem(ctx, c, in.Body.Code, in.Body.PhoneCode)
	}))
}
