package holidays_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/adapters/holidays"
	"mashang/domain/calendar"
)

var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

func shipped(t *testing.T) *calendar.Calendar {
	t.Helper()
	years, err := holidays.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return calendar.New(zone, years...)
}

func day(date string) time.Time {
	d, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		panic(err)
	}
	return d.Add(12 * time.Hour)
}

// TestTheYear2026 compares the whole year with the notice, which is written here as spans and not as in the
// data.
func TestTheYear2026(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	off := [][2]string{
		{"2026-01-01", "2026-01-03"},
		{"2026-02-15", "2026-02-23"},
		{"2026-04-04", "2026-04-06"},
		{"2026-05-01", "2026-05-05"},
		{"2026-06-19", "2026-06-21"},
		{"2026-09-25", "2026-09-27"},
		{"2026-10-01", "2026-10-07"},
	}
	work := map[string]bool{
		"2026-01-04": true, "2026-02-14": true, "2026-02-28": true, "2026-05-09": true, "2026-09-20": true, "2026-10-10": true,
	}
	total := 0
	for d := day("2026-01-01"); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
		date := d.Format(time.DateOnly)
		want := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		for _, span := range off {
			if span[0] <= date && date <= span[1] {
				want = false
			}
		}
		if work[date] {
			want = true
		}
		if got := c.Working(d); got != want {
			t.Errorf("%s (%s): working %v", date, d.Weekday(), got)
		}
		if want {
			total++
		}
	}
	// 261 weekdays, 19 of them off, six weekend days made up.
	if total != 248 {
		t.Errorf("%d working days", total)
	}
}

// TestTheDataIsWellFormed: a single day off, or a single make-up day, is a copying error.
func TestTheDataIsWellFormed(t *testing.T) {
	t.Parallel()
	years, err := holidays.Shipped()
	if err != nil || len(years) == 0 {
		t.Fatalf("%d years: %v", len(years), err)
	}
	for _, y := range years {
		if y.Source == "" || len(y.Off) < 13 {
			t.Errorf("%d: source %q, %d days off", y.Year, y.Source, len(y.Off))
		}
		seen := map[string]bool{}
		for i, date := range append(append([]string{}, y.Off...), y.Work...) {
			d, err := time.Parse(time.DateOnly, date)
			if err != nil || d.Year() != y.Year || seen[date] {
				t.Errorf("%d: %s is wrong or stands twice (%v)", y.Year, date, err)
			}
			seen[date] = true
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			if i >= len(y.Off) && !weekend {
				t.Errorf("%s is worked anyway", date)
			}
		}
	}
}

// made is a made-up year in our form.
func made() calendar.Year {
	y := calendar.Year{Year: 2027, Source: "通知"}
	for d := 1; d <= 7; d++ {
		y.Off = append(y.Off, fmt.Sprintf("2027-10-0%d", d), fmt.Sprintf("2027-02-%02d", d+5))
	}
	y.Off = append(y.Off, "2027-01-01")
	y.Work = []string{"2027-10-09", "2026-12-26"}
	return y
}

// TestParse reads both forms and refuses incomplete years.
func TestParse(t *testing.T) {
	t.Parallel()
	own := func(change func(*calendar.Year)) string {
		y := made()
		change(&y)
		data, err := json.Marshal(y)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var cn strings.Builder
	cn.WriteString(`{"$schema":"x","year":2027,"papers":["http://www.gov.cn/n.htm"],"days":[`)
	for i, d := range slices.Concat(made().Off, made().Work) {
		if i > 0 {
			cn.WriteString(",")
		}
		_, _ = fmt.Fprintf(&cn, `{"name":"节","date":%q,"isOffDay":%v}`, d, i < len(made().Off))
	}
	cn.WriteString("]}")
	for name, tc := range map[string]struct{ data, want string }{
		"our own form":     {own(func(*calendar.Year) {}), ""},
		"holiday-cn's":     {cn.String(), ""},
		"no JSON":          {"2027", "JSON"},
		"too large":        {strings.Repeat(" ", holidays.MaxBytes+1), "KB"},
		"no source":        {own(func(y *calendar.Year) { y.Source = "" }), "出处"},
		"another century":  {own(func(y *calendar.Year) { y.Year = 1927 }), "年份"},
		"half a year":      {own(func(y *calendar.Year) { y.Off = y.Off[:9] }), "放假共"},
		"another year's":   {own(func(y *calendar.Year) { y.Off[3] = "2028-03-03" }), "不是 2027 年的日期"},
		"no date":          {own(func(y *calendar.Year) { y.Off[3] = "2027-02-30" }), "不是 2027 年的日期"},
		"twice":            {own(func(y *calendar.Year) { y.Off[3] = y.Off[5] }), "两次"},
		"a worked weekday": {own(func(y *calendar.Year) { y.Work[0] = "2027-10-13" }), "本来就上班"},
		"off and worked":   {own(func(y *calendar.Year) { y.Work[0] = "2027-02-06" }), "两次"},
		"no New Year":      {own(func(y *calendar.Year) { y.Off[len(y.Off)-1] = "2027-03-01" }), "元旦"},
		"neither":          {`{"year":2027,"papers":["x"],"days":[{"date":"2027-01-01"}]}`, "没有写明"},
	} {
		y, err := holidays.Parse([]byte(tc.data))
		if tc.want != "" {
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want an error with %q", name, err, tc.want)
			}
			continue
		}
		c := calendar.New(zone, y)
		if err != nil || c.Working(day("2027-10-01")) || !c.Working(day("2027-10-09")) || !c.Working(day("2026-12-26")) {
			t.Errorf("%s: %+v, %v", name, y, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := json.Marshal(made())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"year":2027,"papers":["x"],"days":[{"date":"2027-01-01","isOffDay":true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		y, err := holidays.Parse(data)
		if err != nil {
			return
		}
		out, err := json.Marshal(y)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := holidays.Parse(out); err != nil {
			t.Errorf("what was read cannot be read again: %v", err)
		}
	})
}

// TestKeptYearsComeAfterTheShipped: an office's file replaces the product's.
func TestKeptYearsComeAfterTheShipped(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "holidays")
	before, err := holidays.Load(dir)
	if err != nil || len(before) == 0 {
		t.Fatalf("%d years without a directory: %v", len(before), err)
	}
	y := made()
	path, err := holidays.Save(dir, y)
	if err != nil {
		t.Fatal(err)
	}
	y.Off[0] = "2027-10-08"
	if _, err := holidays.Save(dir, y); err == nil || !strings.Contains(err.Error(), "国庆") {
		t.Errorf("a year without 1 October was kept: %v", err)
	}
	list, err := holidays.Load(dir)
	if err != nil || len(list) != len(before)+1 {
		t.Fatalf("%d years, %v", len(list), err)
	}
	if c := calendar.New(zone, list...); !c.Known(2027) || c.Working(day("2027-10-01")) {
		t.Error("the kept year does not count")
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := holidays.Load(dir); err == nil || !strings.Contains(err.Error(), "2027.json") {
		t.Errorf("a broken file passes: %v", err)
	}
}

// TestMissingIsSeenWeeksBefore: a missing year is reported weeks before it is needed.
func TestMissingIsSeenWeeksBefore(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for date, want := range map[string]string{
		"2026-06-01": "[]", "2026-11-01": "[]", "2026-11-20": "[2027]", "2026-12-31": "[2027]", "2027-03-01": "[2027]", "2025-06-01": "[2025]",
	} {
		if got := fmt.Sprint(c.Missing(day(date))); got != want {
			t.Errorf("%s: %s, want %s", date, got, want)
		}
	}
}

// TestAHolidayOfAnotherRegionIsAWorkingDay: additional holidays of other provinces (开斋节 in 宁夏, 藏历新年 in 西藏, 三月三
// in 广西) are working days here.
func TestAHolidayOfAnotherRegionIsAWorkingDay(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for name, date := range map[string]string{"开斋节": "2026-03-20", "藏历新年": "2026-02-26", "三月三": "2026-04-20", "古尔邦节": "2026-05-27"} {
		if !c.Working(day(date)) {
			t.Errorf("%s, %s, is off", name, date)
		}
	}
}
