package station

import "slices"

// Merge returns the roster that replaces stored when listed is imported.
// What listed says counts as a whole: an optional field it leaves empty is
// emptied. Members and staff it no longer names stay with Gone set, because
// history needs their names; they come back when they are listed again. What
// was set elsewhere stays: the rules, but for what they say of entries that are
// gone, its guard, its own days and absences that were reported; a surge goes on, and
// sectors keep the names they had. A phone listed as PhoneUnchanged is the stored one.
// The version is one above the stored one, 1 when stored is nil. Neither
// argument is changed.
func Merge(stored, listed *Station) *Station {
	merged := *listed
	merged.Version = 1
	if stored == nil {
		merged.Members = keepPhones(nil, listed.Members, phoneOfMember)
		merged.Departments = keepPhones(nil, listed.Departments, phoneOfDepartment)
		merged.Liaisons = keepPhones(nil, listed.Liaisons, phoneOfLiaison)
		return &merged
	}
	merged.Version = stored.Version + 1
	merged.Rules, merged.PreviousRules = keepRules(stored.Rules, listed), stored.PreviousRules
	if merged.Rules != stored.Rules {
		merged.PreviousRules = stored.Rules
	}
	merged.Surge, merged.OwnDays, merged.RevealPolicy = stored.Surge, stored.OwnDays, stored.RevealPolicy
	merged.Sectors = keepNames(stored.Sectors, listed.Sectors)
	merged.Members = keepPhones(stored.Members, listed.Members, phoneOfMember)
	merged.Departments = keepPhones(stored.Departments, listed.Departments, phoneOfDepartment)
	merged.Liaisons = keepPhones(stored.Liaisons, listed.Liaisons, phoneOfLiaison)
	merged.Members = keep(stored.Members, merged.Members, func(m Member) string { return m.ID }, Member.asLeft)
	reported := map[string][]Absence{}
	for _, m := range stored.Members {
		if len(m.Absences) > 0 {
			reported[m.ID] = m.Absences
		}
	}
	for i, m := range merged.Members {
		if old := reported[m.ID]; old != nil && !m.Left {
			merged.Members[i].Absences = keepReported(old, m.Absences)
		}
	}
	merged.Liaisons = keep(stored.Liaisons, merged.Liaisons, func(l Liaison) string { return l.ID }, Liaison.asLeft)
	return &merged
}

// keep returns the listed people and after them the stored ones who are not
// listed, as they leave.
func keep[T any](stored, listed []T, id func(T) string, leave func(T) T) []T {
	here := make(map[string]bool, len(listed))
	for _, x := range listed {
		here[id(x)] = true
	}
	all := slices.Clone(listed)
	for _, x := range stored {
		if !here[id(x)] {
			all = append(all, leave(x))
		}
	}
	return all
}

// PhoneUnchanged stands in a listed roster for a phone that stays as it is stored: who
// edits the rest need not see it.
const PhoneUnchanged = "保留"

// The ids and phones of those who have one.
func phoneOfMember(m *Member) (string, *string)         { return m.ID, &m.Phone }
func phoneOfDepartment(d *Department) (string, *string) { return d.ID, &d.Phone }
func phoneOfLiaison(l *Liaison) (string, *string)       { return l.ID, &l.Phone }

// keepPhones are the listed entries with the stored phones where they are kept.
func keepPhones[T any](stored, listed []T, of func(*T) (id string, phone *string)) []T {
	all := slices.Clone(listed)
	var had map[string]string
	for i := range all {
		id, phone := of(&all[i])
		if *phone != PhoneUnchanged {
			continue
		}
		if had == nil {
			had = make(map[string]string, len(stored))
			for j := range stored {
				id, phone := of(&stored[j])
				had[id] = *phone
			}
		}
		*phone = had[id]
	}
	return all
}

// keepNames are the listed sectors with the names they had. One that is listed
// under a name it gave up has that name again.
func keepNames(stored, listed []Sector) []Sector {
	all := slices.Clone(listed)
	for i, x := range all {
		old, ok := find(stored, func(o Sector) bool { return o.Name == x.Name })
		if ok {
			all[i].Was = old.Was
		}
	}
	return all
}

// asLeft keeps what history shows of a member and drops what only a serving
// member needs, the phone number first of all.
func (m Member) asLeft() Member {
	m.Left = true
	m.Phone, m.Rooms, m.Absences, m.Capacity = "", nil, nil, 0
	return m
}

// asLeft also takes the administrator's right away.
func (l Liaison) asLeft() Liaison {
	l.Left, l.Admin, l.Phone = true, false, ""
	return l
}
