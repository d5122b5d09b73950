package overview

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/listindex"
	"mashang/domain/record"
	"mashang/domain/station"
)

// maxSnoozes is how many submissions a liaison can snooze at a time.
const maxSnoozes = 200

// Snoozed is a submission that the caller does not want to see on the start page before Until.
type Snoozed struct {
	Matter

	Until time.Time
}

// Snooze takes a submission off the caller's start page until a time of the same day, or until it changes. It is the
// caller's alone: nobody else sees a difference.
func (svc *Service) Snooze(ctx context.Context, c access.Caller, id string, version int, until time.Time) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	now := svc.kit.Now().In(station.Zone)
	if !until.After(now) || until.After(endOfDay(now)) {
		return kit.Field("until", "请选择今天稍后的一个时间")
	}
	x, err := svc.kit.Submission(ctx, c, access.Read, id)
	if err != nil {
		return err
	}
	if x.Submission().HasOpenDanger() {
		return fault.New(fault.WrongState, "险情不能稍后再看，请先处理")
	}
	asleep, err := svc.snoozes(ctx, c, now)
	if err != nil {
		return err
	}
	asleep[x.Submission().ID] = record.Snooze{Submission: x.Submission().ID, Version: version, Until: casework.At(until)}
	if len(asleep) > maxSnoozes {
		return fault.New(fault.TooMany, "稍后再看的已有 %d 件，请先处理一些", maxSnoozes)
	}
	return svc.putSnoozes(ctx, c, asleep)
}

// Unsnooze puts a submission back on the caller's start page. One that is not snoozed changes nothing.
func (svc *Service) Unsnooze(ctx context.Context, c access.Caller, id string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	asleep, err := svc.snoozes(ctx, c, svc.kit.Now())
	if err != nil {
		return err
	}
	if _, ok := asleep[id]; !ok {
		return nil
	}
	delete(asleep, id)
	return svc.putSnoozes(ctx, c, asleep)
}

// snoozes returns the caller's snoozes that have not ended, by submission.
func (svc *Service) snoozes(ctx context.Context, c access.Caller, now time.Time) (map[string]record.Snooze, error) {
	p, err := svc.store.Personal(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	out := make(map[string]record.Snooze, len(p.Snoozes))
	for _, s := range p.Snoozes {
		if s.Until > casework.At(now) {
			out[s.Submission] = s
		}
	}
	return out, nil
}

func (svc *Service) putSnoozes(ctx context.Context, c access.Caller, asleep map[string]record.Snooze) error {
	list := make([]record.Snooze, 0, len(asleep))
	for _, s := range asleep {
		list = append(list, s)
	}
	slices.SortFunc(list, bySnoozeEnd)
	return svc.store.PutPersonal(ctx, c.Person, record.Personal{Snoozes: list})
}

// snoozed reads snoozed submissions, the first to come back first. What groups show beside them is left out: nobody acts on
// them here.
func (svc *Service) snoozed(ctx context.Context, c access.Caller, st *station.Station, list []record.Snooze, now time.Time) ([]Snoozed, error) {
	slices.SortFunc(list, bySnoozeEnd)
	ids := make([]string, len(list))
	until := make(map[string]casework.Millis, len(list))
	for i, s := range list {
		ids[i], until[s.Submission] = s.Submission, s.Until
	}
	found, err := svc.kit.Records.LoadMany(ctx, st.ID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Snoozed, 0, len(found))
	err = svc.listing.WithIndex(ctx, st.ID, func(x *listindex.Index) {
		for _, s := range found {
			out = append(out, Snoozed{svc.matter(c, st, x, s, now), until[s.ID].Time()})
		}
	})
	return out, err
}

func bySnoozeEnd(a, b record.Snooze) int {
	return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.Submission, b.Submission))
}
