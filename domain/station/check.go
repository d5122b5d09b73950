package station

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"mashang/domain/fault"
	"mashang/domain/recurrence"
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

// checker holds what others refer to as sets: a roster of ten thousand rows is
// checked in one pass.
type checker struct {
	s      *Station
	faults []Fault
	// serving are the ids of the entries that have not left, of each table that others
	// refer to.
	serving map[string]map[string]bool
}

func newChecker(s *Station) *checker {
	c := &checker{s: s, serving: map[string]map[string]bool{}}
	for _, t := range Tables {
		for _, f := range t.Fields {
			if f.Refers != "" && c.serving[f.Refers] == nil {
				c.serving[f.Refers] = servingIDs(s, TableByKey(f.Refers))
			}
		}
	}
	return c
}

func servingIDs(s *Station, t *Table) map[string]bool {
	ids := make(map[string]bool, t.Len(s))
	for i := range t.Len(s) {
		if row := t.Row(s, i); !t.Left(row) {
			ids[t.ID(row)] = true
		}
	}
	return ids
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
	c.require(len(c.serving[TableMember]) > 0, TableMember, 0, "id", "至少要有一名委员")
	for _, t := range Tables {
		c.table(t)
	}
	c.loops()
	return c.faults
}

// table checks the entries of one table, field by field.
func (c *checker) table(t *Table) {
	met := map[string]map[string]bool{}
	for _, f := range t.Fields {
		met[f.Name] = map[string]bool{}
	}
	for i := range t.Len(c.s) {
		row := t.Row(c.s, i)
		for _, f := range t.Fields {
			c.field(t, f, i, row, met[f.Name])
		}
		if t.check != nil {
			t.check(c, i, row)
		}
	}
}

// field checks one field of an entry; met are the values of the field in the entries
// before it.
func (c *checker) field(t *Table, f Field, i int, row any, met map[string]bool) {
	switch v := f.At(row).(type) {
	case *string:
		c.text(t, f, i, row, *v)
		if f.Unique || f.Kind == KindID {
			c.require(*v == "" || !met[*v], t.Key, i, f.Name, "“%s”重复", *v)
			met[*v] = true
		}
	case *[]string:
		for _, id := range *v {
			c.reference(t, f, i, row, id)
		}
	case *[]FallbackChannel:
		c.channels(t.Key, i, f.Name, *v)
	case *int:
		if f.Kind == KindNumber {
			c.require(*v >= 0 && *v <= f.MaxNumber, t.Key, i, f.Name, "%s须为 0 至 %d", f.Header, f.MaxNumber)
		}
	case Coord:
		c.located(t.Key, i, *v.Lat, *v.Lng)
	}
}

// text checks one text of an entry.
func (c *checker) text(t *Table, f Field, i int, row any, v string) {
	switch {
	case f.Kind == KindID && t.Single:
		c.require(ValidID(v), t.Key, i, f.Name, "站点编号须为 2 至 12 位小写字母或数字")
	case f.Kind == KindID:
		c.require(ValidPartID(v), t.Key, i, f.Name, "编号“%s”不合规：须为小写字母、数字或连字符，以字母或数字开头，最长 24 位", v)
	case v != "" && f.Refers != "":
		c.reference(t, f, i, row, v)
	case f.Kind == KindChoice:
		known := slices.ContainsFunc(f.Choices, func(x Choice) bool { return x.Key == v })
		c.require(v == "" || known, t.Key, i, f.Name, "%s没有“%s”这一项", f.Header, v)
	case f.Kind == KindDate:
		c.require(v == "" || date(v), t.Key, i, f.Name, "日期须为 2026-05-01 的形式")
	case v == "" && f.Required && (f.Name == "name" || !t.Left(row)): // history needs a name alone
		message := cmp.Or(strings.ReplaceAll(f.Missing, "{name}", t.Name(row)), "请填写"+f.Header)
		c.require(false, t.Key, i, f.Name, "%s", message)
	}
}

// reference checks that what an entry refers to is there; who left refers to nothing.
func (c *checker) reference(t *Table, f Field, i int, row any, id string) {
	switch {
	case f.Refers == "" || t.Left(row) || c.serving[f.Refers][id]:
	case f.Refers == TableSector:
		c.require(false, t.Key, i, f.Name, "界别“%s”不在界别表中", id)
	default:
		c.require(false, t.Key, i, f.Name, "没有编号为“%s”的%s", id, TableByKey(f.Refers).Sheet)
	}
}

// slot checks what the fields of a duty slot must be together.
func (c *checker) slot(i int, d DutySlot) {
	c.require(d.Room == "" || d.Place == "", TableDuty, i, "place", "议事室和场所只能填一个")
	c.require((d.Date == "") != (d.Weekday == 0), TableDuty, i, "weekday", "星期和日期须填且只填一个")
	c.require(d.Weekday >= 0 && d.Weekday <= 7, TableDuty, i, "weekday", "星期须为一至日")
	c.require(d.From >= 0 && d.From < d.To && d.To <= 24*60, TableDuty, i, "from", "值班起止时间有误，须先早后晚，不跨零点")
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// reception checks what the fields of a rule must be together.
func (c *checker) reception(i int, r Reception) {
	require := func(ok bool, field, message string, args ...any) {
		c.require(ok, TableReception, i, field, message, args...)
	}
	require(r.Room == "" || r.Place == "", "place", "议事室和场所只能填一个")
	require(r.From >= 0 && r.From < r.To && r.To <= 24*60, "from", "起止时间有误，须先早后晚，不跨零点")
	if r.Repeat != "" {
		_, err := recurrence.Parse(r.Repeat)
		require(err == nil, "repeat", "%s", fault.Message(err))
	}
	f := r.Filled()
	require(f.Max == 0 || f.Max >= f.Min, "max", "最多人数不能少于最少人数（%d）", f.Min)
	require(r.Seats == 0 || f.SlotMinutes <= r.To-r.From, "slot", "每段的分钟数比接待时间还长")
	require(r.SlotMinutes == 0 || r.SlotMinutes >= 5, "slot", "每段至少 5 分钟")
	require(r.WalkIns <= r.Seats, "walk_ins", "留给现场的名额不能多于总名额（%d）", r.Seats)
	require(r.ValidFrom == "" || r.ValidTo == "" || r.ValidFrom <= r.ValidTo, "valid_to", "结束日期早于开始日期")
}
