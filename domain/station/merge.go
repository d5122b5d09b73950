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
	merged := listed.copied()
	for _, t := range Tables {
		if stored == nil {
			t.keepPhones(merged, &Station{})
			continue
		}
		t.keepPhones(merged, stored)
		t.keepLeavers(merged, stored)
	}
	if stored == nil {
		merged.Version = 1
		return merged
	}
	merged.Version = stored.Version + 1
	merged.Rules, merged.PreviousRules = keepRules(stored.Rules, listed), stored.PreviousRules
	if merged.Rules != stored.Rules {
		merged.PreviousRules = stored.Rules
	}
	merged.Surge, merged.OwnDays, merged.RevealPolicy = stored.Surge, stored.OwnDays, stored.RevealPolicy
	merged.Sectors = keepNames(stored.Sectors, listed.Sectors)
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
	return merged
}

// keepLeavers appends to the table of merged the stored entries that are not listed,
// as they leave, where a table keeps who left.
func (t *Table) keepLeavers(merged, stored *Station) {
	if t.leave == nil {
		return
	}
	listed := make(map[string]bool, t.Len(merged))
	for i := range t.Len(merged) {
		listed[t.ID(t.Row(merged, i))] = true
	}
	for i := range t.Len(stored) {
		if !listed[t.ID(t.Row(stored, i))] {
			t.leave(t.list.copyTo(merged, stored, i))
		}
	}
}

// PhoneUnchanged stands in a listed roster for a phone that stays as it is stored: who
// edits the rest need not see it.
const PhoneUnchanged = "保留"

// keepPhones puts the stored phone in the place of each PhoneUnchanged of the table.
func (t *Table) keepPhones(merged, stored *Station) {
	f, ok := t.SealedPhone()
	if !ok {
		return
	}
	var phones map[string]string
	for i := range t.Len(merged) {
		row := t.Row(merged, i)
		phone := f.Text(row)
		if *phone != PhoneUnchanged {
			continue
		}
		if phones == nil {
			phones = make(map[string]string, t.Len(stored))
			for j := range t.Len(stored) {
				old := t.Row(stored, j)
				phones[t.ID(old)] = *f.Text(old)
			}
		}
		*phone = phones[t.ID(row)]
	}
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

// leaveMember keeps what history shows of a member and drops what only a serving
// member needs, the phone number first of all.
func leaveMember(m *Member) {
	m.Left = true
	m.Phone, m.Rooms, m.Absences, m.Capacity = "", nil, nil, 0
}

// leaveStaff also takes the administrator's right away.
func leaveStaff(l *Liaison) { l.Left, l.Admin, l.Phone = true, false, "" }
