package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// assistStates are the states in which assists go on, also while nobody leads.
var assistStates = []State{Pooled, Assigned, Accepted, Waiting, Answered}

// AskAssist asks a department or a member to take part.
type AskAssist struct {
	basicAct

	// Department or Member is the id of the assistant: exactly one of them. Name is the assistant's name.
	Department, Member, Name string
	// Days is the term in working days.
	Days int
	// Contact: they may see the visitor's phone number.
	Contact bool
	// Text is the task.
	Text string
}

func (AskAssist) rule() rule { return rule{name: access.Assist, fromStates: withMember} }

func (a AskAssist) content() content { return content{text: a.Text} }

func (a AskAssist) cleaned() Act { a.Text = Clean(a.Text); return a }

// asked returns the role and the id of the assistant.
func (a AskAssist) asked() (role access.Role, who string) {
	if a.Department == "" && a.Member != "" {
		return access.Member, a.Member
	}
	return access.Department, a.Department
}

func (a AskAssist) refuse(s Submission, _ actContext) error {
	var c fault.Check
	role, who := a.asked()
	name := string(role)
	before, asked := s.AssistOf(role, who)
	c.Require((a.Department == "") != (a.Member == ""), name, "请选择协办的部门或委员")
	c.Require(role != access.Member || who != s.Assignee, name, "该委员正在主办这件诉求，请选择其他委员或部门")
	c.Require(!asked || before.State != Asked, name, "%s正在协办这件诉求，不必重复邀请", before.Name)
	c.Require(a.Days >= 1 && a.Days <= MaxAssistDays, "days", "协办期限为 1 至 %d 个工作日", MaxAssistDays)
	c.Require(a.Text != "", "text", "请写明请对方做什么")
	c.Require(Runes(a.Text) <= MaxReason, "text", "最多 %d 字", MaxReason)
	c.Require(!a.Contact || !s.Anonymous, "contact", "群众要求不透露身份，不能提供电话")
	c.Require(!a.Contact || s.Phone != "", "contact", "群众没有留电话")
	if err := c.Err(); err != nil {
		return err
	}
	if len(s.Assists) >= MaxAssists {
		return fault.New(fault.WrongState, "这件诉求邀请协办已达 %d 次，请与联络员商量", MaxAssists)
	}
	return nil
}

func (a AskAssist) entry(s Submission, _ actContext) Entry {
	_, who := a.asked()
	return Entry{To: who, ToName: a.Name, Assist: len(s.Assists) + 1, Private: true}
}

func (a AskAssist) apply(s *Submission, in actContext) {
	role, who := a.asked()
	s.Assists = append(slices.Clone(s.Assists), Assist{
		ID: len(s.Assists) + 1, Role: role, Who: who, Name: a.Name, By: in.by, At: At(in.now),
		DueAt: in.clock.AssistDue(*s, in.now, a.Days), Task: a.Text, Contact: a.Contact, State: Asked,
	})
}

// Contribute is an assistant's answer to the lead.
type Contribute struct {
	basicAct

	Text   string
	Photos []string
}

func (Contribute) rule() rule { return rule{name: access.Contribute, fromStates: assistStates} }

func (a Contribute) content() content { return content{text: a.Text, photos: a.Photos} }

func (a Contribute) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Contribute) refuse(s Submission, in actContext) error {
	var c fault.Check
	c.Require(a.Text != "" || len(a.Photos) > 0, "text", "请填写协办意见或附上照片")
	if err := c.Err(); err != nil {
		return err
	}
	mine, ok := s.AssistOf(in.by.Role, in.by.ID)
	if !ok || mine.State != Asked && mine.State != Contributed {
		return fault.New(fault.WrongState, "现在不需要您协办这件诉求；要补充情况请联系主办委员")
	}
	if len(s.Answers(mine.ID)) >= MaxAnswers {
		return fault.New(fault.WrongState, "您已经答复过 %d 次，再有补充请联系主办委员", MaxAnswers)
	}
	return nil
}

func (a Contribute) entry(s Submission, in actContext) Entry {
	mine, _ := s.AssistOf(in.by.Role, in.by.ID)
	return Entry{Assist: mine.ID, Private: true}
}

func (Contribute) apply(s *Submission, in actContext) {
	endAssists(s, Contributed, "", in, func(a Assist) bool { return isAsked(a) && a.isOf(in.by.Role, in.by.ID) })
}

// Decline is an assistant's refusal to take part.
type Decline struct {
	basicAct

	Reason string
}

func (Decline) rule() rule {
	return rule{name: access.Decline, fromStates: assistStates, whenFull: true}
}

func (a Decline) content() content { return content{reason: a.Reason} }

func (a Decline) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Decline) refuse(s Submission, in actContext) error {
	var c fault.Check
	c.Require(a.Reason != "", "reason", "请写明不能协办的原因")
	if err := c.Err(); err != nil {
		return err
	}
	mine, ok := s.AssistOf(in.by.Role, in.by.ID)
	declined := slices.ContainsFunc(s.Assists, func(a Assist) bool {
		return a.isOf(in.by.Role, in.by.ID) && a.State == Declined
	})
	switch {
	case !ok || mine.State != Asked:
		return fault.New(fault.WrongState, "这件诉求现在没有等您答复的协办")
	case declined:
		return fault.New(fault.WrongState, "您已推辞过一次，这次请答复；确有困难请联系主办委员撤回")
	case mine.Late(At(in.now)):
		return fault.New(fault.WrongState, "协办期限已过，不能再推辞；请答复，或请主办委员撤回")
	}
	return nil
}

func (a Decline) entry(s Submission, in actContext) Entry {
	mine, _ := s.AssistOf(in.by.Role, in.by.ID)
	return Entry{Assist: mine.ID, Private: true}
}

func (a Decline) apply(s *Submission, in actContext) {
	endAssists(s, Declined, a.Reason, in, func(a Assist) bool { return isAsked(a) && a.isOf(in.by.Role, in.by.ID) })
}

// Recall ends an assist: the assistant need not take part any more.
type Recall struct {
	basicAct

	// Assist is the id of the assist.
	Assist int
	Reason string
}

func (Recall) rule() rule { return rule{name: access.Recall, fromStates: assistStates, whenFull: true} }

func (a Recall) content() content { return content{reason: a.Reason} }

func (a Recall) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Recall) refuse(s Submission, _ actContext) error {
	of, ok := s.AssistNumber(a.Assist)
	var c fault.Check
	c.Require(ok, "assist", "没有这一条协办，请刷新后再操作")
	c.Require(a.Reason != "", "reason", "请写明撤回协办的原因")
	if err := c.Err(); err != nil {
		return err
	}
	if of.State == Declined || of.State == Recalled {
		return fault.New(fault.WrongState, "%s%s，不需要再撤回", of.Name, of.State.Chinese())
	}
	return nil
}

func (a Recall) entry(Submission, actContext) Entry {
	return Entry{Assist: a.Assist, Private: true}
}

// apply ends every assist of the body: an older, answered one would still give access.
func (a Recall) apply(s *Submission, in actContext) {
	of, _ := s.AssistNumber(a.Assist)
	endAssists(s, Recalled, a.Reason, in, func(a Assist) bool {
		return a.isOf(of.Role, of.Who) && a.State != Declined && a.State != Recalled
	})
}
