package routing_test

import (
	"slices"
	"time"

	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// noon is a Wednesday.
var noon = time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)

var (
	atStation = station.Target{Kind: station.ForStation}
	atRoom    = station.Target{Kind: station.ForRoom, ID: "r1"}
	atJetty   = station.Target{Kind: station.ForPlace, ID: "jetty"}
)

func at(member string) station.Target { return station.Target{Kind: station.ForMember, ID: member} }

// town is a small station in which every weight applies to somebody.
func town() *station.Station {
	return &station.Station{
		ID: "hh", Name: "黄河镇委员工作站", Phone: "0931-1234567", Version: 7,
		Sectors: []station.Sector{{Name: "文化旅游"}, {Name: "医药卫生"}, {Name: "经济"}, {Name: "教育"}},
		Rooms:   []station.Room{{ID: "r1", Name: "河口村协商议事室", Village: "河口村"}, {ID: "r2", Name: "镇议事室"}},
		Places: []station.Place{
			{ID: "jetty", Name: "水车码头", Village: "龙湾村", Sectors: []string{"经济"}},
			{ID: "park", Name: "停车场"},
		},
		Members: []station.Member{
			{ID: "tour", Name: "张三", Sector: "文化旅游", Village: "龙湾村"},
			{ID: "doctor", Name: "李四", Sector: "医药卫生", Village: "河口村", Expertise: []string{"医保", "慢性病"}},
			{ID: "trade", Name: "王五", Sector: "经济", Village: "坝滩村"},
			{ID: "keeper", Name: "赵六", Sector: "教育", Village: "坝滩村", Rooms: []string{"r1"}},
			{ID: "plain", Name: "钱七", Sector: "教育"},
			{ID: "gone", Name: "孙八", Sector: "文化旅游", Village: "龙湾村", Left: true},
		},
		Categories: []station.Category{
			{Key: "tourism", Name: "景区服务", Sectors: []string{"文化旅游"}, Tourist: true},
			{Key: "health", Name: "看病就医", Sectors: []string{"医药卫生"}},
			{Key: "other", Name: "其他"},
		},
	}
}

func ask(t station.Target, change func(*routing.Input)) routing.Input {
	in := routing.Input{
		Station: town(), Target: t, Now: noon,
		Filing: casework.Filing{Kind: casework.Complaint, Visitor: casework.Resident, Text: "有事相求"},
	}
	if change != nil {
		change(&in)
	}
	return in
}

func edit(in *routing.Input, id string, change func(*station.Member)) {
	i := slices.IndexFunc(in.Station.Members, func(m station.Member) bool { return m.ID == id })
	change(&in.Station.Members[i])
}

func onDuty(in *routing.Input, slot station.DutySlot) {
	slot.Weekday, slot.From, slot.To = 3, 8*60, 18*60
	in.Station.Duty = append(in.Station.Duty, slot)
}

func picks(d casework.Decision) []string {
	var ids []string
	for _, c := range d.Candidates {
		ids = append(ids, c.Member)
	}
	return ids
}

func away(m *station.Member) {
	m.Absences = []station.Absence{{From: "2026-07-15", To: "2026-07-15"}}
}
