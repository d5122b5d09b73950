package station

import "mashang/domain/fault"

// RevealPolicy bounds what one account of the station sees and takes away of what people
// told. The zero value has the defaults, and lets one person export alone.
type RevealPolicy struct {
	// MaxPerHour and MaxPerDay are how many phone numbers one account may have
	// shown in an hour and in 24 hours; 0 for the default.
	MaxPerHour int `json:"reveals_hour,omitempty"`
	MaxPerDay  int `json:"reveals_day,omitempty"`
	// NeedsSecondPerson lets what people wrote be exported only with a second person's word.
	NeedsSecondPerson bool `json:"second,omitempty"`
}

// The numbers one account may have shown. A liaison who calls one person after the
// other makes about twelve calls an hour.
const (
	DefaultRevealsHour = 20
	DefaultRevealsDay  = 60
	MaxReveals         = 1000
)

// EffectiveRevealPolicy is the station's guard with the defaults filled in.
func (s *Station) EffectiveRevealPolicy() RevealPolicy {
	g := RevealPolicy{}
	if s.RevealPolicy != nil {
		g = *s.RevealPolicy
	}
	if g.MaxPerHour == 0 {
		g.MaxPerHour = DefaultRevealsHour
	}
	if g.MaxPerDay == 0 {
		g.MaxPerDay = DefaultRevealsDay
	}
	return g
}

// CheckRevealPolicy answers Invalid by field. A second person needs a second one to be
// there: two liaisons or administrators who have not left.
func (s *Station) CheckRevealPolicy(g RevealPolicy) error {
	var check fault.Check
	check.Require(g.MaxPerHour >= 0 && g.MaxPerHour <= MaxReveals, "reveals_per_hour", "请填 1 到 %d，或 0 表示默认的 %d", MaxReveals, DefaultRevealsHour)
	check.Require(g.MaxPerDay >= 0 && g.MaxPerDay <= MaxReveals, "reveals_per_day", "请填 1 到 %d，或 0 表示默认的 %d", MaxReveals, DefaultRevealsDay)
	staff := 0
	for _, l := range s.Liaisons {
		if !l.Left {
			staff++
		}
	}
	check.Require(!g.NeedsSecondPerson || staff > 1, "second_person", "本站只有一位工作人员，没有人可以确认。请先在名册里再加一位联络员或管理员")
	return check.Err()
}

// HasOtherAdmin reports whether the station has an administrator other than the one
// of that id.
func (s *Station) HasOtherAdmin(but string) bool {
	for _, l := range s.Liaisons {
		if l.Admin && !l.Left && l.ID != but {
			return true
		}
	}
	return false
}
