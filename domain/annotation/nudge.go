package annotation

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

const (
	// NudgePause is for how long nobody is nudged again about a submission.
	NudgePause = 4 * time.Hour
	// maxNudges is how many nudges are kept; the oldest go first.
	maxNudges = 100
)

// Nudge is a request to hurry, to one receiver.
type Nudge struct {
	At casework.Millis `json:"t"`
	// By is the liaison's id in the station.
	By string `json:"b"`
	// Role and Who are the receiver, a member or a department; Assist is the assist that they owe, 0 for the
	// submission itself.
	Role   access.Role `json:"r"`
	Who    string      `json:"w"`
	Assist int         `json:"a,omitempty"`
}

// Debtor is somebody from whom the next step is expected.
type Debtor struct {
	Role   access.Role
	Who    string
	Assist int
}

// Debtors returns who owes the next step of a submission: the member who has it and is to answer or to carry out what
// was agreed, and each assistant who has not answered. What goes on with another is asked there.
func Debtors(s casework.Submission) []Debtor {
	var list []Debtor
	if s.Assignee != "" && s.Lead == "" && (s.State == casework.Assigned || s.State == casework.Accepted || s.Owed()) {
		list = append(list, Debtor{Role: access.Member, Who: s.Assignee})
	}
	for _, a := range s.Assists {
		if a.State == casework.Asked && s.State.Open() {
			list = append(list, Debtor{Role: a.Role, Who: a.Who, Assist: a.ID})
		}
	}
	return list
}

// NudgesOf returns how often a debtor was nudged, and when last.
func (s Set) NudgesOf(d Debtor) (times int, last casework.Millis) {
	for _, n := range s.Nudges {
		if (Debtor{n.Role, n.Who, n.Assist}) == d {
			times, last = times+1, n.At
		}
	}
	return times, last
}

// Nudgeable returns the debtors who may be nudged at now, and when the next may be if none may be, zero for never.
func (s Set) Nudgeable(debtors []Debtor, now time.Time) (may []Debtor, next time.Time) {
	for _, d := range debtors {
		_, last := s.NudgesOf(d)
		if at := last.Time().Add(NudgePause); last != 0 && now.Before(at) {
			if next.IsZero() || at.Before(next) {
				next = at
			}
			continue
		}
		may = append(may, d)
	}
	return may, next
}

// WithNudges nudges every debtor who may be nudged, by a liaison, and returns them.
func (s Set) WithNudges(sub casework.Submission, by string, now time.Time) (Set, []Debtor, error) {
	debtors := Debtors(sub)
	if len(debtors) == 0 {
		return s, nil, fault.New(fault.WrongState, "现在没有要催的人：没有委员或部门在办这一件，或正等群众补充")
	}
	may, next := s.Nudgeable(debtors, now)
	if len(may) == 0 {
		return s, nil, fault.New(fault.TooMany, "刚催过，%s以后可以再催；急的话请直接打电话", clock(next, now)).Retry(next.Sub(now))
	}
	s.Nudges = slices.Clip(s.Nudges)
	for _, d := range may {
		s.Nudges = append(s.Nudges, Nudge{At: casework.At(now), By: by, Role: d.Role, Who: d.Who, Assist: d.Assist})
	}
	s.Nudges = s.Nudges[max(0, len(s.Nudges)-maxNudges):]
	return s, may, nil
}

// clock names a time for people: the hour, and the day unless it is today.
func clock(at, now time.Time) string {
	at, now = at.In(station.Zone), now.In(station.Zone)
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format(" 15:04 ")
	}
	return at.Format("1月2日 15:04 ")
}
