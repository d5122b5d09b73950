package sheets

import "mashang/domain/station"

var squadSheet = table{
	sheet: "专班", key: station.TableSquad,
	about: "跨界别的工作专班，如法律援助专班。负责的类别或界别来了诉求，先找专班的委员。没有可不填。",
	columns: []column{
		idColumn("s01"),
		nameColumn("法律援助专班"),
		{
			header: "组长", also: []string{"负责人"}, field: "leader", required: true, max: 40, width: 12,
			note: "委员的编号或姓名；没有其他合适委员时由组长办理", example: "m01",
		},
		{
			header: "成员", also: []string{"委员"}, field: "members", max: 600, width: 28,
			note: "委员的编号或姓名，多个用顿号分开", example: "m01",
		},
		sectorsColumn("负责界别", "这些界别负责的诉求先找本专班，多个用顿号分开，可不填", ""),
		{
			header: "负责类别", also: []string{"类别"}, field: "categories", max: 300, width: 24,
			note: "类别的编号或名称，多个用顿号分开，可不填", example: "tourism",
		},
	},
	read: readSquad, write: writeSquads,
}

func readSquad(r *record) {
	r.noteRow()
	r.st.Squads = append(r.st.Squads, station.Squad{
		ID: r.id("id"), Name: r.text("name"), Leader: r.ref("leader", station.TableMember),
		Members: r.refs("members", station.TableMember), Sectors: r.list("sector"),
		Categories: r.refs("categories", station.TableCategory),
	})
}

func writeSquads(s *station.Station) (rows [][]string) {
	for _, x := range s.Squads {
		rows = append(rows, []string{x.ID, x.Name, x.Leader, join(x.Members), join(x.Sectors), join(x.Categories)})
	}
	return rows
}
