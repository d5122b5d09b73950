package casework

import (
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Joint handling: one lead, others assist. Whoever has the submission stays
// responsible and answers the visitor; each assistant has a task, a deadline
// and an answer of their own.

// The limits of joint handling.
const (
	// MaxAssists is how often somebody is asked to assist in one submission.
	MaxAssists = 12
	// MaxAssistDays is the longest an assistant is given, in working days.
	MaxAssistDays = 20
	// MaxAnswers is how often one assistant adds to their answer.
	MaxAnswers = 5
)

// AssistState is how far one assistant is.
type AssistState string

// The states of an assist.
const (
	Asked          AssistState = "asked"
	Contributed    AssistState = "answered"
	Declined       AssistState = "declined"
	Recalled       AssistState = "recalled"
	EndedUnawaited AssistState = "ended" // the submission ended first, or goes on with another
)

var assistNames = map[AssistState]string{
	Asked: "协办中", Contributed: "已答复", Declined: "不能协办", Recalled: "已撤回", EndedUnawaited: "不再等候",
}

// Chinese returns the state for people.
func (a AssistState) Chinese() string { return assistNames[a] }

// Assist is one department or member asked to take part.
type Assist struct {
	// ID counts a submission's assists, from 1.
	ID int `json:"i"`
	// Role is Department or Member, and Who their id in the station.
	Role access.Role `json:"r"`
	Who  string      `json:"w"`
	Name string      `json:"n"`
	By   Actor       `json:"b"`
	At   Millis      `json:"t"`
	// DueAt never moves.
	DueAt Millis `json:"d"`
	// Task is what is asked of them.
	Task string `json:"x"`
	// Contact lets them see the visitor's phone, as long as they assist.
	Contact bool        `json:"c,omitempty"`
	State   AssistState `json:"s"`
	// EndAt is when they answered or declined, were recalled or waited for no
	// longer; the first answer's time.
	EndAt Millis `json:"e,omitempty"`
	// Reason is why they declined or were recalled.
	Reason string `json:"y,omitempty"`
}

// Late reports whether the answer is missing past its time.
func (a Assist) Late(now Millis) bool { return a.State == Asked && now > a.DueAt }

// is reports whether it is that body's.
func (a Assist) is(role access.Role, who string) bool { return a.Role == role && a.Who == who }

// Asking is whom to ask and for how long, in working days.
type Asking struct {
	Role    access.Role
	Who     string
	Name    string
	Days    int
	Contact bool
}

// Part is one body's part in a joint answer, as the visitor reads it. Without
// text and photos they took part and the lead says it in their own words.
type Part struct {
	Assist int         `json:"i"`
	Role   access.Role `json:"r"`
	Name   string      `json:"n"`
	Text   string      `json:"x,omitempty"`
	Photos []string    `json:"p,omitempty"`
}

// AssistDue is by when an assistant who is given that many working days is to
// answer: the end of the station's duty on the last of them.
func (c Clock) AssistDue(now time.Time, days int) Millis {
	return At(c.Days.End(now, days, hoursOf(c.Terms.Filled().Duty)))
}

// AssistNumber returns the assist with the id.
func (s Submission) AssistNumber(id int) (Assist, bool) {
	if id < 1 || id > len(s.Assists) {
		return Assist{}, false
	}
	return s.Assists[id-1], true
}

// AssistOf returns the newest assist of a body; ok is false when they were
// never asked.
func (s Submission) AssistOf(role access.Role, who string) (a Assist, ok bool) {
	for _, a := range slices.Backward(s.Assists) {
		if a.is(role, who) {
			return a, true
		}
	}
	return Assist{}, false
}

// Awaited are the assists that are not answered.
func (s Submission) Awaited() (list []Assist) {
	for _, a := range s.Assists {
		if a.State == Asked {
			list = append(list, a)
		}
	}
	return list
}

// AssistDue is when the next unanswered assist is due; ok is false without any.
func (s Submission) AssistDue() (due Millis, ok bool) {
	for _, a := range s.Awaited() {
		if due == 0 || a.DueAt < due {
			due = a.DueAt
		}
	}
	return due, due != 0
}

// Answers are what was contributed for an assist, oldest first.
func (s Submission) Answers(id int) (list []Entry) {
	for _, e := range s.Thread {
		if e.What == Contribute && e.Assist == id {
			list = append(list, e)
		}
	}
	return list
}

// helpers are those who may see it because they assist: who declined, was
// recalled or leads it by now is none.
func (s Submission) helpers() (list []access.Helper) {
	for _, a := range s.Assists {
		if a.State == Declined || a.State == Recalled || a.is(access.Member, s.Assignee) {
			continue
		}
		calls := a.Contact && s.State.Open() && a.State != EndedUnawaited
		list = append(list, access.Helper{Role: a.Role, ID: a.Who, Calls: calls})
	}
	return list
}

// mayAssist looks at what a step of joint handling carries, and whether the
// lead knows of those who have not answered.
func (s Submission) mayAssist(st Step, now Millis) error {
	switch st.Act {
	case AskAssist:
		return s.mayAsk(st)
	case Contribute:
		var c fault.Check
		c.Require(st.Text != "" || len(st.Photos) > 0, "text", "请填写协办意见或附上照片")
		if err := c.Err(); err != nil {
			return err
		}
		a, ok := s.AssistOf(st.By.Role, st.By.ID)
		if !ok || a.State != Asked && a.State != Contributed {
			return fault.New(fault.WrongState, "现在不需要您协办这件诉求；要补充情况请联系主办委员")
		}
		if len(s.Answers(a.ID)) >= MaxAnswers {
			return fault.New(fault.WrongState, "您已经答复过 %d 次，再有补充请联系主办委员", MaxAnswers)
		}
	case Decline:
		return s.mayDecline(st, now)
	case Recall:
		a, ok := s.AssistNumber(st.Assist)
		var c fault.Check
		c.Require(ok, "assist", "没有这一条协办，请刷新后再操作")
		c.Require(st.Reason != "", "reason", "请写明撤回协办的原因")
		if err := c.Err(); err != nil {
			return err
		}
		if a.State == Declined || a.State == Recalled {
			return fault.New(fault.WrongState, "%s%s，不需要再撤回", a.Name, a.State.Chinese())
		}
	case Reply, Close:
		return s.mayAnswerJointly(st)
	}
	return nil
}

func (s Submission) mayAsk(st Step) error {
	var c fault.Check
	ask := st.Ask
	if ask == nil {
		ask = &Asking{}
	}
	name := string(ask.Role)
	if ask.Who == "" {
		name = "department"
	}
	before, asked := s.AssistOf(ask.Role, ask.Who)
	c.Require(ask.Who != "", name, "请选择协办的部门或委员")
	c.Require(!Assist{Role: ask.Role, Who: ask.Who}.is(access.Member, s.Assignee), name, "该委员正在主办这件诉求，请选择其他委员或部门")
	c.Require(!asked || before.State != Asked, name, "%s正在协办这件诉求，不必重复邀请", before.Name)
	c.Require(ask.Days >= 1 && ask.Days <= MaxAssistDays, "days", "协办期限为 1 至 %d 个工作日", MaxAssistDays)
	c.Require(st.Text != "", "text", "请写明请对方做什么")
	c.Require(Runes(st.Text) <= MaxReason, "text", "最多 %d 字", MaxReason)
	c.Require(!ask.Contact || !s.Anonymous, "contact", "群众要求不透露身份，不能提供电话")
	c.Require(!ask.Contact || s.Phone != "", "contact", "群众没有留电话")
	if err := c.Err(); err != nil {
		return err
	}
	if len(s.Assists) >= MaxAssists {
		return fault.New(fault.WrongState, "这件诉求邀请协办已达 %d 次，请与联络员商量", MaxAssists)
	}
	return nil
}

func (s Submission) mayDecline(st Step, now Millis) error {
	var c fault.Check
	c.Require(st.Reason != "", "reason", "请写明不能协办的原因")
	if err := c.Err(); err != nil {
		return err
	}
	a, ok := s.AssistOf(st.By.Role, st.By.ID)
	declined := slices.ContainsFunc(s.Assists, func(a Assist) bool {
		return a.is(st.By.Role, st.By.ID) && a.State == Declined
	})
	switch {
	case !ok || a.State != Asked:
		return fault.New(fault.WrongState, "这件诉求现在没有等您答复的协办")
	case declined:
		return fault.New(fault.WrongState, "您已推辞过一次，这次请答复；确有困难请联系主办委员撤回")
	case a.Late(now):
		return fault.New(fault.WrongState, "协办期限已过，不能再推辞；请答复，或请主办委员撤回")
	}
	return nil
}

// mayAnswerJointly wants who answers or closes to know of assistants who have
// not answered, and to include only what was answered.
func (s Submission) mayAnswerJointly(st Step) error {
	var c fault.Check
	var names []string
	for _, a := range s.Awaited() {
		names = append(names, a.Name+"（"+a.DueAt.Time().Format("1月2日15:04")+"前）")
	}
	c.Require(len(names) == 0 || st.Without, "without", "%s还没有答复协办；不再等候请确认后提交", strings.Join(names, "、"))
	for _, id := range st.Include {
		a, ok := s.AssistNumber(id)
		c.Require(ok && s.tookPart(a), "include", "只能附上已答复的协办意见，请刷新后再选")
	}
	return c.Err()
}

// tookPart reports whether somebody beside the lead answered: whoever assisted
// and leads it now answers for themselves.
func (s Submission) tookPart(a Assist) bool {
	return a.State == Contributed && !a.is(access.Member, s.Assignee)
}

// parts are the bodies that took part in a joint answer, with what they said
// where the lead includes it.
func (s Submission) parts(st Step) (list []Part) {
	if st.Act != Reply && st.Act != Close {
		return nil
	}
	for _, a := range s.Assists {
		if !s.tookPart(a) {
			continue
		}
		p := Part{Assist: a.ID, Role: a.Role, Name: a.Name}
		if slices.Contains(st.Include, a.ID) {
			var texts []string
			for _, e := range s.Answers(a.ID) {
				if e.Text != "" {
					texts = append(texts, e.Text)
				}
				p.Photos = append(p.Photos, e.Photos...)
			}
			p.Text = strings.Join(texts, "\n")
		}
		list = append(list, p)
	}
	return list
}

// assistAfter is what a step makes of the assists; who is handed the submission
// leads it and assists no more.
func assistAfter(s *Submission, st Step, clock Clock, now time.Time) {
	end := func(state AssistState, reason string, which func(Assist) bool) {
		s.Assists = ended(s.Assists, state, reason, now, which)
	}
	asked := func(a Assist) bool { return a.State == Asked }
	switch st.Act {
	case AskAssist:
		s.Assists = append(slices.Clone(s.Assists), Assist{
			ID: len(s.Assists) + 1, Role: st.Ask.Role, Who: st.Ask.Who, Name: st.Ask.Name, By: st.By, At: At(now),
			DueAt: clock.AssistDue(now, st.Ask.Days), Task: st.Text, Contact: st.Ask.Contact, State: Asked,
		})
	case Contribute:
		end(Contributed, "", func(a Assist) bool { return asked(a) && a.is(st.By.Role, st.By.ID) })
	case Decline:
		end(Declined, st.Reason, func(a Assist) bool { return asked(a) && a.is(st.By.Role, st.By.ID) })
	case Recall:
		// Every assist of theirs ends: an older answer must not keep the door open.
		of, _ := s.AssistNumber(st.Assist)
		end(Recalled, st.Reason, func(a Assist) bool {
			return a.is(of.Role, of.Who) && a.State != Declined && a.State != Recalled
		})
	case Close, Withdraw:
		end(EndedUnawaited, "", asked)
	case Transfer, Assign, Cover, Resume:
		end(Recalled, "已转为主办", func(a Assist) bool { return asked(a) && a.is(access.Member, st.To) })
	}
}

// ended is a copy of the list in which some have come to a state.
func ended(list []Assist, state AssistState, reason string, now time.Time, which func(Assist) bool) []Assist {
	list = slices.Clone(list)
	for i, a := range list {
		if which(a) {
			list[i].State, list[i].EndAt, list[i].Reason = state, At(now), reason
		}
	}
	return list
}

// unawaited are the assists of a submission that goes on with another: who
// assists there is asked there.
func (s Submission) unawaited(now time.Time) []Assist {
	return ended(s.Assists, EndedUnawaited, "已并入另一件诉求", now, func(a Assist) bool { return a.State == Asked })
}

// assistOf is which assist a step is about.
func (s Submission) assistOf(st Step) int {
	switch st.Act {
	case AskAssist:
		return len(s.Assists) + 1
	case Recall:
		return st.Assist
	case Contribute, Decline:
		a, _ := s.AssistOf(st.By.Role, st.By.ID)
		return a.ID
	default:
		return 0
	}
}
