package roster

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/identity"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Bindable names somebody who can bind a WeChat.
type Bindable struct {
	Role string `json:"role" enum:"member,liaison,department"`
	ID   string `json:"id" maxLength:"64"`
}

// InviteMany is the body that makes invitations.
type InviteMany struct {
	Who []Bindable `json:"who,omitempty" nullable:"false" maxItems:"500" doc:"Left out: everybody who has bound no WeChat."`
}

// Invited is somebody with their invitation.
type Invited struct {
	Role       string    `json:"role" enum:"member,liaison,department"`
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Invitation string    `json:"invitation" doc:"Works once; it is shown this one time."`
	ExpiresAt  time.Time `json:"expires_at"`
}

// InvitedMany lists them.
type InvitedMany struct {
	Items []Invited `json:"items" nullable:"false"`
}

type (
	inviteManyIn struct{ Body InviteMany }
	unbindIn     struct {
		Role string `path:"role" enum:"member,liaison,department"`
		ID   string `path:"id" doc:"The member's, liaison's or department's id."`
	}
)

func (rt *routes) addBindings() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/invitations", "inviteMany", "Make an invitation for everybody who has bound no WeChat, or for those named. Written down first. Only an administrator invites liaisons.").
		By(web.StaffOrAdmin).Writes().Creates().Fails(http.StatusForbidden, http.StatusConflict), rt.inviteMany)
	web.Handle(rt.api, web.Op(http.MethodDelete, "/station/bindings/{role}/{id}", "unbindRole", "Take a role from the WeChat that has it and end its sessions, as when a phone is lost. Written down first.").
		By(web.StaffOrAdmin).Writes().Fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity),
		func(ctx context.Context, c access.Caller, in *unbindIn) (*web.Nothing, error) {
			return nil, rt.desk.identity.Unbind(ctx, c, access.Role(in.Role), in.ID)
		})
	web.Handle(rt.api, web.Op(http.MethodGet, "/members/{id}/page", "memberPage", "All that the staff see of a member: load, figures, absences, duty, squads, codes.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusNotFound), rt.memberPage)
}

func (rt *routes) inviteMany(ctx context.Context, c access.Caller, in *inviteManyIn) (*wire.Output[InvitedMany], error) {
	who := wire.Each(in.Body.Who, func(b Bindable) record.Invite { return record.Invite{Role: b.Role, Ref: b.ID} })
	list, err := rt.desk.identity.InviteAll(ctx, c, who)
	if err != nil {
		return nil, err
	}
	return &wire.Output[InvitedMany]{Body: InvitedMany{wire.Each(list, func(i identity.Invited) Invited {
		return Invited{string(i.Role), i.ID, i.Name, i.Code, i.ExpiresAt.In(station.Zone)}
	})}}, nil
}
