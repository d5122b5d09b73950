package kit

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// ClockOf is the station's clock at the moment.
func (k *Kit) ClockOf(st *station.Station, now time.Time) casework.Clock {
	return casework.Clock{Days: st.Calendar(k.Days), Terms: st.Terms(), Rules: st.RulesVersion(), Surge: st.Surging(now)}
}

// resource is what access needs to know of a submission, with who may look at it
// because it is late: the leaders of its member's squads.
func (k *Kit) resource(st *station.Station, s casework.Submission) access.Resource {
	t := s.AccessResource()
	if now := casework.At(k.Now()); s.HasReminders() && s.Assignee != "" && s.Late(now) {
		for _, l := range Leaders(st, s, now.Time()) {
			t.Leaders = append(t.Leaders, l.ID)
		}
	}
	return t
}

// Leaders are the leaders of the member's squads who can be told: there, and
// neither the member nor somebody whom it concerns.
func Leaders(st *station.Station, s casework.Submission, now time.Time) []station.Member {
	var list []station.Member
	for _, q := range st.Squads {
		m, ok := st.Member(q.Leader)
		if !q.Has(s.Assignee) || !ok || m.Left || m.ID == s.Assignee || m.Away(now) || routing.Concerns(st, s, m.ID) ||
			slices.ContainsFunc(list, func(o station.Member) bool { return o.ID == m.ID }) {
			continue
		}
		list = append(list, m)
	}
	return list
}
