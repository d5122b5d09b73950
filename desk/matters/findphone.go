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

// FindByPhone lists the submissions of a caller's number, newest first: their own and those filed for them. Whoever
// knows a number learns by it what somebody filed, so it takes a whole number, a reason and an audit line, and
// counts as a number that is shown.
func (svc *Service) FindByPhone(ctx context.Context, c access.Caller, phone, reason string) ([]View, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return nil, err
	}
	phone, reason = casework.NormalPhone(phone), casework.Clean(reason)
	var check fault.Check
	check.Require(casework.ValidPhone(phone), "phone", "请填完整的号码，座机要带区号")
	check.Require(reason != "" && casework.Runes(reason) <= casework.MaxReason, "reason", "请写明原因（500 字以内），会留下记录")
	if err := check.Err(); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	if err := svc.roster.TakeReveal(ctx, c, st); err != nil {
		return nil, err
	}
	find := audit.Act{By: c, What: audit.FindPhone, Why: reason}
	return audit.Do(ctx, svc.audit, st.ID, find, func(w audit.Written) ([]View, error) { return findByPhone(ctx, svc, w, c, st, phone) })
}

// findByPhone opens the numbers of those whose mask fits.
func findByPhone(ctx context.Context, svc *Service, w audit.Written, c access.Caller, st *station.Station, phone string) ([]View, error) {
	if err := w.Of(audit.FindPhone); err != nil {
		return nil, err
	}
	var found []casework.Submission
	q := listindex.Query{PhoneMask: casework.MaskPhone(phone)}
	for at, seen := (record.Cursor{}), 0; seen < maxPhoneCandidates; {
		_, list, next, err := svc.listing.Find(ctx, st.ID, q, at, kit.PageLimit)
		if err != nil {
			return nil, err
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
		if next == "" || len(found) >= maxPhoneFound {
			break
		}
		if at, _, err = kit.PageBounds(next, kit.PageLimit); err != nil {
			return nil, err
		}
	}
	return svc.Views(c, st, found[:min(maxPhoneFound, len(found))]), nil
}
