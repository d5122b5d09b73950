package desk

import (
	"context"
	"slices"

	"mashang/fault"
	"mashang/station"
)

// changeRoster replaces one station's roster by what change makes of a copy of
// it, though others change it at the same time. change may be called several
// times; it is given lists it may change, and members it may replace.
func (d *Desk) changeRoster(ctx context.Context, id string, change func(*station.Station) error) (*station.Station, error) {
	const tries = 5
	for range tries {
		stored, err := d.store.Station(ctx, id)
		if err != nil {
			return nil, err
		}
		next := *stored
		next.Members = slices.Clone(stored.Members)
		next.Version++
		if err := change(&next); err != nil {
			return nil, err
		}
		ok, err := d.store.PutStation(ctx, &next, stored.Version)
		if err != nil {
			return nil, err
		}
		d.cache.stations.forget(id)
		if ok {
			return &next, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "多人正在同时修改本站名册，请稍后再试")
}
