package station

import (
	"maps"
	"slices"

	"mashang/domain/calendar"
	"mashang/domain/fault"
)

// Terms are by when somebody is to be spoken to and answered. A value of zero
// stands for the default.
type Terms struct {
	// FirstMinutes is how many minutes of duty time the first contact may take.
	FirstMinutes int `json:"first_minutes,omitempty"`
	// Days are the working days to the final answer, by kind.
	Days map[string]int `json:"days,omitempty"`
	// TravellerHours is the term of a tourist's matter.
	TravellerHours int `json:"traveller_hours,omitempty"`
	// Duty are the hours of a working day, as calendar.ParseHours reads them;
	// TravellerDuty those of every day in which tourists are seen to.
	Duty          string `json:"duty,omitempty"`
	TravellerDuty string `json:"traveller_duty,omitempty"`
	// Head is the liaison (id) who is told last of what nobody sees to.
	Head string `json:"head,omitempty"`
}

// DefaultTerms are those of a station that sets none: assumed within what
// published rules give. First contact in 30 minutes is the practice of 白银
// 码上反映·马上办理; five working days are those of 潍坊市12345政务服务便民热线条例
// §20, shorter ones for what can be said at once; 24 hours are the aim of 云南's
// tourist line.
var DefaultTerms = Terms{
	FirstMinutes: 30, TravellerHours: 24, Duty: "08:30-12:00 14:30-18:00", TravellerDuty: "08:00-21:00",
	Days: map[string]int{"inquiry": 1, "help": 3, "suggestion": 5, "complaint": 5, "dispute": 5},
}

// The limits of terms.
const (
	MaxFirstMinutes   = 8 * 60
	MaxTermDays       = 60
	MaxTravellerHours = 7 * 24
)

// Terms returns the station's terms with the defaults where it sets none.
func (s *Station) Terms() Terms {
	t := Terms{}
	if s.Rules != nil && s.Rules.Terms != nil {
		t = *s.Rules.Terms
	}
	return t.Filled()
}

// Filled returns the terms with the defaults in place of zeros.
func (t Terms) Filled() Terms {
	days := maps.Clone(DefaultTerms.Days)
	maps.Copy(days, t.Days)
	t.Days = days
	fill(&t.FirstMinutes, DefaultTerms.FirstMinutes)
	fill(&t.TravellerHours, DefaultTerms.TravellerHours)
	fill(&t.Duty, DefaultTerms.Duty)
	fill(&t.TravellerDuty, DefaultTerms.TravellerDuty)
	return t
}

func fill[T comparable](v *T, or T) {
	var zero T
	if *v == zero {
		*v = or
	}
}

// check adds what is wrong with the terms.
func (t Terms) check(c *fault.Check, s *Station) {
	c.Require(t.FirstMinutes >= 0 && t.FirstMinutes <= MaxFirstMinutes, "terms.first_minutes", "首次联系时限须为 1 至 %d 分钟", MaxFirstMinutes)
	c.Require(t.TravellerHours >= 0 && t.TravellerHours <= MaxTravellerHours, "terms.traveller_hours", "游客诉求期限须为 1 至 %d 小时", MaxTravellerHours)
	for _, kind := range slices.Sorted(maps.Keys(t.Days)) {
		if _, ok := DefaultTerms.Days[kind]; !ok {
			c.Require(false, "terms.days", "有不认识的诉求类型，可用的见 default_terms")
			continue
		}
		c.Require(t.Days[kind] >= 1 && t.Days[kind] <= MaxTermDays, "terms.days."+kind, "办理期限须为 1 至 %d 个工作日", MaxTermDays)
	}
	for field, text := range map[string]string{"terms.duty": t.Duty, "terms.traveller_duty": t.TravellerDuty} {
		if text != "" {
			if _, err := calendar.ParseHours(text); err != nil {
				c.Require(false, field, "%s", err.Error())
			}
		}
	}
	if t.Head != "" {
		l, ok := s.Liaison(t.Head)
		c.Require(ok && !l.Left && !l.Admin, "terms.head", "站长须是本站在任的联络员")
	}
}
