package desk

import (
	"context"
	"maps"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// roster returns the station, at most freshStation old. The value is shared:
// nobody changes it.
func (d *Desk) roster(ctx context.Context, id string) (*station.Station, error) {
	return d.cache.stations.get(ctx, id, func(ctx context.Context, old *station.Station) (*station.Station, error) {
		if old != nil {
			v, err := d.store.StationVersion(ctx, id)
			if err != nil {
				return nil, err
			}
			if v == old.Version {
				return old, nil
			}
		}
		return d.store.Station(ctx, id)
	})
}

// code returns the code behind a key, revoked or not.
func (d *Desk) code(ctx context.Context, key string) (station.Code, error) {
	return d.cache.codes.get(ctx, key, func(ctx context.Context, _ station.Code) (station.Code, error) {
		return d.store.Code(ctx, key)
	})
}

// loads returns how many open submissions each member of the station holds.
// The copy is the caller's.
func (d *Desk) loads(ctx context.Context, st *station.Station) (map[string]int, error) {
	m, err := d.cache.loads.get(ctx, st.ID, func(ctx context.Context, _ map[string]int) (map[string]int, error) {
		members := make([]string, 0, len(st.Members))
		for _, m := range st.Members {
			if !m.Gone {
				members = append(members, m.ID)
			}
		}
		return d.store.Loads(ctx, st.ID, members)
	})
	return maps.Clone(m), err
}

// callerOf builds the caller from a person's record and binding. A binding to
// somebody the roster no longer lists gives no rights.
func (d *Desk) callerOf(ctx context.Context, p Person) (access.Caller, error) {
	visitor := access.Caller{Person: p.ID, Role: access.Visitor, Contact: p.Contact}
	if p.Role == "" {
		return visitor, nil
	}
	st, err := d.roster(ctx, p.Station)
	if fault.Is(err, fault.NotFound) {
		return visitor, nil
	}
	if err != nil {
		return access.Caller{}, err
	}
	c := access.Caller{Person: p.ID, Role: access.Role(p.Role), Station: p.Station, ID: p.Ref, Contact: p.Contact}
	switch c.Role {
	case access.Member:
		m, ok := st.Member(p.Ref)
		if !ok || m.Gone {
			return visitor, nil
		}
		c.Name = m.Name
	case access.Liaison, access.Admin:
		l, ok := st.Liaison(p.Ref)
		if !ok || l.Gone {
			return visitor, nil
		}
		c.Name = l.Name
		c.Role = access.Liaison
		if l.Admin {
			c.Role = access.Admin
		}
	case access.Department:
		dep, ok := st.Department(p.Ref)
		if !ok {
			return visitor, nil
		}
		c.Name = dep.Name
	default:
		return visitor, nil
	}
	return c, nil
}

// memberOf returns the member id of the caller in the station, "" if none.
func memberOf(c access.Caller, st string) string {
	if c.Role == access.Member && c.Station == st {
		return c.ID
	}
	return ""
}
