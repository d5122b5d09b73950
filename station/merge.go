package station

import "slices"

// Merge returns the roster that replaces stored when listed is imported.
// What listed says counts as a whole: an optional field it leaves empty is
// emptied. Members and staff it no longer names stay with Gone set, because
// history needs their names; they come back when they are listed again. What
// was set elsewhere stays: the rules, but for what they say of entries that are
// gone, its own days and absences that were reported; a surge goes on.
// The version is one above the stored one, 1 when stored is nil. Neither
// argument is changed.
func Merge(stored, listed *Station) *Station {
	merged := *listed
	merged.Version = 1
	if stored == nil {
		return &merged
	}
	merged.Version = stored.Version + 1
	merged.Rules, merged.RulesBefore = keepRules(stored.Rules, listed), stored.RulesBefore
	if merged.Rules != stored.Rules {
		merged.RulesBefore = stored.Rules
	}
	merged.Surge, merged.OwnDays = stored.Surge, stored.OwnDays
	merged.Members = keep(stored.Members, listed.Members, func(m Member) string { return m.ID }, Member.leave)
	reported := map[string][]Absence{}
	for _, m := range stored.Members {
		if len(m.Absences) > 0 {
			reported[m.ID] = m.Absences
		}
	}
	for i, m := range merged.Members {
		if old := reported[m.ID]; old != nil && !m.Gone {
			merged.Members[i].Absences = keepReported(old, m.Absences)
		}
	}
	merged.Liaisons = keep(stored.Liaisons, listed.Liaisons, func(l Liaison) string { return l.ID }, Liaison.leave)
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

// leave keeps what history shows of a member and drops what only a serving
// member needs, the phone number first of all.
func (m Member) leave() Member {
	m.Gone = true
	m.Phone, m.Rooms, m.Absences, m.Capacity = "", nil, nil, 0
	return m
}

// leave also takes the administrator's right away.
func (l Liaison) leave() Liaison {
	l.Gone, l.Admin, l.Phone = true, false, ""
	return l
}
