package notice

import (
	"maps"
	"slices"
)

// Purpose is why somebody is notified. Each has one subscribe-message template.
type Purpose string

// The purposes, for each audience in the order of their value when consents are scarce.
const (
	MemberNew       Purpose = "member_new"       // a submission arrived or was handed over
	VisitorReply    Purpose = "visitor_reply"    // an answer or a question for the visitor
	VisitorClosed   Purpose = "visitor_closed"   // closed; asks for the rating
	VisitorProgress Purpose = "visitor_progress" // accepted, handed over
	MemberUrge      Purpose = "member_urge"      // overdue
	MemberMessage   Purpose = "member_message"   // the visitor answered or withdrew
	LiaisonAlarm    Purpose = "liaison_alarm"    // a submission mentions a danger
	LiaisonUrge     Purpose = "liaison_urge"     // nobody handles what is due
	// DepartmentAssist covers all notices of joint handling to a department.
	DepartmentAssist Purpose = "department_assist"
	// VisitorBooking and MemberDuty cover all notices about reception days to those who come and those who sit.
	VisitorBooking Purpose = "visitor_booking"
	MemberDuty     Purpose = "member_duty"
)

// Purposes lists all of them in that order.
var Purposes = []Purpose{
	MemberNew, VisitorReply, VisitorClosed, VisitorProgress, MemberUrge, MemberMessage, LiaisonAlarm, LiaisonUrge,
	DepartmentAssist, VisitorBooking, MemberDuty,
}

// trait has the properties of a purpose.
type trait struct {
	audience string
	// canWait: it respects quiet hours. The first notice to a member, an answer to the visitor and a danger do
	// not.
	canWait bool
	// standIns are the purposes whose templates can be used instead if it has no consent left, best first.
	standIns []Purpose
	// reservedFor are more valuable purposes for which the last consent of this one is kept, as its template
	// can be used for them.
	reservedFor []Purpose
}

var traits = map[Purpose]trait{
	MemberNew:       {audience: "member", standIns: []Purpose{MemberMessage, MemberUrge}},
	VisitorReply:    {audience: "visitor", standIns: []Purpose{VisitorProgress}},
	VisitorClosed:   {audience: "visitor", canWait: true, standIns: []Purpose{VisitorProgress, VisitorReply}},
	VisitorProgress: {audience: "visitor", canWait: true, reservedFor: []Purpose{VisitorReply, VisitorClosed}},
	MemberUrge:      {audience: "member", canWait: true, standIns: []Purpose{MemberMessage}},
	MemberMessage:   {audience: "member"},
	LiaisonAlarm:    {audience: "liaison"},
	LiaisonUrge:     {audience: "liaison", canWait: true},

	DepartmentAssist: {audience: "department", canWait: true},

	// What could only be read on the day itself does not wait; see UntilDay.
	VisitorBooking: {audience: "visitor", canWait: true, standIns: []Purpose{VisitorProgress}},
	MemberDuty:     {audience: "member", canWait: true, standIns: []Purpose{MemberMessage, MemberUrge}},
}

// purposeNames are the purposes' names for people.
var purposeNames = map[Purpose]string{
	MemberNew: "新诉求", MemberUrge: "催办", MemberMessage: "群众有回应", LiaisonAlarm: "险情提醒", LiaisonUrge: "督办提醒",
	VisitorReply: "委员答复", VisitorClosed: "办结评价", VisitorProgress: "办理进展", DepartmentAssist: "部门协办",
	VisitorBooking: "接待预约", MemberDuty: "接待值班",
}

// Chinese returns the purpose's name for people.
func (p Purpose) Chinese() string { return purposeNames[p] }

// StandIns returns the purposes whose templates can be used instead if it has no consent left, best first.
func (p Purpose) StandIns() []Purpose { return slices.Clone(traits[p].standIns) }

// Audience returns for whom a purpose's template is: "member", "visitor", "liaison" or "department".
func (p Purpose) Audience() string { return traits[p].audience }

// CanWait reports whether the purpose respects quiet hours.
func (p Purpose) CanWait() bool { return traits[p].canWait }

// Consents is the number of consents that a person has left for each purpose. A missing one is unknown.
type Consents map[Purpose]int

// isNone reports whether the person is known to have none.
func (l Consents) isNone(p Purpose) bool {
	n, known := l[p]
	return known && n <= 0
}

// ChooseConsent returns the template for a notice of the purpose: its own if the person may have a consent for
// it, else the best substitute with a known consent. why is then "". Otherwise it is NoConsent, or
// ConsentReserved if the last consent is worth more for a later notice: the answer matters more than the
// acceptance.
func (p Purpose) ChooseConsent(left Consents) (use Purpose, why Outcome) {
	if !left.isNone(p) {
		if p.reservesLast(left) {
			return p, ConsentReserved
		}
		return p, ""
	}
	for _, s := range traits[p].standIns {
		if left[s] > 0 {
			return s, ""
		}
	}
	return p, NoConsent
}

// reservesLast reports whether the purpose's last consent is to be kept for others: one of them would have no
// other template.
func (p Purpose) reservesLast(left Consents) bool {
	if left[p] != 1 {
		return false
	}
	rest := maps.Clone(left)
	rest[p] = 0
	return slices.ContainsFunc(traits[p].reservedFor, func(other Purpose) bool {
		_, why := other.ChooseConsent(rest)
		return why == NoConsent
	})
}
