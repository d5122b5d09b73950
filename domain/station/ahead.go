package station

import (
	"cmp"
	"slices"
	"time"
)

// Shift is one coming duty: who, where, from and to in full.
type Shift struct {
	Member   string
	Target   Target
	From, To time.Time
}

// UpcomingShifts returns the turns of the slots that fit which end after at, on the
// local day of at and the days after it, the first first. Absent and gone
// members are left out, and so are extra slots of a surge: nobody knows yet
// whether it lasts.
func (s *Station) UpcomingShifts(fits func(DutySlot) bool, at time.Time, days int) []Shift {
	local := at.In(Zone)
	var list []Shift
	for n := range days {
		midnight := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, Zone)
		for d := range s.slotsOn(midnight) {
			if d.Surge || !fits(d) {
				continue
			}
			t := Shift{
				Member: d.Member, Target: d.target(),
				From: midnight.Add(time.Duration(d.From) * time.Minute), To: midnight.Add(time.Duration(d.To) * time.Minute),
			}
			if m, ok := s.Member(d.Member); ok && !m.Left && !m.Away(t.From) && t.To.After(at) {
				list = append(list, t)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Shift) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To))
	})
	return list
}

// daysToNext is how far ahead the next duty is looked for.
const daysToNext = 14

// NextShifts returns the turns at the target of the first coming moment at which
// somebody is on duty, at most n.
func (s *Station) NextShifts(t Target, at time.Time, n int) []Shift {
	t = s.FilingTarget(t)
	list := s.UpcomingShifts(func(d DutySlot) bool { return d.at(t) }, at, daysToNext)
	list = slices.DeleteFunc(list, func(x Shift) bool { return !x.From.After(at) })
	if len(list) == 0 {
		return nil
	}
	first := list[0].From
	var met []string // a member with two slots at that moment stands once
	list = slices.DeleteFunc(list, func(x Shift) bool {
		again := slices.Contains(met, x.Member)
		met = append(met, x.Member)
		return !x.From.Equal(first) || again
	})
	return list[:min(n, len(list))]
}

// ShiftsOf returns a member's own turns of the coming days.
func (s *Station) ShiftsOf(member string, at time.Time, days int) []Shift {
	return s.UpcomingShifts(func(d DutySlot) bool { return d.Member == member }, at, days)
}
