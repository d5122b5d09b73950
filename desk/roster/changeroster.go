package roster

import (
	"context"
	"slices"

	"mashang/desk/kit"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// ChangeRoster replaces one station's roster by what change makes of a copy of
// it, though others change it at the same time. change may be called several
// times; it is given lists it may change, and members it may replace. What could
// be brought back before cannot be any more.
func (svc *Service) ChangeRoster(ctx context.Context, id string, change func(*station.Station) error) (*station.Station, error) {
	return svc.replaceRoster(ctx, id, func(stored *station.Station) (*station.Station, error) {
		next := *stored
		next.Members = slices.Clone(stored.Members)
		next.Version++
		next.Previous = nil
		return &next, change(&next)
	})
}

// replaceRoster is changeRoster for who makes the next roster of the stored one,
// which stays as it is. Its version must be one above.
func (svc *Service) replaceRoster(ctx context.Context, id string, build func(stored *station.Station) (*station.Station, error)) (*station.Station, error) {
	for range kit.MaxConflictRetries {
		stored, err := svc.store.Station(ctx, id)
		if err != nil {
			return nil, err
		}
		next, err := build(stored)
		if err != nil {
			return nil, err
		}
		ok, err := svc.store.PutStation(ctx, next, stored.Version)
		if err != nil {
			return nil, err
		}
		svc.kit.Cache.Stations.Forget(id)
		if ok {
			return next, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "多人正在同时修改本站名册，请稍后再试")
}
