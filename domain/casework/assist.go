package casework

import (
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Joint handling: one member leads, others assist. The member who has the submission stays responsible and
// answers the visitor. Each assistant has a task, a deadline and an answer of their own.

// The limits of joint handling.
const (
	// MaxAssists is the maximum number of assists of one submission.
	MaxAssists = 12
	// MaxAssistDays is the maximum term of an assist, in working days.
	MaxAssistDays = 20
	// MaxAnswers is how many answers one assistant may give.
	MaxAnswers = 5
)

// AssistState is the state of one assist.
type AssistState string

// The states of an assist.
const (
	Asked          AssistState = "asked"
	Contributed    AssistState = "answered"
	Declined       AssistState = "declined"
	Recalled       AssistState = "recalled"
	EndedUnawaited AssistState = "ended" // the submission ended or was merged first
)

var assistNames = map[AssistState]string{
	Asked: "协办中", Contributed: "已答复", Declined: "不能协办", Recalled: "已撤回", EndedUnawaited: "不再等候",
}

// Chinese returns the state for people.
func (a AssistState) Chinese() string { return assistNames[a] }

// Assist is a request to a department or a member to take part.
type Assist struct {
	// ID counts a submission's assists, from 1.
	ID int `json:"i"`
	// Role is Department or Member, and Who their id in the station.
	Role access.Role `json:"r"`
	Who  string      `json:"w"`
	Name string      `json:"n"`
	By   Actor       `json:"b"`
	At   Millis      `json:"t"`
	// DueAt never changes.
	DueAt Millis `json:"d"`
	// Task is what they are asked to do.
	Task string `json:"x"`
	// Contact: they may see the visitor's phone number while they assist.
	Contact bool        `json:"c,omitempty"`
	State   AssistState `json:"s"`
	// EndAt is when they first answered, declined, were recalled, or the assist became pointless.
	EndAt Millis `json:"e,omitempty"`
	// Reason is why they declined or were recalled.
	Reason string `json:"y,omitempty"`
}

// Late reports whether the answer is overdue.
func (a Assist) Late(now Millis) bool { return a.State == Asked && now > a.DueAt }

// isOf reports whether the assist is of that body.
func (a Assist) isOf(role access.Role, who string) bool { return a.Role == role && a.Who == who }

// Part is one body's part in a joint answer, as the visitor reads it. Without text and photos they took part,
// and the lead reports it in their own words.
type Part struct {
	Assist int         `json:"i"`
	Role   access.Role `json:"r"`
	Name   string      `json:"n"`
	Text   string      `json:"x,omitempty"`
	Photos []string    `json:"p,omitempty"`
}

// AssistDue is when an assist with a term of that many working days is due: the end of the station's duty on
// the last of them, but never later than the matter itself while its clock runs and its deadline is ahead.
func (c Clock) AssistDue(s Submission, now time.Time, days int) Millis {
	due := At(c.Days.End(now, days, hoursOf(c.Terms.Filled().Duty)))
	if s.ClockRuns() && s.DueAt > At(now) {
		return min(due, s.DueAt)
	}
	return due
}

// AssistNumber returns the assist with the id.
func (s Submission) AssistNumber(id int) (Assist, bool) {
	if id < 1 || id > len(s.Assists) {
		return Assist{}, false
	}
	return s.Assists[id-1], true
}

// AssistOf returns the newest assist of a body; ok is false if there is none.
func (s Submission) AssistOf(role access.Role, who string) (a Assist, ok bool) {
	for _, a := range slices.Backward(s.Assists) {
		if a.isOf(role, who) {
			return a, true
		}
	}
	return Assist{}, false
}

// PendingAssists are the unanswered assists.
func (s Submission) PendingAssists() (list []Assist) {
	for _, a := range s.Assists {
		if a.State == Asked {
			list = append(list, a)
		}
	}
	return list
}

// AssistDue is when the next unanswered assist is due; ok is false without one.
func (s Submission) AssistDue() (due Millis, ok bool) {
	for _, a := range s.PendingAssists() {
		if due == 0 || a.DueAt < due {
			due = a.DueAt
		}
	}
	return due, due != 0
}

// Answers are the entries with answers to an assist, oldest first.
func (s Submission) Answers(id int) (list []Entry) {
	for _, e := range s.Thread {
		if e.What == access.Contribute && e.Assist == id {
			list = append(list, e)
		}
	}
	return list
}

// assistants are the assistants that may see the submission: not those who declined, were recalled, or lead it
// now.
func (s Submission) assistants() (list []access.Helper) {
	for _, a := range s.Assists {
		if a.State == Declined || a.State == Recalled || a.isOf(access.Member, s.Assignee) {
			continue
		}
		calls := a.Contact && s.State.Open() && a.State != EndedUnawaited
		list = append(list, access.Helper{Role: a.Role, ID: a.Who, SeesPhone: calls})
	}
	return list
}

// checkAssists requires the author of an answer or a closing to confirm unanswered assists, and to include
// only answered ones.
func (s Submission) checkAssists(include []int, without bool) error {
	var c fault.Check
	var names []string
	for _, a := range s.PendingAssists() {
		names = append(names, a.Name+"（"+a.DueAt.Time().Format("1月2日15:04")+"前）")
	}
	c.Require(len(names) == 0 || without, "without", "%s还没有答复协办；不再等候请确认后提交", strings.Join(names, "、"))
	for _, id := range include {
		a, ok := s.AssistNumber(id)
		c.Require(ok && s.contributed(a), "include", "只能附上已答复的协办意见，请刷新后再选")
	}
	return c.Err()
}

// contributed reports whether the assist was answered and the assistant is not the present lead, who answers for
// themselves.
func (s Submission) contributed(a Assist) bool {
	return a.State == Contributed && !a.isOf(access.Member, s.Assignee)
}

// parts are the bodies that took part in a joint answer, with the answers that the lead includes.
func (s Submission) parts(include []int) (list []Part) {
	for _, a := range s.Assists {
		if !s.contributed(a) {
			continue
		}
		p := Part{Assist: a.ID, Role: a.Role, Name: a.Name}
		if slices.Contains(include, a.ID) {
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

// endAssists ends the selected assists with a state.
func endAssists(s *Submission, state AssistState, reason string, in actContext, which func(Assist) bool) {
	s.Assists = withEnded(s.Assists, state, reason, in.now, which)
}

// isAsked reports whether the assist is unanswered.
func isAsked(a Assist) bool { return a.State == Asked }

// withEnded returns a copy of the list in which the selected assists have the state.
func withEnded(list []Assist, state AssistState, reason string, now time.Time, which func(Assist) bool) []Assist {
	list = slices.Clone(list)
	for i, a := range list {
		if which(a) {
			list[i].State, list[i].EndAt, list[i].Reason = state, At(now), reason
		}
	}
	return list
}

// endPendingAssists returns the assists of a submission that becomes a follower: its unanswered assists end, as
// the lead has its own.
func (s Submission) endPendingAssists(now time.Time) []Assist {
	return withEnded(s.Assists, EndedUnawaited, "已并入另一件诉求", now, isAsked)
}
