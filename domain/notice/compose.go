package notice

import (
	"cmp"
	"slices"
	"strings"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// TimeLayout is the form of a time field that the platform accepts.
const TimeLayout = "2006-01-02 15:04"

// Compose writes the message of an entry with every field, in the template of the purpose use, its own or a
// substitute. The page opens the submission. Its address contains the submission's id, which is useless to
// people who may not see it.
func Compose(e Entry, use Purpose, s casework.Submission, st *station.Station) Message {
	m := Message{Purpose: use, Page: "pages/matter/index?id=" + s.ID, Data: map[string]string{
		Number:  s.Number,
		Subject: subject(s),
		Place:   place(s, st),
		Due:     s.NextDue().Time().Format(TimeLayout),
		State:   s.State.Chinese(),
		Who:     who(s, st),
		Hint:    hints[e.Purpose],
		Body:    body(s),
	}}
	if s.State == casework.Closed {
		m.Data[State] = s.Ending()
	}
	switch {
	case e.Assist != 0:
		composeAssist(e, m, s)
	case e.Purpose == LiaisonAlarm:
		m.Data[Hint] = alarmHint(s)
	case e.Purpose == MemberUrge || e.Purpose == LiaisonUrge:
		m.Data[Hint] = urgeHint(e, s)
		if e.About == AboutFirst || e.About == AboutFirstLate {
			m.Data[Due] = s.Clocks.FirstDueAt.Time().Format(TimeLayout)
		}
	case e.Purpose == VisitorProgress && s.Last().What == access.Extend:
		m.Data[Hint] = "延期至" + s.DueAt.Time().Format("1月2日") + "，点此看原因"
	case e.Purpose == VisitorProgress && s.Last().What == access.Promise:
		m.Data[Hint] = "改为" + dayOf(s.PromisedBy()) + "前落实，点此看原因"
	case e.About == AboutProxy && s.Last().What == casework.TakeOver:
		m.Data[Hint] = "对方已接手，您可以接着看进展"
	case e.About == AboutProxy && e.Purpose == VisitorClosed:
		m.Data[Hint] = proxyHint(s)
	case e.Purpose == VisitorClosed && s.Outcome == casework.Invalid:
		m.Data[Hint] = "点此看说明，15 天内可要求重办"
	case e.Purpose == VisitorClosed && s.Owed():
		m.Data[Hint] = dayOf(s.PromisedBy()) + "前落实，届时告诉您"
	case e.Purpose == VisitorProgress && s.Last().What == access.Merge:
		m.Data[Hint] = "与同一问题一起办，有进展告诉您"
	case e.About == AboutPhoto:
		m.Data[Hint] = "有照片未通过检查，请点开查看"
	case e.Purpose == VisitorReply && s.State == casework.Waiting:
		m.Data[Hint] = "委员请您补充情况，点此回复"
	case e.Purpose == MemberMessage && s.State == casework.Withdrawn:
		m.Data[Hint] = "群众已经撤回，不必再办"
	case e.Purpose == VisitorReply && use != VisitorReply:
		m.Data[Hint] = "委员已经答复，点此查看"
	}
	return m
}

var hints = map[Purpose]string{
	MemberNew:       "有新的诉求，请点开办理",
	MemberMessage:   "群众有新的消息，点此查看",
	VisitorReply:    "点此查看，可继续补充",
	VisitorClosed:   "请您评价，未解决可重新办理",
	VisitorProgress: "点此查看办理进度",
}

// proxyHint says how what the receiver filed for somebody ended. To ask for more is the filer's alone.
func proxyHint(s casework.Submission) string {
	const yours = "您替人提交的"
	switch {
	case s.Outcome == casework.Invalid:
		return yours + "有了说明，点此查看"
	case s.Owed():
		return yours + "，" + dayOf(s.PromisedBy()) + "前落实"
	case s.Fulfilled():
		return yours + "已落实，点此看结果"
	default:
		return yours + "已办结，点此看结果"
	}
}

// dayOf formats a day.
func dayOf(m casework.Millis) string { return m.Time().Format("1月2日") }

// urgeHint says what is due and for whom.
func urgeHint(e Entry, s casework.Submission) string {
	switch e.About {
	case AboutMention:
		return "同事在内部备注里提到您"
	case AboutNudge:
		return "联络员催办，请尽快办理"
	}
	if s.Owed() {
		return promiseHint(e)
	}
	hint := "已到办理期限，请尽快答复"
	switch e.About {
	case AboutSoon:
		hint = "办理期限将到，请抓紧办理"
	case AboutFirst:
		hint = "请尽快受理，与群众联系"
	case AboutFirstLate:
		hint = "首次联系已超时，请马上联系"
	case AboutSquad:
		return "本专班有诉求超时，请督促办理"
	}
	switch {
	case e.Purpose != LiaisonUrge:
		return hint
	case s.Assignee == "":
		return "尚未分派，请尽快指派委员"
	default:
		return "委员办理超时，请督促或改派"
	}
}

// promiseHint says that the day of a promise is near or has passed.
func promiseHint(e Entry) string {
	switch {
	case e.About == AboutSquad:
		return "本专班有约定到期未落实，请督促"
	case e.Purpose == LiaisonUrge && e.About == AboutBroken:
		return "约定到期未落实，请督促或代办"
	case e.About == AboutBroken:
		return "约定的日期已过，请尽快落实"
	default:
		return "约定落实的日期将到，请抓紧"
	}
}

// alarmHint names at most two dangers, as a field has room for 20 characters.
func alarmHint(s casework.Submission) string {
	var names []string
	for _, d := range s.Dangers[:min(len(s.Dangers), 2)] {
		names = append(names, d.Chinese())
	}
	more := ""
	if len(s.Dangers) > len(names) {
		more = "等"
	}
	return "疑涉" + strings.Join(names, "、") + more + "，请马上核实"
}

func subject(s casework.Submission) string {
	text := s.Text
	if text == "" {
		text = "语音留言"
	}
	return s.Kind.Chinese() + "：" + line(text)
}

// place returns where it happened, else the place of the code; for a member's code, the member's village.
func place(s casework.Submission, st *station.Station) string {
	if s.Place != nil && s.Place.Text != "" {
		return line(s.Place.Text)
	}
	name, _ := st.Resolve(s.Target)
	if s.Target.Kind == station.ForMember {
		name = st.Village(s.Target)
	}
	return cmp.Or(name, st.Name)
}

// line joins the lines of a text.
func line(text string) string { return strings.ReplaceAll(text, "\n", " ") }

func who(s casework.Submission, st *station.Station) string {
	if m, ok := st.Member(s.Assignee); ok {
		return m.Name + "委员" + coAuthors(s)
	}
	return st.Name
}

// body returns the last message to the visitor.
func body(s casework.Submission) string {
	for _, e := range slices.Backward(s.Thread) {
		if e.RetractedAt != 0 {
			continue
		}
		switch e.What {
		case access.Reply, access.Ask, access.Close, access.Fulfil:
			if e.Text != "" {
				return line(e.Text)
			}
			return "已发来照片，请点开查看"
		}
	}
	return "请点开查看"
}
