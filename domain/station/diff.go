package station

import "slices"

// ChangeKind says how one entry of a roster differs.
type ChangeKind string

// The kinds of change. A member who was gone and is listed again is Added.
const (
	Added   ChangeKind = "added"
	Changed ChangeKind = "changed"
	Removed ChangeKind = "gone"
)

// Change is one entry that an import would add, change or take away.
type Change struct {
	// Table is one of the Table constants.
	Table string
	// ID is the entry's id or key, a sector's name, a duty slot's whole content.
	ID string
	// Name is what a person calls the entry.
	Name string
	Kind ChangeKind
	// Fields are set for Changed, named as Fault.Field names them.
	Fields []string
}

// Diff lists what importing listed over stored (nil for a new station) would
// change, table by table in the order of the rosters. It ignores the version
// and the order of entries. Stored phones of members and staff are sealed and
// listed ones are not, so the caller says when two of them are the same
// number; nil compares them as they stand.
func Diff(stored, listed *Station, samePhone func(stored, listed string) bool) []Change {
	if samePhone == nil {
		samePhone = func(a, b string) bool { return a == b }
	}
	if stored == nil {
		stored = &Station{}
	}
	var changes []Change
	for _, t := range Tables {
		changes = append(changes, t.diff(stored, listed, samePhone)...)
	}
	return changes
}

// diff lists what listing changes in one table: what is added or changed in the order
// of listed, then what is removed in the order of stored.
func (t *Table) diff(stored, listed *Station, samePhone func(a, b string) bool) []Change {
	before, after := t.present(stored), t.present(listed)
	var changes []Change
	for i := range t.Len(listed) {
		row := t.Row(listed, i)
		id := t.identity(row)
		if _, ok := after[id]; !ok {
			continue
		}
		old, ok := before[id]
		if !ok {
			changes = append(changes, Change{Table: t.Key, ID: id, Name: t.Name(row), Kind: Added})
			continue
		}
		if fields := t.changed(old, row, samePhone); fields != nil {
			changes = append(changes, Change{Table: t.Key, ID: id, Name: t.Name(row), Kind: Changed, Fields: fields})
		}
	}
	for i := range t.Len(stored) {
		row := t.Row(stored, i)
		id := t.identity(row)
		if _, ok := before[id]; !ok {
			continue
		}
		if _, ok := after[id]; !ok {
			changes = append(changes, Change{Table: t.Key, ID: id, Name: t.Name(row), Kind: Removed})
		}
	}
	return changes
}

// identity tells the entries of a table apart: their id, or their content where an
// entry is nothing else.
func (t *Table) identity(row any) string {
	if t.content != nil {
		return t.content(row)
	}
	return t.ID(row)
}

// present are the entries that have not left, by their identity. A station without an
// id stands for none.
func (t *Table) present(s *Station) map[string]any {
	m := make(map[string]any, t.Len(s))
	for i := range t.Len(s) {
		row := t.Row(s, i)
		if !t.Left(row) && (!t.Single || s.ID != "") {
			m[t.identity(row)] = row
		}
	}
	return m
}

// changed names the fields in which two entries with one identity differ.
func (t *Table) changed(old, row any, samePhone func(a, b string) bool) (fields []string) {
	if t.content != nil {
		return nil // equal content is the same entry
	}
	for _, f := range t.Fields {
		if !f.same(f.At(old), f.At(row), samePhone) {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

// same compares two values that At returned; the order of a list counts, but for
// absences. samePhone compares sealed phones.
func (f Field) same(stored, listed any, samePhone func(a, b string) bool) bool {
	switch b := listed.(type) {
	case *string:
		a, _ := stored.(*string)
		return *a == *b || f.sealed() && (*b == PhoneUnchanged || samePhone(*a, *b))
	case *[]string:
		return sameList(stored, b)
	case *[]FallbackChannel:
		return sameList(stored, b)
	case *[]Absence:
		a, _ := stored.(*[]Absence)
		return sameAbsences(*a, *b)
	case *bool:
		return sameValue(stored, b)
	case *int:
		return sameValue(stored, b)
	case Coord:
		a, _ := stored.(Coord)
		return *a.Lat == *b.Lat && *a.Lng == *b.Lng
	default:
		return false
	}
}

func sameValue[T comparable](stored any, listed *T) bool {
	a, ok := stored.(*T)
	return ok && *a == *listed
}

func sameList[T comparable](stored any, listed *[]T) bool {
	a, ok := stored.(*[]T)
	return ok && slices.Equal(*a, *listed)
}
