package desk

import (
	"context"
	"errors"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
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
func (d *Desk) Invite(ctx context.Context, c access.Caller, id string, again bool) (Invitation, error) {
	if err := access.Staff(c, true); err != nil {
		return Invitation{}, err
	}
	st, err := d.roster(ctx, c.Station)
	if err != nil {
		return Invitation{}, err
	}
	in := Invite{Station: st.ID, Ref: id}
	if m, ok := st.Member(id); ok && !m.Gone {
		in.Role = string(access.Member)
	} else if l, ok := st.Liaison(id); ok && !l.Gone {
		if c.Role != access.Admin {
			return Invitation{}, fault.New(fault.Denied, "联络员的邀请码由管理员发放")
		}
		in.Role = string(access.Liaison)
	} else if _, ok := st.Department(id); ok {
		in.Role = string(access.Department)
	} else {
		return Invitation{}, access.Missing()
	}
	held, err := d.secondLook(ctx, st, in, again)
	if err != nil {
		return Invitation{}, err
	}
	if err := d.Record(ctx, st.ID, Audited{
		At: d.now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: "invite", Thing: in.Role + "/" + id,
	}); err != nil {
		return Invitation{}, err
	}
	return d.issue(ctx, in, held)
}

// IssueInvite makes an invitation without a caller: for the command line,
// where the first liaison comes from.
func (d *Desk) IssueInvite(ctx context.Context, in Invite) (Invitation, error) {
	held, err := d.store.Bound(ctx, in)
	if err != nil {
		return Invitation{}, err
	}
	return d.issue(ctx, in, held)
}

// issue makes an invitation that takes the role from nobody but held.
func (d *Desk) issue(ctx context.Context, in Invite, held string) (Invitation, error) {
	code, err := d.random("", 10)
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{Code: code, ExpiresAt: d.now().Add(d.cfg.InviteTTL)}
	return inv, d.store.PutInvite(ctx, hash(code), in, heldBy(held), d.cfg.InviteTTL)
}

// Bind takes an invitation, once. That it is taken is written down first, and whoever
// had the role is told; from somebody who bound it since the invitation was made it is
// not taken (Conflict). The code may be typed in any width and with
// anything around and between its letters and digits.
func (d *Desk) Bind(ctx context.Context, c access.Caller, code string) (User, error) {
	if c.Person == "" {
		return User{}, access.NoSession()
	}
	code = fold.Code(code)
	in, held, err := d.store.TakeInvite(ctx, hash(code))
	if fault.Is(err, fault.NotFound) {
		e := fault.New(fault.Invalid, "邀请码无效或已用过，请向联络员索取新的邀请码")
		e.Fields = []fault.Field{{Field: "invitation", Message: e.Message}}
		return User{}, e
	}
	if err != nil {
		return User{}, err
	}
	before, err := d.boundTo(ctx, c, in, held)
	if err == nil {
		err = d.store.Bind(ctx, c.Person, in)
	}
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			// The code was good and likely did nothing: it can be tried again.
			err = errors.Join(err, d.store.PutInvite(context.WithoutCancel(ctx), hash(code), in, held, d.cfg.InviteTTL))
		}
		return User{}, err
	}
	d.cache.sessions.clear()
	d.cache.bound.clear()
	if before != "" {
		d.tellReplaced(ctx, before, in)
	}
	p, err := d.store.Person(ctx, c.Person)
	if err != nil {
		return User{}, err
	}
	bound, err := d.callerOf(ctx, p)
	return userOf(bound), err
}
