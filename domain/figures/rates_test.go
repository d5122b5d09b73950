package figures_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/station"
)

// TestEveryFigureHasItsList: a number and the list of what it counts agree, of all
// figures and all their parts.
func TestEveryFigureHasItsList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := at(rapid.IntRange(0, 40_000).Draw(t, "now"))
		var sum figures.Tally
		var facts []figures.Fact
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			facts = append(facts, figures.Of(draw(t), now))
			sum.Add(facts[len(facts)-1])
		}
		for _, x := range figures.Figures() {
			for _, p := range []figures.Part{figures.PartYes, figures.PartNo, figures.PartOf} {
				n := 0
				for _, f := range facts {
					if x.Counts(f, p) {
						n++
					}
				}
				if want := x.Value(&sum, p); n != want {
					t.Fatalf("%s %s lists %d and says %d", x, p, n, want)
				}
			}
		}
		// The table gives what the fields of the sum are.
		for x, r := range map[figures.Figure]figures.Rate{
			"first": sum.First, "answer": sum.Answer, "answered": sum.Answered, "solved": sum.Solved, "rated": sum.Rated,
			"satisfied": sum.Satisfied, "confirmed": sum.Confirmed, "followed_up": sum.FollowedUp, "reopened": sum.Reopened, "fulfilled": sum.Fulfilled, "kept": sum.Kept,
		} {
			if x.Value(&sum, figures.PartYes) != r.Yes || x.Value(&sum, figures.PartOf) != r.Of || x.Value(&sum, figures.PartNo) != r.Of-r.Yes {
				t.Fatalf("%s is not %v", x, r)
			}
		}
		if figures.Filed.Value(&sum, figures.PartYes) != len(facts)-sum.Out[figures.Invalid] || figures.Filed.Value(&sum, figures.PartNo) != 0 {
			t.Fatal("filed")
		}
	})
	if figures.Figure("weather").Counts(figures.Fact{}, figures.PartYes) || figures.Figure("").Counts(figures.Fact{}, figures.PartYes) {
		t.Error("a figure that is none counts something")
	}
}

// TestDefinitionsAreThoseOfThePage: docs/figures.md says the same in the same words.
func TestDefinitionsAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range figures.Definitions() {
		want := "| " + d.Title + " `" + string(d.Name) + "` | " + d.Yes + " / " + d.Of + " |"
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, x := range figures.Exclusions {
		if want := "| `" + string(x.Exclusion) + "` | " + x.Reason + " |"; !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, b := range figures.Breakdowns {
		if !strings.Contains(string(page), "`"+string(b)+"`") {
			t.Errorf("the page lacks the breakdown %s", b)
		}
	}
}

func on(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, station.Zone) }

func fact(at time.Time) figures.Fact { return figures.Fact{ID: "hh-x", Filed: casework.At(at)} }

// TestSeries: steps follow the station's calendar, the ends cut off, none missing.
func TestSeries(t *testing.T) {
	t.Parallel()
	facts := []figures.Fact{
		fact(on(2026, 7, 1, 0)),                            // the first moment
		fact(on(2026, 7, 5, 23)),                           // a Sunday's last hour
		fact(on(2026, 7, 6, 0)),                            // the Monday after it
		fact(on(2026, 7, 31, 23)), fact(on(2026, 8, 1, 0)), // before and after the turn of the month
		fact(on(2026, 6, 30, 23)), fact(on(2026, 8, 3, 0)), // outside
		fact(time.Date(2026, 7, 31, 16, 30, 0, 0, time.UTC)), // half past midnight of the first of August here
	}
	for step, want := range map[figures.Step][]int{
		figures.Month: {4, 2}, figures.Week: {2, 1, 0, 0, 3},
	} {
		got := figures.Series(facts, on(2026, 7, 1, 0), on(2026, 8, 3, 0), step)
		var n []int
		for _, p := range got {
			n = append(n, p.Filed)
		}
		if !equal(n, want) {
			t.Errorf("%s: %v, want %v", step, n, want)
		}
	}
	days := figures.Series(facts, on(2026, 7, 1, 0), on(2026, 8, 3, 0), figures.Day)
	if len(days) != 33 || days[0].Filed != 1 || days[1].Filed != 0 || days[31].Filed != 2 || !days[32].To.Equal(on(2026, 8, 3, 0)) {
		t.Errorf("%d days: %+v", len(days), days)
	}
	// A week that the span begins in the middle of ends on its Sunday.
	if w := figures.Series(nil, on(2026, 7, 1, 9), on(2026, 7, 20, 0), figures.Week); len(w) != 3 || !w[0].To.Equal(on(2026, 7, 6, 0)) || !w[0].From.Equal(on(2026, 7, 1, 9)) {
		t.Errorf("weeks: %+v", w)
	}
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestSeriesLosesNothing: the points' sums are the whole's, the steps follow one
// another without a gap.
func TestSeriesLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := on(2026, 1, 1, 0).Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "from")) * time.Hour)
		to := from.Add(time.Duration(rapid.IntRange(1, 9000).Draw(t, "hours")) * time.Hour)
		step := rapid.SampledFrom(figures.Steps).Draw(t, "step")
		inside := 0
		var facts []figures.Fact
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			f := fact(from.Add(time.Duration(rapid.IntRange(-500, 9500).Draw(t, "at")) * time.Hour))
			if facts = append(facts, f); !f.Filed.Time().Before(from) && f.Filed.Time().Before(to) {
				inside++
			}
		}
		list, at := figures.Series(facts, from, to, step), from
		for _, p := range list {
			if !p.From.Equal(at) || !p.From.Before(p.To) {
				t.Fatalf("%v follows %v", p, at)
			}
			at = p.To
			inside -= p.Filed
		}
		if !at.Equal(to) || inside != 0 {
			t.Fatalf("ends at %v, %d lost", at, inside)
		}
	})
}

func TestUsual(t *testing.T) {
	t.Parallel()
	monday := on(2026, 7, 20, 0)
	var facts []figures.Fact
	for week := 1; week <= 10; week++ {
		day := monday.AddDate(0, 0, -7*week)
		for range week { // 1 a week ago, 2 two weeks ago, …
			facts = append(facts, fact(day.Add(9*time.Hour)))
		}
		facts = append(facts, fact(day.AddDate(0, 0, 1))) // a Tuesday's does not count
	}
	if got, ok := figures.NewBaseline(facts).On(monday); !ok || got != 36.0/8 {
		t.Errorf("%v, %v", got, ok)
	}
	if got, ok := figures.NewBaseline(facts[:5]).On(monday); !ok || got != 1.5 { // two weeks of it: 1 and 2
		t.Errorf("two weeks: %v", got)
	}
	young := []figures.Fact{fact(monday.AddDate(0, 0, -10))}
	if got, ok := figures.NewBaseline(young).On(monday); ok {
		t.Errorf("ten days old and it knows what is usual: %v", got)
	}
	if _, ok := figures.NewBaseline(nil).On(monday); ok {
		t.Error("knows from nothing")
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ from, to, wantFrom, wantTo time.Time }{
		"a month":            {on(2026, 7, 1, 0), on(2026, 8, 1, 0), on(2026, 6, 1, 0), on(2026, 7, 1, 0)},
		"half a month":       {on(2026, 7, 1, 0), on(2026, 7, 16, 9), on(2026, 6, 1, 0), on(2026, 6, 16, 9)},
		"the end of March":   {on(2026, 3, 1, 0), on(2026, 3, 31, 0), on(2026, 2, 1, 0), on(2026, 3, 1, 0)},
		"January":            {on(2026, 1, 1, 0), on(2026, 2, 1, 0), on(2025, 12, 1, 0), on(2026, 1, 1, 0)},
		"a year":             {on(2026, 1, 1, 0), on(2027, 1, 1, 0), on(2025, 1, 1, 0), on(2026, 1, 1, 0)},
		"a year so far":      {on(2026, 1, 1, 0), on(2026, 7, 16, 9), on(2025, 1, 1, 0), on(2025, 7, 16, 9)},
		"the 29th of a leap": {on(2028, 1, 1, 0), on(2028, 2, 29, 9), on(2027, 1, 1, 0), on(2027, 3, 1, 0)},
		"a week":             {on(2026, 7, 6, 0), on(2026, 7, 13, 0), on(2026, 6, 29, 0), on(2026, 7, 6, 0)},
		"two months":         {on(2026, 7, 1, 0), on(2026, 9, 1, 0), on(2026, 4, 30, 0), on(2026, 7, 1, 0)},
	} {
		from, to := figures.Before(tc.from, tc.to)
		if !from.Equal(tc.wantFrom) || !to.Equal(tc.wantTo) {
			t.Errorf("%s: %v to %v", name, from, to)
		}
	}
}

// TestCross: rows and columns are the breakdowns of their own, cells add up to both.
func TestCross(t *testing.T) {
	t.Parallel()
	st := roster()
	rapid.Check(t, func(t *rapid.T) {
		var facts []figures.Fact
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			f := figures.Of(draw(t), at(9))
			f.Member = rapid.SampledFrom([]string{"", "m1", "m2", "m3"}).Draw(t, "member")
			f.Target = rapid.SampledFrom([]station.Target{
				{Kind: station.ForPlace, ID: "p1"}, {Kind: station.ForRoom, ID: "r1"}, {Kind: station.ForStation}, {Kind: station.ForMember, ID: "m2"},
			}).Draw(t, "target")
			facts = append(facts, f)
		}
		g := figures.Cross(st, facts, figures.BySector, figures.ByVillage)
		rows, cols := map[string]int{}, map[string]int{}
		for _, c := range g.Cells {
			rows[c.Row] += c.Filed
			cols[c.Col] += c.Filed
			if c.Filed == 0 {
				t.Fatal("an empty cell")
			}
		}
		for _, x := range []struct {
			rows []figures.Row
			got  map[string]int
			by   figures.By
		}{{g.Rows, rows, figures.BySector}, {g.Cols, cols, figures.ByVillage}} {
			if len(x.rows) != len(x.got) || len(x.rows) != len(x.by.Rows(st, facts)) {
				t.Fatalf("%d rows and %d in cells", len(x.rows), len(x.got))
			}
			for _, r := range x.rows {
				if x.got[r.Key] != r.Filed {
					t.Fatalf("%q: %d in cells, %d in all", r.Key, x.got[r.Key], r.Filed)
				}
			}
		}
	})
}

func roster() *station.Station {
	return &station.Station{
		Name: "临江镇委员工作站",
		Members: []station.Member{
			{ID: "m1", Name: "陈一", Sector: "经济", Village: "上滩村"},
			{ID: "m2", Name: "陈二", Sector: "教育", Village: "中滩村"},
			{ID: "m3", Name: "=1+1", Sector: "经济"},
		},
		Places:     []station.Place{{ID: "p1", Name: "码头", Village: "下滩村"}},
		Rooms:      []station.Room{{ID: "r1", Name: "议事室", Village: "上滩村"}},
		Categories: []station.Category{{Key: "market", Name: "市场收费"}},
	}
}

// TestSpots: no finer than 100 m, none of fewer than three persons.
func TestSpots(t *testing.T) {
	t.Parallel()
	file := func(filer string, lat, lng float64, coord string) figures.Fact {
		s := matter(casework.Assigned)
		s.Filer, s.Place = filer, &casework.Place{Lat: lat, Lng: lng, Coord: coord}
		return figures.Of(s, at(1))
	}
	facts := []figures.Fact{
		file("a", 35.60121, 103.2061, "gcj02"), file("b", 35.60119, 103.2064, "gcj02"), file("c", 35.6009, 103.2059, "gcj02"),
		file("d", 35.7, 103.3, "gcj02"), file("d", 35.7, 103.3, "gcj02"), file("d", 35.7, 103.3, "gcj02"), file("e", 35.7, 103.3, "gcj02"),
		figures.Of(matter(casework.Assigned), at(1)), file("f", 0, 0, ""),
	}
	got := figures.Spots(facts)
	if len(got) != 1 || got[0].Filed != 3 {
		t.Fatalf("%+v", got)
	}
	if lat, lng := got[0].Degrees(); lat != 35.601 || lng != 103.206 {
		t.Errorf("%v, %v", lat, lng)
	}
	// What a GPS says of the same corner is put in the same square as the map's.
	lat, lng := station.GCJ02(35.6, 103.2)
	gps, drawn := file("x", 35.6, 103.2, "wgs84"), file("x", lat, lng, "gcj02")
	if *gps.Spot != *drawn.Spot {
		t.Errorf("%v and %v", gps.Spot, drawn.Spot)
	}
}
