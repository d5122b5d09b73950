package kit

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// ClockOf returns the station's working days, terms and rules at now.
func (k *Kit) ClockOf(st *station.Station, now time.Time) casework.Clock {
	return casework.Clock{Days: st.Calendar(k.Days), Terms: st.Terms(), Rules: st.RulesVersion(), Surge: st.Surging(now)}
}

// resource returns what access needs to know about a submission. Of a late one this includes the leaders of its
// member's squads, who may then read it.
func (k *Kit) resource(st *station.Station, s casework.Submission) access.Resource {
	t := s.AccessResource()
	if now := casework.At(k.Now()); s.HasReminders() && s.Assignee != "" && s.Late(now) {
		for _, l := range Leaders(st, s, now.Time()) {
			t.Leaders = append(t.Leaders, l.ID)
		}
	}
	return t
}

// Leaders returns the leaders of the assignee's squads who can be notified: still on the roster, not away,
// neither the assignee nor concerned by the submission.
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
