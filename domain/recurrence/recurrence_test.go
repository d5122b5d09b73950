package recurrence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/adapters/holidays"
	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/recurrence"
)

var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

func parse(tb testing.TB, text string) recurrence.Rule {
	tb.Helper()
	r, err := recurrence.Parse(text)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	return r
}

// TestYearOf2026 has the figures of four real stations' rules, by the notice for 2026.
func TestYearOf2026(t *testing.T) {
	t.Parallel()
	cal := shipped(t)
	for name, c := range map[string]struct {
		rule     string
		holidays recurrence.Holidays
		held     int
		skipped  []string
		moved    map[string]string
		has      []string
	}{
		"a court's Friday": {
			rule: "每周五", holidays: recurrence.Skip, held: 46,
			skipped: []string{"2026-01-02", "2026-02-20", "2026-05-01", "2026-06-19", "2026-09-25", "2026-10-02"},
		},
		"a county's Saturday": {
			rule: "每周六", holidays: recurrence.Keep, held: 52,
			has: []string{"2026-02-14", "2026-02-28", "2026-05-09", "2026-10-10"}, // worked in exchange for a holiday
		},
		"the 10th and the 20th": {
			rule: "每月10日、20日", holidays: recurrence.Move, held: 24,
			moved: map[string]string{
				"2026-01-10": "2026-01-12", "2026-02-20": "2026-02-24", "2026-05-10": "2026-05-11",
				"2026-06-20": "2026-06-22", "2026-12-20": "2026-12-21",
			},
			has: []string{"2026-09-20", "2026-10-10"}, // a Sunday and a Saturday that are worked
		},
		"the second Wednesday": {
			rule: "每月第二个周三", holidays: recurrence.Skip, held: 12, has: []string{"2026-01-14", "2026-12-09"},
		},
		"the last Friday": {rule: "每月最后一个周五", holidays: recurrence.Skip, held: 11, skipped: []string{"2026-09-25"}},
	} {
		days := parse(t, c.rule).Days("2026-01-01", "2026-12-31", c.holidays, cal, zone)
		held, skipped, moved := 0, []string{}, map[string]string{}
		for _, d := range days {
			switch {
			case d.Skipped():
				skipped = append(skipped, d.Planned)
				continue
			case d.Moved():
				moved[d.Planned] = d.Date
			}
			held++
			if d.Clash || d.Uncertain {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if held != c.held || !slices.Equal(skipped, c.skipped) && len(skipped)+len(c.skipped) > 0 {
			t.Errorf("%s: %d days, without %v", name, held, skipped)
		}
		for planned, date := range c.moved {
			if moved[planned] != date {
				t.Errorf("%s: %s moved to %q, want %s", name, planned, moved[planned], date)
			}
		}
		if c.moved != nil && len(moved) != len(c.moved) {
			t.Errorf("%s: moved %v", name, moved)
		}
		for _, date := range c.has {
			if !slices.ContainsFunc(days, func(d recurrence.Day) bool { return d.Date == date && !d.Moved() }) {
				t.Errorf("%s: not on %s", name, date)
			}
		}
	}
}

// TestAYearWithoutItsNotice is marked, and only weekends count in it.
func TestAYearWithoutItsNotice(t *testing.T) {
	t.Parallel()
	years := slices.DeleteFunc(shippedYears(t), func(y calendar.Year) bool { return y.Year != 2026 })
	days := parse(t, "每周五").Days("2027-01-01", "2027-12-31", recurrence.Skip, calendar.New(zone, years...), zone)
	if len(days) != 53 || slices.ContainsFunc(days, func(d recurrence.Day) bool { return !d.Uncertain || d.Skipped() }) {
		t.Errorf("%d days: %+v", len(days), days[0])
	}
	announced := slices.Concat(years, []calendar.Year{{Year: 2027, Source: "a notice", Off: []string{"2027-01-01"}}})
	days = parse(t, "每周五").Days("2027-01-01", "2027-12-31", recurrence.Skip, calendar.New(zone, announced...), zone)
	if !days[0].Skipped() || slices.ContainsFunc(days, func(d recurrence.Day) bool { return d.Uncertain }) {
		t.Errorf("once it is announced: %+v", days[0])
	}
}

// TestAStationsOwnDays count: a day that it closes is no reception, also on a Saturday that the rule names.
func TestAStationsOwnDays(t *testing.T) {
	t.Parallel()
	cal := shipped(t).With([]calendar.Own{{Date: "2026-12-05"}, {Date: "2026-12-11"}})
	saturdays := parse(t, "每周六").Days("2026-12-01", "2026-12-20", recurrence.Skip, cal, zone)
	if len(saturdays) != 3 || !saturdays[0].Skipped() || saturdays[1].Skipped() {
		t.Errorf("%+v", saturdays)
	}
	fridays := parse(t, "每周五").Days("2026-12-01", "2026-12-20", recurrence.Move, cal, zone)
	if len(fridays) != 3 || fridays[1].Planned != "2026-12-11" || fridays[1].Date != "2026-12-14" {
		t.Errorf("%+v", fridays)
	}
}

// TestNothingIsMergedUnsaid: a holiday moves two days onto one date, or a day onto another one.
func TestNothingIsMergedUnsaid(t *testing.T) {
	t.Parallel()
	days := parse(t, "每周一至周五").Days("2026-09-28", "2026-10-09", recurrence.Move, shipped(t), zone)
	dates := map[string]int{}
	for _, d := range days {
		dates[d.Date]++
	}
	for _, d := range days {
		if d.Clash != (dates[d.Date] > 1) {
			t.Errorf("%+v among %d", d, dates[d.Date])
		}
	}
	if dates["2026-10-08"] < 2 {
		t.Errorf("%v", dates)
	}
}

// TestDaysOfAnyRule: a day off is nothing that a rule with "move" yields, and no planned day is lost or twice.
func TestDaysOfAnyRule(t *testing.T) {
	t.Parallel()
	years := shippedYears(t)
	rapid.Check(t, func(t *rapid.T) {
		own := map[string]bool{}
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, zone)
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 365), 0, 12).Draw(t, "own") {
			own[start.AddDate(0, 0, n).Format(time.DateOnly)] = n%2 == 0
		}
		list := make([]calendar.Own, 0, len(own))
		for d, w := range own {
			list = append(list, calendar.Own{Date: d, Work: w})
		}
		slices.SortFunc(list, func(a, b calendar.Own) int { return strings.Compare(a.Date, b.Date) })
		cal := calendar.New(zone, years...).With(list)
		r := anyRule(t)
		h := rapid.SampledFrom([]recurrence.Holidays{recurrence.Skip, recurrence.Move, recurrence.Keep}).Draw(t, "holidays")
		kept := r.Days("2026-01-01", "2026-12-31", recurrence.Keep, cal, zone)
		days := r.Days("2026-01-01", "2026-12-31", h, cal, zone)
		if len(kept) != len(days) {
			t.Fatalf("%d days, %d kept", len(days), len(kept))
		}
		dates := map[string]int{}
		for i, d := range days {
			dates[d.Date]++
			if d.Planned != kept[i].Planned || i > 0 && days[i-1].Planned >= d.Planned {
				t.Fatalf("%+v where %+v was planned", d, kept[i])
			}
			if d.Skipped() {
				if h != recurrence.Skip {
					t.Fatalf("%+v", d)
				}
				continue
			}
			at, _ := time.ParseInLocation(time.DateOnly, d.Date, zone)
			named := len(r.Weekdays) > 0 && (at.Weekday() == time.Saturday || at.Weekday() == time.Sunday) && !cal.Holiday(at)
			if h != recurrence.Keep && !cal.Working(at) && !named {
				t.Fatalf("%+v is a day off", d)
			}
			if h == recurrence.Keep && d.Moved() {
				t.Fatalf("%+v", d)
			}
		}
		for _, d := range days {
			if d.Date != "" && d.Clash != (dates[d.Date] > 1) {
				t.Fatalf("%+v, %d on that date", d, dates[d.Date])
			}
		}
	})
}

// anyRule draws a valid rule.
func anyRule(t *rapid.T) recurrence.Rule {
	days := func(from, to, most int) []int {
		list := rapid.SliceOfNDistinct(rapid.IntRange(from, to), 1, most, rapid.ID).Draw(t, "days")
		slices.Sort(list)
		return list
	}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return recurrence.Rule{Weekdays: days(1, 7, 7)}
	case 1:
		return recurrence.Rule{Weekdays: days(1, 7, 1), Nth: rapid.SampledFrom([]int{1, 2, 3, 4, 5, recurrence.Last}).Draw(t, "nth")}
	case 2:
		return recurrence.Rule{MonthDays: days(1, 31, 6)}
	default:
		var r recurrence.Rule
		for _, n := range days(0, 364, 20) {
			r.Dates = append(r.Dates, time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		}
		return r
	}
}

func equal(a, b recurrence.Rule) bool {
	return slices.Equal(a.Weekdays, b.Weekdays) && a.Nth == b.Nth && slices.Equal(a.MonthDays, b.MonthDays) && slices.Equal(a.Dates, b.Dates)
}

// TestWords: what String writes, Parse reads.
func TestWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		got, err := recurrence.Parse(r.String())
		if err != nil || !equal(got, r) {
			t.Fatalf("%q: %+v, %v; was %+v", r.String(), got, err, r)
		}
	})
	for text, want := range map[string]string{
		"周五": "每周五", "每星期五": "每周五", "每周一、四": "每周一、周四", "每周一 和 周四": "每周一、周四", "周一至周三": "每周一、周二、周三",
		"每月10号，20号": "每月10日、20日", "每月20、10日": "每月10日、20日", "每月第2个星期三": "每月第二个周三", "每月最后一个礼拜天": "每月最后一个周日",
		"2026/12/5，2026年12月1日": "2026-12-01、2026-12-05",
	} {
		if got := parse(t, text).String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "每周", "周八", "每月0日", "每月32日", "每月第六个周三", "每月第二个周三、周四", "2026-02-30", "每两周周五", "周五至周一", "每月", "每年"} {
		if r, err := recurrence.Parse(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is %+v, %v", text, r, err)
		}
	}
}

// FuzzParse: whatever is read can be written and read again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"每周五", "每月10日、20日", "每月最后一个周五", "2026-12-05、2026-12-19", "周一至周五"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := recurrence.Parse(text)
		if err != nil {
			return
		}
		again, err := recurrence.Parse(r.String())
		if err != nil || !equal(again, r) {
			t.Errorf("%q, then %q: %v", text, r.String(), err)
		}
	})
}

func shippedYears(t *testing.T) []calendar.Year {
	t.Helper()
	list, err := holidays.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func shipped(t *testing.T) *calendar.Calendar {
	t.Helper()
	return calendar.New(zone, shippedYears(t)...)
}
