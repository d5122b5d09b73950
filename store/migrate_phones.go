package store

import (
	"context"
	"encoding/json"
	"errors"

	"mashang/domain/fault"
	"mashang/domain/station"
)

// DepartmentsSealedFrom is the format since which the departments' phone numbers are sealed.
const DepartmentsSealedFrom = 3

// toFormat3 seals the departments' phone numbers, in each roster and in its undo copy: up to format 2 they were
// stored in clear. An unreadable roster is left as it is; Verify lists it.
func toFormat3(ctx context.Context, s Upkeep, report func(done, total int)) error {
	keys := s.sealer.Load().Keys()
	if keys == nil {
		return broken(errNoKeys, "整个数据库")
	}
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return err
	}
	for i, id := range ids {
		var unsealed error
		err := s.reseal(ctx, []string{spaceOf(id).roster()}, func(key, value string) (string, bool) {
			var st station.Station
			if s.sealer.Load().Open(key, value, &st) != nil {
				return "", false
			}
			if unsealed = sealDepartments(keys, &st); unsealed != nil {
				return "", false
			}
			var text []byte
			if text, unsealed = json.Marshal(st); unsealed != nil {
				return "", false
			}
			return string(s.sealer.Load().Seal(key, text)), true
		})
		if err = errors.Join(unsealed, err); err != nil {
			return err
		}
		report(i+1, len(ids))
	}
	return nil
}

// sealDepartments seals the numbers that are not sealed yet: those that do not open. A number sealed with a key
// that has left the ring stops the migration, because sealing it again would lose it.
func sealDepartments(keys Keys, st *station.Station) error {
	rosters := []*station.Station{st}
	if st.Previous != nil && st.Previous.Roster != nil {
		rosters = append(rosters, st.Previous.Roster)
	}
	for _, roster := range rosters {
		for i, x := range roster.Departments {
			if x.Phone == "" {
				continue
			}
			if _, err := keys.Open(x.Phone, st.PhoneAAD()); err == nil {
				continue
			}
			if id := keys.MissingKey(x.Phone); id != "" {
				return fault.New(fault.Unavailable, "工作站 %s 有部门电话是用编号 %s 的密钥加密的，密钥环里没有这把密钥：请把它加回去（放在主密钥之后）再启动，会接着升级",
					st.ID, id)
			}
			sealed, err := keys.Seal(x.Phone, st.PhoneAAD())
			if err != nil {
				return err
			}
			roster.Departments[i].Phone = sealed
		}
	}
	return nil
}
