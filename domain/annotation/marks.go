package annotation

import "mashang/domain/casework"

// Marks are what lists show and filter by.
type Marks struct {
	Tags []string
	// Mentioned are the liaisons who have not seen a note that names them.
	Mentioned []string
	Reminders []Reminder
}

// MarksOf returns the marks of a set. It shares the set's lists.
func MarksOf(s Set) Marks {
	m := Marks{Tags: s.Tags, Reminders: s.Reminders}
	for _, n := range s.Notes {
		for _, x := range n.Mentions {
			if x.SeenAt == 0 {
				m.Mentioned = append(m.Mentioned, x.Liaison)
			}
		}
	}
	return m
}

// None reports whether there are none.
func (m Marks) None() bool { return len(m.Tags)+len(m.Mentioned)+len(m.Reminders) == 0 }

// Reminds reports whether a liaison is to be reminded by now.
func (m Marks) Reminds(liaison string, now casework.Millis) bool {
	for _, r := range m.Reminders {
		if r.Liaison == liaison && r.At <= now {
			return true
		}
	}
	return false
}
