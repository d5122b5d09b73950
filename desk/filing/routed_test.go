package filing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// TestRouting files under every kind of target.
func TestRouting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind     station.TargetKind
		id       string
		change   []func(*filing.Request)
		at       time.Duration // after noon
		member   string
		category string
		why      []string
	}{
		"a member's code": {
			station.ForMember, "m04", nil, 0, "m04", "",
			[]string{"由陈四委员办理：您扫的是这位委员的码"},
		},
		"a room's code": {
			station.ForRoom, "r1", nil, 0, "m04", "",
			[]string{"由陈四委员办理：负责这里的协商议事室，就近联系上滩村"},
		},
		"a place's code": {
			station.ForPlace, "p1", nil, 0, "m01", "",
			[]string{"由陈一委员办理：所在的文化旅游界别负责这类事项，就近联系下滩村"},
		},
		"a place's code in duty hours": {
			station.ForPlace, "p1", nil, 3 * time.Hour, "m02", "",
			[]string{"由陈二委员办理：所在的文化旅游界别负责这类事项，此刻正在值班"},
		},
		"the station's code": {
			station.ForStation, "", nil, 0, "m03", "",
			[]string{"由陈三委员办理：此刻正在值班"},
		},
		"the station's code with a category": {
			station.ForStation, "",
			[]func(*filing.Request){desktest.Category("school")},
			3 * time.Hour, "m04", "school",
			[]string{"由陈四委员办理：所在的教育界别负责这类事项"},
		},
		"a tourist's matter without category": {
			station.ForStation, "",
			[]func(*filing.Request){desktest.Tourist},
			3 * time.Hour, "m01", "tour",
			[]string{"由陈一委员办理：所在的文化旅游界别负责这类事项"},
		},
		"a tourist's matter with one": {
			station.ForPlace, "p2",
			[]func(*filing.Request){desktest.Tourist, desktest.Category("market"), desktest.WithText("乱收费")},
			3 * time.Hour, "m03", "market",
			[]string{"由陈三委员办理：所在的经济界别负责这类事项，熟悉收费"},
		},
		"nobody fits": {
			station.ForPlace, "p2", nil, 3 * time.Hour, "", "",
			[]string{"暂时没有合适的委员，由本站联络员尽快分派"},
		},
		"a member who is away": {
			station.ForMember, "m05",
			[]func(*filing.Request){desktest.Category("school")},
			0, "m04", "school",
			[]string{"陈五委员外出，未作分派", "由陈四委员办理：所在的教育界别负责这类事项"},
		},
		"about the member scanned": {
			station.ForMember, "m07",
			[]func(*filing.Request){func(r *filing.Request) { r.Filing.AboutMember = true }},
			0, "", "",
			[]string{"陈七委员与此事有关，应当回避，未作分派", "暂时没有合适的委员，由本站联络员尽快分派"},
		},
		"against a member by name": {
			station.ForPlace, "p1",
			[]func(*filing.Request){desktest.Against("陈一委员")},
			0, "m02", "",
			[]string{"由陈二委员办理：所在的文化旅游界别负责这类事项"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			b.Clock.Advance(c.at)
			v := b.File(b.Visitor("villager"), b.Key(c.kind, c.id), c.change...)
			if v.Assignee != c.member || v.Category != c.category {
				t.Errorf("goes to %q as %q, want %q as %q", v.Assignee, v.Category, c.member, c.category)
			}
			if c.member == "" && v.State != casework.Pooled || c.member != "" && v.State != casework.Assigned {
				t.Errorf("state %s", v.State)
			}
			got := slices.Clone(v.Why)
			for i := range got { // who has room is not what is asked here
				got[i] = strings.TrimSuffix(got[i], "，目前手上待办较少")
			}
			if diff := cmp.Diff(c.why, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyGetsTheirOwnFiling(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	v := b.File(m, b.Key(station.ForMember, "m01"), desktest.Category("tour"))
	if v.Assignee != "m02" || v.As != access.Visitor || !strings.Contains(v.Why[0], "应当回避") {
		t.Errorf("%q as %s: %v", v.Assignee, v.As, v.Why)
	}
	// Nor by being handed it, by whomever.
	for _, c := range []access.Caller{b.Member("m02"), b.Liaison()} {
		_, err := b.Try(c, v.ID, casework.Transfer{To: "m01", Reason: "请你办"})
		if desktest.WrongFields(err) != "to" {
			t.Errorf("%s hands it over: %v", c.Role, err)
		}
	}
	// In another station they are a villager like everybody.
	if v := b.File(m, b.KeyIn(desktest.There, station.ForMember, "m01")); v.Assignee != "m01" || v.Station != desktest.There {
		t.Errorf("in the other station: %q", v.Assignee)
	}
}

// TestOverflow fills members one after the other.
func TestOverflow(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	village := b.Key(station.ForMember, "m06") // room for one, a neighbour in the village
	first := b.File(c, village)
	if first.Assignee != "m06" {
		t.Fatalf("first goes to %q", first.Assignee)
	}
	second := b.File(c, village)
	if diff := cmp.Diff([]string{"陈六委员待办已满，未作分派", "由陈四委员办理：就近联系上滩村"}, second.Why); second.Assignee != "m04" || diff != "" {
		t.Errorf("second goes to %q: %s", second.Assignee, diff)
	}
	alone := b.Key(station.ForMember, "m07") // room for two, nobody else of the sector
	b.File(c, alone)
	b.File(c, alone)
	third := b.File(c, alone)
	if diff := cmp.Diff([]string{"陈七委员待办已满，未作分派", "暂时没有合适的委员，由本站联络员尽快分派"}, third.Why); third.State != casework.Pooled || diff != "" {
		t.Errorf("third is %s: %s", third.State, diff)
	}
	// Room that is made is used.
	b.Act(b.Member("m06"), first.ID, casework.Reply{Text: "修好了"})
	if v := b.File(c, village); v.Assignee != "m06" {
		t.Errorf("after an answer it goes to %q: %v", v.Assignee, v.Why)
	}
}

// TestOverflowAtOnce has many file under one code at the same moment: nobody
// gets more than they can hold.
func TestOverflowAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("villager")
	key := b.Key(station.ForMember, "m07")
	const many = 12
	got := make(chan string, many)
	for range many {
		go func() {
			v, err := b.Filing.Submit(t.Context(), c, desktest.Fresh(), desktest.Request(key))
			if err != nil {
				t.Error(err)
			}
			got <- v.Assignee
		}()
	}
	n := map[string]int{}
	for range many {
		n[<-got]++
	}
	if n["m07"] != 2 || n[""] != many-2 {
		t.Errorf("distributed as %v", n)
	}
}
