package kit

import (
	"context"
	"maps"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Roster returns the station with the rosters of its days, at most stationTTL old. The value is shared and must not
// be changed.
func (k *Kit) Roster(ctx context.Context, id string) (*station.Station, error) {
	st, err := k.cachedRoster(ctx, id)
	if err != nil || k.withDays == nil {
		return st, err
	}
	return k.withDays(ctx, st), nil
}

func (k *Kit) cachedRoster(ctx context.Context, id string) (*station.Station, error) {
	return k.Cache.Stations.Get(ctx, id, func(ctx context.Context, old *station.Station) (*station.Station, error) {
		if old != nil {
			v, err := k.store.StationVersion(ctx, id)
			if err != nil {
				return nil, err
			}
			if v == old.Version {
				return old, nil
			}
		}
		return k.store.Station(ctx, id)
	})
}

// Code returns the code of a key, revoked or not.
func (k *Kit) Code(ctx context.Context, key string) (station.Code, error) {
	return k.Cache.Codes.Get(ctx, key, func(ctx context.Context, _ station.Code) (station.Code, error) {
		return k.store.Code(ctx, key)
	})
}

// Loads returns the number of open submissions of each member of the station. The map is a copy that the caller
// may change.
func (k *Kit) Loads(ctx context.Context, st *station.Station) (map[string]int, error) {
	m, err := k.Cache.loads.Get(ctx, st.ID, func(ctx context.Context, _ map[string]int) (map[string]int, error) {
		members := make([]string, 0, len(st.Members))
		for _, m := range st.Members {
			if !m.Left {
				members = append(members, m.ID)
			}
		}
		return k.store.Loads(ctx, st.ID, members)
	})
	return maps.Clone(m), err
}

// CallerOf builds the caller from a person's record and binding. A binding to an entry that has left the roster
// gives no rights.
func (k *Kit) CallerOf(ctx context.Context, p record.Person) (access.Caller, error) {
	visitor := access.Caller{Person: p.ID, Role: access.Visitor, Contact: p.Contact}
	if p.Role == "" {
		return visitor, nil
	}
	st, err := k.Roster(ctx, p.Station)
	if fault.Is(err, fault.NotFound) {
		return visitor, nil
	}
	if err != nil {
		return access.Caller{}, err
	}
	c := access.Caller{Person: p.ID, Role: access.Role(p.Role), Station: p.Station, ID: p.Ref, Contact: p.Contact}
	h, ok := st.Holder(c.Role, p.Ref)
	if !ok || h.Left {
		return visitor, nil
	}
	c.Name = h.Name
	// The roster decides which of the staff are administrators now.
	switch {
	case h.Admin:
		c.Role = access.Admin
	case c.Role == access.Admin:
		c.Role = access.Liaison
	}
	return c, nil
}

// MemberOf returns the caller's member id in the station, "" if the caller is no member there.
func MemberOf(c access.Caller, st string) string {
	if c.Role == access.Member && c.Station == st {
		return c.ID
	}
	return ""
}
