package desk

import (
	"context"
	"slices"
	"strings"

	"mashang/access"
	"mashang/fault"
	"mashang/record"
	"mashang/station"
)

// auditSeal is the purpose of the audit's seals.
const auditSeal = "audit"

// Record writes down what somebody does, sealed with everything written before
// it: whoever changes, removes or moves a line without the key is found out. It
// comes before the act; an act that cannot be written down is not done.
func (d *Desk) Record(ctx context.Context, st string, a Audited) error {
	// One at a time in this process: only others can then be in the way.
	select {
	case d.writing <- struct{}{}:
		defer func() { <-d.writing }()
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Unavailable, "操作记录正忙，请稍后再试")
	}
	const tries = 50
	for range tries {
		last, count, err := d.store.LastAudit(ctx, st)
		if err != nil {
			return err
		}
		l := record.Link{Audit: a, N: count + 1}
		if last.MAC != "" {
			l.N = last.N + 1
		}
		l.MAC = d.sealer.BlindIndex(l.Canonical(st, last.MAC), auditSeal)
		if ok, err := d.store.AppendAudit(ctx, st, last.Entry, l); ok || err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "操作记录正忙，请稍后再试")
}

// AuditChain is what checks a station's audit; known is a head kept elsewhere,
// nil for none.
func (d *Desk) AuditChain(st string, known *record.Head) *record.Chain {
	return &record.Chain{Station: st, Known: known, Sealed: func(canonical, mac string) bool {
		return slices.Contains(d.sealer.BlindIndexes(canonical, auditSeal), mac)
	}}
}

// AuditLine is a line of the audit as the station's staff read it.
type AuditLine struct {
	record.Link

	// Name is of who did it, "" for visitors and for the command line.
	Name string
}

// AuditFilter narrows the audit; zero values leave it.
type AuditFilter struct {
	What, Thing, By string
	// Query is looked for in the reasons.
	Query string
}

// AuditList lists who did what, the newest first, for the station's liaison and
// administrator.
func (d *Desk) AuditList(ctx context.Context, c access.Caller, f AuditFilter, cursor string, limit int) (PageOf[AuditLine], error) {
	p := PageOf[AuditLine]{Items: []AuditLine{}}
	st, at, limit, err := d.staffPlace(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	before, q := at.ID, strings.TrimSpace(f.Query)
	for scanned := 0; scanned < mostScanned; scanned += PageLimit {
		list, err := d.store.Audits(ctx, st.ID, before, PageLimit)
		if err != nil {
			return p, err
		}
		for i, l := range list {
			before = l.Entry
			if f.What != "" && l.What != f.What || f.Thing != "" && l.Thing != f.Thing || f.By != "" && l.ID != f.By ||
				q != "" && !strings.Contains(l.Why, q) {
				continue
			}
			p.Items = append(p.Items, AuditLine{l, whoDid(st, l.Audit)})
			if len(p.Items) == limit {
				if i < len(list)-1 || len(list) == PageLimit {
					p.Next = encodeCursor(Cursor{ID: before})
				}
				return p, nil
			}
		}
		if len(list) < PageLimit {
			return p, nil
		}
	}
	p.Next = encodeCursor(Cursor{ID: before})
	return p, nil
}

// whoDid is what the roster calls who did something.
func whoDid(st *station.Station, a Audited) string {
	switch access.Role(a.Role) {
	case access.Liaison, access.Admin:
		l, _ := st.Liaison(a.ID)
		return l.Name
	case access.Member:
		m, _ := st.Member(a.ID)
		return m.Name
	case access.Department:
		x, _ := st.Department(a.ID)
		return x.Name
	default:
		return ""
	}
}
