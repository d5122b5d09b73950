package station

import "slices"

// TableSquad is the table of squads, as Fault.Table names it.
const TableSquad = "squads"

// Squad is a group of members who work on one kind of matter across sectors
// (工作专班), such as legal aid.
type Squad struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Leader is a member's id; they take what nobody else can.
	Leader string `json:"leader,omitempty"`
	// Members are ids; the leader is one of the squad, named here or not.
	Members []string `json:"members,omitempty"`
	// Sectors and Categories are what the squad is in charge of: matters of
	// those sectors, and those categories.
	Sectors    []string `json:"sectors,omitempty"`
	Categories []string `json:"categories,omitempty"`
}

// Has reports whether the member is one of the squad.
func (q Squad) Has(member string) bool {
	return q.Leader == member || slices.Contains(q.Members, member)
}

// Squad returns the squad with the id.
func (s *Station) Squad(id string) (Squad, bool) {
	return find(s.Squads, func(q Squad) bool { return q.ID == id })
}
