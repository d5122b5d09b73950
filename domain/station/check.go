package station

import (
	"fmt"
	"regexp"
	"time"
)

var (
	stationID = regexp.MustCompile(`^[a-z0-9]{2,12}$`)
	partID    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,23}$`)
)

// ValidID reports whether id can name a station.
func ValidID(id string) bool { return stationID.MatchString(id) }

// ValidPartID reports whether id can name a member, room, place, department
// or liaison inside a station.
func ValidPartID(id string) bool { return partID.MatchString(id) }

// Fault is one thing wrong with a roster. Table and Row are the kind of thing
// and its place in the list, from 0, so that an import can point at its cell.
type Fault struct {
	Table   string
	Row     int
	Field   string
	Message string
}

// The tables of a roster, as Fault.Table names them.
const (
	TableStation    = "station"
	TableSector     = "sectors"
	TableRoom       = "rooms"
	TablePlace      = "places"
	TableMember     = "members"
	TableDepartment = "departments"
	TableLiaison    = "liaisons"
	TableCategory   = "categories"
	TableDuty       = "duty"
)

// checker holds what others refer to as sets: a roster of ten thousand rows is
// checked in one pass.
type checker struct {
	s                                        *Station
	faults                                   []Fault
	sectorSet, roomSet, placeSet, servingSet map[string]bool
}

func newChecker(s *Station) *checker {
	c := &checker{
		s: s, sectorSet: map[string]bool{}, roomSet: map[string]bool{},
		placeSet: map[string]bool{}, servingSet: map[string]bool{},
	}
	for _, x := range s.Sectors {
		c.sectorSet[x.Name] = true
	}
	for _, x := range s.Rooms {
		c.roomSet[x.ID] = true
	}
	for _, x := range s.Places {
		c.placeSet[x.ID] = true
	}
	for _, x := range s.Members {
		if !x.Left {
			c.servingSet[x.ID] = true
		}
	}
	return c
}

func (c *checker) require(ok bool, table string, row int, field, message string, args ...any) {
	if !ok {
		c.faults = append(c.faults, Fault{table, row, field, fmt.Sprintf(message, args...)})
	}
}

// Check returns everything that is wrong with the roster: missing names, bad
// or repeated ids, and references to what does not exist.
func (s *Station) Check() []Fault {
	c := newChecker(s)
	c.require(ValidID(s.ID), TableStation, 0, "id", "站点编号须为 2 至 12 位小写字母或数字")
	c.require(s.Name != "", TableStation, 0, "name", "请填写站点名称")
	c.require(s.Phone != "", TableStation, 0, "phone", "请填写站点电话")
	c.fallbackChannels()
	c.require(len(c.servingSet) > 0, TableMember, 0, "id", "至少要有一名委员")
	c.places()
	c.people()
	c.duty()
	c.squads()
	return c.faults
}

func (c *checker) places() {
	seen := names{TableSector, map[string]bool{}}
	for i, x := range c.s.Sectors {
		c.require(x.Name != "", TableSector, i, "name", "请填写名称")
		c.once(seen, i, "name", x.Name)
	}
	seen = names{TableRoom, map[string]bool{}}
	for i, x := range c.s.Rooms {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TableRoom, i, "name", "请填写名称")
		c.located(TableRoom, i, x.Lat, x.Lng)
	}
	seen = names{TablePlace, map[string]bool{}}
	for i, x := range c.s.Places {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TablePlace, i, "name", "请填写名称")
		c.located(TablePlace, i, x.Lat, x.Lng)
		c.sectors(TablePlace, i, x.Sectors)
	}
	seen = names{TableCategory, map[string]bool{}}
	tourist := 0
	for i, x := range c.s.Categories {
		c.id(seen, i, "key", x.Key)
		c.require(x.Name != "", TableCategory, i, "name", "请填写名称")
		c.sectors(TableCategory, i, x.Sectors)
		if x.Tourist {
			tourist++
			c.require(tourist == 1, TableCategory, i, "tourist", "只能有一个类别作为游客默认类别")
		}
	}
}

func (c *checker) people() {
	seen := names{TableMember, map[string]bool{}}
	for i, x := range c.s.Members {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TableMember, i, "name", "请填写姓名")
		if !x.Left {
			c.sectors(TableMember, i, []string{x.Sector})
		}
		c.require(x.Capacity >= 0 && x.Capacity <= 1000, TableMember, i, "capacity", "在办上限须为 0 至 1000")
		for _, id := range x.Rooms {
			c.require(c.roomSet[id] || x.Left, TableMember, i, "rooms", "没有编号为“%s”的议事室", id)
		}
		c.absences(i, x)
	}
	c.loops()
	seen = names{TableDepartment, map[string]bool{}}
	for i, x := range c.s.Departments {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TableDepartment, i, "name", "请填写名称")
	}
	seen = names{TableLiaison, map[string]bool{}}
	for i, x := range c.s.Liaisons {
		c.id(seen, i, "id", x.ID)
		c.require(x.Name != "", TableLiaison, i, "name", "请填写姓名")
	}
}

func (c *checker) duty() {
	for i, d := range c.s.Duty {
		c.require(c.servingSet[d.Member], TableDuty, i, "member", "没有编号为“%s”的委员", d.Member)
		c.require(d.Room == "" || c.roomSet[d.Room], TableDuty, i, "room", "没有编号为“%s”的议事室", d.Room)
		c.require(d.Place == "" || c.placeSet[d.Place], TableDuty, i, "place", "没有编号为“%s”的场所", d.Place)
		c.require(d.Room == "" || d.Place == "", TableDuty, i, "place", "议事室和场所只能填一个")
		c.require((d.Date == "") != (d.Weekday == 0), TableDuty, i, "weekday", "星期和日期须填且只填一个")
		c.require(d.Weekday >= 0 && d.Weekday <= 7, TableDuty, i, "weekday", "星期须为一至日")
		c.require(d.Date == "" || date(d.Date), TableDuty, i, "date", "日期须为 2026-05-01 的形式")
		c.require(d.From >= 0 && d.From < d.To && d.To <= 24*60, TableDuty, i, "from", "值班起止时间有误，须先早后晚，不跨零点")
	}
}

func (c *checker) sectors(table string, row int, names []string) {
	for _, name := range names {
		c.require(name != "", table, row, "sector", "请填写界别")
		c.require(name == "" || c.sectorSet[name], table, row, "sector", "界别“%s”不在界别表中", name)
	}
}

// names notes which ids of one table were met.
type names struct {
	table string
	met   map[string]bool
}

func (c *checker) id(n names, row int, field, id string) {
	c.require(ValidPartID(id), n.table, row, field, "编号“%s”不合规：须为小写字母、数字或连字符，以字母或数字开头，最长 24 位", id)
	c.once(n, row, field, id)
}

// once checks that an id stands once. Missing ids are another fault.
func (c *checker) once(n names, row int, field, id string) {
	c.require(id == "" || !n.met[id], n.table, row, field, "“%s”重复", id)
	n.met[id] = true
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
