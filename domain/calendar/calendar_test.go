package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/calendar"
)

var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// year2026 is the notice of 2025-11-04.
var year2026 = calendar.Year{
	Year: 2026, Source: "国务院办公厅关于2026年部分节假日安排的通知",
	Off: days("2026-01-01 2026-01-03", "2026-02-15 2026-02-23", "2026-04-04 2026-04-06", "2026-05-01 2026-05-05",
		"2026-06-19 2026-06-21", "2026-09-25 2026-09-27", "2026-10-01 2026-10-07"),
	Work: []string{"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"},
}

// days lists the days of spans.
func days(spans ...string) []string {
	var list []string
	for _, s := range spans {
		first, last, _ := strings.Cut(s, " ")
		for d := day(first); !d.After(day(last)); d = d.AddDate(0, 0, 1) {
			list = append(list, d.Format(time.DateOnly))
		}
	}
	return list
}

// until are hours of duty that end at the hour.
func until(hour int) calendar.Hours { return calendar.Hours{{From: 0, To: hour * 60}} }

func announced() *calendar.Calendar { return calendar.New(zone, year2026) }

func day(date string) time.Time {
	d, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		panic(err)
	}
	return d.Add(12 * time.Hour)
}

func TestKnown(t *testing.T) {
	t.Parallel()
	c := announced()
	if !c.Known(2026) || c.Known(2025) || c.Known(2030) {
		t.Error("2026 was announced, 2025 is not kept, 2030 is not announced")
	}
	// What is not known is counted by weekends alone.
	for date, want := range map[string]bool{
		"2030-10-01": true, "2030-10-05": false, "2030-10-06": false, "2025-10-01": true, "2027-01-01": true,
	} {
		if got := c.Working(day(date)); got != want {
			t.Errorf("%s: working %v", date, got)
		}
	}
	if empty := calendar.New(zone); empty.Known(2026) || !empty.Working(day("2026-10-01")) {
		t.Error("a calendar without years knows a holiday")
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	c := announced()
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for name, tc := range map[string]struct {
		at   string
		n    int
		want string
	}{
		"the next day":                        {"2026-07-15T12:00:00+08:00", 1, "2026-07-16T18:00:00+08:00"},
		"the day itself does not count":       {"2026-07-15T00:00:00+08:00", 1, "2026-07-16T18:00:00+08:00"},
		"not even its last second":            {"2026-07-15T23:59:59+08:00", 1, "2026-07-16T18:00:00+08:00"},
		"over a weekend":                      {"2026-07-17T12:00:00+08:00", 1, "2026-07-20T18:00:00+08:00"},
		"from a Saturday":                     {"2026-07-18T12:00:00+08:00", 1, "2026-07-20T18:00:00+08:00"},
		"five days":                           {"2026-07-15T12:00:00+08:00", 5, "2026-07-22T18:00:00+08:00"},
		"onto a worked Saturday":              {"2026-05-08T12:00:00+08:00", 1, "2026-05-09T18:00:00+08:00"},
		"into the spring festival":            {"2026-02-13T12:00:00+08:00", 3, "2026-02-25T18:00:00+08:00"},
		"in the May holiday":                  {"2026-05-01T09:00:00+08:00", 1, "2026-05-06T18:00:00+08:00"},
		"over the worked Sunday before":       {"2026-09-18T12:00:00+08:00", 2, "2026-09-21T18:00:00+08:00"},
		"over the national day":               {"2026-09-30T12:00:00+08:00", 5, "2026-10-13T18:00:00+08:00"},
		"into a year not announced":           {"2026-12-31T12:00:00+08:00", 1, "2027-01-01T18:00:00+08:00"},
		"a UTC evening is the next local day": {"2026-07-15T16:00:00Z", 1, "2026-07-17T18:00:00+08:00"},
		"a UTC afternoon is the same":         {"2026-07-15T15:59:59Z", 1, "2026-07-16T18:00:00+08:00"},
		"a UTC Friday evening is a Saturday":  {"2026-07-17T20:00:00Z", 1, "2026-07-20T18:00:00+08:00"},
	} {
		got := c.End(at(tc.at), tc.n, until(18))
		if !got.Equal(at(tc.want)) || got.Location() != zone {
			t.Errorf("%s: %v, want %s", name, got, tc.want)
		}
	}
	if got := c.Working(at("2026-09-30T16:00:00Z")); got {
		t.Error("the evening of 30 September in UTC is the national day here")
	}
}

// slowAfter counts days one by one, by looking each up in the lists.
func slowAfter(years []calendar.Year, at time.Time, n, hour int) time.Time {
	d := at.In(zone)
	for n > 0 {
		d = time.Date(d.Year(), d.Month(), d.Day()+1, hour, 0, 0, 0, zone)
		date := fmt.Sprintf("%04d-%02d-%02d", d.Year(), d.Month(), d.Day())
		open := d.Weekday() >= time.Monday && d.Weekday() <= time.Friday
		for _, y := range years {
			for _, x := range y.Off {
				open = open && x != date
			}
			for _, x := range y.Work {
				open = open || x == date
			}
		}
		if open {
			n--
		}
	}
	return d
}

func TestAfterAgainstSlowCounting(t *testing.T) {
	t.Parallel()
	c := announced()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_764_000_000, 1_800_000_000).Draw(t, "at"), 0).UTC()
		n, hour := rapid.IntRange(1, 60).Draw(t, "n"), rapid.IntRange(1, 23).Draw(t, "hour")
		got, want := c.End(at, n, until(hour)), slowAfter([]calendar.Year{year2026}, at, n, hour)
		if !got.Equal(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		if !c.Working(got) || !got.After(at) {
			t.Fatalf("%v is no working day ahead", got)
		}
		if further := c.End(at, n+1, until(hour)); !further.After(got) {
			t.Fatalf("%d days end at %v, one more at %v", n, got, further)
		}
	})
}

// TestALaterNoticeSettlesDecemberAnew: a year's notice may reach back.
func TestALaterNoticeSettlesDecemberAnew(t *testing.T) {
	t.Parallel()
	a := calendar.Year{Year: 2026, Work: []string{"2026-12-27"}, Off: []string{"2026-12-30"}}
	b := calendar.Year{Year: 2027, Off: []string{"2026-12-27"}, Work: []string{"2026-12-30"}}
	for _, c := range []*calendar.Calendar{calendar.New(zone, a, b), calendar.New(zone, b, a)} {
		if c.Working(day("2026-12-27")) || !c.Working(day("2026-12-30")) {
			t.Error("the earlier year's notice stands against the later's")
		}
	}
	// The same year again replaces it whole.
	c := calendar.New(zone, calendar.Year{Year: 2026, Off: []string{"2026-03-03"}}, calendar.Year{Year: 2026, Off: []string{"2026-03-04"}})
	if !c.Working(day("2026-03-03")) || c.Working(day("2026-03-04")) {
		t.Error("a year's replacement is mixed with what it replaces")
	}
}
