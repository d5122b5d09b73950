package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Transfer hands a submission to another member.
type Transfer struct {
	// To is the member's id, and ToName their name.
	To, ToName string
	// Reason is for members and staff; Note is what the visitor is told.
	Reason, Note string
}

func (Transfer) rule() rule {
	return rule{name: access.Transfer, fromStates: openStates, next: Assigned, endsCover: true}
}

func (a Transfer) content() content { return content{reason: a.Reason, note: a.Note} }

func (a Transfer) cleaned() Act { a.Reason, a.Note = Clean(a.Reason), Clean(a.Note); return a }

func (a Transfer) check(c *fault.Check, s Submission, _ actContext) {
	checkReceiver(c, s, a.To, a.Reason)
}

// refuse limits members, who must not transfer a matter too often, or to a member who returned it. The liaison
// has no such limit.
func (a Transfer) refuse(s Submission, in actContext) error {
	switch {
	case in.by.Role != access.Member:
	case s.ReturnsUsedUp():
		return fault.New(fault.WrongState, "这件诉求由联络员最终指派，委员之间不再转交。%s", returnAdvice)
	case s.Transfers() >= MaxTransfers:
		return fault.New(fault.WrongState, "这件诉求在委员之间已经转过%d次，请由联络员转交，或请其他委员、部门协办", MaxTransfers)
	case slices.Contains(s.ReturnedBy(), a.To):
		var c fault.Check
		c.Require(false, "to", "该委员已经退回过这件诉求，请选择其他委员，或请联络员转交")
		return c.Err()
	}
	return nil
}

func (a Transfer) entry(Submission, actContext) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Transfer) apply(s *Submission, in actContext) { assignTo(s, a.To, in) }

// Assign is the liaison's: they assign a submission to a member, also from the pool or the hold.
type Assign struct {
	basicAct

	// To is the member's id, and ToName their name.
	To, ToName string
	// Reason is for members and staff; Note is what the visitor is told.
	Reason, Note string
	// Category corrects the category; "" keeps it.
	Category string
}

func (Assign) rule() rule {
	return rule{name: access.Assign, fromStates: openStates, next: Assigned, whenFull: true, endsCover: true}
}

func (a Assign) content() content { return content{reason: a.Reason, note: a.Note} }

func (a Assign) cleaned() Act { a.Reason, a.Note = Clean(a.Reason), Clean(a.Note); return a }

func (a Assign) check(c *fault.Check, s Submission, _ actContext) {
	checkReceiver(c, s, a.To, a.Reason)
}

func (a Assign) entry(Submission, actContext) Entry {
	return Entry{To: a.To, ToName: a.ToName, Category: a.Category}
}

func (a Assign) apply(s *Submission, in actContext) {
	assignTo(s, a.To, in)
	if a.Category != "" {
		s.Category = a.Category
	}
}

// Return is by a member for whom the matter is not theirs: it goes back to the pool.
type Return struct {
	Reason string
}

func (Return) rule() rule {
	return rule{name: access.Return, fromStates: returnableStates, next: Pooled, endsCover: true}
}

func (a Return) content() content { return content{reason: a.Reason} }

func (a Return) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Return) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Return) refuse(s Submission, in actContext) error {
	if r := s.ReturnStatus(in.clock, At(in.now)); !r.Allowed {
		return fault.New(fault.WrongState, "%s", r.Why)
	}
	return nil
}

func (a Return) entry(Submission, actContext) Entry { return Entry{Private: true} }

func (Return) apply(s *Submission, _ actContext) {
	setAssignee(s, "")
	s.Returns++
}

// Release is the system's: the assignee cannot continue.
type Release struct {
	basicAct

	Reason string
}

func (Release) rule() rule {
	return rule{name: Released, fromStates: withMember, next: Pooled, whenFull: true, endsCover: true}
}

func (a Release) content() content { return content{reason: a.Reason} }

func (a Release) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Release) check(c *fault.Check, _ Submission, _ actContext) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Release) apply(s *Submission, _ actContext) { setAssignee(s, "") }

// checkReceiver checks to whom a matter is handed and why.
func checkReceiver(c *fault.Check, s Submission, to, reason string) {
	c.Require(to != "", "to", "请选择接办的委员")
	c.Require(to != s.Assignee, "to", "这件诉求已由该委员办理，请选择其他委员")
	c.Require(reason != "", "reason", "请写明原因")
}

// assignTo assigns it to a member. An unanswered assist of that member ends, since they now lead.
func assignTo(s *Submission, member string, in actContext) {
	setAssignee(s, member)
	s.Hold = ""
	endAssists(s, Recalled, "已转为主办", in, func(a Assist) bool { return isAsked(a) && a.isOf(access.Member, member) })
}
