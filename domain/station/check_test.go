package station_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/station"
)

// right is a roster without faults. Tests break one thing of it.
func right() *station.Station {
	return &station.Station{
		ID: "hexi", Name: "河西站", Phone: "0900-0000000",
		Sectors: []station.Sector{{Name: "农业"}, {Name: "文化旅游"}},
		Rooms:   []station.Room{{ID: "r1", Name: "一室", Village: "甲村"}, {ID: "r2", Name: "二室"}},
		Places:  []station.Place{{ID: "p1", Name: "码头", Sectors: []string{"文化旅游"}}},
		Members: []station.Member{
			{
				ID: "m1", Name: "渡晓舟", Sector: "文化旅游", Rooms: []string{"r1"}, Capacity: 5,
				Absences: []station.Absence{{From: "2026-05-01", To: "2026-05-01"}},
			},
			{ID: "m2", Name: "麦青禾", Sector: "农业"},
			{ID: "m3", Name: "雁南归", Sector: "旧界别", Rooms: []string{"r9"}, Left: true},
		},
		Departments: []station.Department{{ID: "d1", Name: "文化旅游局"}},
		Liaisons:    []station.Liaison{{ID: "l1", Name: "柳知意"}, {ID: "a1", Name: "钟鼓声", Admin: true}},
		Categories: []station.Category{
			{Key: "tourism", Name: "旅游", Sectors: []string{"文化旅游"}, Tourist: true}, {Key: "water", Name: "用水"},
		},
		Duty: []station.DutySlot{
			{Member: "m1", Place: "p1", Weekday: 7, From: 0, To: 1440},
			{Member: "m2", Room: "r1", Date: "2026-05-01", From: 1439, To: 1440},
		},
	}
}

func TestCheckOfARightRoster(t *testing.T) {
	t.Parallel()
	if faults := right().Check(); len(faults) > 0 {
		t.Error(faults)
	}
}

// TestCheckNamesTheFault wants exactly one fault at the broken cell, with the
// word in its message.
func TestCheckNamesTheFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table string
		row   int
		field string
		word  string
		spoil func(s *station.Station)
	}{
		{station.TableStation, 0, "id", "编号", func(s *station.Station) { s.ID = "He Xi" }},
		{station.TableStation, 0, "id", "编号", func(s *station.Station) { s.ID = "abcdefghijklm" }},
		{station.TableStation, 0, "name", "请填写站点名称", func(s *station.Station) { s.Name = "" }},
		{station.TableStation, 0, "phone", "请填写站点电话", func(s *station.Station) { s.Phone = "" }},
		{station.TableStation, 0, "means", "客服会话", func(s *station.Station) { s.FallbackChannels = []station.FallbackChannel{"pigeon"} }},
		{station.TableStation, 0, "means", "各填一次", func(s *station.Station) {
			s.FallbackChannels = []station.FallbackChannel{station.ChannelChat, station.ChannelChat}
		}},
		{station.TableSector, 2, "name", "名称", func(s *station.Station) { s.Sectors = append(s.Sectors, station.Sector{}) }},
		{station.TableSector, 2, "name", "重复", func(s *station.Station) { s.Sectors = append(s.Sectors, s.Sectors[0]) }},
		{station.TableRoom, 1, "id", "重复", func(s *station.Station) { s.Rooms[1].ID = "r1" }},
		{station.TableRoom, 1, "id", "不合规", func(s *station.Station) { s.Rooms[1].ID = "R2" }},
		{station.TableRoom, 1, "id", "不合规", func(s *station.Station) { s.Rooms[1].ID = "-r" }},
		{station.TableRoom, 1, "id", "不合规", func(s *station.Station) { s.Rooms[1].ID = strings.Repeat("r", 25) }},
		{station.TableRoom, 1, "id", "不合规", func(s *station.Station) { s.Rooms[1].ID = "" }},
		{station.TableRoom, 1, "name", "名称", func(s *station.Station) { s.Rooms[1].Name = "" }},
		{station.TablePlace, 0, "name", "名称", func(s *station.Station) { s.Places[0].Name = "" }},
		{station.TablePlace, 0, "sectors", "科技", func(s *station.Station) { s.Places[0].Sectors = []string{"科技"} }},
		{station.TableMember, 1, "name", "姓名", func(s *station.Station) { s.Members[1].Name = "" }},
		{station.TableMember, 2, "id", "重复", func(s *station.Station) { s.Members[2].ID = "m1" }},
		{station.TableMember, 1, "sector", "科技", func(s *station.Station) { s.Members[1].Sector = "科技" }},
		{station.TableMember, 1, "sector", "界别", func(s *station.Station) { s.Members[1].Sector = "" }},
		{station.TableMember, 1, "capacity", "上限", func(s *station.Station) { s.Members[1].Capacity = -1 }},
		{station.TableMember, 1, "capacity", "上限", func(s *station.Station) { s.Members[1].Capacity = 1001 }},
		{station.TableMember, 1, "rooms", "r9", func(s *station.Station) { s.Members[1].Rooms = []string{"r9"} }},
		{station.TableMember, 0, "absences", "日期", func(s *station.Station) { s.Members[0].Absences[0].To = "2026-04-30" }},
		{station.TableMember, 0, "absences", "日期", func(s *station.Station) { s.Members[0].Absences[0].From = "2026-5-1" }},
		{station.TableDepartment, 0, "name", "名称", func(s *station.Station) { s.Departments[0].Name = "" }},
		{station.TableLiaison, 1, "id", "重复", func(s *station.Station) { s.Liaisons[1].ID = "l1" }},
		{station.TableLiaison, 1, "name", "姓名", func(s *station.Station) { s.Liaisons[1].Name = "" }},
		{station.TableCategory, 1, "key", "重复", func(s *station.Station) { s.Categories[1].Key = "tourism" }},
		{station.TableCategory, 1, "name", "名称", func(s *station.Station) { s.Categories[1].Name = "" }},
		{station.TableCategory, 1, "sectors", "科技", func(s *station.Station) { s.Categories[1].Sectors = []string{"科技"} }},
		{station.TableCategory, 1, "tourist", "游客", func(s *station.Station) { s.Categories[1].Tourist = true }},
		{station.TableDuty, 0, "member", "m9", func(s *station.Station) { s.Duty[0].Member = "m9" }},
		{station.TableDuty, 0, "member", "m3", func(s *station.Station) { s.Duty[0].Member = "m3" }},
		{station.TableDuty, 1, "room", "r9", func(s *station.Station) { s.Duty[1].Room = "r9" }},
		{station.TableDuty, 0, "place", "p9", func(s *station.Station) { s.Duty[0].Place = "p9" }},
		{station.TableDuty, 0, "place", "一个", func(s *station.Station) { s.Duty[0].Room = "r1" }},
		{station.TableDuty, 0, "weekday", "一个", func(s *station.Station) { s.Duty[0].Weekday = 0 }},
		{station.TableDuty, 0, "weekday", "一个", func(s *station.Station) { s.Duty[0].Date = "2026-05-01" }},
		{station.TableDuty, 0, "weekday", "一至日", func(s *station.Station) { s.Duty[0].Weekday = 8 }},
		{station.TableDuty, 1, "date", "日期", func(s *station.Station) { s.Duty[1].Date = "2026-02-30" }},
		{station.TableDuty, 0, "from", "时间", func(s *station.Station) { s.Duty[0].From = 1440 }},
		{station.TableDuty, 0, "from", "时间", func(s *station.Station) { s.Duty[0].From = -1 }},
		{station.TableDuty, 0, "from", "时间", func(s *station.Station) { s.Duty[0].To = 1441 }},
	} {
		s := right()
		c.spoil(s)
		faults := s.Check()
		if len(faults) != 1 {
			t.Errorf("%s %d %s: %v", c.table, c.row, c.field, faults)
			continue
		}
		got, want := faults[0], station.Fault{Table: c.table, Row: c.row, Field: c.field, Message: faults[0].Message}
		if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(got.Message, c.word) {
			t.Errorf("want %q in %q\n%s", c.word, got.Message, diff)
		}
	}
}

func TestCheckWantsSomebodyServing(t *testing.T) {
	t.Parallel()
	s := &station.Station{ID: "hexi", Name: "河西站", Phone: "110"}
	for range 2 {
		faults := s.Check()
		if len(faults) != 1 || faults[0].Table != station.TableMember {
			t.Errorf("%v", faults)
		}
		s.Members = []station.Member{{ID: "m1", Name: "雁南归", Left: true}}
	}
}

func TestCheckFindsAllAtOnce(t *testing.T) {
	t.Parallel()
	both := right()
	both.Duty[0].Room, both.Duty[0].Place = "r1", "p9"
	if faults := both.Check(); len(faults) != 2 || faults[0].Field != "place" || faults[1].Field != "place" {
		t.Errorf("a room, and a place that is not there: %v", faults)
	}
	s := right()
	s.Name, s.Rooms[0].Name, s.Members[0].Sector, s.Duty[1].To = "", "", "x", 0
	if faults := s.Check(); len(faults) != 4 {
		t.Errorf("%v", faults)
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	s := right()
	if m, ok := s.Member("m1"); !ok || m.Name != "渡晓舟" || m.MaxOpen() != 5 {
		t.Errorf("member: %+v", m)
	}
	if m, _ := s.Member("m2"); m.MaxOpen() != station.DefaultCapacity {
		t.Errorf("default room: %d", m.MaxOpen())
	}
	if r, ok := s.Room("r2"); !ok || r.Name != "二室" {
		t.Errorf("room: %+v", r)
	}
	if p, ok := s.Place("p1"); !ok || p.Name != "码头" {
		t.Errorf("place: %+v", p)
	}
	if l, ok := s.Liaison("a1"); !ok || !l.Admin {
		t.Errorf("liaison: %+v", l)
	}
	if d, ok := s.Department("d1"); !ok || d.Name != "文化旅游局" {
		t.Errorf("department: %+v", d)
	}
	if c, ok := s.Category("water"); !ok || c.Name != "用水" {
		t.Errorf("category: %+v", c)
	}
	if c, ok := s.TouristCategory(); !ok || c.Key != "tourism" {
		t.Errorf("tourist category: %+v", c)
	}
	if _, ok := s.Member("x"); ok {
		t.Error("an unknown member was found")
	}
	s.Categories[0].Tourist = false
	if _, ok := s.TouristCategory(); ok {
		t.Error("a tourist category was found where none is marked")
	}
}
