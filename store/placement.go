package store

import (
	"cmp"
	"slices"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// placement is one list a submission stands in, and where.
type placement struct {
	key   string
	score int64
}

// placements says where a submission stands: first its queue, of which there
// is exactly one, then the other lists. It is the only place that knows; the
// scripts are told.
func placements(sp space, s *casework.Submission) []placement {
	filed := int64(s.FiledAt)
	list := append(make([]placement, 0, 6),
		queue(sp, s),
		placement{sp.all(), filed},
		placement{sp.inState(s.State), filed},
		placement{sp.mine(s.Filer), filed},
	)
	if held(s.State) && s.Lead == "" {
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
	return append(list, assistPlaces(sp, s)...)
}

// queue is the one queue a submission stands in.
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

// held reports whether a member is to answer it.
func held(s casework.State) bool { return s == casework.Assigned || s == casework.Accepted }

// reminder is when somebody is first reminded of it; one from before there were
// clocks when it is due.
func reminder(s *casework.Submission) casework.Millis {
	if s.Owed() {
		return s.Promise.NextAt
	}
	if s.Clocks == nil {
		return s.DueAt
	}
	return s.Clocks.NextAt
}

// provisional reports whether an open one's deadline is still to be computed
// anew.
func provisional(s *casework.Submission) bool {
	return s.Clocks != nil && s.Clocks.UnknownYear != 0 && s.State.Open()
}

// placementDiff compares where a submission stood with where it stands now. What is
// in both with the same score is left alone: the time of the next reminder is
// later than the first once somebody was reminded, and must not go back.
func placementDiff(was, next []placement) (gone []string, come []placement) {
	for _, w := range was {
		if !has(next, w.key) {
			gone = append(gone, w.key)
		}
	}
	for _, n := range next {
		if !slices.Contains(was, n) {
			come = append(come, n)
		}
	}
	return gone, come
}

func has(list []placement, key string) bool {
	return slices.ContainsFunc(list, func(p placement) bool { return p.key == key })
}

// indexKey returns an index's key, and whether it is read from its end:
// newest first.
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
