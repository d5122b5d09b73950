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

// auditSeal is the purpose under which audit lines are sealed.
const auditSeal = "audit"

// writeLine appends a line that is chained to all lines before it by a keyed MAC. Without the key nobody can
// change, remove or move a line undetected.
func (svc *Service) writeLine(ctx context.Context, st string, a record.Audit) error {
	// One writer at a time in this process: only other processes can then conflict.
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

// AuditChain returns the checker of a station's audit. known is a head kept elsewhere, nil for none.
func (svc *Service) AuditChain(st string, known *record.Head) *record.Chain {
	return &record.Chain{Station: st, KnownHead: known, Sealed: func(canonical, mac string) bool {
		return slices.Contains(svc.sealer.BlindIndexes(canonical, auditSeal), mac)
	}}
}

// Line is a line of the audit as the station's staff read it.
type Line struct {
	record.Link

	// Name is the actor's name, "" for visitors and for the command line.
	Name string
	// ObjectName is a submission's number, or a roster entry's or the station's name. It is "" for what has
	// none or no longer exists.
	ObjectName string
}

// Filter narrows the audit. Zero fields do not filter.
type Filter struct {
	// Object is an id, or a submission's number.
	Action, Object, By string
	// Query is searched in the reasons and in the actors' names.
	Query string
	// From (inclusive) and To (exclusive) bound the time.
	From, To time.Time
}

// auditSkew is how far lines may be out of the order of their times, because the clocks of two processes
// differ.
const auditSkew = time.Hour

// AuditList lists the audit, newest first, for the station's liaison and administrator.
func (svc *Service) AuditList(ctx context.Context, c access.Caller, f Filter, cursor string, limit int) (kit.PageOf[Line], error) {
	p := kit.PageOf[Line]{Items: []Line{}}
	st, at, limit, err := svc.kit.StaffPage(ctx, c, true, cursor, limit)
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

// Find reads up to limit lines before an entry that match the filter. next is the entry to continue from, "" at
// the end.
func (svc *Service) Find(ctx context.Context, st *station.Station, f Filter, before string, limit int) (found []record.Link, next string, err error) {
	for scanned := 0; scanned < kit.MaxScanned; scanned += kit.PageLimit {
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

// objectID resolves the object of a filter: a submission's number to its id, anything else unchanged.
func (svc *Service) objectID(ctx context.Context, st *station.Station, object string) (string, error) {
	number := numbers.Typed(object)
	from, ok := dayOfNumber(number)
	if !ok {
		return object, nil
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
				return object, nil
			}
		}
	}
	return object, nil
}

// dayOfNumber returns the day in a submission's number, such as 260715-0017.
func dayOfNumber(number string) (time.Time, bool) {
	day, _, ok := strings.Cut(number, "-")
	at, err := time.ParseInLocation("060102", day, station.Zone)
	return at, ok && err == nil
}

// objectName returns the name of a line's object; see Line.ObjectName.
func (svc *Service) objectName(ctx context.Context, st *station.Station, object string) (string, error) {
	if object == st.ID {
		return st.Name, nil
	}
	if kit.StationOf(object) != st.ID {
		return rosterName(st, object), nil
	}
	s, err := svc.kit.Records.Load(ctx, object)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Internal) {
		return "", nil // a record that cannot be read must not hide the lines
	}
	return s.Number, err
}

// rosterName returns the name of a roster entry: "<table or role>/<id>", such as "members/m01", or a person's
// id alone.
func rosterName(st *station.Station, object string) string {
	kind, id, ok := strings.Cut(object, "/")
	if !ok {
		m, _ := st.Holder(access.Member, object)
		l, _ := st.Holder(access.Liaison, object)
		return cmp.Or(m.Name, l.Name)
	}
	if t := station.TableByKey(kind); t != nil {
		if row, _ := t.Find(st, id); row != nil {
			return t.Name(row)
		}
		return ""
	}
	h, _ := st.Holder(access.Role(kind), id)
	return h.Name
}

// maxChecked is how many lines are checked within a request. The command line checks all.
const maxChecked = 1000

// Fault is a fault of a line. N is the line's place; 0 means a line before those checked.
type Fault struct {
	N    int64
	What string
}

// State is the state of a station's audit.
type State struct {
	// Count is the number of lines; Head is where they end.
	Count int64
	Head  record.Head
	// Checked is how many of the newest lines were checked; Unsealed is how many of those are older than the
	// chain.
	Checked, Unsealed int64
	// Wrong lists their faults.
	Wrong []Fault
	// Staff are the station's liaisons and administrators, including former ones.
	Staff []station.Liaison
}

// CheckAudit checks the newest lines of the audit, for the station's liaison and administrator.
func (svc *Service) CheckAudit(ctx context.Context, c access.Caller) (State, error) {
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
	// One more line, for the seal before the oldest checked one.
	list, err := svc.store.Audits(ctx, st.ID, "", maxChecked+1)
	if err != nil {
		return State{}, err
	}
	a := State{Count: max(count, int64(len(list))), Staff: st.Liaisons}
	slices.Reverse(list)
	chain := svc.AuditChain(st.ID, nil)
	if len(list) > maxChecked {
		chain.Head = record.Head{N: list[0].N, MAC: list[0].MAC}
		if list[0].MAC == "" {
			chain.Head.N = count - maxChecked
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
		a.Wrong = append(a.Wrong, Fault{What: record.Skipped}) // before the checked ones
	}
	return a, nil
}

// actorName returns the actor's name on the roster, "" for one it does not have.
func actorName(st *station.Station, a record.Audit) string {
	h, _ := st.Holder(access.Role(a.Role), a.ID)
	return h.Name
}
