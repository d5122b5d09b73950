package roster

import (
	"context"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// View is a roster as its staff see it.
type View struct {
	// Station has station.PhoneUnchanged in place of each phone, and no Previous.
	Station *station.Station
	// Undo is the change that can be undone, without its roster; nil for none. By is a name.
	Undo *station.PreviousRoster
	// Bound tells which roles have a bound WeChat, Away which members are absent now, and Open how many
	// submissions each member has.
	Bound map[record.Invite]bool
	Away  map[string]bool
	Open  map[string]int
}

// Roster returns the roster of the caller's station for its staff. It bypasses the cache, because an edit needs
// the newest version.
func (svc *Service) Roster(ctx context.Context, c access.Caller) (View, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return View{}, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return View{}, err
	}
	v := View{Station: withoutPhones(st), Bound: map[record.Invite]bool{}, Away: map[string]bool{}}
	if b := st.Previous; b != nil {
		by, _ := st.Liaison(b.By)
		v.Undo = &station.PreviousRoster{At: b.At, By: by.Name, What: b.What}
	}
	roles := kit.Roles(st)
	persons, err := svc.store.BoundAll(ctx, roles)
	if err != nil {
		return View{}, err
	}
	for i, in := range roles {
		v.Bound[in] = persons[i] != ""
	}
	for _, m := range st.Members {
		v.Away[m.ID] = m.Away(svc.kit.Now())
	}
	v.Open, err = svc.kit.Loads(ctx, st)
	return v, err
}

// Bound counts who is on a roster, and who of them has bound a WeChat.
type Bound struct {
	Liaisons, LiaisonsBound, Members, MembersBound int
}

// CountBound counts the liaisons, without administrators, and the members of a station.
func (svc *Service) CountBound(ctx context.Context, st *station.Station) (Bound, error) {
	roles := kit.Roles(st)
	persons, err := svc.store.BoundAll(ctx, roles)
	if err != nil {
		return Bound{}, err
	}
	var n Bound
	for i, in := range roles {
		all, bound := &n.Members, &n.MembersBound
		switch access.Role(in.Role) {
		case access.Liaison:
			if l, _ := st.Liaison(in.Ref); l.Admin {
				continue
			}
			all, bound = &n.Liaisons, &n.LiaisonsBound
		case access.Department:
			continue
		}
		*all++
		if persons[i] != "" {
			*bound++
		}
	}
	return n, nil
}

// withoutPhones returns the roster with station.PhoneUnchanged in place of each number.
func withoutPhones(st *station.Station) *station.Station {
	open := *st
	open.Previous = nil
	kept := func(phone, _ string) (string, error) { return station.PhoneUnchanged, nil }
	open, _ = open.MapPhones(kept) // kept never fails
	return &open
}

// RosterPhone shows the number of a member, liaison or department to the staff. It is audited with the reason.
func (svc *Service) RosterPhone(ctx context.Context, c access.Caller, table, id, reason string) (string, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return "", err
	}
	reason, err := whyShown(reason)
	if err != nil {
		return "", err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return "", err
	}
	phone := rosterPhone(st, table, id)
	if phone == "" {
		return "", fault.New(fault.NotFound, "名册里没有留电话")
	}
	if err := svc.TakeReveal(ctx, c, st); err != nil {
		return "", err
	}
	look := audit.Act{By: c, What: audit.ShowRosterPhone, Object: table + "/" + id, Why: reason}
	return audit.Do(ctx, svc.audit, st.ID, look, func(w audit.Written) (string, error) { return svc.openPhone(w, st, phone) })
}

// openPhone returns a number of the roster in clear.
func (svc *Service) openPhone(w audit.Written, st *station.Station, sealed string) (string, error) {
	if err := w.Of(audit.ShowRosterPhone); err != nil {
		return "", err
	}
	return svc.sealer.Open(sealed, st.PhoneAAD())
}

// rosterPhone returns the sealed number of an entry, "" for none.
func rosterPhone(st *station.Station, table, id string) string {
	t := station.TableByKey(table)
	if t == nil {
		return ""
	}
	f, ok := t.SealedPhone()
	row, _ := t.Find(st, id)
	if !ok || row == nil {
		return ""
	}
	return *f.Text(row)
}

// whyShown cleans and checks a reason.
func whyShown(reason string) (string, error) {
	reason = casework.Clean(reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return "", kit.Field("reason", "请写明原因（500 字以内），会留下记录")
	}
	return reason, nil
}

// ExportRoster returns the roster as a spreadsheet. Phones are in clear, or replaced by a mark that an import
// leaves unchanged. It is audited with the reason.
func (svc *Service) ExportRoster(ctx context.Context, c access.Caller, reason string, phones bool) ([]byte, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	reason, err := whyShown(reason)
	if err != nil {
		return nil, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	what := audit.ExportRoster
	if phones {
		what = audit.ExportRosterPhones
	}
	export := audit.Act{By: c, What: what, Object: st.ID, Why: reason}
	return audit.Do(ctx, svc.audit, st.ID, export, func(w audit.Written) ([]byte, error) { return svc.writeSheet(w, st, phones) })
}

// writeSheet returns the roster as a spreadsheet, with phones in clear or marked.
func (svc *Service) writeSheet(w audit.Written, st *station.Station, phones bool) ([]byte, error) {
	if err := w.Of(audit.ExportRoster, audit.ExportRosterPhones); err != nil {
		return nil, err
	}
	open := *withoutPhones(st)
	if phones {
		now := *st
		now.Previous = nil // the undo copy's numbers are shown to nobody
		var err error
		if open, err = OpenPhones(w, svc.sealer, now); err != nil {
			return nil, err
		}
	}
	return svc.sheets.Write(&open)
}

// Import is a spreadsheet to import as the roster of the caller's station.
type Import struct {
	// Version is the roster's version that the caller saw; a dry run needs none.
	Version int
	Dry     bool
	// Name and Data are the file's.
	Name string
	Data []byte
}

// ImportRoster imports a spreadsheet, all or nothing. Problems other than warnings block it.
func (svc *Service) ImportRoster(ctx context.Context, c access.Caller, r Import) (Change, []record.SheetProblem, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Change{}, nil, err
	}
	listed, problems, err := svc.sheets.Read(r.Name, r.Data)
	if err != nil || record.Blocking(problems) {
		return Change{}, problems, err
	}
	if listed.ID != c.Station {
		return Change{}, nil, kit.Field("file", "这是站点“"+listed.ID+"”的名册，本站的编号是“"+c.Station+"”，请核对“站点”表")
	}
	if r.Dry {
		if r.Version, err = svc.store.StationVersion(ctx, c.Station); err != nil {
			return Change{}, nil, err
		}
	}
	out, err := svc.applyEdit(ctx, c, pendingEdit{
		version: r.Version, dry: r.Dry, what: audit.ImportRoster, object: c.Station,
		build:   func(st *station.Station) (*station.Station, error) { return svc.merged(st, listed) },
		changes: func(st *station.Station) []station.Change { return svc.listedChanges(st, listed) },
	})
	return out, problems, err
}

// KeepBefore is how long an edit of the roster can be undone.
const KeepBefore = time.Hour
