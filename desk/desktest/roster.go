package desktest

import (
	"mashang/domain/station"
)

// Town is the station of most tests.
func Town() *station.Station {
	return &station.Station{
		ID: Here, Name: "临江镇委员工作站", Phone: "0930-0000001",
		Sectors: []station.Sector{{Name: "文化旅游"}, {Name: "经济"}, {Name: "教育"}, {Name: "青联"}, {Name: "科技"}},
		Rooms:   []station.Room{{ID: "r1", Name: "上滩村议事室", Village: "上滩村"}},
		Places: []station.Place{
			{ID: "p1", Name: "一号码头", Village: "下滩村", Sectors: []string{"文化旅游"}},
			{ID: "p2", Name: "空地"},
		},
		Members: []station.Member{
			{ID: "m01", Name: "陈一", Sector: "文化旅游", Village: "下滩村", Capacity: 50},
			{ID: "m02", Name: "陈二", Sector: "文化旅游", Village: "中滩村", Capacity: 2},
			{ID: "m03", Name: "陈三", Sector: "经济", Expertise: []string{"收费"}},
			{ID: "m04", Name: "陈四", Sector: "教育", Village: "上滩村", Rooms: []string{"r1"}},
			{ID: "m05", Name: "陈五", Sector: "教育", Absences: []station.Absence{{From: "2026-07-20", To: "2026-07-31"}}},
			{ID: "m06", Name: "陈六", Sector: "青联", Capacity: 1, Village: "上滩村"},
			{ID: "m07", Name: "陈七", Sector: "科技", Capacity: 2},
		},
		Departments: []station.Department{{ID: "d01", Name: "市场监管所"}},
		Liaisons:    []station.Liaison{{ID: "l01", Name: "周联络"}, {ID: "a01", Name: "吴管理", Admin: true}},
		Categories: []station.Category{
			{Key: "tour", Name: "旅游服务", Sectors: []string{"文化旅游"}, Tourist: true},
			{Key: "market", Name: "市场收费", Sectors: []string{"经济"}},
			{Key: "school", Name: "学校教育", Sectors: []string{"教育"}},
		},
		Duty: []station.DutySlot{
			{Member: "m03", Weekday: 3, From: 11 * 60, To: 13 * 60},
			{Member: "m02", Place: "p1", Weekday: 3, From: 14 * 60, To: 18 * 60},
		},
	}
}

// City is a second station.
func City() *station.Station {
	return &station.Station{
		ID: There, Name: "市法院委员工作站", Phone: "0930-0000002",
		Sectors:     []station.Sector{{Name: "特邀"}},
		Members:     []station.Member{{ID: "m01", Name: "何一", Sector: "特邀", Capacity: 500}},
		Liaisons:    []station.Liaison{{ID: "l01", Name: "何联络"}},
		Departments: []station.Department{{ID: "d01", Name: "司法局"}},
	}
}
