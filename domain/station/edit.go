package station

import (
	"fmt"
	"hash/fnv"
	"slices"
)

// Entry is one entry of a table of a roster, to be put into it: a value of its table's
// type.
type Entry interface {
	// Table is one of the Table constants.
	Table() string
}

// Profile is what a station says of itself.
type Profile struct {
	Name, Phone, Address string
	FallbackChannels     []FallbackChannel
}

// Put returns the roster with the entry in place of the one with the id, or
// added to its table, and the entry's row. What an edit does not change, such as
// absences, stays; an entry that had left is back. The roster itself stays as it is,
// and what results is not checked.
func (s *Station) Put(id string, e Entry) (next *Station, row int) {
	next = s.copied()
	t := TableByKey(e.Table())
	old, i := t.Find(s, id)
	put := t.list.set(next, i, e)
	for _, f := range t.Fields {
		if f.Kind == KindID && !t.Single {
			*f.Text(put) = id
		}
	}
	if t.merge != nil {
		if old == nil {
			old = t.list.add(&Station{})
		}
		t.merge(put, old)
	}
	if i < 0 {
		i = t.Len(next) - 1
	}
	return next, i
}

// copied is a copy whose lists can be changed without the original's.
func (s *Station) copied() *Station {
	next := *s
	for _, t := range Tables {
		t.list.clone(&next)
	}
	return &next
}

// ID names the slot among its station's: a digest of its content, which is all
// that a slot is.
func (d DutySlot) ID() string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(d.String())) // a hash takes everything
	return fmt.Sprintf("t%016x", h.Sum64())
}

// Remove returns the roster without the entry, and without what only it gave a
// sense to: its duty, its place in squads, rooms and rules, its standing in for
// others. Members and staff stay as gone. A sector's members do not leave with
// it: Check then names them. ok is false when there is no such entry.
func (s *Station) Remove(table, id string) (next *Station, ok bool) {
	t := TableByKey(table)
	if t == nil || t.Single {
		return s, false
	}
	row, i := t.Find(s, id)
	if row == nil || t.Left(row) {
		return s, false
	}
	next = s.copied()
	if t.leave != nil {
		t.leave(t.Row(next, i))
	} else { // a slot of duty may stand there twice
		t.list.remove(next, func(row any) bool { return t.ID(row) == id })
	}
	next.removeReferences(table, id)
	if table == TableMember {
		next.removeSubstitute(id)
	}
	next.dropDanglingRefs(s)
	return next, true
}

// removeReferences takes the entry out of what refers to it. The lists of s may be changed.
func (s *Station) removeReferences(table, id string) {
	for _, t := range Tables {
		t.list.remove(s, func(row any) bool { return t.refersTo(row, table, id, dropRow) })
		for i := range t.Len(s) {
			t.eachReference(t.Row(s, i), table, func(f Field, ids []string) []string {
				if f.removed == keepRef {
					return ids
				}
				return without(ids, id)
			})
		}
	}
}

// refersTo reports whether a reference of the row with that rule of removal names the
// entry.
func (t *Table) refersTo(row any, table, id string, rule removal) (found bool) {
	t.eachReference(row, table, func(f Field, ids []string) []string {
		found = found || f.removed == rule && slices.Contains(ids, id)
		return ids
	})
	return found
}

// eachReference changes the references of a row to entries of the table. A single
// reference is a list of one; without one it becomes empty.
func (t *Table) eachReference(row any, table string, change func(f Field, ids []string) []string) {
	for _, f := range t.Fields {
		if f.Refers != table {
			continue
		}
		switch v := f.At(row).(type) {
		case *[]string:
			*v = change(f, *v)
		case *string:
			if ids := change(f, []string{*v}); len(ids) == 0 {
				*v = ""
			} else {
				*v = ids[0]
			}
		}
	}
}

// removeSubstitute takes a member out of the absences in which they stand in.
func (s *Station) removeSubstitute(id string) {
	for i, m := range s.Members {
		if !slices.ContainsFunc(m.Absences, func(a Absence) bool { return a.Substitute == id }) {
			continue
		}
		list := slices.Clone(m.Absences)
		for j := range list {
			if list[j].Substitute == id {
				list[j].Substitute = ""
			}
		}
		s.Members[i].Absences = list
	}
}

// Rename gives a sector another name from the date on; whoever and whatever
// names it follows. With another sector's name the two become that one. ok is
// false when no sector has the name.
func (s *Station) Rename(from, to, date string) (next *Station, ok bool) {
	i := slices.IndexFunc(s.Sectors, func(x Sector) bool { return x.Name == from })
	if i < 0 {
		return s, false
	}
	next = s.copied()
	// A name that is taken up again is no former one.
	was := slices.DeleteFunc(slices.Clone(s.Sectors[i].Was), func(f FormerName) bool { return f.Name == to })
	was = append(was, FormerName{Name: from, Until: date})
	if j := slices.IndexFunc(s.Sectors, func(x Sector) bool { return x.Name == to }); j >= 0 && j != i {
		next.Sectors[j].Was = append(slices.Clone(s.Sectors[j].Was), was...)
		next.Sectors = slices.Delete(next.Sectors, i, i+1)
	} else {
		next.Sectors[i] = Sector{Name: to, Was: was}
	}
	renamed := func(names []string) []string { return renamedIn(names, from, to) }
	for _, t := range Tables {
		for i := range t.Len(next) {
			t.eachReference(t.Row(next, i), TableSector, func(_ Field, names []string) []string { return renamed(names) })
		}
	}
	next.Rules, next.PreviousRules = s.Rules.renamed(renamed), s.PreviousRules.renamed(renamed)
	return next, true
}

// dropDanglingRefs takes out of the rules what was stored's and is gone.
func (s *Station) dropDanglingRefs(stored *Station) {
	if s.Rules = keepRules(stored.Rules, s); s.Rules != stored.Rules {
		s.PreviousRules = stored.Rules
	}
}

// renamed are the rules with other names of sectors, the same rules if they
// name none of those.
func (r *Rules) renamed(rename func([]string) []string) *Rules {
	if r == nil {
		return nil
	}
	next, changed := *r, false
	next.Categories = slices.Clone(r.Categories)
	for i, x := range r.Categories {
		next.Categories[i].Sectors = rename(x.Sectors)
		changed = changed || !slices.Equal(x.Sectors, next.Categories[i].Sectors)
	}
	if !changed {
		return r
	}
	next.Version++
	return &next
}

func renamedIn(names []string, from, to string) []string {
	if !slices.Contains(names, from) {
		return names
	}
	var list []string
	for _, name := range names {
		if name == from {
			name = to
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// without returns a list without the word; the list itself stays as it is.
func without(list []string, word string) []string {
	if !slices.Contains(list, word) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == word })
}

// Admins counts the serving administrators.
func (s *Station) Admins() int {
	n := 0
	for _, l := range s.Liaisons {
		if l.Admin && !l.Left {
			n++
		}
	}
	return n
}
