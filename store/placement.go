package store

import (
	"cmp"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// placement is one list that a submission is in, with its score.
type placement struct {
	key   string
	score int64
}

// placements returns the lists of a submission: first its queue, of which there is exactly one, then the
// others. Only this function decides that; the scripts get the result.
func placements(sp space, s *casework.Submission) []placement {
	filed := int64(s.FiledAt)
	list := append(make([]placement, 0, 6),
		queue(sp, s),
		placement{sp.all(), filed},
		placement{sp.inState(s.State), filed},
		placement{sp.mine(s.Filer), filed},
	)
	if s.Proxy != nil {
		list = append(list, placement{sp.mine(s.Proxy.Person), filed})
	}
	if awaitsMember(s.State) && s.Lead == "" {
		list = append(list, placement{sp.due(), int64(s.DueAt)})
	}
	if s.HasReminders() {
		list = append(list, placement{sp.urge(), int64(reminder(s))})
	}
	if provisional(s) {
		list = append(list, placement{sp.unsure(), filed})
	}
	if s.HasOpenDanger() {
		list = append(list, placement{sp.alarms(), filed})
	}
	if s.Covered() {
		list = append(list, placement{sp.covered(), filed})
	}
	if s.Leads() {
		list = append(list, placement{sp.relay(), int64(s.Version)})
	}
	return append(list, assistPlacements(sp, s)...)
}

// queue returns the queue of a submission.
func queue(sp space, s *casework.Submission) placement {
	if s.Follows() {
		return placement{sp.same(), int64(s.FiledAt)}
	}
	switch s.State {
	case casework.Held, casework.Pooled:
		return placement{sp.pool(), int64(s.FiledAt)}
	case casework.Answered:
		return placement{sp.answered(cmp.Or(s.Assignee, nobody)), int64(s.DueAt)}
	case casework.Closed:
		return placement{sp.closed(cmp.Or(s.Assignee, nobody)), int64(s.ClosedAt)}
	case casework.Withdrawn:
		return placement{sp.withdrawn(cmp.Or(s.Assignee, nobody)), int64(s.ClosedAt)}
	default:
		return placement{sp.inbox(cmp.Or(s.Assignee, nobody)), int64(s.DueAt)}
	}
}

// awaitsMember reports whether a member is to answer it.
func awaitsMember(s casework.State) bool { return s == casework.Assigned || s == casework.Accepted }

// reminder returns the time of the first reminder; the deadline for a submission without clocks.
func reminder(s *casework.Submission) casework.Millis {
	if s.Owed() {
		return s.Promise.NextAt
	}
	if s.Clocks == nil {
		return s.DueAt
	}
	return s.Clocks.NextAt
}

// provisional reports whether an open submission's deadline is to be recomputed.
func provisional(s *casework.Submission) bool {
	return s.Clocks != nil && s.Clocks.UnknownYear != 0 && s.State.Open()
}

// placementDiff compares two sets of placements. A placement with the same score in both is left alone: after a
// reminder the score in Redis is later than the first reminder's, and must not go back.
func placementDiff(was, next []placement) (left []string, entered []placement) {
	for _, w := range was {
		if !has(next, w.key) {
			left = append(left, w.key)
		}
	}
	for _, n := range next {
		if !slices.Contains(was, n) {
			entered = append(entered, n)
		}
	}
	return left, entered
}

func has(list []placement, key string) bool {
	return slices.ContainsFunc(list, func(p placement) bool { return p.key == key })
}

// indexKey returns an index's key, and whether it is read newest first.
func indexKey(sp space, ix record.Index) (key string, newest bool) {
	switch ix.Name {
	case record.Pool:
		return sp.pool(), false
	case record.Inbox:
		return sp.inbox(ix.Arg), false
	case record.Answered:
		return sp.answered(ix.Arg), false
	case record.ClosedBy:
		return sp.closed(cmp.Or(ix.Arg, nobody)), true
	case record.GoneFrom:
		return sp.withdrawn(cmp.Or(ix.Arg, nobody)), true
	case record.Alarms:
		return sp.alarms(), false
	case record.Same:
		return sp.same(), false
	case record.Provisional:
		return sp.unsure(), false
	case record.Covered:
		return sp.covered(), false
	case record.Unreached:
		return sp.undelivered(), false
	case record.HeldPhotos:
		return sp.photos(), false
	case record.Assists:
		return sp.assists(), false
	case record.AssistPending:
		return sp.helping(ix.Arg), false
	case record.AssistDone:
		return sp.helped(ix.Arg), true
	case record.Mine:
		return sp.mine(ix.Arg), true
	case record.InState:
		return sp.inState(casework.State(ix.Arg)), true
	default:
		return sp.all(), true
	}
}
