package notice

import (
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/station"
)

// Example is a purpose's message in one situation, about a made-up submission or reception day.
type Example struct {
	// When describes the situation in Chinese.
	When string
	// Message is composed like a real one, without a receiver.
	Message Message
}

// situation is an occasion of a message, and how the made-up submission then differs.
type situation struct {
	when   string
	about  string
	change func(*casework.Submission)
	assist bool
}

// withStep adds the newest entry.
func withStep(what access.Action, state casework.State, text string) func(*casework.Submission) {
	return func(s *casework.Submission) {
		s.State = state
		s.Thread = append(s.Thread, casework.Entry{At: s.FiledAt, What: what, Text: text})
	}
}

// withAgreedClosing closes it with a promised day.
func withAgreedClosing(s *casework.Submission) {
	withStep(access.Close, casework.Closed, "供电所同意，下月装好路灯")(s)
	s.Outcome, s.ClosedAt = casework.Agreed, s.DueAt
	s.Promise = &casework.Promise{At: s.ClosedAt, DueAt: casework.EndOfDay(s.DueAt.Time().AddDate(0, 0, 20))}
}

var situations = map[Purpose][]situation{
	MemberNew: {
		{when: "新的诉求分派、转交给委员时"},
		{when: "请委员协办时", assist: true},
	},
	MemberMessage: {
		{when: "群众补充情况时", change: withStep(access.Message, casework.Accepted, "昨晚又有人摔倒")},
		{when: "群众撤回时", change: withStep(access.Withdraw, casework.Withdrawn, "")},
		{when: "协办有了答复时", about: AboutAnswer, assist: true},
	},
	MemberUrge: {
		{when: "首次联系的时限将到时", about: AboutFirst},
		{when: "首次联系超时后", about: AboutFirstLate},
		{when: "办理期限将到时", about: AboutSoon},
		{when: "办理期限已到时"},
		{when: "联络员催办时", about: AboutNudge},
		{when: "专班委员超时后，提醒组长", about: AboutSquad},
		{when: "约定落实的日期将到时", about: AboutPromise, change: withAgreedClosing},
		{when: "约定的日期过了还没有落实时", about: AboutBroken, change: withAgreedClosing},
	},
	VisitorReply: {
		{when: "委员答复时", change: withStep(access.Reply, casework.Answered, "已联系供电所，明天上午派人更换")},
		{when: "委员请群众补充时", change: withStep(access.Ask, casework.Waiting, "请问是村口第几根灯杆？")},
	},
	VisitorClosed: {
		{when: "办结时，请群众评价", change: func(s *casework.Submission) {
			withStep(access.Close, casework.Closed, "路灯已换新，当晚亮灯")(s)
			s.Outcome, s.ClosedAt = casework.Solved, s.DueAt
		}},
		{when: "办结时商定以后落实的", change: withAgreedClosing},
		{when: "商定的事项落实时", change: func(s *casework.Submission) {
			withAgreedClosing(s)
			withStep(access.Fulfil, casework.Closed, "路灯已装好，当晚亮灯")(s)
			s.Outcome, s.Promise.DoneAt = casework.Solved, s.Promise.DueAt
		}},
	},
	VisitorProgress: {
		{when: "委员受理时", change: withStep(access.Accept, casework.Accepted, "")},
		{when: "延期时", change: withStep(access.Extend, casework.Accepted, "等配件")},
		{when: "落实日期改期时", change: func(s *casework.Submission) {
			withAgreedClosing(s)
			withStep(access.Promise, casework.Closed, "等配件")(s)
		}},
		{when: "并入同一问题时", change: withStep(access.Merge, casework.Accepted, "")},
		{when: "有照片未通过检查时", about: AboutPhoto},
	},
	LiaisonAlarm: {
		{when: "诉求说到生命危险、暴力、火灾等险情时", change: func(s *casework.Submission) {
			s.Text, s.Dangers = "邻居家冒烟，有人没出来", []danger.Kind{danger.Fire}
		}},
	},
	LiaisonUrge: {
		{when: "诉求没有委员可派、快超时时", change: func(s *casework.Submission) { s.State, s.Assignee = casework.Pooled, "" }},
		{when: "委员办理超时后"},
		{when: "同事在内部备注里提到时", about: AboutMention},
		{when: "约定的日期过了还没有落实时", about: AboutBroken, change: withAgreedClosing},
	},
	DepartmentAssist: {
		{when: "请部门协办时", assist: true},
		{when: "协办期限已到时", about: AboutLate, assist: true},
		{when: "联络员催办时", about: AboutNudge, assist: true},
		{when: "协办撤回时", about: AboutRecall, assist: true},
	},
}

// Examples returns the purpose's messages at the station, one for each situation in which they are sent. They
// contain no data of people but the station's and a member's name.
func Examples(p Purpose, st *station.Station, now time.Time) []Example {
	list := make([]Example, len(situations[p]))
	for i, x := range situations[p] {
		s := exampleSubmission(st, now)
		e := Entry{Submission: s.ID, Purpose: p, About: x.about, At: int64(casework.At(now))}
		if x.assist {
			s.Assists = []casework.Assist{{
				ID: 1, Role: access.Department, Name: departmentOf(st), DueAt: casework.At(now.AddDate(0, 0, 2)), State: casework.Asked,
			}}
			e.Assist = 1
		}
		if x.change != nil {
			x.change(&s)
		}
		list[i] = Example{When: x.when, Message: Compose(e, p, s, st)}
	}
	return append(list, dayExamples(p, st, now)...)
}

// exampleSubmission returns a made-up submission.
func exampleSubmission(st *station.Station, now time.Time) casework.Submission {
	at := casework.At(now)
	s := casework.Submission{
		ID: st.ID + "-example", Number: now.In(station.Zone).Format("060102") + "-0017", Station: st.ID, State: casework.Assigned,
		Kind: casework.Complaint, Visitor: casework.Resident, Text: "村口路灯坏了三天没人修，晚上走路看不清", FiledAt: at,
		DueAt:  casework.At(now.AddDate(0, 0, 3)),
		Clocks: &casework.Clocks{FirstDueAt: casework.At(now.Add(30 * time.Minute))},
		Target: station.Target{Kind: station.ForStation},
	}
	if len(st.Places) > 0 {
		s.Target = station.Target{Kind: station.ForPlace, ID: st.Places[0].ID}
	}
	for _, m := range st.Members {
		if !m.Left {
			s.Assignee = m.ID
			break
		}
	}
	return s
}

func departmentOf(st *station.Station) string {
	if len(st.Departments) > 0 {
		return st.Departments[0].Name
	}
	return "供电所"
}

// FieldPreview is a field of a message as a phone shows it.
type FieldPreview struct {
	// Field has the template's type.
	Field

	// Key is the template's key, such as "thing2".
	Key string
	// TypeName is the name of the type, Limit what the platform accepts, both in Chinese.
	TypeName, Limit string
	// Value is what is sent, fitted to the limits; Cut is set if that is not the whole text.
	Value string
	Cut   bool
}
