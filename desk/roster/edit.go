package roster

import (
	"context"
	"errors"
	"slices"
	"strings"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// Edit changes one entry of the caller's station's roster.
type Edit struct {
	// Version is the roster's version that the caller saw.
	Version int
	// Dry returns the changes without storing them.
	Dry bool
	// ID is the entry's id or key, a sector's name or a duty slot's ID. For a new slot it is any text that is
	// no slot's ID.
	ID string
	// Entry is the entry to put.
	Entry station.Entry
	// Phone is the entry's number as typed, "" for none; nil keeps the stored one.
	Phone *string
	// Merge allows renaming a sector to another's name, which merges the two.
	Merge bool
}

// Change is the result of an edit or import of a roster, or of its dry run.
type Change struct {
	Version int
	// Changes are Chinese sentences.
	Changes []string
	// NewCodes counts the new codes of targets that had none.
	NewCodes int
}

// pendingEdit is an edit to be applied.
type pendingEdit struct {
	version int
	dry     bool
	// what and object are for the audit.
	what   audit.Action
	object string
	// build makes the next roster from the stored one and checks it.
	build func(st *station.Station) (next *station.Station, err error)
	// changes returns the changes; nil compares the two rosters.
	changes func(st *station.Station) []station.Change
	// final edits cannot be undone.
	final bool
}

// PutEntry adds an entry to the roster or replaces the one with its id; a former person with the id is back.
// Errors: Conflict, Invalid by field, and Denied for staff entries, which only administrators edit.
func (svc *Service) PutEntry(ctx context.Context, c access.Caller, e Edit) (Change, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Change{}, err
	}
	table := e.Entry.Table()
	entry, err := tidied(e.Entry)
	if err != nil {
		return Change{}, err
	}
	return svc.applyEdit(ctx, c, pendingEdit{
		version: e.Version, dry: e.Dry, what: audit.PutEntry, object: table + "/" + e.ID,
		build: func(st *station.Station) (*station.Station, error) {
			if x, ok := entry.(station.Sector); ok {
				return svc.putSector(st, e, x)
			}
			entry, err := svc.withPhone(st, e, entry)
			if err != nil {
				return nil, err
			}
			if slot, ok := entry.(station.DutySlot); ok && slot.ID() != e.ID &&
				slices.ContainsFunc(st.Duty, func(o station.DutySlot) bool { return o.ID() == slot.ID() }) {
				return nil, kit.Field("member", "这一班已经排过了")
			}
			next, row := st.Put(e.ID, entry)
			return next, newFaults(st, next, table, row)
		},
	})
}

// putSector adds a sector or renames one.
func (svc *Service) putSector(st *station.Station, e Edit, x station.Sector) (*station.Station, error) {
	at := slices.IndexFunc(st.Sectors, func(o station.Sector) bool { return o.Name == e.ID })
	if x.Name == "" || strings.Contains(x.Name, "/") {
		return nil, kit.Field("name", "请填写名称，不要用斜线“/”")
	}
	if at < 0 {
		if x.Name != e.ID {
			return nil, access.Missing()
		}
		next, row := st.Put(e.ID, x)
		return next, newFaults(st, next, station.TableSector, row)
	}
	if x.Name == e.ID {
		return st, nil
	}
	if !e.Merge && slices.ContainsFunc(st.Sectors, func(o station.Sector) bool { return o.Name == x.Name }) {
		return nil, kit.Field("name", "已经有“"+x.Name+"”界别：要把两个并成一个，请选“并入”")
	}
	next, _ := st.Rename(e.ID, x.Name, svc.today())
	return next, newFaults(st, next, station.TableSector, at)
}

// RemoveEntry removes an entry from the roster. Members and staff stay in it as former ones.
func (svc *Service) RemoveEntry(ctx context.Context, c access.Caller, table string, e Edit) (Change, error) {
	return svc.applyEdit(ctx, c, pendingEdit{
		version: e.Version, dry: e.Dry, what: audit.RemoveEntry, object: table + "/" + e.ID,
		build: func(st *station.Station) (*station.Station, error) {
			next, ok := st.Remove(table, e.ID)
			if !ok {
				return nil, access.Missing()
			}
			return next, newFaults(st, next, table, -1)
		},
	})
}

// UndoRoster restores the roster before the last edit or import, unless another change followed.
func (svc *Service) UndoRoster(ctx context.Context, c access.Caller, version int) (Change, error) {
	return svc.applyEdit(ctx, c, pendingEdit{
		version: version, what: audit.UndoRoster, final: true,
		build: func(st *station.Station) (*station.Station, error) {
			if st.Previous == nil {
				return nil, fault.New(fault.WrongState, "没有可以撤销的修改：名册又有了别的变化，或时间已久")
			}
			next := *st.Previous.Roster
			return &next, nil
		},
	})
}

// applyEdit applies an audited edit and keeps the roster before it for UndoRoster.
func (svc *Service) applyEdit(ctx context.Context, c access.Caller, r pendingEdit) (Change, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Change{}, err
	}
	out, _, err := svc.applyPermittedEdit(ctx, c, r)
	return out, err
}

// applyPermittedEdit is applyEdit after the access check. It also returns the new codes.
func (svc *Service) applyPermittedEdit(ctx context.Context, c access.Caller, r pendingEdit) (Change, []station.Code, error) {
	if r.dry {
		st, err := svc.store.Station(ctx, c.Station)
		if err != nil {
			return Change{}, nil, err
		}
		next, out, err := svc.planned(c, r, st)
		if err != nil {
			return Change{}, nil, err
		}
		list, err := svc.codeless(ctx, next)
		out.NewCodes = len(list)
		return out, nil, err
	}
	var out Change
	st, err := svc.replaceRoster(ctx, c.Station, func(stored *station.Station) (replacement, error) {
		next, change, err := svc.planned(c, r, stored)
		if out = change; err != nil {
			return replacement{}, err
		}
		if len(out.Changes) == 0 {
			return replacement{}, errUnchanged
		}
		what := shorten(strings.Join(out.Changes, "；"))
		act := audit.Act{By: c, What: r.what, Object: r.object, Why: what}
		replaced := *next
		replaced.Version, replaced.Previous = stored.Version+1, nil
		if r.final { // an undo restores the same people
			return replacement{next: &replaced, act: &act}, nil
		}
		before := *stored
		before.Previous = nil
		replaced.Previous = &station.PreviousRoster{At: svc.kit.Now().UnixMilli(), By: c.ID, What: what, Roster: &before}
		unbind := func(w audit.Written) error { return svc.identity.UnbindFormer(ctx, w, stored, next) }
		return replacement{next: &replaced, act: &act, before: unbind}, nil
	})
	if errors.Is(err, errUnchanged) {
		return out, nil, nil
	}
	if err != nil {
		return Change{}, nil, err
	}
	out.Version = st.Version
	made, err := svc.mintMissing(ctx, st)
	out.NewCodes = len(made)
	return out, made, err
}

// errUnchanged ends an edit that changes nothing.
var errUnchanged = errors.New("desk: nothing changes")

// planned returns the next roster and the changes of an edit, if the caller may make it.
func (svc *Service) planned(c access.Caller, r pendingEdit, st *station.Station) (*station.Station, Change, error) {
	out := Change{Version: st.Version, Changes: []string{}}
	if r.version != st.Version {
		return nil, out, fault.New(fault.Conflict, "名册刚刚被改过（现在是第 %d 版），请刷新后再改", st.Version)
	}
	next, err := r.build(st)
	if err != nil {
		return nil, out, err
	}
	changes := station.Diff(st, next, nil)
	if r.changes != nil {
		changes = r.changes(st)
	}
	from, to := renamed(st, next)
	if from != "" {
		verb := "：改名为 "
		if slices.ContainsFunc(st.Sectors, func(x station.Sector) bool { return x.Name == to }) {
			verb = "：并入 "
		}
		out.Changes = append(out.Changes, "界别 "+from+verb+to)
	}
	for _, x := range changes {
		if from == "" || x.Table != station.TableSector {
			out.Changes = append(out.Changes, svc.sheets.Describe(x))
		}
	}
	return next, out, permitted(c, st, next, changes)
}

// renamed returns the sector that has another name in the next roster, "" for none.
func renamed(st, next *station.Station) (from, to string) {
	for _, x := range next.Sectors {
		if n := len(x.Was); n > 0 {
			last := x.Was[n-1].Name
			has := func(o station.Sector) bool { return o.Name == last }
			if slices.ContainsFunc(st.Sectors, has) && !slices.ContainsFunc(next.Sectors, has) {
				return last, x.Name
			}
		}
	}
	return "", ""
}

// permitted refuses staff changes by callers who are no administrators, and the removal of the last
// administrator.
func permitted(c access.Caller, st, next *station.Station, changes []station.Change) error {
	staff := slices.ContainsFunc(changes, func(x station.Change) bool { return x.Table == station.TableLiaison })
	switch {
	case c.Role == access.System: // anyone with the command line has the data
		return nil
	case staff && c.Role != access.Admin:
		return fault.New(fault.Denied, "联络员和管理员只能由管理员修改")
	case st.Admins() > 0 && next.Admins() == 0:
		return kit.Field("admin", "至少要留一名管理员，请先指定另一位")
	}
	return nil
}

// newFaults returns the faults that an edit adds to a roster as an Invalid error. Earlier faults of other rows
// do not count, so that the faults can be repaired one by one. Faults of the edited row are named by field,
// others by table and field.
func newFaults(st, next *station.Station, table string, row int) error {
	had := map[string]bool{}
	for _, f := range st.Check() {
		had[f.Table+"\x00"+f.Field+"\x00"+f.Message] = true
	}
	var c fault.Check
	for _, f := range next.Check() {
		own := f.Table == table && f.Row == row
		if !own && had[f.Table+"\x00"+f.Field+"\x00"+f.Message] {
			continue
		}
		name := f.Table + "." + f.Field
		if own {
			name = f.Field
		}
		c.Require(false, name, "%s", f.Message)
	}
	return c.Err()
}

// withPhone returns the entry with the stored or the typed number.
func (svc *Service) withPhone(st *station.Station, e Edit, entry station.Entry) (station.Entry, error) {
	table := station.TableByKey(entry.Table())
	f, ok := table.SealedPhone()
	if !ok {
		return entry, nil
	}
	stored := ""
	if old, _ := table.Find(st, e.ID); old != nil {
		stored = *f.Text(old)
	}
	phone, err := svc.phoneFor(st, stored, e.Phone, f.Hotlines)
	return table.With(entry, func(row any) { *f.Text(row) = phone }), err
}

// phoneFor is typedPhone, sealed.
func (svc *Service) phoneFor(st *station.Station, stored string, typed *string, hotlines bool) (string, error) {
	phone, err := typedPhone(stored, typed, hotlines)
	if typed == nil || phone == "" || err != nil {
		return phone, err
	}
	return svc.sealer.Seal(phone, st.PhoneAAD())
}

// typedPhone returns the stored number, or the typed one normalized.
func typedPhone(stored string, typed *string, hotlines bool) (string, error) {
	if typed == nil {
		return stored, nil
	}
	if !fold.Visible(*typed) {
		return "", nil
	}
	number, ok := station.Phone(*typed, hotlines)
	if !ok {
		return "", kit.Field("phone", "不是有效的电话：请填 11 位手机号，或带区号的固定电话")
	}
	return number, nil
}

// shorten cuts a text to the length of an audit line's reason.
func shorten(s string) string {
	if r := []rune(s); len(r) > casework.MaxReason {
		return string(r[:casework.MaxReason-1]) + "…"
	}
	return s
}
