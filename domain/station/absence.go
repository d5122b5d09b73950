package station

import (
	"slices"
	"strings"
	"time"
)

// Absence is a span of local dates, both included (2006-01-02).
type Absence struct {
	// ID is set for an absence that was reported and not taken from a roster's
	// spreadsheet: an import leaves it alone.
	ID   string `json:"id,omitempty"`
	From string `json:"from"`
	To   string `json:"to"`
	// Substitute is the id of the member who stands in meanwhile, "" for nobody.
	Substitute string `json:"sub,omitempty"`
	// Reason is for the liaison; it goes with the absence.
	Reason string `json:"reason,omitempty"`
}

// Covers reports whether the moment's local date lies in the span.
func (a Absence) Covers(at time.Time) bool { return a.covers(at.In(Zone).Format(time.DateOnly)) }

func (a Absence) covers(date string) bool { return a.From <= date && date <= a.To }

// same reports whether two absences say the same but for who reported them.
func (a Absence) same(b Absence) bool {
	return a.From == b.From && a.To == b.To && a.Substitute == b.Substitute
}

// Away reports whether the member is absent at the moment.
func (m Member) Away(at time.Time) bool {
	return len(m.Absences) > 0 && m.away(at.In(Zone).Format(time.DateOnly))
}

func (m Member) away(date string) bool {
	return slices.ContainsFunc(m.Absences, func(a Absence) bool { return a.covers(date) })
}

// standIn is who stands in for the member on the date: of several absences on
// that date the first that names somebody counts.
func (m Member) standIn(date string) string {
	for _, a := range m.Absences {
		if a.covers(date) && a.Substitute != "" {
			return a.Substitute
		}
	}
	return ""
}

// Substitute follows the chain of substitutes of a member who is absent at the
// moment: A's substitute, who may be absent and have one, and so on. ok is false
// when the member is present, nobody stands in, or the chain leads to somebody
// who is absent without a substitute, has left, or stands in it twice.
func (s *Station) Substitute(member string, at time.Time) (id string, ok bool) {
	return Substitute(func(id string) *Member {
		i := slices.IndexFunc(s.Members, func(m Member) bool { return m.ID == id })
		if i < 0 {
			return nil
		}
		return &s.Members[i]
	}, member, at)
}

// Substitute is Station.Substitute for who has a faster way to look members up;
// find returns nil for an unknown id.
func Substitute(find func(id string) *Member, member string, at time.Time) (id string, ok bool) {
	date := at.In(Zone).Format(time.DateOnly)
	var met []string
	for id = member; ; {
		m := find(id)
		switch {
		case m == nil || m.Left || slices.Contains(met, id):
			return "", false
		case !m.away(date):
			return id, id != member
		}
		met = append(met, id)
		if id = m.standIn(date); id == "" {
			return "", false
		}
	}
}

// Loop is a chain of substitutes that leads back to its beginning on a date.
type Loop struct {
	Date string
	// Members are ids, each followed by who stands in for it; the last one's
	// substitute is the first.
	Members []string
}

// Loops looks for chains of substitutes that lead back to themselves. On one
// date each member has at most one substitute. That changes on no date but those
// on which an absence begins, and those after its end, when another of the same
// member may come to count: these are looked at. It returns the first loop of
// the first such date.
func (s *Station) Loops() (Loop, bool) {
	absent := map[string]Member{}
	var dates []string
	for _, m := range s.Members {
		if m.Left || !slices.ContainsFunc(m.Absences, func(a Absence) bool { return a.Substitute != "" }) {
			continue
		}
		absent[m.ID] = m
		for _, a := range m.Absences {
			dates = append(dates, a.From)
			if to, err := time.Parse(time.DateOnly, a.To); err == nil {
				dates = append(dates, to.AddDate(0, 0, 1).Format(time.DateOnly))
			}
		}
	}
	slices.Sort(dates)
	for _, date := range slices.Compact(dates) {
		if loop := loopOn(s.Members, absent, date); loop != nil {
			return Loop{Date: date, Members: loop}, true
		}
	}
	return Loop{}, false
}

// loopOn walks every chain of one date once.
func loopOn(order []Member, absent map[string]Member, date string) []string {
	done := map[string]bool{}
	for _, m := range order {
		var path []string
		id := m.ID
		for id != "" && !done[id] {
			done[id] = true
			path = append(path, id)
			if x, ok := absent[id]; ok {
				id = x.standIn(date)
			} else {
				id = ""
			}
		}
		if i := slices.Index(path, id); id != "" && i >= 0 {
			return path[i:]
		}
	}
	return nil
}

// keepReported is what a member's absences are after an import lists others:
// the listed ones, and those that were reported and not taken back. One that is
// in both stays as it was reported.
func keepReported(stored, listed []Absence) []Absence {
	var kept []Absence
	for _, a := range listed {
		if i := slices.IndexFunc(stored, func(r Absence) bool { return r.ID != "" && r.same(a) }); i < 0 {
			kept = append(kept, a)
		}
	}
	for _, r := range stored {
		if r.ID != "" && !slices.Contains(kept, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// sameAbsences reports whether an import of listed would leave stored as it is;
// the order does not count.
func sameAbsences(stored, listed []Absence) bool {
	kept := keepReported(stored, listed)
	if len(kept) != len(stored) {
		return false
	}
	return !slices.ContainsFunc(kept, func(a Absence) bool { return !slices.Contains(stored, a) })
}

func (c *checker) absences(i int, m Member) {
	for _, a := range m.Absences {
		c.require(date(a.From) && date(a.To) && a.From <= a.To, TableMember, i, "absences",
			"外出日期须为“2026-05-01至2026-05-03”的形式，且先后正确")
		c.require(a.Substitute != m.ID || a.Substitute == "", TableMember, i, "substitute", "代办委员不能是本人")
		c.require(a.Substitute == "" || a.Substitute == m.ID || c.serving[TableMember][a.Substitute] || m.Left, TableMember, i, "substitute",
			"没有编号为“%s”的委员可以代办", a.Substitute)
	}
}

// loops refuses chains of substitutes that lead back to themselves.
func (c *checker) loops() {
	loop, found := c.s.Loops()
	if !found || len(loop.Members) == 1 { // oneself is another fault
		return
	}
	row := slices.IndexFunc(c.s.Members, func(m Member) bool { return m.ID == loop.Members[0] })
	c.require(false, TableMember, row, "substitute", "%s", c.s.DescribeLoop(loop))
}

// DescribeLoop says a loop in Chinese.
func (s *Station) DescribeLoop(l Loop) string {
	var names []string
	for _, id := range append(slices.Clone(l.Members), l.Members[0]) {
		m, _ := s.Member(id)
		names = append(names, m.Name)
	}
	return "代办绕成了圈（" + l.Date + "）：" + strings.Join(names, "→") + "，请改选代办委员"
}
