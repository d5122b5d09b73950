package routing

import (
	"slices"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// Accused returns the ids of the members that a matter is about. A complaint is never handled by a member whom
// it is against.
//
// A member who is named exactly, with or without the title, is meant in any matter. If the filing says that it
// is about a member, a name inside other words counts as well (“村里的张三委员”). If it then names none of the roster,
// it is about the member whose code was scanned.
func Accused(st *station.Station, t station.Target, about bool, against *casework.Against) []string {
	name := ""
	if against != nil {
		name = comparableName(against.Name)
	}
	var ids []string
	for _, m := range st.Members {
		if name == "" {
			break
		}
		if own := comparableName(m.Name); name == own || about && own != "" && strings.Contains(name, own) {
			ids = append(ids, m.ID)
		}
	}
	if about && len(ids) == 0 && t.Kind == station.ForMember {
		ids = append(ids, t.ID)
	}
	return ids
}

// Concerns reports whether the submission is about the member.
func Concerns(st *station.Station, s casework.Submission, member string) bool {
	return slices.Contains(Accused(st, s.Target, s.AboutMember, s.Against), member)
}

// comparableName returns a name for comparing, without title. Traditional characters are simplified, so that a complaint
// never reaches the member it names.
func comparableName(name string) string { return strings.TrimSuffix(fold.Key(name), "委员") }
