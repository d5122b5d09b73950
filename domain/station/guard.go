package station

import "mashang/domain/fault"

// Guard bounds what one account of the station sees and takes away of what people
// told. The zero value has the defaults, and lets one person export alone.
type Guard struct {
	// RevealsHour and RevealsDay are how many phone numbers one account may have
	// shown in an hour and in 24 hours; 0 for the default.
	RevealsHour int `json:"reveals_hour,omitempty"`
	RevealsDay  int `json:"reveals_day,omitempty"`
	// Second lets what people wrote be exported only with a second person's word.
	Second bool `json:"second,omitempty"`
}

// The numbers one account may have shown. A liaison who calls one person after the
// other makes about twelve calls an hour.
const (
	DefaultRevealsHour = 20
	DefaultRevealsDay  = 60
	MaxReveals         = 1000
)

// Guarded is the station's guard with the defaults filled in.
func (s *Station) Guarded() Guard {
	g := Guard{}
	if s.Guard != nil {
		g = *s.Guard
	}
	if g.RevealsHour == 0 {
		g.RevealsHour = DefaultRevealsHour
	}
	if g.RevealsDay == 0 {
		g.RevealsDay = DefaultRevealsDay
	}
	return g
}

// CheckGuard answers Invalid by field. A second person needs a second one to be
// there: two liaisons or administrators who have not left.
func (s *Station) CheckGuard(g Guard) error {
	var check fault.Check
	check.Require(g.RevealsHour >= 0 && g.RevealsHour <= MaxReveals, "reveals_per_hour", "请填 1 到 %d，或 0 表示默认的 %d", MaxReveals, DefaultRevealsHour)
	check.Require(g.RevealsDay >= 0 && g.RevealsDay <= MaxReveals, "reveals_per_day", "请填 1 到 %d，或 0 表示默认的 %d", MaxReveals, DefaultRevealsDay)
	staff := 0
	for _, l := range s.Liaisons {
		if !l.Gone {
			staff++
		}
	}
	check.Require(!g.Second || staff > 1, "second_person", "本站只有一位工作人员，没有人可以确认。请先在名册里再加一位联络员或管理员")
	return check.Err()
}

// Administered reports whether the station has an administrator other than the one
// of that id.
func (s *Station) Administered(but string) bool {
	for _, l := range s.Liaisons {
		if l.Admin && !l.Gone && l.ID != but {
			return true
		}
	}
	return false
}
