package roster

import (
	"context"
	"slices"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// ChangeRoster replaces a station's roster by a changed copy and retries after concurrent changes. change may
// be called several times; it may change the lists it gets and replace members in them. The change cannot be
// undone and clears the undo copy. It writes no audit line, so it is only for changes that no person makes;
// others use changeRoster.
func (svc *Service) ChangeRoster(ctx context.Context, id string, change func(*station.Station) error) (*station.Station, error) {
	return svc.replaceRoster(ctx, id, func(stored *station.Station) (replacement, error) {
		next := copyToChange(stored)
		return replacement{next: next}, change(next)
	})
}

// changeRoster is ChangeRoster for an audited change. change returns the act, whose line is written before each
// try to store the roster.
func (svc *Service) changeRoster(ctx context.Context, id string, change func(*station.Station) (audit.Act, error)) (*station.Station, error) {
	return svc.replaceRoster(ctx, id, func(stored *station.Station) (replacement, error) {
		next := copyToChange(stored)
		act, err := change(next)
		return replacement{next: next, act: &act}, err
	})
}

// copyToChange returns the next version of a roster, with its own copy of the list of members.
func copyToChange(stored *station.Station) *station.Station {
	next := *stored
	next.Members = slices.Clone(stored.Members)
	next.Version++
	next.Previous = nil
	return &next
}

// replacement is the next version of a stored roster.
type replacement struct {
	// next has the next version number.
	next *station.Station
	// act is the audited act, nil for none.
	act *audit.Act
	// before is called after the audit line is written and before next is stored; nil for nothing.
	before func(audit.Written) error
}

// replaceRoster is ChangeRoster with a function that builds the next roster. It must not change the stored one.
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

// storeRoster writes the audit line and stores the next roster over the stored one. ok is false after a
// concurrent change.
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

// putChanged is putRoster for an audited change.
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
