package matters

import (
	"context"
	"log/slog"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/listindex"
	"mashang/domain/record"
	"mashang/domain/station"
)

const (
	// maxPhoneCandidates is how many submissions are opened to find a number; the newest are.
	maxPhoneCandidates = 5_000
	// maxPhoneFound is how many submissions of one number are shown.
	maxPhoneFound = 100
)

// PhoneMatches are the submissions of a number, newest first. Partial: there may be older ones.
type PhoneMatches struct {
	Items   []View
	Partial bool
}

// FindByPhone lists the submissions of a caller's number, newest first: their own and those filed for them. Whoever
// knows a number learns by it what somebody filed, so it takes a whole number, a reason and an audit line, and
// counts as a number that is shown.
func (svc *Service) FindByPhone(ctx context.Context, c access.Caller, phone, reason string) (PhoneMatches, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return PhoneMatches{}, err
	}
	phone, reason = casework.NormalPhone(phone), casework.Clean(reason)
	var check fault.Check
	check.Require(casework.ValidPhone(phone), "phone", "请填完整的号码，座机要带区号")
	check.Require(reason != "" && casework.Runes(reason) <= casework.MaxReason, "reason", "请写明原因（500 字以内），会留下记录")
	if err := check.Err(); err != nil {
		return PhoneMatches{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return PhoneMatches{}, err
	}
	if err := svc.roster.TakeReveal(ctx, c, st); err != nil {
		return PhoneMatches{}, err
	}
	find := audit.Act{By: c, What: audit.FindPhone, Why: reason}
	return audit.Do(ctx, svc.audit, st.ID, find, func(w audit.Written) (PhoneMatches, error) { return findByPhone(ctx, svc, w, c, st, phone) })
}

// findByPhone opens the numbers of those whose mask fits.
func findByPhone(ctx context.Context, svc *Service, w audit.Written, c access.Caller, st *station.Station, phone string) (out PhoneMatches, err error) {
	if err := w.Of(audit.FindPhone); err != nil {
		return out, err
	}
	var found []casework.Submission
	q := listindex.Query{PhoneMask: casework.MaskPhone(phone)}
	for at, seen := (record.Cursor{}), 0; seen < maxPhoneCandidates; {
		_, list, next, err := svc.listing.Find(ctx, st.ID, q, at, kit.PageLimit)
		if err != nil {
			return out, err
		}
		seen += len(list)
		for _, s := range list {
			n, err := svc.Numbers(w, s)
			if err != nil {
				svc.kit.Log.WarnContext(ctx, "number not read", slog.String("submission", s.ID), slog.Any("err", err))
				continue
			}
			if n.Phone == phone || n.OnBehalfPhone == phone {
				found = append(found, s)
			}
		}
		if out.Partial = next != ""; !out.Partial || len(found) >= maxPhoneFound {
			break
		}
		if at, _, err = kit.PageBounds(next, kit.PageLimit); err != nil {
			return out, err
		}
	}
	out.Partial = out.Partial || len(found) > maxPhoneFound
	out.Items = svc.Views(c, st, found[:min(maxPhoneFound, len(found))])
	return out, nil
}
