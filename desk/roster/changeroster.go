package roster

import (
	"context"
	"slices"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// ChangeRoster replaces one station's roster by what change makes of a copy of
// it, though others change it at the same time. change may be called several
// times; it is given lists it may change, and members it may replace. What could
// be brought back before cannot be any more. It leaves no line in the audit: it is
// for what time alone changes. What somebody changes goes by changeRoster.
func (svc *Service) ChangeRoster(ctx context.Context, id string, change func(*station.Station) error) (*station.Station, error) {
	return svc.replaceRoster(ctx, id, func(stored *station.Station) (replacement, error) {
		next := copyToChange(stored)
		return replacement{next: next}, change(next)
	})
}

// changeRoster is ChangeRoster for what somebody does: change says what, and its line
// is written before the roster is stored, anew at each try.
func (svc *Service) changeRoster(ctx context.Context, id string, change func(*station.Station) (audit.Act, error)) (*station.Station, error) {
	return svc.replaceRoster(ctx, id, func(stored *station.Station) (replacement, error) {
		next := copyToChange(stored)
		act, err := change(next)
		return replacement{next: next, act: &act}, err
	})
}

// copyToChange is the next version of a roster, whose lists of members may be changed.
func copyToChange(stored *station.Station) *station.Station {
	next := *stored
	next.Members = slices.Clone(stored.Members)
	next.Version++
	next.Previous = nil
	return &next
}

// replacement is the roster that takes the place of a stored one.
type replacement struct {
	// next has a version one above.
	next *station.Station
	// act is by whom and why, nil for what nobody does.
	act *audit.Act
	// before is done after the line is written and before next is stored, nil for
	// nothing.
	before func(audit.Written) error
}

// replaceRoster is ChangeRoster for who makes the next roster of the stored one,
// which stays as it is.
func (svc *Service) replaceRoster(ctx context.Context, id string, build func(stored *station.Station) (replacement, error)) (*station.Station, error) {
	for range kit.MaxConflictRetries {
		stored, err := svc.store.Station(ctx, id)
		if err != nil {
			return nil, err
		}
		r, err := build(stored)
		if err != nil {
			return nil, err
		}
		ok, err := svc.storeRoster(ctx, r, stored)
		if err != nil {
			return nil, err
		}
		if ok {
			return r.next, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "多人正在同时修改本站名册，请稍后再试")
}

// storeRoster stores the next roster over the stored one, after its line; ok is false
// when another is stored by now.
func (svc *Service) storeRoster(ctx context.Context, r replacement, stored *station.Station) (ok bool, err error) {
	if r.act == nil {
		return svc.putRoster(ctx, r.next, stored.Version)
	}
	return audit.Do(ctx, svc.audit, stored.ID, *r.act, func(w audit.Written) (bool, error) {
		if r.before != nil {
			if err := r.before(w); err != nil {
				return false, err
			}
		}
		return svc.putChanged(ctx, w, r.next, stored.Version)
	})
}

// rosterActs are the acts that change a roster.
var rosterActs = []audit.Action{
	audit.PutEntry, audit.RemoveEntry, audit.UndoRoster, audit.ImportRoster, audit.SetRules, audit.UndoRules, audit.StartSurge, audit.EndSurge,
	audit.ReportAbsence, audit.EndAbsence, audit.SetDay, audit.DropDay, audit.SetRevealPolicy,
}

// putChanged is putRoster for what somebody changed.
func (svc *Service) putChanged(ctx context.Context, w audit.Written, next *station.Station, over int) (ok bool, err error) {
	if err := w.Of(rosterActs...); err != nil {
		return false, err
	}
	return svc.putRoster(ctx, next, over)
}

func (svc *Service) putRoster(ctx context.Context, next *station.Station, over int) (ok bool, err error) {
	ok, err = svc.store.PutStation(ctx, next, over)
	if err == nil {
		svc.kit.Cache.Stations.Forget(next.ID)
	}
	return ok, err
}
