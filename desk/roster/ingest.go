package roster

import (
	"context"
	"slices"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// ImportResult is what an import did, or would do.
type ImportResult struct {
	Station *station.Station
	Changes []station.Change
	// Codes are those made for targets that had none.
	Codes []station.Code
}

// Preview says what taking the listed roster in would change; stored is nil for a
// new station.
func (svc *Service) Preview(ctx context.Context, listed *station.Station) (t ImportResult, stored *station.Station, err error) {
	stored, err = svc.store.Station(ctx, listed.ID)
	if fault.Is(err, fault.NotFound) {
		stored, err = nil, nil
	}
	if err != nil {
		return ImportResult{}, nil, err
	}
	return ImportResult{Station: listed, Changes: svc.listedChanges(stored, listed)}, stored, nil
}

// listedChanges are what a listed roster, whose phones are in clear, changes of a
// stored one.
func (svc *Service) listedChanges(stored, listed *station.Station) []station.Change {
	return station.Diff(stored, listed, func(sealed, plain string) bool {
		if sealed == "" || plain == "" {
			return sealed == plain
		}
		open, err := svc.sealer.Open(sealed, listed.PhoneAAD())
		return err == nil && open == plain
	})
}

// ImportListed takes a checked roster in without a caller, for the command line: phones
// sealed, people who are no longer listed kept as gone, a code made for each
// target without one. Of a station that is there it is an edit like any other:
// written down first, and to be taken back for an hour. Taking the same roster
// again changes nothing but what a crash left out.
func (svc *Service) ImportListed(ctx context.Context, listed *station.Station) (ImportResult, error) {
	t, stored, err := svc.Preview(ctx, listed)
	if err != nil {
		return ImportResult{}, err
	}
	if stored == nil {
		return svc.createStation(ctx, t)
	}
	cli := access.Caller{Role: access.System, Station: listed.ID}
	_, t.Codes, err = svc.applyPermittedEdit(ctx, cli, pendingEdit{
		version: stored.Version, what: audit.ImportRoster, thing: listed.ID,
		build:   func(st *station.Station) (*station.Station, error) { return svc.merged(st, listed) },
		changes: func(*station.Station) []station.Change { return t.Changes },
	})
	if err != nil {
		return ImportResult{}, err
	}
	if t.Station, err = svc.store.Station(ctx, listed.ID); err != nil {
		return ImportResult{}, err
	}
	made, err := svc.mintMissing(ctx, t.Station) // what a crash left out
	t.Codes = append(t.Codes, made...)
	return t, err
}

// createStation makes a new station of a listed one.
func (svc *Service) createStation(ctx context.Context, t ImportResult) (ImportResult, error) {
	st, err := svc.merged(nil, t.Station)
	if err != nil {
		return ImportResult{}, err
	}
	ok, err := svc.putRoster(ctx, st, 0)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "导入期间有人修改了这个站点，请重新导入")
	}
	if err != nil {
		return ImportResult{}, err
	}
	t.Station = st
	t.Codes, err = svc.mintMissing(ctx, st)
	return t, err
}

// merged is the roster that replaces the stored one, which may be nil.
func (svc *Service) merged(stored, listed *station.Station) (*station.Station, error) {
	sealed, err := listed.MapPhones(func(phone, bound string) (string, error) {
		if phone == station.PhoneUnchanged {
			return phone, nil
		}
		return svc.sealer.Seal(phone, bound)
	})
	if err != nil {
		return nil, err
	}
	next := station.Merge(stored, &sealed)
	if loop, found := next.Loops(); found { // with absences that were reported
		return nil, fault.New(fault.Invalid, "%s。名册未导入", next.DescribeLoop(loop))
	}
	return next, nil
}

// OpenPhones returns the roster with its sealed phones in clear; w says why.
func OpenPhones(w audit.Written, s Sealer, st station.Station) (station.Station, error) {
	if err := w.Of(audit.ExportRosterPhones); err != nil {
		return station.Station{}, err
	}
	return st.MapPhones(s.Open)
}

// Targets are all things of a station a code can point at, the station first.
func Targets(st *station.Station) []station.Target {
	list := []station.Target{{Kind: station.ForStation}}
	for _, m := range st.Members {
		if !m.Left {
			list = append(list, station.Target{Kind: station.ForMember, ID: m.ID})
		}
	}
	for _, r := range st.Rooms {
		list = append(list, station.Target{Kind: station.ForRoom, ID: r.ID})
	}
	for _, p := range st.Places {
		list = append(list, station.Target{Kind: station.ForPlace, ID: p.ID})
	}
	return list
}

// codeless are the targets of the roster that have no code.
func (svc *Service) codeless(ctx context.Context, st *station.Station) ([]station.Target, error) {
	codes, err := svc.store.Codes(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	has := map[station.Target]bool{}
	for _, c := range codes {
		has[c.Target] = true
	}
	return slices.DeleteFunc(Targets(st), func(t station.Target) bool { return has[t] }), nil
}

// mintMissing makes a code for each target without one.
func (svc *Service) mintMissing(ctx context.Context, st *station.Station) ([]station.Code, error) {
	list, err := svc.codeless(ctx, st)
	if err != nil {
		return nil, err
	}
	var made []station.Code
	for _, t := range list {
		c, err := svc.codes.MintCode(ctx, st.ID, t)
		if err != nil {
			return made, err
		}
		made = append(made, c)
	}
	return made, nil
}
