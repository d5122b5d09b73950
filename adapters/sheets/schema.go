package sheets

import (
	"slices"

	"mashang/domain/station"
)

// guide is the sheet that explains the others; it is never read.
const guide = "说明"

// absenceSheet fills a field of members, so it has no table of its own in a
// Station.
const absenceSheet = "外出"

// column is one column of a sheet.
type column struct {
	header string
	// also are other headers people write for it.
	also []string
	// field is the name station.Fault and station.Change use.
	field    string
	required bool
	// max is the greatest number of characters in a cell.
	max     int
	width   float64
	note    string
	example string
	// options are offered as a drop-down; from is a range of another sheet.
	options []string
	from    string
}

// table is one sheet.
type table struct {
	sheet string
	// key is the station.Table constant it fills.
	key     string
	about   string
	columns []column
	read    func(r *record)
	write   func(s *station.Station) [][]string
}

func (t *table) column(field string) int {
	for i, c := range t.columns {
		if c.field == field {
			return i
		}
	}
	return -1
}

// named returns the field of the column with the header, "" for none.
func (t *table) named(header string) string {
	for _, c := range t.columns {
		if c.header == header || slices.Contains(c.also, header) {
			return c.field
		}
	}
	return ""
}

func (t *table) headers() (list []string) {
	for _, c := range t.columns {
		list = append(list, c.header)
	}
	return list
}

const idNote = "小写字母、数字或连字符，最长 24 位；定了就不要再改，再次导入按编号对应"

func idColumn(example string) column {
	return column{
		header: "编号", field: "id", required: true, max: 24, width: 12, note: idNote, example: example,
	}
}

func nameColumn(example string) column {
	return column{header: "名称", field: "name", required: true, max: 40, width: 24, example: example}
}

func villageColumn(example string) column {
	return column{
		header: "村", also: []string{"属地", "所在村", "村社"}, field: "village", max: 40, width: 14,
		note: "所在的村或社区，可不填", example: example,
	}
}

func coordColumn(example string) column {
	return column{
		header: "坐标", also: []string{"经纬度", "位置"}, field: "coord", max: 60, width: 24,
		note: "地图上的位置，写成“纬度，经度”或“经度，纬度”，从地图软件里复制，可不填", example: example,
	}
}

func phoneColumn(example, note string) column {
	return column{
		header: "电话", also: []string{"手机", "手机号", "手机号码", "联系电话", "电话号码"}, field: "phone",
		max: 30, width: 18, note: note, example: example,
	}
}

func sectorsColumn(header, note, example string) column {
	return column{
		header: header, also: []string{"界别"}, field: "sector", max: 200, width: 28,
		note: note, example: example,
	}
}

var yesNo = []string{"是", "否"}

// tables are the sheets in the order they stand and are read: what a sheet
// refers to comes before it.
var tables = []table{
	{
		sheet: "站点", key: station.TableStation, about: "本站的基本资料，只填一行。",
		columns: []column{
			{
				header: "编号", field: "id", required: true, max: 12, width: 12,
				note: "2 至 12 位小写字母或数字，全平台唯一，定了就不要再改", example: "hexi",
			},
			nameColumn("河西镇委员工作站"),
			{
				header: "电话", also: []string{"联系电话"}, field: "phone", required: true, max: 30, width: 18,
				note: "印在码牌上，群众打得通的号码", example: "0900-0000000",
			},
			{header: "地址", field: "address", max: 100, width: 36, note: "可不填", example: "河西镇渡口路 1 号"},
			{
				header: "通知不到时", field: "means", max: 20, width: 20,
				note: "委员或群众收不到微信提醒时的办法，按先后用顿号分开：客服会话、联络员；不填为两项都用", example: "客服会话、联络员",
			},
		},
		read: readStation, write: writeStation,
	},
	{
		sheet: "界别", key: station.TableSector, about: "本站委员所属的界别，每行一个。",
		columns: []column{nameColumn("文化旅游")},
		read:    readSector, write: writeSectors,
	},
	{
		sheet: "议事室", key: station.TableRoom, about: "各村的协商议事室，没有可不填。",
		columns: []column{idColumn("r01"), nameColumn("古渡村协商议事室"), villageColumn("古渡村"), coordColumn("35.601234，103.206543")},
		read:    readRoom, write: writeRooms,
	},
	{
		sheet: "场所", key: station.TablePlace, about: "停车场、码头、农家乐等张贴码牌的地方，没有可不填。",
		columns: []column{
			idColumn("p01"),
			nameColumn("古渡码头"),
			villageColumn("古渡村"),
			sectorsColumn("默认界别", "在这里提交的诉求先找哪些界别的委员，多个用顿号分开", "文化旅游"),
			coordColumn(""),
		},
		read: readPlace, write: writePlaces,
	},
	{
		sheet: "委员", key: station.TableMember,
		about: "全体委员。再次导入时，表中不再列出的委员停止派件，历史记录保留。",
		columns: []column{
			idColumn("m01"),
			{header: "姓名", field: "name", required: true, max: 40, width: 14, example: "渡晓舟"},
			{
				header: "界别", field: "sector", required: true, max: 40, width: 14,
				note: "须与“界别”表中的名称一致", example: "文化旅游", from: "界别!$A$2:$A$200",
			},
			villageColumn("古渡村"),
			{header: "职务", field: "title", max: 60, width: 24, note: "印在码牌上，可不填", example: "古渡文创社负责人"},
			{
				header: "专长", also: []string{"特长"}, field: "expertise", max: 200, width: 28,
				note: "群众可以找他办什么，多个用顿号分开", example: "旅游服务、民宿经营",
			},
			{
				header: "议事室", also: []string{"负责议事室"}, field: "rooms", max: 300, width: 20,
				note: "负责的议事室的编号或名称，多个用顿号分开", example: "r01",
			},
			phoneColumn("0900-0000001", "手机或固定电话，加密保存，不向群众显示；填“保留”就不改动"),
			{
				header: "在办上限", also: []string{"上限"}, field: "capacity", max: 6, width: 10,
				note: "同时在办的诉求最多几件，不填为 20 件", example: "20",
			},
		},
		read: readMember, write: writeMembers,
	},
	{
		sheet: "部门", key: station.TableDepartment, about: "协办的部门，没有可不填。",
		columns: []column{
			idColumn("d01"), nameColumn("文化旅游局"),
			phoneColumn("0900-0000101", "可填手机、固定电话或服务热线；填“保留”就不改动"),
		},
		read: readDepartment, write: writeDepartments,
	},
	{
		sheet: "联络员", key: station.TableLiaison, about: "本站的联络员和管理员。",
		columns: []column{
			idColumn("l01"),
			{header: "姓名", field: "name", required: true, max: 40, width: 14, example: "柳知意"},
			phoneColumn("0900-0000201", "手机或固定电话，加密保存；填“保留”就不改动"),
			{
				header: "管理员", field: "admin", max: 4, width: 10, options: yesNo,
				note: "管理员只管设置，不看诉求；不填为否", example: "否",
			},
		},
		read: readLiaison, write: writeLiaisons,
	},
	{
		sheet: "类别", key: station.TableCategory, about: "群众提交时可选的事项类别和负责的界别，没有可不填。",
		columns: []column{
			{header: "编号", field: "key", required: true, max: 24, width: 16, note: idNote, example: "tourism"},
			nameColumn("旅游服务"),
			sectorsColumn("负责界别", "这类事项先找哪些界别的委员，多个用顿号分开", "文化旅游"),
			{
				header: "游客默认", field: "tourist", max: 4, width: 10, options: yesNo,
				note: "游客没有选类别时按此类办理，只能有一个“是”", example: "是",
			},
		},
		read: readCategory, write: writeCategories,
	},
	squadSheet,
	{
		sheet: "值班", key: station.TableDuty,
		about: "谁在什么时候值班。议事室和场所都不填，就是在本站值班；星期和日期只填一个。",
		columns: []column{
			{header: "委员", field: "member", required: true, max: 40, width: 12, note: "委员的编号或姓名", example: "m01"},
			{header: "议事室", field: "room", max: 40, width: 14, note: "议事室的编号或名称，可不填", example: ""},
			{header: "场所", field: "place", max: 40, width: 14, note: "场所的编号或名称，可不填", example: "p01"},
			{
				header: "星期", also: []string{"周几"}, field: "weekday", max: 40, width: 16,
				options: []string{"周一", "周二", "周三", "周四", "周五", "周六", "周日", "每天", "周一至周五"},
				note:    "如“周五”“周一、周三”“周一至周五”“每天”", example: "周五",
			},
			{header: "日期", field: "date", max: 40, width: 14, note: "只值一天时填，如 2026-05-01", example: ""},
			{
				header: "开始时间", also: []string{"开始", "起"}, field: "from", required: true, max: 30, width: 10,
				note: "如 8:30", example: "8:30",
			},
			{
				header: "结束时间", also: []string{"结束", "止"}, field: "to", required: true, max: 30, width: 10,
				note: "如 12:00，到半夜填 24:00；跨零点的班分两行填", example: "12:00",
			},
			{
				header: "高峰加班", also: []string{"加班"}, field: "surge", max: 4, width: 10, options: yesNo,
				note: "填“是”的班只在联络员开启高峰模式时算数；不填为否", example: "否",
			},
		},
		read: readDuty, write: writeDuty,
	},
	{
		sheet: absenceSheet, about: "委员外出、请假的日子，这些天不派件。没有可不填。",
		columns: []column{
			{header: "委员", field: "member", required: true, max: 40, width: 12, note: "委员的编号或姓名", example: "m01"},
			{
				header: "开始日期", also: []string{"开始", "起"}, field: "from", required: true, max: 40, width: 14,
				note: "如 2026-05-01", example: "2026-05-01",
			},
			{
				header: "结束日期", also: []string{"结束", "止"}, field: "to", max: 40, width: 14,
				note: "含当天；只有一天可不填", example: "2026-05-03",
			},
			{
				header: "代办委员", also: []string{"代办", "替班"}, field: "substitute", max: 40, width: 12,
				note: "外出期间谁代办，填编号或姓名，可不填；代办委员也外出时再往下找，不能绕成圈", example: "",
			},
		},
		read: readAbsence, write: writeAbsences,
	},
}
