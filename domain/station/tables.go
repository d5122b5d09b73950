package station

import (
	"fmt"
	"slices"

	"mashang/domain/recurrence"
)

// The tables of a roster, as Table.Key and Fault.Table name them.
const (
	TableStation    = "station"
	TableSector     = "sectors"
	TableRoom       = "rooms"
	TablePlace      = "places"
	TableMember     = "members"
	TableDepartment = "departments"
	TableLiaison    = "liaisons"
	TableCategory   = "categories"
	TableSquad      = "squads"
	TableDuty       = "duty"
	TableReception  = "receptions"
)

// Table implements Entry.
func (Profile) Table() string { return TableStation }

// Table implements Entry.
func (Sector) Table() string { return TableSector }

// Table implements Entry.
func (Room) Table() string { return TableRoom }

// Table implements Entry.
func (Place) Table() string { return TablePlace }

// Table implements Entry.
func (Member) Table() string { return TableMember }

// Table implements Entry.
func (Department) Table() string { return TableDepartment }

// Table implements Entry.
func (Liaison) Table() string { return TableLiaison }

// Table implements Entry.
func (Category) Table() string { return TableCategory }

// Table implements Entry.
func (Squad) Table() string { return TableSquad }

// Table implements Entry.
func (DutySlot) Table() string { return TableDuty }

// Table implements Entry.
func (Reception) Table() string { return TableReception }

// Tables are the tables of a roster in the order in which spreadsheets have them: what
// a table refers to stands before it.
var Tables = []*Table{
	stationTable, sectorTable, roomTable, placeTable, memberTable,
	departmentTable, liaisonTable, categoryTable, squadTable, dutyTable, receptionTable,
}

// at completes a field with where an entry keeps it.
func at[T any](f Field, get func(row *T) any) Field {
	f.at = func(row any) any { return get(asEntry[T](row)) }
	return f
}

// asEntry is an entry as its table's type has it. Tables hand out their own entries, so
// that another one is a fault of the caller.
func asEntry[T any](row any) *T {
	entry, ok := row.(*T)
	if !ok {
		panic(fmt.Sprintf("station: %T is no entry of this table", row))
	}
	return entry
}

// missing completes a required field with what is said when it is empty.
func missing(message string, f Field) Field {
	f.Missing = message
	return f
}

// on completes a reference with what becomes of it when the entry it names leaves.
func on(r removal, f Field) Field {
	f.removed = r
	return f
}

const idNote = "小写字母、数字或连字符，最长 24 位；定了就不要再改，再次导入按编号对应"

func idField(example string) Field {
	return Field{Name: "id", Kind: KindID, Header: "编号", Required: true, Max: 24, Note: idNote, Example: example}
}

func nameField(example string) Field {
	return Field{Name: "name", Kind: KindText, Header: "名称", Required: true, Max: 40, Example: example}
}

func personField(example string) Field {
	return Field{Name: "name", Kind: KindPerson, Header: "姓名", Required: true, Max: 40, Example: example}
}

func villageField() Field {
	return Field{
		Name: "village", Kind: KindText, Header: "村", Aliases: []string{"属地", "所在村", "村社"}, Label: "所在村或社区", Max: 40,
		Note: "所在的村或社区，可不填", Hint: "可不填", Example: "古渡村",
	}
}

func coordField(example string) Field {
	return Field{
		Name: "coord", Kind: KindCoord, Header: "坐标", Aliases: []string{"经纬度", "位置"}, MaxCell: 60,
		Note: "地图上的位置，写成“纬度，经度”或“经度，纬度”，从地图软件里复制，可不填", Hint: "“纬度，经度”，从地图软件里复制，可不填", Example: example,
	}
}

func phoneField(example, note, hint string) Field {
	return Field{
		Name: "phone", Kind: KindPhone, Header: "电话", Aliases: []string{"手机", "手机号", "手机号码", "联系电话", "电话号码"},
		MaxCell: 30, Note: note, Hint: hint, Example: example,
	}
}

func sectorsField(header, label, note, hint, doc, example string) Field {
	return Field{
		Name: "sectors", Kind: KindRefs, Refers: TableSector, Header: header, Aliases: []string{"界别"}, Label: label, MaxCell: 200,
		Note: note, Hint: hint, Doc: doc, Example: example,
	}
}

var stationTable = &Table{
	Key: TableStation, Entity: "Profile", Doc: "The station's name, number and address.",
	Sheet: "站点", One: "本站", About: "本站的基本资料，只填一行。", Single: true, list: self{},
	Fields: []Field{
		at(Field{
			Name: "id", Kind: KindID, Header: "编号", Required: true, Max: 12, Example: "hexi",
			Note: "2 至 12 位小写字母或数字，全平台唯一，定了就不要再改",
		}, func(s *Station) any { return &s.ID }),
		at(missing("请填写站点名称", nameField("河西镇委员工作站")), func(s *Station) any { return &s.Name }),
		at(Field{
			Name: "phone", Kind: KindPhone, Header: "电话", Aliases: []string{"联系电话"}, Required: true, Hotlines: true, Public: true,
			Missing: "请填写站点电话", MaxCell: 30, Note: "印在码牌上，群众打得通的号码", Doc: "Printed on the codes.", Example: "0900-0000000",
		}, func(s *Station) any { return &s.Phone }),
		at(Field{
			Name: "address", Kind: KindText, Header: "地址", Max: 100, Note: "可不填", Example: "河西镇渡口路 1 号",
		}, func(s *Station) any { return &s.Address }),
		at(Field{
			Name: "means", Kind: KindChannels, Header: "通知不到时", MaxCell: 20, Example: "客服会话、短信、联络员",
			Note: "委员或群众收不到微信提醒时的办法，按先后用顿号分开：客服会话、短信、联络员；不填为各项都用",
			Doc:  "How to tell whom no message reaches, the first tried first: chat, sms (to visitors who logged in with the number they left), liaison; none for all.",
		}, func(s *Station) any { return &s.FallbackChannels }),
		at(Field{
			Name: "swaps_pass", Kind: KindFlag, Header: "换班自动通过", Example: "否",
			Note: "填“是”时，合适又提前的换班不用批准；锁定时间以内的总要联络员批准；不填为否",
			Hint: "对方同意、提前、不缺界别和专长的换班不用再批准，会记在操作记录里", Doc: "Early swaps by which a reception day lacks nothing need no approval.",
		}, func(s *Station) any { return &s.SwapsPass }),
	},
}

var sectorTable = &Table{
	Key: TableSector, Entity: "Sector", Doc: "Add a sector or rename one; what names it follows, and it keeps the names it had.",
	Sheet: "界别", One: "界别", About: "本站委员所属的界别，每行一个。",
	list:  rows[Sector](func(s *Station) *[]Sector { return &s.Sectors }),
	ident: func(row any) string { return asEntry[Sector](row).Name },
	Fields: []Field{
		at(Field{
			Name: "name", Kind: KindText, Header: "名称", Required: true, Unique: true, Max: 40, Example: "文化旅游",
			Hint: "改名后，委员、点位、类别、专班和分派规则一起改；以前的名称留在历史里",
			Doc:  "Its name from today on; whoever and whatever names it follows.",
		}, func(x *Sector) any { return &x.Name }),
	},
}

var roomTable = &Table{
	Key: TableRoom, Entity: "Room", Doc: "Add or change a deliberation room.",
	Sheet: "议事室", One: "议事室", About: "各村的协商议事室，没有可不填。", Prefix: "r",
	list: rows[Room](func(s *Station) *[]Room { return &s.Rooms }),
	Fields: []Field{
		at(idField("r01"), func(x *Room) any { return &x.ID }),
		at(nameField("古渡村协商议事室"), func(x *Room) any { return &x.Name }),
		at(villageField(), func(x *Room) any { return &x.Village }),
		at(coordField("35.601234，103.206543"), func(x *Room) any { return Coord{&x.Lat, &x.Lng} }),
	},
}

var placeTable = &Table{
	Key: TablePlace, Entity: "Place", Doc: "Add or change a place.",
	Sheet: "场所", One: "点位", About: "停车场、码头、农家乐等张贴码牌的地方，没有可不填。", Prefix: "p",
	list: rows[Place](func(s *Station) *[]Place { return &s.Places }),
	Fields: []Field{
		at(idField("p01"), func(x *Place) any { return &x.ID }),
		at(nameField("古渡码头"), func(x *Place) any { return &x.Name }),
		at(villageField(), func(x *Place) any { return &x.Village }),
		at(sectorsField("默认界别", "先找的界别", "在这里提交的诉求先找哪些界别的委员，多个用顿号分开", "在这里提交的诉求先找这些界别的委员", "", "文化旅游"),
			func(x *Place) any { return &x.Sectors }),
		at(coordField(""), func(x *Place) any { return Coord{&x.Lat, &x.Lng} }),
	},
}

// mergeMember keeps what has requests of its own.
func mergeMember(row, old any) {
	m := asEntry[Member](row)
	m.Absences, m.Left = asEntry[Member](old).Absences, false
}

// memberTable has members who left: history keeps their names.
var memberTable = &Table{
	Key: TableMember, Entity: "Member", Doc: "Add or change a member, or bring back one who is gone.",
	Sheet: "委员", One: "委员", Prefix: "m",
	About: "全体委员。再次导入时，表中不再列出的委员停止派件，历史记录保留。",
	list:  rows[Member](func(s *Station) *[]Member { return &s.Members }),
	left:  func(row any) bool { return asEntry[Member](row).Left },
	leave: func(row any) { leaveMember(asEntry[Member](row)) },
	merge: mergeMember,
	check: func(c *checker, i int, row any) { c.absences(i, *asEntry[Member](row)) },
	Fields: []Field{
		at(idField("m01"), func(x *Member) any { return &x.ID }),
		at(personField("渡晓舟"), func(x *Member) any { return &x.Name }),
		on(keepRef, at(Field{
			Name: "sector", Kind: KindRef, Refers: TableSector, Header: "界别", Required: true,
			Note: "须与“界别”表中的名称一致", Example: "文化旅游",
		}, func(x *Member) any { return &x.Sector })),
		at(villageField(), func(x *Member) any { return &x.Village }),
		at(Field{
			Name: "title", Kind: KindText, Header: "职务", Max: 60, Note: "印在码牌上，可不填", Hint: "印在码牌上，可不填", Example: "古渡文创社负责人",
		}, func(x *Member) any { return &x.Title }),
		at(Field{
			Name: "expertise", Kind: KindWords, Header: "专长", Aliases: []string{"特长"}, MaxCell: 200, Example: "旅游服务、民宿经营",
			Note: "群众可以找他办什么，多个用顿号分开", Hint: "群众可以找他办什么；输入后按回车",
		}, func(x *Member) any { return &x.Expertise }),
		at(Field{
			Name: "rooms", Kind: KindRefs, Refers: TableRoom, Header: "议事室", Aliases: []string{"负责议事室"}, Label: "负责的议事室", MaxCell: 300,
			Note: "负责的议事室的编号或名称，多个用顿号分开", Example: "r01", Doc: "Ids of the rooms they look after.",
		}, func(x *Member) any { return &x.Rooms }),
		at(phoneField("0900-0000001", "手机或固定电话，加密保存，不向群众显示；填“保留”就不改动", "手机或带区号的固定电话；加密保存，不向群众显示"),
			func(x *Member) any { return &x.Phone }),
		at(Field{
			Name: "capacity", Kind: KindNumber, Header: "在办上限", Aliases: []string{"上限"}, Label: "同时在办上限（件）", MaxCell: 6, MaxNumber: 1000,
			Note: "同时在办的诉求最多几件，不填为 20 件", Hint: "0 表示按全站的规定", Example: "20",
			Doc: "How many open submissions they can hold; 0 for the station's figure.",
		}, func(x *Member) any { return &x.Capacity }),
		at(Field{
			Name: "convener", Kind: KindFlag, Header: "召集人", Label: "本站召集人", Example: "否",
			Note: "召集人可以排本站的班、批准换班；不填为否", Hint: "可以排全站的班、批准换班",
			Doc: "Makes the roster of the whole station and approves swaps there.",
		}, func(x *Member) any { return &x.Convener }),
		at(Field{
			Name: "convenes", Kind: KindRefs, Refers: TableRoom, Header: "召集议事室", Label: "召集的议事室", MaxCell: 300,
			Note: "做哪些议事室的召集人，填编号或名称，多个用顿号分开", Hint: "可以排这些议事室的班、批准换班",
			Doc: "Ids of the rooms whose roster they make.",
		}, func(x *Member) any { return &x.Convenes }),
		at(Field{Name: "absences", Kind: KindAbsences, Header: "外出"}, func(x *Member) any { return &x.Absences }),
	},
}

var departmentTable = &Table{
	Key: TableDepartment, Entity: "Department", Doc: "Add or change a department.",
	Sheet: "部门", One: "部门", About: "协办的部门，没有可不填。", Prefix: "d",
	list: rows[Department](func(s *Station) *[]Department { return &s.Departments }),
	Fields: []Field{
		at(idField("d01"), func(x *Department) any { return &x.ID }),
		at(nameField("文化旅游局"), func(x *Department) any { return &x.Name }),
		at(hotlines(phoneField("0900-0000101", "可填手机、固定电话或服务热线；填“保留”就不改动", "手机、带区号的固定电话或服务热线")),
			func(x *Department) any { return &x.Phone }),
	},
}

// hotlines lets a phone be that of a service.
func hotlines(f Field) Field {
	f.Hotlines = true
	return f
}

// liaisonTable has staff who left: history keeps their names.
var liaisonTable = &Table{
	Key: TableLiaison, Entity: "Liaison", Doc: "Add or change one of the staff; only an administrator does.",
	Sheet: "联络员", One: "联络员", About: "本站的联络员和管理员。", Prefix: "l",
	list:  rows[Liaison](func(s *Station) *[]Liaison { return &s.Liaisons }),
	left:  func(row any) bool { return asEntry[Liaison](row).Left },
	leave: func(row any) { leaveStaff(asEntry[Liaison](row)) },
	merge: func(row, _ any) { asEntry[Liaison](row).Left = false },
	Fields: []Field{
		at(idField("l01"), func(x *Liaison) any { return &x.ID }),
		at(personField("柳知意"), func(x *Liaison) any { return &x.Name }),
		at(phoneField("0900-0000201", "手机或固定电话，加密保存；填“保留”就不改动", "手机或带区号的固定电话；加密保存"),
			func(x *Liaison) any { return &x.Phone }),
		at(Field{
			Name: "admin", Kind: KindFlag, Header: "管理员", Note: "管理员只管设置，不看诉求；不填为否", Hint: "管理员只管设置，不看诉求", Example: "否",
			Doc: "Sets up the station and reads no submissions.",
		}, func(x *Liaison) any { return &x.Admin }),
	},
}

var categoryTable = &Table{
	Key: TableCategory, Entity: "Category", Doc: "Add or change a category.",
	Sheet: "类别", One: "类别", About: "群众提交时可选的事项类别和负责的界别，没有可不填。",
	list: rows[Category](func(s *Station) *[]Category { return &s.Categories }),
	check: func(c *checker, i int, row any) {
		if asEntry[Category](row).Tourist {
			first := slices.IndexFunc(c.s.Categories, func(x Category) bool { return x.Tourist })
			c.require(first == i, TableCategory, i, "tourist", "只能有一个类别作为游客默认类别")
		}
	},
	Fields: []Field{
		at(Field{
			Name: "key", Kind: KindID, Header: "编号", Required: true, Max: 24, Note: idNote, Example: "tourism",
		}, func(x *Category) any { return &x.Key }),
		at(nameField("旅游服务"), func(x *Category) any { return &x.Name }),
		at(sectorsField("负责界别", "负责的界别", "这类事项先找哪些界别的委员，多个用顿号分开", "", "In charge of it.", "文化旅游"),
			func(x *Category) any { return &x.Sectors }),
		at(Field{
			Name: "tourist", Kind: KindFlag, Header: "游客默认", Label: "游客默认类别", Example: "是",
			Note: "游客没有选类别时按此类办理，只能有一个“是”", Hint: "游客没有选类别时按此类办理，只能有一个",
			Doc: "Of a tourist's matter without one; one category at most.",
		}, func(x *Category) any { return &x.Tourist }),
	},
}

var squadTable = &Table{
	Key: TableSquad, Entity: "Squad", Doc: "Add or change a squad.",
	Sheet: "专班", One: "专班", Prefix: "s",
	About: "跨界别的工作专班，如法律援助专班。负责的类别或界别来了诉求，先找专班的委员。没有可不填。",
	list:  rows[Squad](func(s *Station) *[]Squad { return &s.Squads }),
	Fields: []Field{
		at(idField("s01"), func(x *Squad) any { return &x.ID }),
		at(nameField("法律援助专班"), func(x *Squad) any { return &x.Name }),
		at(Field{
			Name: "leader", Kind: KindRef, Refers: TableMember, Header: "组长", Aliases: []string{"负责人"}, Required: true,
			Missing: "专班“{name}”要有一位组长，请选定一位",
			Note:    "委员的编号或姓名；没有其他合适委员时由组长办理", Hint: "每个专班一位；没有其他合适委员时由组长办理", Example: "m01",
			Doc: "A member's id.",
		}, func(x *Squad) any { return &x.Leader }),
		at(Field{
			Name: "members", Kind: KindRefs, Refers: TableMember, Header: "成员", Aliases: []string{"委员"}, MaxCell: 600,
			Note: "委员的编号或姓名，多个用顿号分开", Example: "m01", Doc: "Ids; the leader need not be among them.",
		}, func(x *Squad) any { return &x.Members }),
		at(sectorsField("负责界别", "负责的界别", "这些界别负责的诉求先找本专班，多个用顿号分开，可不填", "这些界别的诉求先找本专班", "", ""),
			func(x *Squad) any { return &x.Sectors }),
		at(Field{
			Name: "categories", Kind: KindRefs, Refers: TableCategory, Header: "负责类别", Aliases: []string{"类别"}, Label: "负责的类别", MaxCell: 300,
			Note: "类别的编号或名称，多个用顿号分开，可不填", Example: "tourism", Doc: "Keys.",
		}, func(x *Squad) any { return &x.Categories }),
	},
}

// dutyTable has slots, which are nothing but their content: an edit makes another slot.
var dutyTable = &Table{
	Key: TableDuty, Entity: "Duty", Doc: "Add or change a slot of duty.",
	Sheet: "值班", One: "班次",
	About:   "谁在什么时候值班。议事室和场所都不填，就是在本站值班；星期和日期只填一个。",
	list:    rows[DutySlot](func(s *Station) *[]DutySlot { return &s.Duty }),
	ident:   func(row any) string { return asEntry[DutySlot](row).ID() },
	content: func(row any) string { return asEntry[DutySlot](row).String() },
	check:   func(c *checker, i int, row any) { c.slot(i, *asEntry[DutySlot](row)) },
	Fields: []Field{
		on(dropRow, at(Field{
			Name: "member", Kind: KindRef, Refers: TableMember, Header: "委员", Required: true,
			Note: "委员的编号或姓名", Example: "m01", Doc: "A member's id.",
		}, func(x *DutySlot) any { return &x.Member })),
		on(dropRow, at(Field{
			Name: "room", Kind: KindRef, Refers: TableRoom, Header: "议事室",
			Note: "议事室的编号或名称，可不填", Doc: "Neither room nor place: at the station.",
		}, func(x *DutySlot) any { return &x.Room })),
		on(dropRow, at(Field{
			Name: "place", Kind: KindRef, Refers: TablePlace, Header: "场所", Note: "场所的编号或名称，可不填", Example: "p01",
		}, func(x *DutySlot) any { return &x.Place })),
		at(Field{
			Name: "weekday", Kind: KindWeekday, Header: "星期", Aliases: []string{"周几"}, Or: "date", MaxCell: 40, MaxNumber: 7,
			Note: "如“周五”“周一、周三”“周一至周五”“每天”", Example: "周五", Doc: "1 for Monday to 7 for Sunday; or a date.",
		}, func(x *DutySlot) any { return &x.Weekday }),
		at(Field{
			Name: "date", Kind: KindDate, Header: "日期", MaxCell: 40, Note: "只值一天时填，如 2026-05-01",
		}, func(x *DutySlot) any { return &x.Date }),
		at(Field{
			Name: "from", Kind: KindClock, Header: "开始时间", Aliases: []string{"开始", "起"}, Required: true, MaxCell: 30,
			Note: "如 8:30", Example: "8:30", Doc: "08:30",
		}, func(x *DutySlot) any { return &x.From }),
		at(Field{
			Name: "to", Kind: KindClock, Header: "结束时间", Aliases: []string{"结束", "止"}, Required: true, MaxCell: 30,
			Note: "如 12:00，到半夜填 24:00；跨零点的班分两行填", Hint: "到半夜填 24:00；跨零点的班分两班填", Example: "12:00", Doc: "12:00, at most 24:00.",
		}, func(x *DutySlot) any { return &x.To }),
		at(Field{
			Name: "surge", Kind: KindFlag, Header: "高峰加班", Aliases: []string{"加班"}, Example: "否",
			Note: "填“是”的班只在联络员开启高峰模式时算数；不填为否", Hint: "只在开启高峰模式时算数",
			Doc: "An extra slot, which counts in a surge only.",
		}, func(x *DutySlot) any { return &x.Surge }),
	},
}

// The holidays' words on sheets and forms.
var holidayChoices = []Choice{
	{string(recurrence.Skip), "停一次"}, {string(recurrence.Move), "顺延到下一个工作日"}, {string(recurrence.Keep), "照常"},
}

var receptionTable = &Table{
	Key: TableReception, Entity: "Reception", Doc: "Add or change a rule of reception days. Days that are published stay as they are.",
	Sheet: "接待日", One: "接待日规则", Prefix: "j",
	About: "委员按什么规律接待群众，如每周五上午在本站。议事室和场所都不填，就是在本站。没有可不填。",
	list:  rows[Reception](func(s *Station) *[]Reception { return &s.Receptions }),
	check: func(c *checker, i int, row any) { c.reception(i, *asEntry[Reception](row)) },
	Fields: []Field{
		at(idField("j01"), func(x *Reception) any { return &x.ID }),
		at(nameField("委员接待日"), func(x *Reception) any { return &x.Name }),
		on(dropRow, at(Field{
			Name: "room", Kind: KindRef, Refers: TableRoom, Header: "议事室", Note: "议事室的编号或名称，可不填", Doc: "Neither room nor place: at the station.",
		}, func(x *Reception) any { return &x.Room })),
		on(dropRow, at(Field{
			Name: "place", Kind: KindRef, Refers: TablePlace, Header: "场所", Note: "场所的编号或名称，可不填",
		}, func(x *Reception) any { return &x.Place })),
		at(Field{
			Name: "repeat", Kind: KindText, Header: "哪些天", Required: true, Max: recurrence.MaxText, Example: "每周五",
			Note: "如“每周五”“每月10日、20日”“每月第二个周三”，或列出日期",
			Hint: "写“每周五”“每周一、周四”“每月10日、20日”“每月第二个周三”“每月最后一个周五”，或用顿号分开的日期",
			Doc:  "In Chinese: 每周五, 每周一、周四, 每月10日、20日, 每月第二个周三, 每月最后一个周五, or dates.",
		}, func(x *Reception) any { return &x.Repeat }),
		at(Field{
			Name: "holidays", Kind: KindChoice, Choices: holidayChoices, Header: "遇节假日", MaxCell: 20, Example: "停一次",
			Note: "“停一次”“顺延到下一个工作日”“照常”，不填为停一次；按本站的日历，含调休",
			Hint: "按本站的日历，含调休；规则写明周六、周日的，平常的周末不算节假日", Doc: "What a day off does: skip, move or keep.",
		}, func(x *Reception) any { return (*string)(&x.Holidays) }),
		at(Field{
			Name: "from", Kind: KindClock, Header: "开始时间", Aliases: []string{"开始", "起"}, Required: true, MaxCell: 30, Note: "如 9:00", Example: "9:00", Doc: "09:00",
		}, func(x *Reception) any { return &x.From }),
		at(Field{
			Name: "to", Kind: KindClock, Header: "结束时间", Aliases: []string{"结束", "止"}, Required: true, MaxCell: 30, Note: "如 12:00", Example: "12:00", Doc: "12:00, at most 24:00.",
		}, func(x *Reception) any { return &x.To }),
		at(count("min", "最少委员", "少于几位就算空缺，不填为 1", "少于几位就算空缺；0 表示 1 位", 50, "2"), func(x *Reception) any { return &x.Min }),
		at(count("max", "最多委员", "最多排几位，不填不限", "0 表示不限", 50, "3"), func(x *Reception) any { return &x.Max }),
		at(sectorsField("需要界别", "需要的界别", "每天至少各有一位这些界别的委员，多个用顿号分开，可不填", "每天至少各有一位", "Each needs a member of it.", ""),
			func(x *Reception) any { return &x.Sectors }),
		at(Field{
			Name: "expertise", Kind: KindWords, Header: "需要专长", Label: "需要的专长", MaxCell: 200, Example: "法律咨询",
			Note: "每天至少各有一位有这些专长的委员，多个用顿号分开，可不填", Hint: "每天至少各有一位；写法与委员的专长一致",
		}, func(x *Reception) any { return &x.Expertise }),
		at(count("seats", "每段名额", "一个时段可约几批人（一起来的算一批），不填就不能预约", "一个时段可约几批人，一起来的算一批；0 表示不能预约，直接来", 100, "2"), func(x *Reception) any { return &x.Seats }),
		at(count("slot", "每段分钟", "一个时段几分钟，不填为 30", "0 表示 30 分钟", 240, "30"), func(x *Reception) any { return &x.SlotMinutes }),
		at(count("walk_ins", "现场名额", "每段留给没有预约的人几个名额，不填为 0", "每段名额中留给没有预约的人", 100, "1"), func(x *Reception) any { return &x.WalkIns }),
		at(count("publish", "提前公布天数", "提前几天公布，不填为 7", "0 表示 7 天", 60, "7"), func(x *Reception) any { return &x.PublishDays }),
		at(count("lock", "锁定小时", "开始前几小时起换班要联络员办，不填为 24", "这之后换班要由联络员办；0 表示 24 小时", 720, "24"), func(x *Reception) any { return &x.LockHours }),
		at(Field{Name: "valid_from", Kind: KindDate, Header: "从哪天起", MaxCell: 40, Note: "如 2026-03-01，可不填"}, func(x *Reception) any { return &x.ValidFrom }),
		at(Field{Name: "valid_to", Kind: KindDate, Header: "到哪天止", MaxCell: 40, Note: "如 2026-12-31，可不填"}, func(x *Reception) any { return &x.ValidTo }),
	},
}

// count describes a number of a rule.
func count(name, header, note, hint string, most int, example string) Field {
	return Field{Name: name, Kind: KindNumber, Header: header, MaxCell: 6, MaxNumber: most, Note: note, Hint: hint, Example: example}
}
