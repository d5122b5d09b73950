package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/identity"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
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

// MemberPage is all that the staff see of one member.
type MemberPage struct {
	Member   RosterMember  `json:"member"`
	Capacity int           `json:"capacity" doc:"How many open submissions they can hold."`
	Month    Tally         `json:"month" doc:"Of what was filed since the first of the month."`
	Year     Tally         `json:"year" doc:"Of what was filed since the first of January."`
	Aims     []Aim         `json:"aims" nullable:"false"`
	Absences []AwayTime    `json:"absences" nullable:"false" doc:"Those that are not over."`
	Slots    []RosterDuty  `json:"slots" nullable:"false" doc:"Their duty as it is planned."`
	Turns    []Turn        `json:"turns" nullable:"false" doc:"Their duty of the next four weeks."`
	Squads   []RosterSquad `json:"squads" nullable:"false"`
	Codes    []KeptCode    `json:"codes" nullable:"false"`
}

type (
	inviteManyIn struct{ Body InviteMany }
	unbindIn     struct {
		Role string `path:"role" enum:"member,liaison,department"`
		ID   string `path:"id" doc:"The member's, liaison's or department's id."`
	}
	memberPageIn struct {
		ID string `path:"id" doc:"The member's id."`
	}
)

func (f *Face) addBindings() {
	handle(f, op(http.MethodPost, "/station/invitations", "inviteMany", "Make an invitation for everybody who has bound no WeChat, or for those named. Written down first. Only an administrator invites liaisons.").
		by(staffOrAdmin).writes().creates().fails(http.StatusForbidden, http.StatusConflict), f.inviteMany)
	handle(f, op(http.MethodDelete, "/station/bindings/{role}/{id}", "unbind", "Take a role from the WeChat that has it and end its sessions, as when a phone is lost. Written down first.").
		by(staffOrAdmin).writes().fails(http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity),
		func(ctx context.Context, c access.Caller, in *unbindIn) (*nothing, error) {
			return nil, f.desk.Identity.Unbind(ctx, c, access.Role(in.Role), in.ID)
		})
	handle(f, op(http.MethodGet, "/members/{id}/page", "memberPage", "All that the staff see of a member: load, figures, absences, duty, squads, codes.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusNotFound), f.memberPage)
}

func (f *Face) inviteMany(ctx context.Context, c access.Caller, in *inviteManyIn) (*answer[InvitedMany], error) {
	who := each(in.Body.Who, func(b Bindable) record.Invite { return record.Invite{Role: b.Role, Ref: b.ID} })
	list, err := f.desk.Identity.InviteAll(ctx, c, who)
	if err != nil {
		return nil, err
	}
	return &answer[InvitedMany]{InvitedMany{each(list, func(i identity.Invited) Invited {
		return Invited{string(i.Role), i.ID, i.Name, i.Code, i.ExpiresAt.In(station.Zone)}
	})}}, nil
}

func (f *Face) memberPage(ctx context.Context, c access.Caller, in *memberPageIn) (*answer[MemberPage], error) {
	p, err := f.desk.Overview.MemberPage(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	out := MemberPage{
		Member: rosterMemberOf(p.View, p.Member), Capacity: p.Capacity, Month: tallyOf(p.Month), Year: tallyOf(p.Year), Aims: aims(),
		Absences: each(p.Absences, awayTimeOf), Slots: each(p.Slots, dutySlotOf), Squads: each(p.Squads, squadOf),
		Turns: each(p.Turns, turnOf), Codes: make([]KeptCode, len(p.Codes)),
	}
	for i := range p.Codes {
		out.Codes[i] = kept(&p.Codes[i], f.desk.Codes.URL(p.Codes[i].Key))
	}
	return &answer[MemberPage]{out}, nil
}
