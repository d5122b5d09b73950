package casework

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
)

// Transfer hands it to another member.
type Transfer struct {
	// To is the member's id, and ToName their name.
	To, ToName string
	// Reason is why, for members and staff; Note is what the visitor is told.
	Reason, Note string
}

func (Transfer) rule() rule {
	return rule{name: access.Transfer, from: open, next: Assigned, settles: true}
}

func (a Transfer) words() words { return words{reason: a.Reason, note: a.Note} }

func (a Transfer) cleaned() Act { a.Reason, a.Note = Clean(a.Reason), Clean(a.Note); return a }

func (a Transfer) check(c *fault.Check, s Submission, _ setting) { checkReceiver(c, s, a.To, a.Reason) }

// refuse holds back members who hand a matter on too often, or to who returned it.
// The liaison may always.
func (a Transfer) refuse(s Submission, in setting) error {
	switch {
	case in.by.Role != access.Member:
	case s.Settled():
		return fault.New(fault.WrongState, "这件诉求由联络员最终指派，委员之间不再转交。%s", returnAdvice)
	case s.Transfers() >= MaxTransfers:
		return fault.New(fault.WrongState, "这件诉求在委员之间已经转过%d次，请由联络员转交，或请其他委员、部门协办", MaxTransfers)
	case slices.Contains(s.Returners(), a.To):
		var c fault.Check
		c.Require(false, "to", "该委员已经退回过这件诉求，请选择其他委员，或请联络员转交")
		return c.Err()
	}
	return nil
}

func (a Transfer) entry(Submission, setting) Entry {
	return Entry{To: a.To, ToName: a.ToName}
}

func (a Transfer) apply(s *Submission, in setting) { give(s, a.To, in) }

// Assign is the liaison's: they give it to a member, out of the pool and the hold as
// well.
type Assign struct {
	plain

	// To is the member's id, and ToName their name.
	To, ToName string
	// Reason is why, for members and staff; Note is what the visitor is told.
	Reason, Note string
	// Category is what it is about after all; "" leaves it.
	Category string
}

func (Assign) rule() rule {
	return rule{name: access.Assign, from: open, next: Assigned, unbounded: true, settles: true}
}

func (a Assign) words() words { return words{reason: a.Reason, note: a.Note} }

func (a Assign) cleaned() Act { a.Reason, a.Note = Clean(a.Reason), Clean(a.Note); return a }

func (a Assign) check(c *fault.Check, s Submission, _ setting) { checkReceiver(c, s, a.To, a.Reason) }

func (a Assign) entry(Submission, setting) Entry {
	return Entry{To: a.To, ToName: a.ToName, Category: a.Category}
}

func (a Assign) apply(s *Submission, in setting) {
	give(s, a.To, in)
	if a.Category != "" {
		s.Category = a.Category
	}
}

// Return is by a member who says that it is not theirs: back to the pool.
type Return struct {
	Reason string
}

func (Return) rule() rule {
	return rule{name: access.Return, from: returnable, next: Pooled, settles: true}
}

func (a Return) words() words { return words{reason: a.Reason} }

func (a Return) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Return) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Return) refuse(s Submission, in setting) error {
	if r := s.ReturnStatus(in.clock, At(in.now)); !r.Allowed {
		return fault.New(fault.WrongState, "%s", r.Why)
	}
	return nil
}

func (a Return) entry(Submission, setting) Entry { return Entry{Private: true} }

func (Return) apply(s *Submission, _ setting) {
	handTo(s, "")
	s.Returns++
}

// Release is the system's: the member who has it cannot go on with it.
type Release struct {
	plain

	Reason string
}

func (Release) rule() rule {
	return rule{name: Released, from: inHand, next: Pooled, unbounded: true, settles: true}
}

func (a Release) words() words { return words{reason: a.Reason} }

func (a Release) cleaned() Act { a.Reason = Clean(a.Reason); return a }

func (a Release) check(c *fault.Check, _ Submission, _ setting) {
	c.Require(a.Reason != "", "reason", "请写明原因")
}

func (Release) apply(s *Submission, _ setting) { handTo(s, "") }

// checkReceiver looks at whom a matter goes to and why.
func checkReceiver(c *fault.Check, s Submission, to, reason string) {
	c.Require(to != "", "to", "请选择接办的委员")
	c.Require(to != s.Assignee, "to", "这件诉求已由该委员办理，请选择其他委员")
	c.Require(reason != "", "reason", "请写明原因")
}

// give puts it into a member's hands. Who leads it assists in it no more.
func give(s *Submission, member string, in setting) {
	handTo(s, member)
	s.Hold = ""
	endAssists(s, Recalled, "已转为主办", in, func(a Assist) bool { return isAsked(a) && a.is(access.Member, member) })
}
