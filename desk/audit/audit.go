package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/numbers"
	"mashang/domain/record"
	"mashang/domain/station"
)

// auditSeal is the purpose of the audit's seals.
const auditSeal = "audit"

// writeLine writes a line, sealed with everything written before it: whoever changes,
// removes or moves a line without the key is found out.
func (svc *Service) writeLine(ctx context.Context, st string, a record.Audit) error {
	// One at a time in this process: only others can then be in the way.
	select {
	case svc.writing <- struct{}{}:
		defer func() { <-svc.writing }()
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Unavailable, "操作记录正忙，请稍后再试")
	}
	for range kit.MaxConflictRetries {
		last, count, err := svc.store.LastAudit(ctx, st)
		if err != nil {
			return err
		}
		l := record.Link{Audit: a, N: count + 1}
		if last.MAC != "" {
			l.N = last.N + 1
		}
		l.MAC = svc.sealer.BlindIndex(l.Canonical(st, last.MAC), auditSeal)
		if ok, err := svc.store.AppendAudit(ctx, st, last.Entry, l); ok || err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "操作记录正忙，请稍后再试")
}

// AuditChain is what checks a station's audit; known is a head kept elsewhere,
// nil for none.
func (svc *Service) AuditChain(st string, known *record.Head) *record.Chain {
	return &record.Chain{Station: st, KnownHead: known, Sealed: func(canonical, mac string) bool {
		return slices.Contains(svc.sealer.BlindIndexes(canonical, auditSeal), mac)
	}}
}

// Line is a line of the audit as the station's staff read it.
type Line struct {
	record.Link

	// Name is of who did it, "" for visitors and for the command line.
	Name string
	// ObjectName is what people call the thing: a submission's number, a member's
	// or the station's name; "" for what has none or is there no more.
	ObjectName string
}

// Filter narrows the audit; zero values leave it.
type Filter struct {
	// Object is an id, or a submission's number.
	Action, Object, By string
	// Query is looked for in the reasons and in the names of who did it.
	Query string
	// From and To bound when it was, from From up to before To.
	From, To time.Time
}

// auditSkew is by how much lines may be out of the order of their times: the
// clocks of two processes differ.
const auditSkew = time.Hour

// AuditList lists who did what, the newest first, for the station's liaison and
// administrator.
func (svc *Service) AuditList(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (kit.PageOf[Line], error) {
	p := kit.PageOf[Line]{Items: []Line{}}
	st, at, limit, err := svc.kit.StaffPlace(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	if f.Object, err = svc.objectID(ctx, st, fold.Plain(f.Object)); err != nil {
		return p, err
	}
	lines, next, err := svc.Find(ctx, st, f, at.ID, limit)
	if err != nil {
		return p, err
	}
	if next != "" {
		p.Next = kit.EncodeCursor(record.Cursor{ID: next})
	}
	for _, l := range lines {
		line := Line{Link: l, Name: actorName(st, l.Audit)}
		if line.ObjectName, err = svc.objectName(ctx, st, l.Object); err != nil {
			return p, err
		}
		p.Items = append(p.Items, line)
	}
	return p, nil
}

// Find reads up to limit lines before an entry that the filter lets through;
// next is where to go on, "" at the end.
func (svc *Service) Find(ctx context.Context, st *station.Station, f Filter, before string, limit int) (found []record.Link, next string, err error) {
	for scanned := 0; scanned < kit.MostScanned; scanned += kit.PageLimit {
		list, err := svc.store.Audits(ctx, st.ID, before, kit.PageLimit)
		if err != nil {
			return nil, "", err
		}
		for i, l := range list {
			if !f.From.IsZero() && l.At.Before(f.From.Add(-auditSkew)) {
				return found, "", nil
			}
			before = l.Entry
			if !f.matches(st, l) {
				continue
			}
			if found = append(found, l); len(found) == limit {
				if i < len(list)-1 || len(list) == kit.PageLimit {
					next = before
				}
				return found, next, nil
			}
		}
		if len(list) < kit.PageLimit {
			return found, "", nil
		}
	}
	return found, before, nil
}

func (f Filter) matches(st *station.Station, l record.Link) bool {
	return (f.Action == "" || l.Action == f.Action) && (f.Object == "" || l.Object == f.Object) && (f.By == "" || l.ID == f.By) &&
		(f.From.IsZero() || !l.At.Before(f.From)) && (f.To.IsZero() || l.At.Before(f.To)) &&
		fold.Has(fold.Words(f.Query), l.Why, actorName(st, l.Audit))
}

// objectID is the id of what a filter names: a submission by its number, anything
// else by its id.
func (svc *Service) objectID(ctx context.Context, st *station.Station, thing string) (string, error) {
	number := numbers.Typed(thing)
	from, ok := dayOfNumber(number)
	if !ok {
		return thing, nil
	}
	first, last := casework.At(from), casework.At(from.AddDate(0, 0, 1))
	for after, more := (record.Cursor{Score: float64(last), ID: st.ID + "-~"}), true; more; {
		var list []casework.Submission
		var err error
		if list, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.All}, after, kit.PageLimit); err != nil {
			return "", err
		}
		for _, s := range list {
			if s.Number == number {
				return s.ID, nil
			}
			if s.FiledAt < first {
				return thing, nil
			}
		}
	}
	return thing, nil
}

// dayOfNumber is the day in a submission's number, 260715-0017.
func dayOfNumber(number string) (time.Time, bool) {
	day, _, ok := strings.Cut(number, "-")
	at, err := time.ParseInLocation("060102", day, station.Zone)
	return at, ok && err == nil
}

// objectName is what people call what a line is about.
func (svc *Service) objectName(ctx context.Context, st *station.Station, thing string) (string, error) {
	if thing == st.ID {
		return st.Name, nil
	}
	if kit.StationOf(thing) != st.ID {
		return rosterName(st, thing), nil
	}
	s, err := svc.kit.Records.Load(ctx, thing)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Internal) {
		return "", nil // one that cannot be read must not hide the lines
	}
	return s.Number, err
}

// rosterName is what the roster calls an entry: of a table or a role, as
// "members/m01", or a person by their id alone.
func rosterName(st *station.Station, thing string) string {
	kind, id, ok := strings.Cut(thing, "/")
	if !ok {
		m, _ := st.Holder(access.Member, thing)
		l, _ := st.Holder(access.Liaison, thing)
		return cmp.Or(m.Name, l.Name)
	}
	switch kind {
	case station.TableRoom:
		x, _ := st.Room(id)
		return x.Name
	case station.TablePlace:
		x, _ := st.Place(id)
		return x.Name
	case station.TableSquad:
		x, _ := st.Squad(id)
		return x.Name
	case station.TableCategory:
		x, _ := st.Category(id)
		return x.Name
	default:
		h, _ := st.Holder(cmp.Or(station.RoleIn(kind), access.Role(kind)), id)
		return h.Name
	}
}

// auditChecked is how many lines are checked while somebody waits; the command
// line checks all.
const auditChecked = 1000

// Fault is what is wrong with a line, by its place; a place of 0 is none of
// the lines that were checked.
type Fault struct {
	N    int64
	What string
}

// State is how a station's audit stands.
type State struct {
	// Count is how many lines there are, Head where they end.
	Count int64
	Head  record.Head
	// Checked are how many of the newest were checked, Unsealed how many of them
	// are of before there was a chain.
	Checked, Unsealed int64
	// Wrong is what is wrong with them.
	Wrong []Fault
	// Staff are the station's liaisons and administrators, those who left too.
	Staff []station.Liaison
}

// AuditHead checks the newest lines of the audit, for the station's liaison and
// administrator.
func (svc *Service) AuditHead(ctx context.Context, c access.Caller) (State, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return State{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return State{}, err
	}
	last, count, err := svc.store.LastAudit(ctx, st.ID)
	if err != nil {
		return State{}, err
	}
	// One more, for the seal before the oldest that is checked.
	list, err := svc.store.Audits(ctx, st.ID, "", auditChecked+1)
	if err != nil {
		return State{}, err
	}
	a := State{Count: max(count, int64(len(list))), Staff: st.Liaisons}
	slices.Reverse(list)
	chain := svc.AuditChain(st.ID, nil)
	if len(list) > auditChecked {
		chain.Head = record.Head{N: list[0].N, MAC: list[0].MAC}
		if list[0].MAC == "" {
			chain.Head.N = count - auditChecked
		}
		list = list[1:]
	}
	for _, l := range list {
		if what := chain.Next(l); what != "" {
			a.Wrong = append(a.Wrong, Fault{chain.Head.N, what})
		}
	}
	a.Head, a.Checked, a.Unsealed = chain.Head, int64(len(list)), chain.Unsealed
	if last.MAC != "" && count < last.N && len(a.Wrong) == 0 {
		a.Wrong = append(a.Wrong, Fault{What: record.Skipped}) // before those that were checked
	}
	return a, nil
}

// actorName is what the roster calls who did something, "" for whom it does not have.
func actorName(st *station.Station, a record.Audit) string {
	h, _ := st.Holder(access.Role(a.Role), a.ID)
	return h.Name
}
