package routing

import (
	"slices"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// Accused returns the ids of the members a matter is about: a complaint is
// never handled by whom it is against.
//
// Whoever is named exactly, with or without the title, is meant in any matter.
// In one that says it is about a member, a name inside other words counts as
// well (“村里的张三委员”), and without any name of the roster it is about the
// member whose code was scanned.
func Accused(st *station.Station, t station.Target, about bool, against *casework.Against) []string {
	name := ""
	if against != nil {
		name = bare(against.Name)
	}
	var ids []string
	for _, m := range st.Members {
		if name == "" {
			break
		}
		if own := bare(m.Name); name == own || about && own != "" && strings.Contains(name, own) {
			ids = append(ids, m.ID)
		}
	}
	if about && len(ids) == 0 && t.Kind == station.ForMember {
		ids = append(ids, t.ID)
	}
	return ids
}

// Concerns reports whether the member is one of those a submission is about.
func Concerns(st *station.Station, s casework.Submission, member string) bool {
	return slices.Contains(Accused(st, s.Target, s.AboutMember, s.Against), member)
}

// bare is a name as it is compared, without title. Whoever is complained of is
// recognised in traditional characters, too: a complaint never reaches them.
func bare(name string) string { return strings.TrimSuffix(fold.Key(name), "委员") }
