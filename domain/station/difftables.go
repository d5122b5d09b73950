package station

import (
	"fmt"
	"slices"
)

// by compares one comparable field.
func by[T any, F comparable](name string, get func(T) F) compared[T] {
	return compared[T]{name, func(a, b T) bool { return get(a) == get(b) }}
}

// all compares one field that is a list; its order counts.
func all[T any, F comparable](name string, get func(T) []F) compared[T] {
	return compared[T]{name, func(a, b T) bool { return slices.Equal(get(a), get(b)) }}
}

// sealed compares phones that may be sealed on one side, or kept.
func sealed[T any](get func(T) string, same func(a, b string) bool) compared[T] {
	return compared[T]{"phone", func(a, b T) bool { return get(b) == PhoneUnchanged || same(get(a), get(b)) }}
}

var stationTable = comparer[Station]{
	table: TableStation,
	key:   func(x Station) (string, string) { return x.ID, x.Name },
	fields: []compared[Station]{
		by("name", func(x Station) string { return x.Name }),
		by("phone", func(x Station) string { return x.Phone }),
		by("address", func(x Station) string { return x.Address }),
		all("means", func(x Station) []FallbackChannel { return x.FallbackChannels }),
	},
}

var sectorTable = comparer[Sector]{
	table: TableSector,
	key:   func(x Sector) (string, string) { return x.Name, x.Name },
}

var roomTable = comparer[Room]{
	table: TableRoom,
	key:   func(x Room) (string, string) { return x.ID, x.Name },
	fields: []compared[Room]{
		by("name", func(x Room) string { return x.Name }),
		by("village", func(x Room) string { return x.Village }),
		by("coord", func(x Room) [2]float64 { return [2]float64{x.Lat, x.Lng} }),
	},
}

var placeTable = comparer[Place]{
	table: TablePlace,
	key:   func(x Place) (string, string) { return x.ID, x.Name },
	fields: []compared[Place]{
		by("name", func(x Place) string { return x.Name }),
		by("village", func(x Place) string { return x.Village }),
		by("coord", func(x Place) [2]float64 { return [2]float64{x.Lat, x.Lng} }),
		all("sector", func(x Place) []string { return x.Sectors }),
	},
}

func memberTable(same func(a, b string) bool) comparer[Member] {
	return comparer[Member]{
		table:   TableMember,
		key:     func(x Member) (string, string) { return x.ID, x.Name },
		removed: func(x Member) bool { return x.Left },
		fields: []compared[Member]{
			by("name", func(x Member) string { return x.Name }),
			by("sector", func(x Member) string { return x.Sector }),
			by("village", func(x Member) string { return x.Village }),
			by("title", func(x Member) string { return x.Title }),
			all("expertise", func(x Member) []string { return x.Expertise }),
			all("rooms", func(x Member) []string { return x.Rooms }),
			sealed(func(x Member) string { return x.Phone }, same),
			by("capacity", func(x Member) int { return x.Capacity }),
			{"absences", func(a, b Member) bool { return sameAbsences(a.Absences, b.Absences) }},
		},
	}
}

func departmentTable(same func(a, b string) bool) comparer[Department] {
	return comparer[Department]{
		table: TableDepartment,
		key:   func(x Department) (string, string) { return x.ID, x.Name },
		fields: []compared[Department]{
			by("name", func(x Department) string { return x.Name }),
			sealed(func(x Department) string { return x.Phone }, same),
		},
	}
}

func liaisonTable(same func(a, b string) bool) comparer[Liaison] {
	return comparer[Liaison]{
		table:   TableLiaison,
		key:     func(x Liaison) (string, string) { return x.ID, x.Name },
		removed: func(x Liaison) bool { return x.Left },
		fields: []compared[Liaison]{
			by("name", func(x Liaison) string { return x.Name }),
			sealed(func(x Liaison) string { return x.Phone }, same),
			by("admin", func(x Liaison) bool { return x.Admin }),
		},
	}
}

var categoryTable = comparer[Category]{
	table: TableCategory,
	key:   func(x Category) (string, string) { return x.Key, x.Name },
	fields: []compared[Category]{
		by("name", func(x Category) string { return x.Name }),
		all("sector", func(x Category) []string { return x.Sectors }),
		by("tourist", func(x Category) bool { return x.Tourist }),
	},
}

// dutyTable has no changed rows: a slot is its content.
var dutyTable = comparer[DutySlot]{
	table: TableDuty,
	key:   func(x DutySlot) (string, string) { s := x.String(); return s, s },
}

// String says who, when and where, in the words of a duty sheet.
func (d DutySlot) String() string {
	day := d.Date
	if day == "" && d.Weekday >= 1 && d.Weekday <= 7 {
		day = [...]string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}[d.Weekday-1]
	}
	s := fmt.Sprintf("%s %s %02d:%02d-%02d:%02d", d.Member, day, d.From/60, d.From%60, d.To/60, d.To%60)
	if d.Surge {
		s += "（高峰加班）"
	}
	switch {
	case d.Room != "":
		return s + " 议事室 " + d.Room
	case d.Place != "":
		return s + " 场所 " + d.Place
	default:
		return s + " 本站"
	}
}
