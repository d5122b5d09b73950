package station

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// DutySlot says who is on duty where and when. Exactly one of Weekday and Date
// is set; Room and Place are both empty for the station itself.
type DutySlot struct {
	Member string `json:"member"`
	Room   string `json:"room,omitempty"`
	Place  string `json:"place,omitempty"`
	// Weekday is 1 (Monday) to 7 (Sunday), 0 with a Date.
	Weekday int `json:"weekday,omitempty"`
	// Date is a local date, 2006-01-02.
	Date string `json:"date,omitempty"`
	// From and To are minutes after local midnight; To may be 1440.
	From int `json:"from"`
	To   int `json:"to"`
	// Surge marks an extra slot, which counts in a surge only.
	Surge bool `json:"surge,omitempty"`
}

// OnDuty is one member on duty, from and to in full.
type OnDuty struct {
	Member string
	From   time.Time
	To     time.Time
}

// on reports whether the slot falls on the local day that begins at midnight.
func (d DutySlot) on(midnight time.Time) bool {
	if d.Date != "" {
		return d.Date == midnight.Format(time.DateOnly)
	}
	weekday := int(midnight.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	return d.Weekday == weekday
}

// at returns whether the slot is for the target. Duty at the station counts
// for a member's own code too: the page shows who can be met now.
func (d DutySlot) at(t Target) bool {
	switch t.Kind {
	case ForRoom:
		return d.Room == t.ID
	case ForPlace:
		return d.Place == t.ID
	case ForMember:
		return d.Member == t.ID
	default:
		return d.Room == "" && d.Place == ""
	}
}

// DutyAt returns who is on duty at the target at that moment, earliest end
// first; at the place of a rule of reception for that rule. Extra slots count while the station is in a surge. Absent and gone members are left out, and a member with several slots
// at that moment stands once, with the whole span.
func (s *Station) DutyAt(t Target, at time.Time) []OnDuty {
	t = s.FilingTarget(t)
	local := at.In(Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, Zone)
	var list []OnDuty
	for d := range s.slotsOn(midnight) {
		if !d.at(t) || d.Surge && !s.Surging(at) {
			continue
		}
		from := midnight.Add(time.Duration(d.From) * time.Minute)
		to := midnight.Add(time.Duration(d.To) * time.Minute)
		if local.Before(from) || !local.Before(to) {
			continue
		}
		if m, ok := s.Member(d.Member); !ok || m.Left || m.Away(at) {
			continue
		}
		i := slices.IndexFunc(list, func(o OnDuty) bool { return o.Member == d.Member })
		if i < 0 {
			list = append(list, OnDuty{Member: d.Member, From: from, To: to})
			continue
		}
		if from.Before(list[i].From) {
			list[i].From = from
		}
		if to.After(list[i].To) {
			list[i].To = to
		}
	}
	slices.SortStableFunc(list, func(a, b OnDuty) int { return a.To.Compare(b.To) })
	return list
}

// String says who, when and where, in the words of a duty sheet.
func (d DutySlot) String() string {
	day := d.Date
	if day == "" && d.Weekday >= 1 && d.Weekday <= 7 {
		day = [...]string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}[d.Weekday-1]
	}
	s := fmt.Sprintf("%s %s %02d:%02d-%02d:%02d", d.Member, day, d.From/60, d.From%60, d.To/60, d.To%60)
	if d.Surge {
		s += "（高峰加班）"
	}
	switch {
	case d.Room != "":
		return s + " 议事室 " + d.Room
	case d.Place != "":
		return s + " 场所 " + d.Place
	default:
		return s + " 本站"
	}
}

// target is where the slot's duty is done.
func (d DutySlot) target() Target {
	switch {
	case d.Room != "":
		return Target{Kind: ForRoom, ID: d.Room}
	case d.Place != "":
		return Target{Kind: ForPlace, ID: d.Place}
	default:
		return Target{Kind: ForStation}
	}
}

// slotsOn returns the slots of a local day, which begins at midnight: those of the rosters of that day, and of the
// other slots those that no such roster replaces. A roster replaces what overlaps it at the same target, except
// extra slots of a surge. This is the one final roster: whatever asks who is on duty asks here.
func (s *Station) slotsOn(midnight time.Time) iter.Seq[DutySlot] {
	date := midnight.Format(time.DateOnly)
	return func(yield func(DutySlot) bool) {
		var today []DayRoster
		for _, r := range s.Days {
			if r.Date == date {
				today = append(today, r)
			}
		}
		for _, d := range s.Duty {
			replaced := !d.Surge && slices.ContainsFunc(today, func(r DayRoster) bool {
				return r.Target == d.target() && d.From < r.To && r.From < d.To
			})
			if d.on(midnight) && !replaced && !yield(d) {
				return
			}
		}
		for _, r := range today {
			for _, m := range r.Members {
				d := DutySlot{Member: m, Date: date, From: r.From, To: r.To}
				switch r.Target.Kind {
				case ForRoom:
					d.Room = r.Target.ID
				case ForPlace:
					d.Place = r.Target.ID
				default:
				}
				if !yield(d) {
					return
				}
			}
		}
	}
}
