package identity

import (
	"context"
	"fmt"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// maxInvitations is how many invitations one call makes.
const maxInvitations = 500

// Invited is a roster entry with its invitation.
type Invited struct {
	Role access.Role
	ID   string
	Name string
	Invitation
}

// InviteAll makes an invitation for everybody of the station without a bound WeChat, or for those of them in
// only. Only an administrator invites liaisons. The act is audited. The codes are not stored and shown once.
func (svc *Service) InviteAll(ctx context.Context, c access.Caller, only []record.Invite) ([]Invited, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	open, err := svc.Unbound(ctx, st)
	if err != nil {
		return nil, err
	}
	named := map[record.Invite]bool{}
	for _, in := range only {
		in.Station = st.ID
		named[in] = true
	}
	var list []record.Invite
	for _, in := range open {
		if (len(only) == 0 || named[in]) && (in.Role != string(access.Liaison) || c.Role == access.Admin) {
			list = append(list, in)
		}
	}
	switch {
	case len(list) == 0:
		return nil, fault.New(fault.WrongState, "没有需要发邀请码的人：都已绑定微信，或由管理员发放")
	case len(list) > maxInvitations:
		return nil, kit.Field("who", fmt.Sprintf("一次最多发 %d 个邀请码，请分批选择", maxInvitations))
	}
	invite := audit.Act{By: c, What: audit.InviteAll, Object: st.ID, Why: fmt.Sprintf("%d 人", len(list))}
	return audit.Do(ctx, svc.audit, st.ID, invite, func(w audit.Written) ([]Invited, error) {
		out := make([]Invited, len(list))
		for i, in := range list {
			inv, err := svc.issueFor(ctx, w, in, "") // they have bound none
			if err != nil {
				return nil, err
			}
			out[i] = Invited{Role: access.Role(in.Role), ID: in.Ref, Name: roleName(st, in), Invitation: inv}
		}
		return out, nil
	})
}

// roleName returns the roster's name of the role's holder.
func roleName(st *station.Station, in record.Invite) string {
	h, _ := st.Holder(access.Role(in.Role), in.Ref)
	return h.Name
}

// Unbind unbinds a role of the caller's station from its WeChat, ends its person's sessions and removes their
// credentials: the phone with the authenticator app may be lost or somebody else's. Only an administrator
// unbinds staff, and nobody unbinds themselves. The act is audited.
func (svc *Service) Unbind(ctx context.Context, c access.Caller, role access.Role, id string) error {
	if err := access.RequireStaff(c, true); err != nil {
		return err
	}
	if role == access.Admin {
		role = access.Liaison // administrators are bound as liaisons
	}
	switch {
	case role == access.Liaison && c.Role != access.Admin:
		return fault.New(fault.Denied, "联络员的微信由管理员解除")
	case role == access.Liaison && id == c.ID:
		return fault.New(fault.WrongState, "不能解除自己的微信，请另一位管理员来做")
	}
	in := record.Invite{Station: c.Station, Role: string(role), Ref: id}
	person, err := svc.store.Bound(ctx, in)
	if err != nil {
		return err
	}
	if person == "" {
		return fault.New(fault.NotFound, "还没有绑定微信，无需解除")
	}
	unbind := audit.Act{By: c, What: audit.Unbind, Object: in.Role + "/" + id}
	return audit.Run(ctx, svc.audit, c.Station, unbind, func(w audit.Written) error { return svc.unbind(ctx, w, in, person) })
}

// unbind unbinds the role from its person.
func (svc *Service) unbind(ctx context.Context, w audit.Written, in record.Invite, person string) error {
	if err := w.Of(audit.Unbind); err != nil {
		return err
	}
	// Sessions first: after an interruption here the act can be repeated.
	if err := svc.store.EndSessions(ctx, person); err != nil {
		return err
	}
	// The same WeChat may be bound again, and the lost phone's app must not work then.
	if err := svc.store.DropCredentials(ctx, person); err != nil {
		return err
	}
	_, err := svc.store.Unbind(ctx, in)
	svc.kit.Cache.Sessions.Clear()
	svc.kit.Cache.Bound.Clear()
	return err
}

// UnbindFormer unbinds the roles of former members and staff whose ids the next roster gives to other people,
// because the new ones would otherwise be bound to the former ones' WeChats. Somebody who returns under the
// same name keeps the binding.
func (svc *Service) UnbindFormer(ctx context.Context, w audit.Written, stored, next *station.Station) error {
	if err := w.Of(audit.PutEntry, audit.RemoveEntry, audit.ImportRoster); err != nil {
		return err
	}
	var list []record.Invite
	for _, x := range next.Liaisons {
		if old, ok := stored.Liaison(x.ID); ok && old.Left && !x.Left && old.Name != x.Name {
			list = append(list, record.Invite{Station: stored.ID, Role: string(access.Liaison), Ref: x.ID})
		}
	}
	for _, x := range next.Members {
		if old, ok := stored.Member(x.ID); ok && old.Left && !x.Left && old.Name != x.Name {
			list = append(list, record.Invite{Station: stored.ID, Role: string(access.Member), Ref: x.ID})
		}
	}
	for _, in := range list {
		if _, err := svc.store.Unbind(ctx, in); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		svc.kit.Cache.Sessions.Clear()
		svc.kit.Cache.Bound.Clear()
	}
	return nil
}

// Unbound lists the station's roles without a bound WeChat.
func (svc *Service) Unbound(ctx context.Context, st *station.Station) ([]record.Invite, error) {
	all := kit.Roles(st)
	persons, err := svc.store.BoundAll(ctx, all)
	if err != nil {
		return nil, err
	}
	var list []record.Invite
	for i, in := range all {
		if persons[i] == "" {
			list = append(list, in)
		}
	}
	return list, nil
}
