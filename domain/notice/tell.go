package notice

import (
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
)

// After returns the notices of the submission's newest entry, the most important first. They have no id yet. An
// act that changes nothing for others (a rating) has none. What the filer is told, their proxy is told as well.
func After(s casework.Submission) []Entry {
	switch {
	case s.Last().What != casework.TakeOver:
		return WithProxy(s, after(s))
	case s.Proxy == nil:
		return nil
	default:
		return []Entry{toProxy(s, VisitorProgress)}
	}
}

// WithProxy returns the notices with one to the filer's proxy for each to the filer.
func WithProxy(s casework.Submission, list []Entry) []Entry {
	if s.Proxy == nil {
		return list
	}
	for _, e := range slices.Clone(list) {
		if e.Person != "" {
			list = append(list, toProxy(s, e.Purpose))
		}
	}
	return list
}

// toProxy tells the filer's proxy of the newest entry.
func toProxy(s casework.Submission, p Purpose) Entry {
	return Entry{
		Submission: s.ID, Purpose: p, Person: s.Proxy.ID(), About: AboutProxy, Version: s.Version, At: int64(s.Last().At),
	}
}

// after returns what the filer, the member and the assistants are told.
func after(s casework.Submission) []Entry {
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
	case access.Reopen, access.FollowUp:
		if last.Reopens() && s.Assignee != "" {
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
	// A photo is its sender's, who may be either.
	toFiler := e.About != AboutProxy && (e.Person == "" || e.Person == s.Filer)
	toProxy := (e.About == AboutProxy || e.About == AboutPhoto) && s.Proxy.Is(e.Person)
	if !toFiler && !toProxy {
		return true // somebody took it over, follows it no longer, or had their data erased
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
	if e.About == AboutMention {
		return false
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
		if e.About == AboutNudge && s.Owed() {
			return false
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
