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

// Invite makes an invitation for a member, liaison or department of the
// caller's station; id is looked up in that order. Only an administrator
// invites liaisons. Who has bound a WeChat already gets one only when it is asked for
// again, as it takes the role from that WeChat. It is written down first.
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

// issueFor is issue for a caller.
func (svc *Service) issueFor(ctx context.Context, w audit.Written, in record.Invite, held string) (Invitation, error) {
	if err := w.Of(audit.Invite, audit.InviteAll); err != nil {
		return Invitation{}, err
	}
	return svc.issue(ctx, in, held)
}

// IssueInvite makes an invitation without a caller: for the command line,
// where the first liaison comes from.
func (svc *Service) IssueInvite(ctx context.Context, in record.Invite) (Invitation, error) {
	held, err := svc.store.Bound(ctx, in)
	if err != nil {
		return Invitation{}, err
	}
	return svc.issue(ctx, in, held)
}

// issue makes an invitation that takes the role from nobody but held.
func (svc *Service) issue(ctx context.Context, in record.Invite, held string) (Invitation, error) {
	code, err := svc.kit.Random("", 10)
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{Code: code, ExpiresAt: svc.kit.Now().Add(svc.kit.Config.InviteTTL)}
	return inv, svc.store.PutInvite(ctx, kit.Hash(code), in, heldBy(held), svc.kit.Config.InviteTTL)
}

// Bind takes an invitation, once. That it is taken is written down first, and whoever
// had the role is told; from somebody who bound it since the invitation was made it is
// not taken (Conflict). The code may be typed in any width and with
// anything around and between its letters and digits.
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
		err = svc.store.Bind(ctx, c.Person, in) // the invitation's line says it
	default:
		by := access.Caller{Role: access.Role(in.Role), ID: in.Ref, Person: c.Person}
		rebind := audit.Act{By: by, What: audit.Rebind, Object: in.Role + "/" + in.Ref}
		err = audit.Run(ctx, svc.audit, in.Station, rebind, func(w audit.Written) error { return svc.rebind(ctx, w, c.Person, in) })
	}
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			// The code was good and likely did nothing: it can be tried again.
			err = errors.Join(err, svc.store.PutInvite(context.WithoutCancel(ctx), kit.Hash(code), in, held, svc.kit.Config.InviteTTL))
		}
		return User{}, err
	}
	svc.kit.Cache.Sessions.Clear()
	svc.kit.Cache.Bound.Clear()
	if before != "" {
		svc.tellReplaced(ctx, before, in)
	}
	p, err := svc.store.Person(ctx, c.Person)
	if err != nil {
		return User{}, err
	}
	bound, err := svc.kit.CallerOf(ctx, p)
	return UserOf(bound), err
}
