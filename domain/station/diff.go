package station

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
	for _, table := range [][]Change{
		stationTable.diff(self(stored), self(listed)),
		sectorTable.diff(stored.Sectors, listed.Sectors),
		roomTable.diff(stored.Rooms, listed.Rooms),
		placeTable.diff(stored.Places, listed.Places),
		memberTable(samePhone).diff(stored.Members, listed.Members),
		departmentTable(samePhone).diff(stored.Departments, listed.Departments),
		liaisonTable(samePhone).diff(stored.Liaisons, listed.Liaisons),
		categoryTable.diff(stored.Categories, listed.Categories),
		dutyTable.diff(stored.Duty, listed.Duty),
		squadTable.diff(stored.Squads, listed.Squads),
	} {
		changes = append(changes, table...)
	}
	return changes
}

// self makes the station's own fields a table of at most one row.
func self(s *Station) []Station {
	if s.ID == "" {
		return nil
	}
	return []Station{*s}
}

// comparer knows how the entries of one table are told apart and compared.
type comparer[T any] struct {
	table   string
	key     func(T) (id, name string)
	removed func(T) bool
	fields  []compared[T]
}

type compared[T any] struct {
	name string
	same func(a, b T) bool
}

func (c comparer[T]) diff(stored, listed []T) []Change {
	before, after := c.present(stored), c.present(listed)
	var changes []Change
	for _, x := range listed {
		id, name := c.key(x)
		if _, ok := after[id]; !ok {
			continue
		}
		old, ok := before[id]
		if !ok {
			changes = append(changes, Change{Table: c.table, ID: id, Name: name, Kind: Added})
			continue
		}
		var fields []string
		for _, f := range c.fields {
			if !f.same(old, x) {
				fields = append(fields, f.name)
			}
		}
		if fields != nil {
			changes = append(changes, Change{Table: c.table, ID: id, Name: name, Kind: Changed, Fields: fields})
		}
	}
	for _, x := range stored {
		id, name := c.key(x)
		if _, ok := before[id]; !ok {
			continue
		}
		if _, ok := after[id]; !ok {
			changes = append(changes, Change{Table: c.table, ID: id, Name: name, Kind: Removed})
		}
	}
	return changes
}

func (c comparer[T]) present(list []T) map[string]T {
	m := make(map[string]T, len(list))
	for _, x := range list {
		if c.removed == nil || !c.removed(x) {
			id, _ := c.key(x)
			m[id] = x
		}
	}
	return m
}
