package station

import "slices"

// Merge returns the roster that replaces stored when listed is imported.
// What listed says counts as a whole: an optional field it leaves empty is
// emptied. Members and staff it no longer names stay with Gone set, because
// history needs their names; they come back when they are listed again.
// The version is one above the stored one, 1 when stored is nil. Neither
// argument is changed.
func Merge(stored, listed *Station) *Station {
	merged := *listed
	merged.Version = 1
	if stored == nil {
		return &merged
	}
	merged.Version = stored.Version + 1
	merged.Members = slices.Clone(listed.Members)
	for _, m := range stored.Members {
		if _, ok := listed.Member(m.ID); !ok {
			merged.Members = append(merged.Members, m.leave())
		}
	}
	merged.Liaisons = slices.Clone(listed.Liaisons)
	for _, l := range stored.Liaisons {
		if _, ok := listed.Liaison(l.ID); !ok {
			merged.Liaisons = append(merged.Liaisons, l.leave())
		}
	}
	return &merged
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
