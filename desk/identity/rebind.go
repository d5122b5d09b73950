package identity

import (
	"context"
	"log/slog"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// A role has one WeChat. When another one takes it over, the former holder is notified: they may know nothing
// of it.

// checkRebind refuses an invitation for a bound role unless again is set. It returns the role's holder, "" for
// none: the invitation may take the role from no other person.
func (svc *Service) checkRebind(ctx context.Context, st *station.Station, in record.Invite, again bool) (held string, err error) {
	held, err = svc.store.Bound(ctx, in)
	if err != nil || held == "" || again {
		return held, err
	}
	return "", fault.New(fault.Conflict,
		"%s已经绑定了微信。新的邀请码一用，原来的微信就不再是%s；是本人要换微信，请核实后确认再发一次", roleName(st, in), roleName(st, in))
}

// checkHolder returns the holder from whom the caller takes the role, "" for none. It returns a Conflict if
// somebody else than held was bound since the invitation was made, because nobody confirmed that takeover.
func (svc *Service) checkHolder(ctx context.Context, c access.Caller, in record.Invite, held string) (before string, err error) {
	if before, err = svc.store.Bound(ctx, in); err != nil {
		return "", err
	}
	if before == "" || before == c.Person {
		return "", nil
	}
	if holderHash(before) != held {
		return "", fault.New(fault.Conflict, "这个邀请码发出以后，已有另一个微信绑定了这个身份；是本人要换微信，请向联络员说明，重新索取邀请码")
	}
	return before, nil
}

// rebind binds a role to another WeChat.
func (svc *Service) rebind(ctx context.Context, w audit.Written, person string, in record.Invite) error {
	if err := w.Of(audit.Rebind); err != nil {
		return err
	}
	return svc.store.Bind(ctx, person, in)
}

// holderHash is what an invitation stores of the role's holder.
func holderHash(person string) string {
	if person == "" {
		return ""
	}
	return kit.Hash(person)
}

// notifyReplaced notifies the former holder of a role by subscribe message, or in their chat while it is open.
// If neither is possible it writes an audit event: the staff can call them.
func (svc *Service) notifyReplaced(ctx context.Context, person string, in record.Invite) {
	sent, err := svc.sendReplaced(ctx, person, in)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "who had a role was not told", slog.Any("err", err))
	}
	if sent {
		return
	}
	if err := svc.audit.Note(ctx, in.Station, audit.RebindUndelivered, in.Role+"/"+in.Ref, ""); err != nil {
		svc.kit.Log.WarnContext(ctx, "not written down", slog.Any("err", err))
	}
}

func (svc *Service) sendReplaced(ctx context.Context, person string, in record.Invite) (sent bool, err error) {
	st, err := svc.kit.Roster(ctx, in.Station)
	if err != nil {
		return false, err
	}
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil {
		return false, err
	}
	release, ok, err := svc.store.LockPerson(ctx, person, kit.PersonLockTTL)
	if err != nil || !ok {
		return false, err
	}
	defer release()
	purpose := notice.ForRole(in.Role)
	use, why, err := svc.delivery.ChooseConsent(ctx, person, purpose)
	if err != nil {
		return false, err
	}
	if why == "" {
		m := notice.Replaced(use, in.Ref, roleName(st, in), st, casework.At(svc.kit.Now()))
		m.OpenID = openid
		r, cause := svc.platform.Notify(ctx, m)
		if r.Outcome == notice.Sent {
			return true, svc.store.SpendConsent(ctx, person, use)
		}
		err = cause
	}
	sentByChat, cause := svc.delivery.SendChat(ctx, person, openid, "您在"+st.Name+"的身份（"+roleName(st, in)+"）刚刚绑定到另一个微信。不是您本人换的，请马上致电"+st.Name+" "+st.Phone+"。", 0)
	if sentByChat {
		return true, nil
	}
	if cause != nil {
		err = cause
	}
	return false, err
}
