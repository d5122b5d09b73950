package station

import (
	"fmt"
	"hash/fnv"
	"slices"
)

// Entry is one entry of a table of a roster, to be put into it.
type Entry interface {
	// Table is one of the Table constants.
	Table() string
	// put puts the entry in place of the one with the id, or adds it, and returns
	// its row. The station's lists may be changed.
	put(s *Station, id string) int
}

// Profile is what a station says of itself.
type Profile struct {
	Name, Phone, Address string
	FallbackChannels     []FallbackChannel
}

// Put returns the roster with the entry in place of the one with the id, or
// added to its table, and the entry's row. The roster itself stays as it is, and
// what results is not checked.
func (s *Station) Put(id string, e Entry) (next *Station, row int) {
	next = s.copied()
	row = e.put(next, id)
	return next, row
}

// copied is a copy whose lists can be changed without the original's.
func (s *Station) copied() *Station {
	next := *s
	next.Sectors, next.Rooms, next.Places = slices.Clone(s.Sectors), slices.Clone(s.Rooms), slices.Clone(s.Places)
	next.Members, next.Departments, next.Liaisons = slices.Clone(s.Members), slices.Clone(s.Departments), slices.Clone(s.Liaisons)
	next.Categories, next.Duty, next.Squads = slices.Clone(s.Categories), slices.Clone(s.Duty), slices.Clone(s.Squads)
	return &next
}

// putIn replaces the one entry that is meant, or appends x.
func putIn[T any](list *[]T, x T, meant func(T) bool) int {
	if i := slices.IndexFunc(*list, meant); i >= 0 {
		(*list)[i] = x
		return i
	}
	*list = append(*list, x)
	return len(*list) - 1
}

// Table implements Entry.
func (Profile) Table() string { return TableStation }

func (p Profile) put(s *Station, _ string) int {
	s.Name, s.Phone, s.Address, s.FallbackChannels = p.Name, p.Phone, p.Address, p.FallbackChannels
	return 0
}

// Table implements Entry.
func (Sector) Table() string { return TableSector }

func (x Sector) put(s *Station, id string) int {
	return putIn(&s.Sectors, x, func(o Sector) bool { return o.Name == id })
}

// Table implements Entry.
func (Room) Table() string { return TableRoom }

func (r Room) put(s *Station, id string) int {
	r.ID = id
	return putIn(&s.Rooms, r, func(o Room) bool { return o.ID == id })
}

// Table implements Entry.
func (Place) Table() string { return TablePlace }

func (p Place) put(s *Station, id string) int {
	p.ID = id
	return putIn(&s.Places, p, func(o Place) bool { return o.ID == id })
}

// Table implements Entry.
func (Member) Table() string { return TableMember }

// put keeps what is not edited with the rest: absences.
func (m Member) put(s *Station, id string) int {
	old, _ := s.Member(id)
	m.ID, m.Left, m.Absences = id, false, old.Absences
	return putIn(&s.Members, m, func(o Member) bool { return o.ID == id })
}

// Table implements Entry.
func (Department) Table() string { return TableDepartment }

func (d Department) put(s *Station, id string) int {
	d.ID = id
	return putIn(&s.Departments, d, func(o Department) bool { return o.ID == id })
}

// Table implements Entry.
func (Liaison) Table() string { return TableLiaison }

func (l Liaison) put(s *Station, id string) int {
	l.ID, l.Left = id, false
	return putIn(&s.Liaisons, l, func(o Liaison) bool { return o.ID == id })
}

// Table implements Entry.
func (Category) Table() string { return TableCategory }

func (c Category) put(s *Station, id string) int {
	c.Key = id
	return putIn(&s.Categories, c, func(o Category) bool { return o.Key == id })
}

// Table implements Entry.
func (Squad) Table() string { return TableSquad }

func (q Squad) put(s *Station, id string) int {
	q.ID = id
	return putIn(&s.Squads, q, func(o Squad) bool { return o.ID == id })
}

// Table implements Entry.
func (DutySlot) Table() string { return TableDuty }

func (d DutySlot) put(s *Station, id string) int {
	return putIn(&s.Duty, d, func(o DutySlot) bool { return o.ID() == id })
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
	next = s.copied()
	switch table {
	case TableSector:
		ok = drop(&next.Sectors, func(x Sector) bool { return x.Name == id })
		next.eachSectorList(func(names []string) []string { return without(names, id) })
	case TableRoom:
		ok = drop(&next.Rooms, func(x Room) bool { return x.ID == id })
		drop(&next.Duty, func(d DutySlot) bool { return d.Room == id })
		for i, m := range next.Members {
			next.Members[i].Rooms = without(m.Rooms, id)
		}
	case TablePlace:
		ok = drop(&next.Places, func(x Place) bool { return x.ID == id })
		drop(&next.Duty, func(d DutySlot) bool { return d.Place == id })
	case TableMember:
		ok = next.markMemberLeft(id)
	case TableDepartment:
		ok = drop(&next.Departments, func(x Department) bool { return x.ID == id })
	case TableLiaison:
		if i := slices.IndexFunc(next.Liaisons, func(l Liaison) bool { return l.ID == id && !l.Left }); i >= 0 {
			next.Liaisons[i], ok = next.Liaisons[i].asLeft(), true
		}
	case TableCategory:
		ok = drop(&next.Categories, func(x Category) bool { return x.Key == id })
		for i, q := range next.Squads {
			next.Squads[i].Categories = without(q.Categories, id)
		}
	case TableDuty:
		ok = drop(&next.Duty, func(d DutySlot) bool { return d.ID() == id })
	case TableSquad:
		ok = drop(&next.Squads, func(x Squad) bool { return x.ID == id })
	}
	next.dropDanglingRefs(s)
	return next, ok
}

// markMemberLeft lets a member go.
func (s *Station) markMemberLeft(id string) bool {
	i := slices.IndexFunc(s.Members, func(m Member) bool { return m.ID == id && !m.Left })
	if i < 0 {
		return false
	}
	s.Members[i] = s.Members[i].asLeft()
	drop(&s.Duty, func(d DutySlot) bool { return d.Member == id })
	for i, q := range s.Squads {
		s.Squads[i].Members = without(q.Members, id)
		if q.Leader == id {
			s.Squads[i].Leader = ""
		}
	}
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
	return true
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
	for k, m := range next.Members {
		if m.Sector == from {
			next.Members[k].Sector = to
		}
	}
	renamed := func(names []string) []string { return renamedIn(names, from, to) }
	next.eachSectorList(renamed)
	next.Rules, next.PreviousRules = s.Rules.renamed(renamed), s.PreviousRules.renamed(renamed)
	return next, true
}

// eachSectorList changes the lists of sectors of places, categories and squads.
func (s *Station) eachSectorList(change func([]string) []string) {
	for i := range s.Places {
		s.Places[i].Sectors = change(s.Places[i].Sectors)
	}
	for i := range s.Categories {
		s.Categories[i].Sectors = change(s.Categories[i].Sectors)
	}
	for i := range s.Squads {
		s.Squads[i].Sectors = change(s.Squads[i].Sectors)
	}
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

// drop takes the entries that are meant out of a list that may be changed.
func drop[T any](list *[]T, meant func(T) bool) bool {
	n := len(*list)
	*list = slices.DeleteFunc(*list, meant)
	return len(*list) < n
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
