package station_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/station"
)

func TestMergeFirstImport(t *testing.T) {
	t.Parallel()
	merged := station.Merge(nil, right())
	want := right()
	want.Version = 1
	if diff := cmp.Diff(want, merged); diff != "" {
		t.Error(diff)
	}
}

func TestMergeKeepsPeopleForHistory(t *testing.T) {
	t.Parallel()
	stored, listed := right(), right()
	stored.Version = 4
	stored.Members[0].Phone, stored.Liaisons[1].Phone = "sealed", "sealed"
	listed.Members = []station.Member{{ID: "m2", Name: "麦青禾", Sector: "农业", Title: "社长"}}
	listed.Liaisons = listed.Liaisons[:1]
	listed.Duty, listed.Rooms = nil, nil
	before := cmp.Diff(right(), stored)
	merged := station.Merge(stored, listed)
	if diff := cmp.Diff([]station.Member{
		{ID: "m2", Name: "麦青禾", Sector: "农业", Title: "社长"},
		{ID: "m1", Name: "渡晓舟", Sector: "文化旅游", Left: true},
		{ID: "m3", Name: "雁南归", Sector: "旧界别", Left: true},
	}, merged.Members); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]station.Liaison{
		{ID: "l1", Name: "柳知意"}, {ID: "a1", Name: "钟鼓声", Left: true},
	}, merged.Liaisons); diff != "" {
		t.Error(diff)
	}
	if merged.Version != 5 || merged.Rooms != nil || merged.Duty != nil {
		t.Errorf("version %d, rooms %v, duty %v", merged.Version, merged.Rooms, merged.Duty)
	}
	if faults := merged.Check(); len(faults) > 0 {
		t.Errorf("a merge of right rosters is wrong: %v", faults)
	}
	if cmp.Diff(right(), stored) != before {
		t.Error("the stored roster was changed")
	}
}

func TestMergeBringsPeopleBack(t *testing.T) {
	t.Parallel()
	stored, listed := right(), right()
	listed.Members[2] = station.Member{ID: "m3", Name: "雁南归", Sector: "农业"}
	m, ok := station.Merge(stored, listed).Member("m3")
	if !ok || m.Left || m.Sector != "农业" {
		t.Errorf("%+v", m)
	}
}

// TestImportsNeverDuplicate merges any rosters one after the other.
func TestImportsNeverDuplicate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var stored *station.Station
		ever := map[string]bool{}
		for version := 1; version <= 5; version++ {
			listed := &station.Station{ID: "hexi", Name: "站", Phone: "110"}
			here := map[string]bool{}
			for _, id := range rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 1, 6, rapid.ID[int]).Draw(t, "ids") {
				m := station.Member{ID: fmt.Sprint("m", id), Name: rapid.StringMatching(`[a-c]`).Draw(t, "name")}
				here[m.ID], ever[m.ID] = true, true
				listed.Members = append(listed.Members, m)
			}
			changes := station.Diff(stored, listed, nil)
			merged := station.Merge(stored, listed)
			if merged.Version != version {
				t.Fatalf("version %d, want %d", merged.Version, version)
			}
			seen := map[string]bool{}
			for _, m := range merged.Members {
				if seen[m.ID] || m.Left == here[m.ID] {
					t.Fatalf("%+v in %v", m, here)
				}
				seen[m.ID] = true
			}
			if diff := cmp.Diff(ever, seen); diff != "" {
				t.Fatalf("people were lost: %s", diff)
			}
			if diff := cmp.Diff(changes, station.Diff(stored, merged, nil)); diff != "" {
				t.Fatalf("the dry run told another story: %s", diff)
			}
			if again := station.Diff(merged, listed, nil); again != nil {
				t.Fatalf("the same import changes something again: %v", again)
			}
			stored = merged
		}
	})
}

func TestDiffOfEqualRosters(t *testing.T) {
	t.Parallel()
	stored := right()
	stored.Version = 9
	if changes := station.Diff(stored, right(), nil); changes != nil {
		t.Error(changes)
	}
}

func TestDiffNewStation(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, c := range station.Diff(nil, right(), nil) {
		if c.Kind != station.Added || c.Fields != nil {
			t.Errorf("%+v", c)
		}
		count[c.Table]++
	}
	if diff := cmp.Diff(map[string]int{
		"station": 1, "sectors": 2, "rooms": 2, "places": 1, "members": 2, "departments": 1,
		"liaisons": 2, "categories": 2, "duty": 2,
	}, count); diff != "" {
		t.Error(diff)
	}
}

func TestDiffNamesEveryField(t *testing.T) {
	t.Parallel()
	listed := right()
	listed.Name, listed.Phone, listed.Address = "x", "x", "x"
	listed.FallbackChannels = []station.FallbackChannel{station.ChannelLiaison}
	listed.Sectors[0].Name = "林业"
	listed.Rooms[0] = station.Room{ID: "r1", Name: "x", Village: "x"}
	listed.Places[0] = station.Place{ID: "p1", Name: "x", Village: "x"}
	listed.Members[0] = station.Member{
		ID: "m1", Name: "x", Sector: "x", Village: "x", Title: "x", Expertise: []string{"x"}, Phone: "x", Capacity: 6,
	}
	listed.Members[2].Left = false
	listed.Departments[0] = station.Department{ID: "d1", Name: "x", Phone: "x"}
	listed.Liaisons[0] = station.Liaison{ID: "l1", Name: "x", Phone: "x", Admin: true}
	listed.Liaisons[1].Left = true
	listed.Categories[0] = station.Category{Key: "tourism", Name: "x"}
	listed.Duty = listed.Duty[1:]
	want := []station.Change{
		{Table: "station", ID: "hexi", Name: "x", Kind: station.Changed, Fields: []string{"name", "phone", "address", "means"}},
		{Table: "sectors", ID: "林业", Name: "林业", Kind: station.Added},
		{Table: "sectors", ID: "农业", Name: "农业", Kind: station.Removed},
		{Table: "rooms", ID: "r1", Name: "x", Kind: station.Changed, Fields: []string{"name", "village"}},
		{Table: "places", ID: "p1", Name: "x", Kind: station.Changed, Fields: []string{"name", "village", "sectors"}},
		{
			Table: "members", ID: "m1", Name: "x", Kind: station.Changed,
			Fields: []string{"name", "sector", "village", "title", "expertise", "rooms", "phone", "capacity", "absences"},
		},
		{Table: "members", ID: "m3", Name: "雁南归", Kind: station.Added},
		{Table: "departments", ID: "d1", Name: "x", Kind: station.Changed, Fields: []string{"name", "phone"}},
		{Table: "liaisons", ID: "l1", Name: "x", Kind: station.Changed, Fields: []string{"name", "phone", "admin"}},
		{Table: "liaisons", ID: "a1", Name: "钟鼓声", Kind: station.Removed},
		{Table: "categories", ID: "tourism", Name: "x", Kind: station.Changed, Fields: []string{"name", "sectors", "tourist"}},
		{
			Table: "duty", ID: "m1 周日 00:00-24:00 场所 p1", Name: "m1 周日 00:00-24:00 场所 p1", Kind: station.Removed,
		},
	}
	if diff := cmp.Diff(want, station.Diff(right(), listed, nil)); diff != "" {
		t.Error(diff)
	}
}

func TestDiffComparesSealedPhones(t *testing.T) {
	t.Parallel()
	stored, listed := right(), right()
	stored.Members[0].Phone, listed.Members[0].Phone = "sealed:1", "1"
	stored.Members[1].Phone, listed.Members[1].Phone = "sealed:2", "3"
	stored.Liaisons[0].Phone, listed.Liaisons[0].Phone = "sealed:4", "4"
	same := func(stored, listed string) bool {
		return strings.TrimPrefix(stored, "sealed:") == listed
	}
	want := []station.Change{
		{Table: "members", ID: "m2", Name: "麦青禾", Kind: station.Changed, Fields: []string{"phone"}},
	}
	if diff := cmp.Diff(want, station.Diff(stored, listed, same)); diff != "" {
		t.Error(diff)
	}
}

func TestDutySlotString(t *testing.T) {
	t.Parallel()
	for want, slot := range map[string]station.DutySlot{
		"m1 周五 08:30-12:00 本站":             {Member: "m1", Weekday: 5, From: 510, To: 720},
		"m1 2026-05-01 00:00-24:00 议事室 r1": {Member: "m1", Room: "r1", Date: "2026-05-01", To: 1440},
		"m1 周一 00:00-01:00 场所 p1":          {Member: "m1", Place: "p1", Weekday: 1, To: 60},
	} {
		if got := slot.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
