package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Rules returns the station's routing rules for its liaison and administrator, with the station.
func (svc *Service) Rules(ctx context.Context, c access.Caller) (rules station.Rules, st *station.Station, err error) {
	if err := access.RequireStaff(c, true); err != nil {
		return station.Rules{}, nil, err
	}
	// Not from the cache, because an edit needs the newest version.
	st, err = svc.store.Station(ctx, c.Station)
	if err != nil {
		return station.Rules{}, nil, err
	}
	if st.Rules != nil {
		rules = *st.Rules
	}
	return rules, st, nil
}

// SetRules replaces the station's rules if they still have the version r.Version. It is audited. Errors:
// Conflict, Invalid by field.
func (svc *Service) SetRules(ctx context.Context, c access.Caller, r station.Rules) (station.Rules, *station.Station, error) {
	r = WithCleanWords(r)
	return svc.changeRules(ctx, c, audit.SetRules, r.Version, func(st *station.Station) (*station.Rules, error) {
		return &r, st.CheckRules(r)
	})
}

// WithCleanWords returns the rules with their category words cleaned.
func WithCleanWords(r station.Rules) station.Rules {
	words := maps.Clone(r.Words)
	for category, list := range words {
		words[category] = slices.Clone(list)
		for i, w := range list {
			words[category][i] = casework.Clean(w)
		}
	}
	r.Words = words
	return r
}

// UndoRules restores the previous rules as a new version. It refuses rules that name entries which have left
// the roster.
func (svc *Service) UndoRules(ctx context.Context, c access.Caller, version int) (station.Rules, *station.Station, error) {
	return svc.changeRules(ctx, c, audit.UndoRules, version, func(st *station.Station) (*station.Rules, error) {
		before := station.Rules{}
		switch {
		case st.Rules == nil:
			return nil, fault.New(fault.WrongState, "分派规则还没有改过，无可撤销")
		case st.PreviousRules != nil:
			before = *st.PreviousRules
		}
		return &before, st.CheckRules(before)
	})
}

func (svc *Service) changeRules(ctx context.Context, c access.Caller, what audit.Action, version int, build func(*station.Station) (*station.Rules, error)) (station.Rules, *station.Station, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return station.Rules{}, nil, err
	}
	st, err := svc.changeRoster(ctx, c.Station, func(st *station.Station) (audit.Act, error) {
		if version != st.RulesVersion() {
			return audit.Act{}, fault.New(fault.Conflict, "分派规则刚刚被改过（现在是第 %d 版），请刷新后再改", st.RulesVersion())
		}
		next, err := build(st)
		if err != nil {
			return audit.Act{}, err
		}
		next.Version = version + 1
		st.PreviousRules = st.Rules
		if st.PreviousRules == nil {
			st.PreviousRules = &station.Rules{}
		}
		st.Rules = next
		return audit.Act{By: c, What: what, Object: st.ID, Why: fmt.Sprintf("%d -> %d", version, next.Version)}, nil
	})
	if err != nil {
		return station.Rules{}, nil, err
	}
	return *st.Rules, st, nil
}
