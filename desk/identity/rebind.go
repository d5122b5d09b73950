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

// A role has one WeChat. When another takes it over, whoever had it is told: it may
// be that nobody asked them.

// checkRebind refuses an invitation for a role that is bound, until it is asked for
// again. It returns who has the role, "" for nobody: from anybody else the invitation
// is not to take it.
func (svc *Service) checkRebind(ctx context.Context, st *station.Station, in record.Invite, again bool) (held string, err error) {
	held, err = svc.store.Bound(ctx, in)
	if err != nil || held == "" || again {
		return held, err
	}
	return "", fault.New(fault.Conflict,
		"%s已经绑定了微信。新的邀请码一用，原来的微信就不再是%s；是本人要换微信，请核实后确认再发一次", roleName(st, in), roleName(st, in))
}

// checkHolder returns who has the role until the caller takes it, "" for nobody else. It
// is refused where somebody has bound it since the invitation was made, when held had
// it: nobody took a second look at that.
func (svc *Service) checkHolder(ctx context.Context, c access.Caller, in record.Invite, held string) (before string, err error) {
	if before, err = svc.store.Bound(ctx, in); err != nil {
		return "", err
	}
	if before == "" || before == c.Person {
		return "", nil
	}
	if heldBy(before) != held {
		return "", fault.New(fault.Conflict, "这个邀请码发出以后，已有另一个微信绑定了这个身份；是本人要换微信，请向联络员说明，重新索取邀请码")
	}
	return before, nil
}

// rebind gives a role that one WeChat has to another.
func (svc *Service) rebind(ctx context.Context, w audit.Written, person string, in record.Invite) error {
	if err := w.Of(audit.Rebind); err != nil {
		return err
	}
	return svc.store.Bind(ctx, person, in)
}

// heldBy is what an invitation keeps of who had its role.
func heldBy(person string) string {
	if person == "" {
		return ""
	}
	return kit.Hash(person)
}

// tellReplaced tells who had the role that another WeChat has it: by a message, or
// into their chat while that is open. Where neither reaches them it is written down
// for the staff, who have their number.
func (svc *Service) tellReplaced(ctx context.Context, person string, in record.Invite) {
	told, err := svc.notifyReplaced(ctx, person, in)
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "who had a role was not told", slog.Any("err", err))
	}
	if told {
		return
	}
	if err := svc.audit.Note(ctx, in.Station, audit.RebindUndelivered, in.Role+"/"+in.Ref, ""); err != nil {
		svc.kit.Log.WarnContext(ctx, "not written down", slog.Any("err", err))
	}
}

func (svc *Service) notifyReplaced(ctx context.Context, person string, in record.Invite) (told bool, err error) {
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
	said, cause := svc.delivery.SendChat(ctx, person, openid, "您在"+st.Name+"的身份（"+roleName(st, in)+"）刚刚绑定到另一个微信。不是您本人换的，请马上致电"+st.Name+" "+st.Phone+"。", 0)
	if said {
		return true, nil
	}
	if cause != nil {
		err = cause
	}
	return false, err
}
