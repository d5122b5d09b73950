package identity

import (
	"context"
	"errors"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
)

// Invitation is a one-time code that binds a WeChat to a role.
type Invitation struct {
	Code      string
	ExpiresAt time.Time
}

// Invite makes an invitation for a member, liaison or department of the caller's station; id is looked up in
// that order. Only an administrator invites liaisons. For a role that is bound it returns a Conflict unless
// again is set, because the invitation takes the role from the bound WeChat. The act is audited.
func (svc *Service) Invite(ctx context.Context, c access.Caller, id string, again bool) (Invitation, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Invitation{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Invitation{}, err
	}
	in := record.Invite{Station: st.ID, Ref: id}
	for _, role := range []access.Role{access.Member, access.Liaison, access.Department} {
		if h, ok := st.Holder(role, id); ok && !h.Left {
			in.Role = string(role)
			break
		}
	}
	switch {
	case in.Role == "":
		return Invitation{}, access.Missing()
	case in.Role == string(access.Liaison) && c.Role != access.Admin:
		return Invitation{}, fault.New(fault.Denied, "联络员的邀请码由管理员发放")
	}
	held, err := svc.checkRebind(ctx, st, in, again)
	if err != nil {
		return Invitation{}, err
	}
	invite := audit.Act{By: c, What: audit.Invite, Object: in.Role + "/" + id}
	return audit.Do(ctx, svc.audit, st.ID, invite, func(w audit.Written) (Invitation, error) { return svc.issueFor(ctx, w, in, held) })
}

// issueFor is issue for an audited act.
func (svc *Service) issueFor(ctx context.Context, w audit.Written, in record.Invite, held string) (Invitation, error) {
	if err := w.Of(audit.Invite, audit.InviteAll); err != nil {
		return Invitation{}, err
	}
	return svc.issue(ctx, in, held)
}

// IssueInvite makes an invitation without a caller, for the command line: the first liaison of a station is
// invited there.
func (svc *Service) IssueInvite(ctx context.Context, in record.Invite) (Invitation, error) {
	held, err := svc.store.Bound(ctx, in)
	if err != nil {
		return Invitation{}, err
	}
	return svc.issue(ctx, in, held)
}

// issue makes an invitation. It may take the role from held only.
func (svc *Service) issue(ctx context.Context, in record.Invite, held string) (Invitation, error) {
	code, err := svc.kit.Random("", 10)
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{Code: code, ExpiresAt: svc.kit.Now().Add(svc.kit.Config.InviteTTL)}
	return inv, svc.store.PutInvite(ctx, kit.Hash(code), in, holderHash(held), svc.kit.Config.InviteTTL)
}

// Bind uses an invitation once and binds the caller to its role. Taking a role over from somebody else is
// audited, and the former holder is notified. If another person was bound after the invitation was made, Bind
// returns a Conflict. Width of the code's characters and anything around and between them do not matter.
func (svc *Service) Bind(ctx context.Context, c access.Caller, code string) (User, error) {
	if c.Person == "" {
		return User{}, access.NoSession()
	}
	code = fold.Code(code)
	in, held, err := svc.store.TakeInvite(ctx, kit.Hash(code))
	if fault.Is(err, fault.NotFound) {
		e := fault.New(fault.Invalid, "邀请码无效或已用过，请向联络员索取新的邀请码")
		e.Fields = []fault.Field{{Field: "invitation", Message: e.Message}}
		return User{}, e
	}
	if err != nil {
		return User{}, err
	}
	before, err := svc.checkHolder(ctx, c, in, held)
	switch {
	case err != nil:
	case before == "":
		err = svc.store.Bind(ctx, c.Person, in) // the invitation was audited
	default:
		by := access.Caller{Role: access.Role(in.Role), ID: in.Ref, Person: c.Person}
		rebind := audit.Act{By: by, What: audit.Rebind, Object: in.Role + "/" + in.Ref}
		err = audit.Run(ctx, svc.audit, in.Station, rebind, func(w audit.Written) error { return svc.rebind(ctx, w, c.Person, in) })
	}
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			// The code was valid and probably had no effect: it can be used again.
			err = errors.Join(err, svc.store.PutInvite(context.WithoutCancel(ctx), kit.Hash(code), in, held, svc.kit.Config.InviteTTL))
		}
		return User{}, err
	}
	svc.kit.Cache.Sessions.Clear()
	svc.kit.Cache.Bound.Clear()
	if before != "" {
		svc.notifyReplaced(ctx, before, in)
	}
	p, err := svc.store.Person(ctx, c.Person)
	if err != nil {
		return User{}, err
	}
	bound, err := svc.kit.CallerOf(ctx, p)
	return UserOf(bound), err
}
