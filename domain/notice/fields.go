package notice

// Field is one field of a template: its meaning in our words and its type on
// the platform (thing, time, character_string, phrase, phone_number ...).
type Field struct {
	Meaning string
	Type    string
	// Label is the Chinese name to look for when choosing the template.
	Label string
}

// The meanings.
const (
	Number  = "number"  // receipt number
	Subject = "subject" // kind and first words
	Place   = "place"
	Due     = "due"   // deadline
	Who     = "who"   // member, or the kind of visitor
	State   = "state" // at most five Chinese characters
	Body    = "body"  // first words of an answer
	Hint    = "hint"  // what to do next
)

// Fields has the fields that each purpose's template must have. The number after the type (thing1, thing2) is
// the platform's and differs by template: it is configuration. By default fields are numbered by their position
// here.
var Fields = map[Purpose][]Field{
	MemberNew: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{Place, "thing", "地点"},
		{Due, "time", "办理期限"},
	},
	MemberUrge: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{Due, "time", "办理期限"},
		{Hint, "thing", "温馨提示"},
	},
	MemberMessage: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{State, "phrase", "当前状态"},
		{Hint, "thing", "温馨提示"},
	},
	VisitorReply: {
		{Number, "character_string", "受理编号"},
		{Who, "thing", "答复人"},
		{Body, "thing", "答复内容"},
		{Hint, "thing", "温馨提示"},
	},
	VisitorClosed: {
		{Number, "character_string", "受理编号"},
		{State, "phrase", "办理结果"},
		{Body, "thing", "办理说明"},
		{Hint, "thing", "温馨提示"},
	},
	VisitorProgress: {
		{Number, "character_string", "受理编号"},
		{State, "phrase", "当前状态"},
		{Who, "thing", "办理人"},
		{Hint, "thing", "温馨提示"},
	},
	DepartmentAssist: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{Due, "time", "办理期限"},
		{Hint, "thing", "温馨提示"},
	},
	LiaisonUrge: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{Due, "time", "办理期限"},
		{Hint, "thing", "温馨提示"},
	},
	VisitorBooking: {
		{Number, "character_string", "预约号码"},
		{Due, "time", "预约时间"},
		{Place, "thing", "接待地点"},
		{Hint, "thing", "温馨提示"},
	},
	MemberDuty: {
		{Subject, "thing", "活动名称"},
		{Due, "time", "活动时间"},
		{Place, "thing", "活动地点"},
		{Hint, "thing", "温馨提示"},
	},
	LiaisonAlarm: {
		{Number, "character_string", "受理编号"},
		{Subject, "thing", "诉求内容"},
		{Place, "thing", "地点"},
		{Hint, "thing", "温馨提示"},
	},
}
