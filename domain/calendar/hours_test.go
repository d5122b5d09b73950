package calendar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/calendar"
)

func hours(tb testing.TB, text string) calendar.Hours {
	tb.Helper()
	h, err := calendar.ParseHours(text)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func TestParseHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"08:30-12:00 14:30-18:00":   "08:30-12:00 14:30-18:00",
		"08:30-12:00，14:30-18:00、 ": "08:30-12:00 14:30-18:00",
		"00:00-24:00":               "00:00-24:00",
		"":                          "!请填写",
		"  ，":                       "!请填写",
		"8:30-12:00":                "!不是一段时间",
		"08:30~12:00":               "!不是一段时间",
		"08:60-12:00":               "!不是一段时间",
		"08:30-24:01":               "!不是一段时间",
		"12:00-12:00":               "!结束早于开始",
		"22:00-07:00":               "!结束早于开始",
		"14:30-18:00 08:30-12:00":   "!次序颠倒",
		"08:30-12:00 12:00-18:00":   "!相连",
		"01:00-01:01 02:00-02:01 03:00-03:01 04:00-04:01 05:00-05:01 06:00-06:01 07:00-07:01": "!1 至 6 段",
	} {
		h, err := calendar.ParseHours(text)
		if says, bad := strings.CutPrefix(want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%q: %v, want an error with %q", text, err, says)
			}
			continue
		}
		if err != nil || h.String() != want {
			t.Errorf("%q: %v, %v", text, h, err)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	f.Add("08:30-12:00 14:30-18:00")
	f.Add("00:00-24:00")
	f.Add("-- 99:99")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := calendar.ParseHours(text)
		if err != nil {
			if len([]rune(err.Error())) > 60 {
				t.Errorf("a long error: %v", err)
			}
			return
		}
		again, err := calendar.ParseHours(h.String())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(h) {
			t.Errorf("%q is read as %v, written %q, read as %v, %v", text, h, h, again, err)
		}
		if h.Day() <= 0 || h.Day() > 24*time.Hour {
			t.Errorf("a day of %v", h.Day())
		}
	})
}

func TestDutyTime(t *testing.T) {
	t.Parallel()
	c, h := announced(), hours(t, "08:30-12:00 14:30-18:00")
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for name, tc := range map[string]struct {
		from string
		d    time.Duration
		want string
	}{
		"in duty":                           {"2026-07-15 09:00", 30 * time.Minute, "2026-07-15 09:30"},
		"over lunch":                        {"2026-07-15 11:50", 30 * time.Minute, "2026-07-15 14:50"},
		"to the end of a span":              {"2026-07-15 11:30", 30 * time.Minute, "2026-07-15 12:00"},
		"at lunch":                          {"2026-07-15 12:30", 30 * time.Minute, "2026-07-15 15:00"},
		"in the evening":                    {"2026-07-15 20:00", 30 * time.Minute, "2026-07-16 09:00"},
		"on a Friday evening":               {"2026-07-17 18:00", 30 * time.Minute, "2026-07-20 09:00"},
		"before a worked Saturday":          {"2026-02-13 19:00", 30 * time.Minute, "2026-02-14 09:00"},
		"in the May holiday":                {"2026-05-02 10:00", 30 * time.Minute, "2026-05-06 09:00"},
		"a working day":                     {"2026-07-15 09:00", 7 * time.Hour, "2026-07-16 09:00"},
		"nothing":                           {"2026-07-15 20:00", 0, "2026-07-15 20:00"},
		"over the holiday before May works": {"2026-05-08 17:45", 30 * time.Minute, "2026-05-09 08:45"},
	} {
		got := c.Add(at(tc.from), tc.d, h)
		if !got.Equal(at(tc.want)) {
			t.Errorf("%s: %v, want %s", name, got, tc.want)
		}
		if ran := c.Between(at(tc.from), got, h); ran != tc.d {
			t.Errorf("%s: %v between, want %v", name, ran, tc.d)
		}
	}
	if !c.On(at("2026-07-15 08:30"), h) || c.On(at("2026-07-15 12:00"), h) || c.On(at("2026-07-18 09:00"), h) || !c.On(at("2026-02-14 09:00"), h) {
		t.Error("on duty at the wrong time")
	}
	if got := calendar.Daily(zone).Add(at("2026-05-02 10:00"), 30*time.Minute, h); !got.Equal(at("2026-05-02 10:30")) {
		t.Errorf("travellers wait until %v", got)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	c := announced()
	from := time.Date(2026, 7, 15, 20, 0, 0, 0, zone)
	if got := c.End(from, 1, hours(t, "09:00-17:30")); !got.Equal(time.Date(2026, 7, 16, 17, 30, 0, 0, zone)) {
		t.Error(got)
	}
	if got := c.End(from, 1, hours(t, "09:00-24:00")); !got.Equal(time.Date(2026, 7, 17, 0, 0, 0, 0, zone)) {
		t.Error(got)
	}
}

func TestUnknownYears(t *testing.T) {
	t.Parallel()
	c := announced()
	d := day
	if y := c.Unknown(d("2026-12-20"), d("2027-01-05")); y != 2027 {
		t.Error(y)
	}
	if y := c.Unknown(d("2026-12-20"), d("2026-12-31")); y != 0 {
		t.Error(y)
	}
	if y := calendar.Daily(zone).Unknown(d("2026-12-20"), d("2031-12-31")); y != 0 {
		t.Error(y)
	}
}

// some draws a calendar with holidays and make-up days strewn over two months.
func some(t *rapid.T) *calendar.Calendar {
	y := calendar.Year{Year: 2026}
	for d := range 70 {
		date := time.Date(2026, 1, 1+d, 0, 0, 0, 0, zone).Format(time.DateOnly)
		switch rapid.IntRange(0, 5).Draw(t, date) {
		case 0:
			y.Off = append(y.Off, date)
		case 1:
			y.Work = append(y.Work, date)
		}
	}
	return calendar.New(zone, y)
}

func someHours(t *rapid.T) calendar.Hours {
	marks := rapid.SliceOfNDistinct(rapid.IntRange(0, 48), 2, 8, rapid.ID[int]).Draw(t, "marks")
	if len(marks)%2 == 1 {
		marks = marks[1:]
	}
	slices.Sort(marks)
	var h calendar.Hours
	for i := 0; i < len(marks); i += 2 {
		h = append(h, calendar.Span{From: marks[i] * 30, To: marks[i+1] * 30})
	}
	return h
}

// TestAgainstEveryMinute compares the arithmetic with a walk that looks at each
// minute, of random calendars and hours.
func TestAgainstEveryMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, h := some(t), someHours(t)
		from := time.Date(2026, 1, 5, 0, rapid.IntRange(0, 3*24*60).Draw(t, "from"), 0, 0, zone)
		want := rapid.IntRange(1, 900).Draw(t, "minutes")
		at, ran := from, 0
		for ran < want {
			if c.On(at, h) {
				ran++
			}
			at = at.Add(time.Minute)
			if at.Sub(from) > 60*24*time.Hour {
				t.Skip("two months without duty")
			}
		}
		d := time.Duration(want) * time.Minute
		if got := c.Add(from, d, h); !got.Equal(at) {
			t.Fatalf("Add(%v, %v, %v) = %v, the walk ends %v", from, d, h, got, at)
		}
		if got := c.Between(from, at, h); got != d {
			t.Fatalf("Between(%v, %v, %v) = %v, the walk counts %v", from, at, h, got, d)
		}
		back := c.Back(at, d, h)
		if back.Before(from) || c.Between(back, at, h) != d || c.Between(back.Add(time.Minute), at, h) == d {
			t.Fatalf("Back(%v, %v, %v) = %v", at, d, h, back)
		}
	})
}
