package notice

import (
	"maps"
	"slices"
)

// Purpose is why somebody is told; each has one subscribe-message template.
type Purpose string

// The purposes, for each audience in the order in which a scarce consent is worth
// spending.
const (
	MemberNew       Purpose = "member_new"       // a submission arrived or was handed over
	VisitorReply    Purpose = "visitor_reply"    // an answer or a question for the visitor
	VisitorClosed   Purpose = "visitor_closed"   // closed; asks for the rating
	VisitorProgress Purpose = "visitor_progress" // accepted, handed over
	MemberUrge      Purpose = "member_urge"      // overdue
	MemberMessage   Purpose = "member_message"   // the visitor answered or withdrew
	LiaisonAlarm    Purpose = "liaison_alarm"    // a submission speaks of a danger
	LiaisonUrge     Purpose = "liaison_urge"     // nobody sees to what is due
	// DepartmentAssist is all that a department is told of joint handling.
	DepartmentAssist Purpose = "department_assist"
)

// Purposes lists all of them in that order.
var Purposes = []Purpose{
	MemberNew, VisitorReply, VisitorClosed, VisitorProgress, MemberUrge, MemberMessage, LiaisonAlarm, LiaisonUrge,
	DepartmentAssist,
}

// trait is what is true of a purpose.
type trait struct {
	audience string
	// waits tells that it respects quiet hours. The first notice to a member, an
	// answer to its visitor and a danger leave at any hour.
	waits bool
	// standIns are the purposes whose templates can say it honestly when its own
	// has no consent left, the best first.
	standIns []Purpose
	// reservedFor are the purposes for which the last consent of this one is kept: it
	// is worth less than they are, and its template can stand in for theirs.
	reservedFor []Purpose
}

var traits = map[Purpose]trait{
	MemberNew:       {audience: "member", standIns: []Purpose{MemberMessage, MemberUrge}},
	VisitorReply:    {audience: "visitor", standIns: []Purpose{VisitorProgress}},
	VisitorClosed:   {audience: "visitor", waits: true, standIns: []Purpose{VisitorProgress, VisitorReply}},
	VisitorProgress: {audience: "visitor", waits: true, reservedFor: []Purpose{VisitorReply, VisitorClosed}},
	MemberUrge:      {audience: "member", waits: true, standIns: []Purpose{MemberMessage}},
	MemberMessage:   {audience: "member"},
	LiaisonAlarm:    {audience: "liaison"},
	LiaisonUrge:     {audience: "liaison", waits: true},

	DepartmentAssist: {audience: "department", waits: true},
}

// purposeNames are the purposes as people know them.
var purposeNames = map[Purpose]string{
	MemberNew: "新诉求", MemberUrge: "催办", MemberMessage: "群众有回应", LiaisonAlarm: "险情提醒", LiaisonUrge: "督办提醒",
	VisitorReply: "委员答复", VisitorClosed: "办结评价", VisitorProgress: "办理进展", DepartmentAssist: "部门协办",
}

// Chinese is what people call the purpose.
func (p Purpose) Chinese() string { return purposeNames[p] }

// StandIns are the purposes whose templates can say it when its own has no
// consent left, the best first.
func (p Purpose) StandIns() []Purpose { return slices.Clone(traits[p].standIns) }

// Audience says for whom a purpose's template is: "member", "visitor",
// "liaison" or "department".
func (p Purpose) Audience() string { return traits[p].audience }

// CanWait reports whether the purpose respects quiet hours.
func (p Purpose) CanWait() bool { return traits[p].waits }

// Consents is how many consents a person has left for each purpose. One that is not
// there is not known: nobody has ever told of it.
type Consents map[Purpose]int

// none reports whether the person is known to have none.
func (l Consents) none(p Purpose) bool {
	n, known := l[p]
	return known && n <= 0
}

// ChooseConsent chooses whose template tells of the purpose: its own if the person may
// have a consent for it, else the best that can stand in and is known to have
// one. why is "" then; otherwise it is NoConsent, or ConsentReserved when the last consent
// is worth more for what is still to come: of an acceptance nobody needs to be
// told if the answer could then not be told.
func (p Purpose) ChooseConsent(left Consents) (use Purpose, why Outcome) {
	if !left.none(p) {
		if p.keepsLast(left) {
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

// keepsLast reports whether the purpose's last consent is to be kept for others: one
// of them could be told by nothing else.
func (p Purpose) keepsLast(left Consents) bool {
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
