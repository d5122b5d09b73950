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

func (c *checker) squads() {
	seen := names{TableSquad, map[string]bool{}}
	for i, x := range c.s.Squads {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TableSquad, i, "name", "请填写名称")
		c.require(x.Leader == "" || c.servingSet[x.Leader], TableSquad, i, "leader", "没有编号为“%s”的委员", x.Leader)
		for _, m := range x.Members {
			c.require(c.servingSet[m], TableSquad, i, "members", "没有编号为“%s”的委员", m)
		}
		c.require(x.Leader != "", TableSquad, i, "leader", "专班“%s”要有一位组长，请选定一位", x.Name)
		c.sectors(TableSquad, i, x.Sectors)
		for _, key := range x.Categories {
			_, ok := c.s.Category(key)
			c.require(ok, TableSquad, i, "categories", "没有编号为“%s”的类别", key)
		}
	}
}

var squadTable = comparer[Squad]{
	table: TableSquad,
	key:   func(x Squad) (string, string) { return x.ID, x.Name },
	fields: []compared[Squad]{
		by("name", func(x Squad) string { return x.Name }),
		by("leader", func(x Squad) string { return x.Leader }),
		all("members", func(x Squad) []string { return x.Members }),
		all("sector", func(x Squad) []string { return x.Sectors }),
		all("categories", func(x Squad) []string { return x.Categories }),
	},
}
