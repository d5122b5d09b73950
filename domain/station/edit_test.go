package station_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/station"
)

// small is a roster in which everything names everything.
func small() *station.Station {
	return &station.Station{
		ID: "lj", Name: "站", Phone: "0930-7654321", Version: 3,
		Sectors: []station.Sector{{Name: "经济"}, {Name: "教育"}},
		Rooms:   []station.Room{{ID: "r1", Name: "室"}},
		Places:  []station.Place{{ID: "p1", Name: "码头", Sectors: []string{"经济"}}},
		Members: []station.Member{
			{ID: "m1", Name: "甲", Sector: "经济", Rooms: []string{"r1"}, Phone: "sealed", Capacity: 3},
			{ID: "m2", Name: "乙", Sector: "教育", Absences: []station.Absence{{From: "2026-07-01", To: "2026-07-02", Substitute: "m1"}}},
		},
		Departments: []station.Department{{ID: "d1", Name: "局"}},
		Liaisons:    []station.Liaison{{ID: "l1", Name: "丙"}, {ID: "a1", Name: "丁", Admin: true}},
		Categories:  []station.Category{{Key: "fee", Name: "收费", Sectors: []string{"经济", "教育"}}},
		Duty:        []station.DutySlot{{Member: "m1", Room: "r1", Weekday: 1, From: 60, To: 120}, {Member: "m2", Place: "p1", Weekday: 2, From: 60, To: 120}},
		Squads:      []station.Squad{{ID: "s1", Name: "班", Leader: "m1", Members: []string{"m2"}, Sectors: []string{"经济"}, Categories: []string{"fee"}}},
		Rules: &station.Rules{
			Version:    2,
			Categories: []station.CategoryOwners{{Category: "fee", Sectors: []string{"经济"}, Squads: []string{"s1"}}},
			Places:     []station.PlaceRooms{{Place: "p1", Rooms: []string{"r1"}}},
		},
	}
}

func TestPutAddsOrReplacesAndLeavesTheRosterAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		entry station.Entry
		id    string
		row   int
		table string
	}{
		{station.Profile{Name: "新站", Phone: "110"}, "lj", 0, station.TableStation},
		{station.Sector{Name: "科技"}, "科技", 2, station.TableSector},
		{station.Room{Name: "新室"}, "r1", 0, station.TableRoom},
		{station.Place{Name: "新码头"}, "p2", 1, station.TablePlace},
		{station.Member{Name: "乙二", Sector: "教育"}, "m2", 1, station.TableMember},
		{station.Department{Name: "新局"}, "d2", 1, station.TableDepartment},
		{station.Liaison{Name: "戊"}, "l1", 0, station.TableLiaison},
		{station.Category{Name: "收费二"}, "fee", 0, station.TableCategory},
		{station.Squad{Name: "班二", Leader: "m2"}, "s1", 0, station.TableSquad},
		{station.DutySlot{Member: "m1", Weekday: 3, From: 1, To: 2}, small().Duty[1].ID(), 1, station.TableDuty},
	} {
		st := small()
		next, row := st.Put(c.id, c.entry)
		if diff := cmp.Diff(small(), st); diff != "" {
			t.Errorf("%s changed the roster itself: %s", c.table, diff)
		}
		if bad := next.Check(); row != c.row || c.entry.Table() != c.table || len(bad) > 0 {
			t.Errorf("%s: row %d, %v", c.table, row, bad)
		}
		if changes := station.Diff(st, next, nil); len(changes) == 0 || changes[0].Table != c.table {
			t.Errorf("%s: %+v", c.table, changes)
		}
	}
	next, _ := small().Put("m2", station.Member{Name: "乙", Sector: "教育"})
	if len(next.Members[1].Absences) != 1 {
		t.Error("an absence is no part of the form")
	}
}

func TestRemoveTakesAlongWhatNamesIt(t *testing.T) {
	t.Parallel()
	for table, id := range map[string]string{
		station.TableRoom: "r1", station.TablePlace: "p1", station.TableDepartment: "d1", station.TableLiaison: "l1",
		station.TableCategory: "fee", station.TableSquad: "s1", station.TableDuty: small().Duty[0].ID(),
	} {
		st := small()
		next, ok := st.Remove(table, id)
		if diff := cmp.Diff(small(), st); diff != "" {
			t.Errorf("%s changed the roster itself: %s", table, diff)
		}
		if bad := next.Check(); !ok || len(bad) > 0 {
			t.Errorf("%s: %v, %v", table, ok, bad)
		}
		if err := next.CheckRules(*next.Rules); err != nil {
			t.Errorf("%s left a rule of it: %v", table, err)
		}
		if _, ok := next.Remove(table, id); ok {
			t.Errorf("%s was removed twice", table)
		}
	}
	next, ok := small().Remove(station.TableMember, "m1")
	m, sub := next.Members[0], next.Members[1].Absences[0].Substitute
	if !ok || !m.Left || m.Phone != "" || sub != "" || next.Squads[0].Leader != "" || len(next.Duty) != 1 {
		t.Errorf("%+v, %v", next, next.Check())
	}
	// A squad without a leader is a fault: another is chosen first.
	if bad := next.Check(); len(bad) != 1 || bad[0].Table != station.TableSquad || bad[0].Field != "leader" {
		t.Errorf("a squad whose leader left: %v", bad)
	}
	// A sector with members does not go, and Check says whose it was.
	next, _ = small().Remove(station.TableSector, "经济")
	if bad := next.Check(); len(bad) != 1 || bad[0].Table != station.TableMember {
		t.Errorf("%v", bad)
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	st := small()
	next, ok := st.Rename("经济", "商务", "2026-07-01")
	if diff := cmp.Diff(small(), st); !ok || diff != "" {
		t.Errorf("the roster itself: %s", diff)
	}
	if x, found := next.Sector("经济"); !found || x.Name != "商务" || len(next.Check()) > 0 || next.CheckRules(*next.Rules) != nil {
		t.Errorf("%+v, %v", x, next.Check())
	}
	if next.RulesVersion() != 3 || next.PreviousRules != nil {
		t.Errorf("rules %d, before %+v", next.RulesVersion(), next.PreviousRules)
	}
	// Its old name taken up again is no former one any more.
	back, _ := next.Rename("商务", "经济", "2026-08-01")
	if was := back.Sectors[0].Was; len(was) != 1 || was[0] != (station.FormerName{Name: "商务", Until: "2026-08-01"}) {
		t.Errorf("%+v", was)
	}
	one, _ := next.Rename("商务", "教育", "2026-08-01")
	want := []station.Sector{{Name: "教育", Was: []station.FormerName{{Name: "经济", Until: "2026-07-01"}, {Name: "商务", Until: "2026-08-01"}}}}
	if diff := cmp.Diff(want, one.Sectors); diff != "" || len(one.Categories[0].Sectors) != 1 {
		t.Errorf("%s %v", diff, one.Categories[0].Sectors)
	}
	if _, ok := st.Rename("没有", "有", "2026-07-01"); ok {
		t.Error("renamed what is not there")
	}
}

func TestPhonesThatAreKept(t *testing.T) {
	t.Parallel()
	listed := small()
	listed.Members[0].Phone, listed.Members[1].Phone = station.PhoneUnchanged, station.PhoneUnchanged
	if changes := station.Diff(small(), listed, nil); len(changes) != 0 {
		t.Errorf("%+v", changes)
	}
	merged := station.Merge(small(), listed)
	if merged.Members[0].Phone != "sealed" || merged.Members[1].Phone != "" || listed.Members[0].Phone != station.PhoneUnchanged {
		t.Errorf("%+v", merged.Members)
	}
	if first := station.Merge(nil, listed); first.Members[0].Phone != "" {
		t.Error("a mark is no number")
	}
}

// A spreadsheet can list one slot twice: it is one slot to people, and goes as one.
func TestASlotThatStandsTwiceIsRemovedWhole(t *testing.T) {
	t.Parallel()
	st := small()
	st.Duty = append(st.Duty, st.Duty[0])
	next, ok := st.Remove(station.TableDuty, st.Duty[0].ID())
	if diff := cmp.Diff(small().Duty[1:], next.Duty); !ok || diff != "" || len(st.Duty) != 3 {
		t.Errorf("%v %s", ok, diff)
	}
	if changes := station.Diff(st, next, nil); len(changes) != 2 || changes[0].Kind != station.Removed {
		t.Errorf("%+v", changes)
	}
}

func TestPutBringsBackAndKeepsWhatNamesTheStation(t *testing.T) {
	t.Parallel()
	st := small()
	for _, e := range []station.Entry{station.Member{Name: "甲", Sector: "经济", Left: true}, station.Liaison{Name: "丙", Left: true}} {
		table := station.TableByKey(e.Table())
		next, row := st.Put(table.ID(table.Row(st, 0)), e)
		if table.Left(table.Row(next, row)) {
			t.Errorf("%s: who was put has left", table.Key)
		}
	}
	if next, _ := st.Put("other", station.Profile{Name: "新站", Phone: "110"}); next.ID != st.ID || next.Name != "新站" {
		t.Errorf("%s %s", next.ID, next.Name)
	}
}
