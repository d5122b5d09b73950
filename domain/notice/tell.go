package notice

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// After returns the notices of the submission's newest entry, the most important first. They have no id yet. An
// act that changes nothing for others (a rating) has none.
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

// Stale reports whether the entry's text would no longer be true: the member has handed the submission on, or
// it has been withdrawn or closed since. Of two closings, or a closing and its fulfilment, only the last is
// told, as each costs the visitor a consent.
func (e Entry) Stale(s casework.Submission) bool {
	if e.Assist != 0 {
		return e.staleAssist(s)
	}
	if e.Person != "" && e.Person != s.Filer {
		return true // somebody took it over, or had their data erased
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
			return a.RetractedAt != 0 && int64(a.At) == e.At
		})
	case VisitorClosed:
		return s.State != casework.Closed || s.EndRated() || int64(s.EndedAt()) != e.At
	case VisitorProgress:
		if e.About == AboutPhoto {
			return !s.State.Open()
		}
		return s.Version != e.Version
	default:
		return false
	}
}
