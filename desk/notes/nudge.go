package notes

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// Nudged is whom a nudge reached, by name. Whoever owes the next step is in one of the lists.
type Nudged struct {
	// Told are sent a notice.
	Told []string
	// Recent were nudged a short while ago, and are not nudged again.
	Recent []string
	// Unbound have no WeChat: a liaison has to call them.
	Unbound []string
}

// Nudge asks everybody who owes the next step of a submission to hurry.
func (svc *Service) Nudge(ctx context.Context, c access.Caller, id string) (Page, Nudged, error) {
	x, set, err := svc.load(ctx, c, access.Nudge, id)
	if err != nil {
		return Page{}, Nudged{}, err
	}
	_, told, err := set.WithNudges(x.Submission(), c.ID, svc.kit.Now())
	if err != nil {
		return Page{}, Nudged{}, err
	}
	names := make([]string, len(told))
	for i, d := range told {
		names[i] = nameOf(x, d)
	}
	var n Nudged
	act := audit.Act{By: c, What: audit.Nudge, Object: x.Submission().ID, Why: strings.Join(names, "、")}
	p, err := audit.Do(ctx, svc.audit, c.Station, act, func(w audit.Written) (Page, error) { return nudge(ctx, svc, w, c, id, &told) })
	if err != nil {
		return p, n, err
	}
	if n, err = svc.nudged(ctx, x, told); err != nil {
		// It is done, and a repeat would be refused. Whom it missed is on the undelivered list in a while.
		svc.kit.Log.WarnContext(ctx, "whom a nudge reached is not known", slog.String("submission", id), slog.Any("err", err))
	}
	return p, n, nil
}

// nudge sets told to those whom it nudged, which may be others than a moment before.
func nudge(ctx context.Context, svc *Service, w audit.Written, c access.Caller, id string, told *[]annotation.Debtor) (Page, error) {
	if err := w.Of(audit.Nudge); err != nil {
		return Page{}, err
	}
	return svc.change(ctx, c, access.Nudge, id, func(x kit.Scoped, set annotation.Set) (next annotation.Set, list []notice.Entry, err error) {
		now := svc.kit.Now()
		next, *told, err = set.WithNudges(x.Submission(), c.ID, now)
		return next, nudgeNotices(x.Submission(), *told, casework.At(now)), err
	})
}

// nudged tells whom a nudge of some debtors of a submission reached.
func (svc *Service) nudged(ctx context.Context, x kit.Scoped, told []annotation.Debtor) (n Nudged, err error) {
	roles := make([]record.Invite, len(told))
	for i, d := range told {
		roles[i] = record.Invite{Station: x.Submission().Station, Role: string(d.Role), Ref: d.Who}
	}
	persons, err := svc.store.BoundAll(ctx, roles)
	if err != nil {
		return n, err
	}
	for i, d := range told {
		if persons[i] == "" {
			n.Unbound = append(n.Unbound, nameOf(x, d))
		} else {
			n.Told = append(n.Told, nameOf(x, d))
		}
	}
	for _, d := range annotation.Debtors(x.Submission()) {
		if !slices.Contains(told, d) {
			n.Recent = append(n.Recent, nameOf(x, d))
		}
	}
	return n, nil
}

// nudgeNotices returns the notices to those who are nudged.
func nudgeNotices(s casework.Submission, told []annotation.Debtor, now casework.Millis) (list []notice.Entry) {
	for _, d := range told {
		if a, ok := s.AssistNumber(d.Assist); ok {
			list = append(list, notice.ToAssistant(s, a, notice.AboutNudge, now))
			continue
		}
		list = append(list, notice.Entry{
			Submission: s.ID, Purpose: notice.MemberUrge, Member: d.Who, About: notice.AboutNudge, Version: s.Version, At: int64(now),
		})
	}
	return list
}
