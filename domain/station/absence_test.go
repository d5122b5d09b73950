package station_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/station"
)

// may is noon of a day in May 2026.
func may(day int) time.Time { return time.Date(2026, 5, day, 12, 0, 0, 0, station.Zone) }

// away is "m2 1-3 m3": m2 is away from the first to the third, m3 stands in.
func away(lines ...string) *station.Station {
	st := &station.Station{}
	for _, id := range []string{"m1", "m2", "m3", "m4"} {
		m := station.Member{ID: id, Name: "委员" + id}
		for _, line := range lines {
			part := strings.Fields(line + " ")
			from, to, _ := strings.Cut(part[1], "-")
			if part[0] != id {
				continue
			}
			a := station.Absence{From: fmt.Sprintf("2026-05-%02s", from), To: fmt.Sprintf("2026-05-%02s", to)}
			if len(part) > 2 {
				a.Substitute = part[2]
			}
			m.Absences = append(m.Absences, a)
		}
		st.Members = append(st.Members, m)
	}
	return st
}

func TestSubstitute(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		st   *station.Station
		day  int
		want string
	}{
		"is there":                         {away("m1 1-3 m2"), 4, ""},
		"stands in":                        {away("m1 1-3 m2"), 3, "m2"},
		"nobody stands in":                 {away("m1 1-3"), 2, ""},
		"a chain":                          {away("m1 1-9 m2", "m2 3-5 m3"), 4, "m3"},
		"a chain before and after":         {away("m1 1-9 m2", "m2 3-5 m3"), 6, "m2"},
		"a chain of three":                 {away("m1 1-9 m2", "m2 1-9 m3", "m3 1-9 m4"), 1, "m4"},
		"a chain that ends at nobody":      {away("m1 1-9 m2", "m2 3-5"), 4, ""},
		"a loop":                           {away("m1 1-9 m2", "m2 1-9 m1"), 4, ""},
		"a loop further on":                {away("m1 1-9 m2", "m2 1-9 m3", "m3 1-9 m2"), 4, ""},
		"no loop on that day":              {away("m1 1-3 m2", "m2 4-6 m1"), 4, ""},
		"unknown":                          {away("m1 1-3 m9"), 2, ""},
		"the first of two absences counts": {away("m1 1-9 m3", "m1 2-3 m2"), 2, "m3"},
		"an absence without one gives way": {away("m1 1-9", "m1 2-3 m2"), 2, "m2"},
	} {
		got, ok := tc.st.Substitute("m1", may(tc.day))
		if !ok {
			got = ""
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	left := away("m1 1-3 m2")
	left.Members[1].Left = true
	if id, ok := left.Substitute("m1", may(2)); ok {
		t.Errorf("%s has left and stands in", id)
	}
	if id, ok := left.Substitute("m9", may(2)); ok {
		t.Errorf("%s stands in for nobody", id)
	}
}

func TestLoops(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		st   *station.Station
		want string
	}{
		"none":               {away("m1 1-3 m2", "m2 4-6 m1"), ""},
		"a chain":            {away("m1 1-9 m2", "m2 1-9 m3"), ""},
		"two on one day":     {away("m1 1-3 m2", "m2 3-6 m1"), "2026-05-03 m1 m2"},
		"three":              {away("m2 1-9 m3", "m3 2-9 m1", "m1 5-9 m2"), "2026-05-05 m1 m2 m3"},
		"behind a chain":     {away("m1 1-9 m2", "m2 1-9 m3", "m3 1-9 m2"), "2026-05-01 m2 m3"},
		"oneself":            {away("m1 1-9 m1"), "2026-05-01 m1"},
		"broken by presence": {away("m1 1-9 m2", "m2 1-9 m3", "m3 1-9"), ""},
	} {
		loop, found := tc.st.Loops()
		if got := strings.TrimSpace(loop.Date + " " + strings.Join(loop.Members, " ")); got != tc.want || found != (tc.want != "") {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	st := away("m1 1-3 m2", "m2 3-6 m1")
	loop, _ := st.Loops()
	if words := st.DescribeLoop(loop); !strings.Contains(words, "委员m1→委员m2→委员m1") || !strings.Contains(words, "2026-05-03") {
		t.Error(words)
	}
}

// TestLoopsAreThoseThatWalkingFinds: on every day of the month, from every
// member, one step after the other.
func TestLoopsAreThoseThatWalkingFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(0, 8).Draw(t, "absences") {
			from := rapid.IntRange(1, 9).Draw(t, "from")
			lines = append(lines, fmt.Sprintf("m%d %d-%d m%d", rapid.IntRange(1, 4).Draw(t, "who"),
				from, rapid.IntRange(from, 9).Draw(t, "to"), rapid.IntRange(1, 5).Draw(t, "substitute")))
		}
		st := away(lines...)
		walked := false
		for day := 1; day <= 9; day++ {
			date := may(day).Format(time.DateOnly)
			for _, m := range st.Members {
				id, steps := m.ID, 0
				for ; steps <= 5; steps++ {
					x, _ := st.Member(id)
					i := slices.IndexFunc(x.Absences, func(a station.Absence) bool { return a.From <= date && date <= a.To })
					if i < 0 {
						break
					}
					id = x.Absences[i].Substitute
				}
				walked = walked || steps > 5
				if sub, ok := st.Substitute(m.ID, may(day)); ok {
					if x, _ := st.Member(sub); x.Away(may(day)) || sub == m.ID {
						t.Fatalf("%s stands in for %s and is away", sub, m.ID)
					}
				}
			}
		}
		if _, found := st.Loops(); found != walked {
			t.Fatalf("%v: found %v, walking finds %v", lines, found, walked)
		}
	})
}

// TestAnImportLeavesReportedAbsences: what a member reported stays, though the
// spreadsheet knows nothing of it; what the spreadsheet says counts as a whole.
func TestAnImportLeavesReportedAbsences(t *testing.T) {
	t.Parallel()
	reported := station.Absence{ID: "a1", From: "2026-06-01", To: "2026-06-03", Substitute: "m2", Reason: "开会"}
	typed := reported
	typed.ID, typed.Reason = "", ""
	other := station.Absence{From: "2026-07-01", To: "2026-07-01"}
	stored := right()
	stored.Members[0].Absences = append(stored.Members[0].Absences, reported)
	for name, tc := range map[string]struct {
		listed, want []station.Absence
		changed      bool
	}{
		"listed as it is": {[]station.Absence{stored.Members[0].Absences[0], typed}, stored.Members[0].Absences, false},
		"not listed":      {stored.Members[0].Absences[:1], stored.Members[0].Absences, false},
		"nothing listed":  {nil, []station.Absence{reported}, true},
		"another one":     {[]station.Absence{other}, []station.Absence{other, reported}, true},
		"with another substitute": {[]station.Absence{
			stored.Members[0].Absences[0], {From: typed.From, To: typed.To, Substitute: "m3"},
		}, []station.Absence{
			stored.Members[0].Absences[0], {From: typed.From, To: typed.To, Substitute: "m3"}, reported,
		}, true},
	} {
		listed := right()
		listed.Members[0].Absences = tc.listed
		changes := station.Diff(stored, listed, nil)
		if changed := len(changes) > 0; changed != tc.changed {
			t.Errorf("%s: %v", name, changes)
		}
		merged := station.Merge(stored, listed)
		if diff := cmp.Diff(tc.want, merged.Members[0].Absences); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(changes, station.Diff(stored, merged, nil)); diff != "" {
			t.Errorf("%s: the dry run told another story: %s", name, diff)
		}
	}
}
