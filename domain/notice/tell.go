package notice

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// After says who is to be told of the submission's newest step, in the order
// of importance. The entries have no id yet. An act that changes nothing for
// anybody else (a rating) tells nobody.
func After(s casework.Submission) []Entry {
	last := s.Last()
	member := func(p Purpose) Entry {
		return Entry{Submission: s.ID, Purpose: p, Member: s.Assignee, Version: s.Version, At: int64(last.At)}
	}
	visitor := func(p Purpose) Entry {
		return Entry{Submission: s.ID, Purpose: p, Person: s.Filer, Version: s.Version, At: int64(last.At)}
	}
	switch last.What {
	case casework.File:
		if s.Assignee != "" {
			return []Entry{member(MemberNew)}
		}
	case access.Transfer, access.Assign, casework.Covered, casework.Resumed:
		return []Entry{member(MemberNew), visitor(VisitorProgress)}
	case access.Accept, access.Extend:
		return []Entry{visitor(VisitorProgress)}
	case access.Ask, access.Reply:
		return []Entry{visitor(VisitorReply)}
	case access.Close, access.Fulfil:
		if s.Filer != casework.ErasedFiler {
			return []Entry{visitor(VisitorClosed)}
		}
	case access.Promise:
		if s.Filer != casework.ErasedFiler {
			return []Entry{visitor(VisitorProgress)}
		}
	case access.Message, access.Withdraw:
		if s.Assignee != "" {
			return []Entry{member(MemberMessage)}
		}
	case access.Assist, access.Contribute, access.Decline, access.Recall:
		return afterAssist(s, last)
	case access.Reopen:
		if s.Assignee != "" {
			return []Entry{member(MemberNew)}
		}
	}
	return nil
}

// Stale reports whether what the entry would say is no longer so: the member
// it was for has handed it on, or it has been withdrawn or closed since. Of
// two closings, or a closing and its fulfilment, only the last is told: each costs
// the visitor a consent.
func (e Entry) Stale(s casework.Submission) bool {
	if e.Assist != 0 {
		return e.staleAssist(s)
	}
	if e.Person != "" && e.Person != s.Filer {
		return true // somebody took it over, or had everything of theirs deleted
	}
	if e.Member != "" && e.Member != s.Assignee && e.About != AboutSquad {
		return true
	}
	if e.About == AboutFirst || e.About == AboutFirstLate {
		if s.Clocks != nil && s.Clocks.ContactedAt != 0 {
			return true
		}
	}
	if e.About == AboutPromise || e.About == AboutBroken {
		return !s.Owed() || e.About == AboutBroken && s.PromisedBy() >= casework.Millis(e.At)
	}
	switch e.Purpose {
	case LiaisonAlarm:
		return !s.HasOpenDanger()
	case MemberNew:
		return !s.State.Open()
	case LiaisonUrge:
		return !s.ClockRuns()
	case MemberUrge:
		if e.About == AboutSquad && s.Owed() {
			return !s.Late(casework.Millis(e.At))
		}
		return s.State != casework.Assigned && s.State != casework.Accepted
	case VisitorReply:
		return s.State == casework.Withdrawn || slices.ContainsFunc(s.Thread, func(a casework.Entry) bool {
			return a.TakenAt != 0 && int64(a.At) == e.At
		})
	case VisitorClosed:
		return s.State != casework.Closed || s.Judged() || int64(s.EndedAt()) != e.At
	case VisitorProgress:
		if e.About == AboutPhoto {
			return !s.State.Open()
		}
		return s.Version != e.Version
	default:
		return false
	}
}
