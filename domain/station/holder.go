package station

import "mashang/domain/access"

// Holder is who has a role at a station.
type Holder struct {
	Name string
	// Admin marks a liaison who administers the station. Left marks who is on the
	// roster for history alone; a department never leaves.
	Admin, Left bool
}

// Holder returns whom a role and an id name on the roster; ok is false for nobody.
// Liaisons and administrators are entries of one table.
func (s *Station) Holder(role access.Role, id string) (h Holder, ok bool) {
	switch role {
	case access.Member:
		m, ok := s.Member(id)
		return Holder{Name: m.Name, Left: m.Left}, ok
	case access.Liaison, access.Admin:
		l, ok := s.Liaison(id)
		return Holder{Name: l.Name, Admin: l.Admin, Left: l.Left}, ok
	case access.Department:
		d, ok := s.Department(id)
		return Holder{Name: d.Name}, ok
	default:
		return Holder{}, false
	}
}
