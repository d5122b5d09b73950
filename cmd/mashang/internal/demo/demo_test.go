package demo_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/adapters/sheets"
	"mashang/cmd/mashang/internal/demo"
	"mashang/domain/station"
)

func load(t *testing.T) *station.Station {
	t.Helper()
	st, err := demo.Station()
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestCounts(t *testing.T) {
	t.Parallel()
	st := load(t)
	admins := 0
	for _, l := range st.Liaisons {
		if l.Admin {
			admins++
		}
	}
	got := map[string]int{
		"members": len(st.Members), "sectors": len(st.Sectors), "rooms": len(st.Rooms), "places": len(st.Places),
		"departments": len(st.Departments), "liaisons": len(st.Liaisons) - admins, "admins": admins,
		"categories": len(st.Categories),
	}
	if diff := cmp.Diff(map[string]int{
		"members": 31, "sectors": 12, "rooms": 11, "places": 14, "departments": 6, "liaisons": 2, "admins": 1, "categories": 12,
	}, got); diff != "" {
		t.Error(diff)
	}
	if st.ID != "hexi" || st.Phone != "0900-0000000" {
		t.Errorf("station %s %s", st.ID, st.Phone)
	}
	if faults := st.Check(); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestEverythingIsLookedAfter(t *testing.T) {
	t.Parallel()
	st := load(t)
	sector, room, named := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, m := range st.Members {
		sector[m.Sector] = true
		for _, r := range m.Rooms {
			room[r] = true
		}
		if named[m.Name] {
			t.Errorf("two members are called %s", m.Name)
		}
		named[m.Name] = true
		if m.MaxOpen() < 300 || len(m.Absences) > 0 || m.Title == "" || len(m.Expertise) == 0 {
			t.Errorf("%s could be full, away or empty: %+v", m.ID, m)
		}
		if home, ok := st.Room(m.Rooms[0]); !ok || home.Village != m.Village {
			t.Errorf("%s looks after a room of another village", m.ID)
		}
	}
	for _, x := range st.Sectors {
		if !sector[x.Name] {
			t.Errorf("no member of %s", x.Name)
		}
	}
	for _, x := range st.Rooms {
		if !room[x.ID] {
			t.Errorf("nobody looks after %s", x.ID)
		}
	}
	for _, x := range st.Places {
		if len(x.Sectors) == 0 || x.Village == "" {
			t.Errorf("place %s leads nowhere", x.ID)
		}
	}
	for _, x := range st.Categories {
		if len(x.Sectors) == 0 {
			t.Errorf("nobody is in charge of %s", x.Key)
		}
	}
	if c, ok := st.TouristCategory(); !ok || !cmp.Equal(c.Sectors, []string{"文化旅游"}) {
		t.Errorf("tourists without a category: %+v", c)
	}
}

// TestDutyAtEveryHour walks a week in half hours, the minutes around midnight
// and the end of the month in it.
func TestDutyAtEveryHour(t *testing.T) {
	t.Parallel()
	st := load(t)
	targets := []station.Target{{Kind: station.ForStation}}
	for _, r := range st.Rooms {
		targets = append(targets, station.Target{Kind: station.ForRoom, ID: r.ID})
	}
	for _, p := range st.Places {
		targets = append(targets, station.Target{Kind: station.ForPlace, ID: p.ID})
	}
	monday := time.Date(2026, 4, 27, 0, 0, 0, 0, station.Zone)
	served := map[string]bool{}
	for at := monday; at.Before(monday.AddDate(0, 0, 7)); at = at.Add(30 * time.Minute) {
		for _, moment := range []time.Time{at, at.Add(-time.Nanosecond)} {
			for _, target := range targets {
				on := st.DutyAt(target, moment)
				if len(on) == 0 {
					t.Fatalf("nobody on duty at %+v on %v", target, moment)
				}
				for _, o := range on {
					served[o.Member] = true
				}
			}
		}
	}
	if len(served) != len(st.Members) {
		t.Errorf("%d of %d members are ever on duty", len(served), len(st.Members))
	}
}

func TestOpenIDs(t *testing.T) {
	t.Parallel()
	st := load(t)
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{4,64}$`)
	seen := map[string]bool{}
	note := func(openid string) {
		if !form.MatchString(openid) || seen[openid] {
			t.Errorf("openid %q", openid)
		}
		seen[openid] = true
	}
	for _, m := range st.Members {
		note(demo.MemberOpenID(m.ID))
	}
	for _, l := range st.Liaisons {
		note(demo.LiaisonOpenID(l.ID))
	}
	for _, d := range st.Departments {
		note(demo.DepartmentOpenID(d.ID))
	}
	for _, want := range []string{"demo-member-01", "demo-member-31", "demo-liaison-02", "demo-admin-01", "demo-department-01"} {
		if !seen[want] {
			t.Errorf("no %s", want)
		}
	}
}

// TestExport sends the roster through a workbook, as an administrator would.
func TestExport(t *testing.T) {
	t.Parallel()
	st := load(t)
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	back, problems, err := sheets.Read("演示.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatalf("Read: %v %v", err, problems)
	}
	if diff := cmp.Diff(st, back); diff != "" {
		t.Error(diff)
	}
}
