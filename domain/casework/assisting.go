package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// assisted are the states in which assistants go on, whoever leads.
var assisted = []State{Pooled, Assigned, Accepted, Waiting, Answered}

// AskAssist asks a department or a member to take part.
type AskAssist struct {
	plain

	// Department or Member is the id of who is asked: exactly one of the two. Name is
	// theirs.
	Department, Member, Name string
	// Days are the working days they are given.
	Days int
	// Contact lets them see the visitor's phone.
	Contact bool
	// Text is what is asked of them.
	Text string
}

func (AskAssist) rule() rule { return rule{name: access.Assist, from: inHand} }

func (a AskAssist) words() words { return words{text: a.Text} }

func (a AskAssist) cleaned() Act { a.Text = Clean(a.Text); return a }

// asked is the role and the id of who is asked.
func (a AskAssist) asked() (role access.Role, who string) {
	if a.Department == "" && a.Member != "" {
		return access.Member, a.Member
	}
	return access.Department, a.Department
}

func (a AskAssist) refuse(s Submission, _ setting) error {
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

func (a AskAssist) entry(s Submission, _ setting) Entry {
	_, who := a.asked()
	return Entry{To: who, ToName: a.Name, Assist: len(s.Assists) + 1, Private: true}
}

func (a AskAssist) apply(s *Submission, in setting) {
	role, who := a.asked()
	s.Assists = append(slices.Clone(s.Assists), Assist{
		ID: len(s.Assists) + 1, Role: role, Who: who, Name: a.Name, By: in.by, At: At(in.now),
		DueAt: in.clock.AssistDue(in.now, a.Days), Task: a.Text, Contact: a.Contact, State: Asked,
	})
}

// Contribute is an assistant's answer, for whoever leads.
type Contribute struct {
	plain

	Text   string
	Photos []string
}

func (Contribute) rule() rule { return rule{name: access.Contribute, from: assisted} }

func (a Contribute) words() words { return words{text: a.Text, photos: a.Photos} }

func (a Contribute) cleaned() Act { a.Text = Clean(a.Text); return a }

func (a Contribute) refuse(s Submission, in setting) error {
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

func (a Contribute) entry(s Submission, in setting) Entry {
	mine, _ := s.AssistOf(in.by.Role, in.by.ID)
	return Entry{Assist: mine.ID, Private: true}
}

func (Contribute) apply(s *Submission, in setting) {
	endAssists(s, Contributed, "", in, func(a Assist) bool { return isAsked(a) && a.is(in.by.Role, in.by.ID) })
}

// Decline is by an assistant who cannot take part.
type Decline struct {
	plain

	Reason string
}

func (Decline) rule() rule { return rule{name: access.Decline, from: assisted, unbounded: true} }

func (a Decline) words() words { return words{reason: a.Reason} }

func (a Decline) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Decline) refuse(s Submission, in setting) error {
	var c fault.Check
	c.Require(a.Reason != "", "reason", "请写明不能协办的原因")
	if err := c.Err(); err != nil {
		return err
	}
	mine, ok := s.AssistOf(in.by.Role, in.by.ID)
	declined := slices.ContainsFunc(s.Assists, func(a Assist) bool {
		return a.is(in.by.Role, in.by.ID) && a.State == Declined
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

func (a Decline) entry(s Submission, in setting) Entry {
	mine, _ := s.AssistOf(in.by.Role, in.by.ID)
	return Entry{Assist: mine.ID, Private: true}
}

func (a Decline) apply(s *Submission, in setting) {
	endAssists(s, Declined, a.Reason, in, func(a Assist) bool { return isAsked(a) && a.is(in.by.Role, in.by.ID) })
}

// Recall tells an assistant that they need not take part any more.
type Recall struct {
	plain

	// Assist is the id of the assist.
	Assist int
	Reason string
}

func (Recall) rule() rule { return rule{name: access.Recall, from: assisted, unbounded: true} }

func (a Recall) words() words { return words{reason: a.Reason} }

func (a Recall) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Recall) refuse(s Submission, _ setting) error {
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

func (a Recall) entry(Submission, setting) Entry {
	return Entry{Assist: a.Assist, Private: true}
}

// apply ends every assist of theirs: an older answer must not keep the door open.
func (a Recall) apply(s *Submission, in setting) {
	of, _ := s.AssistNumber(a.Assist)
	endAssists(s, Recalled, a.Reason, in, func(a Assist) bool {
		return a.is(of.Role, of.Who) && a.State != Declined && a.State != Recalled
	})
}
