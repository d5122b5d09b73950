package roster

import (
	"context"
	"slices"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// ImportResult is the result of an import or of its preview.
type ImportResult struct {
	Station *station.Station
	Changes []station.Change
	// Codes are the new codes of targets that had none.
	Codes []station.Code
}

// Preview returns what importing a roster would change. stored is nil for a new station.
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

// listedChanges compares a listed roster, which has phones in clear, with the stored one.
func (svc *Service) listedChanges(stored, listed *station.Station) []station.Change {
	return station.Diff(stored, listed, func(sealed, plain string) bool {
		if sealed == "" || plain == "" {
			return sealed == plain
		}
		open, err := svc.sealer.Open(sealed, listed.PhoneAAD())
		return err == nil && open == plain
	})
}

// ImportListed imports a checked roster without a caller, for the command line. It seals the phones, marks
// people who are no longer listed as former, and makes a code for each target without one. For an existing
// station it is an audited edit that can be undone for an hour. Repeating it changes nothing, but completes an
// import that crashed.
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
		version: stored.Version, what: audit.ImportRoster, object: listed.ID,
		build:   func(st *station.Station) (*station.Station, error) { return svc.merged(st, listed) },
		changes: func(*station.Station) []station.Change { return t.Changes },
	})
	if err != nil {
		return ImportResult{}, err
	}
	if t.Station, err = svc.store.Station(ctx, listed.ID); err != nil {
		return ImportResult{}, err
	}
	made, err := svc.mintMissing(ctx, t.Station) // left out by a crash
	t.Codes = append(t.Codes, made...)
	return t, err
}

// createStation stores a new station.
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

// merged returns the roster that replaces the stored one, which may be nil.
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
	if loop, found := next.Loops(); found { // reported absences may close one
		return nil, fault.New(fault.Invalid, "%s。名册未导入", next.DescribeLoop(loop))
	}
	return next, nil
}

// OpenPhones returns the roster with its phones in clear; w proves the audit line.
func OpenPhones(w audit.Written, s Sealer, st station.Station) (station.Station, error) {
	if err := w.Of(audit.ExportRosterPhones); err != nil {
		return station.Station{}, err
	}
	return st.MapPhones(s.Open)
}

// Targets lists all things of a station that a code can point at, the station first.
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
	for _, r := range st.Receptions {
		list = append(list, station.Target{Kind: station.ForReception, ID: r.ID})
	}
	return list
}

// codeless returns the targets that have no code.
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
