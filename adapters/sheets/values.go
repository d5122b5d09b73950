package sheets

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

var (
	clockForm = regexp.MustCompile(`^(\d{1,2})(?::|点|时)(?:(\d{1,2})分?)?(?::(\d{1,2}))?$`)
	dateForm  = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0{1,2}:00(?::00)?)?$`)
	// halfDay is what people and Excel put before or behind a time on a 12-hour clock.
	halfDay  = regexp.MustCompile(`^(凌晨|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚间|夜里|夜晚|晚|am|pm|a\.m\.|p\.m\.)?(.*?)(am|pm|a\.m\.|p\.m\.)?$`)
	yearless = regexp.MustCompile(`^\d{1,2}[-/.月]\d{1,2}[日号]?$`)
	dayRange = regexp.MustCompile(`^([一二三四五六日天1-7])(?:至|到|-|~|—)([一二三四五六日天1-7])$`)
)

// minutes reads a time of day as minutes after midnight, 24:00 included. Excel
// stores a typed time as a fraction of a day. A number that is not shown as a
// time could mean something else (1 an hour, 0.30 half past midnight), so it
// is taken only when nobody would type it: 0 or three decimals and more.
func (c cell) minutes() (int, bool) {
	raw := narrow(c.raw)
	if day, err := strconv.ParseFloat(raw, 64); err == nil {
		timed := strings.ContainsAny(narrow(c.shown), ":时点")
		_, decimals, _ := strings.Cut(raw, ".")
		if day < 0 || day > 1 || !timed && day != 0 && len(decimals) < 3 {
			return 0, false
		}
		m := math.Round(day * 24 * 60)
		return int(m), math.Abs(m-day*24*60) < 0.01
	}
	half := halfDay.FindStringSubmatch(strings.ToLower(strings.ReplaceAll(raw, " ", "")))
	word := half[1] + half[3]
	if half[1] != "" && half[3] != "" {
		return 0, false
	}
	parts := clockForm.FindStringSubmatch(strings.Replace(half[2], "点半", "点30分", 1))
	if parts == nil || strings.Trim(parts[3], "0") != "" {
		return 0, false
	}
	hour, _ := strconv.Atoi(parts[1])
	minute, _ := strconv.Atoi(parts[2])
	if strings.HasSuffix(half[2], ":") {
		return 0, false
	}
	hour, ok := onHalf(strings.ReplaceAll(word, ".", ""), hour)
	total := hour*60 + minute
	return total, ok && minute < 60 && total <= 24*60
}

// onHalf turns an hour that is said with its half of the day into one of 24. An
// hour that the word does not fit, such as 上午 3 点 of the afternoon, is none; 12
// is taken only where it can mean one thing.
func onHalf(word string, hour int) (int, bool) {
	switch word {
	case "":
		return hour, true
	case "am":
		return hour % 12, hour <= 12
	case "pm", "下午", "午后":
		if hour < 12 {
			hour += 12
		}
		return hour, hour < 20 || word == "pm" && hour < 24
	case "中午":
		if hour < 3 {
			hour += 12
		}
		return hour, hour >= 11 && hour < 15
	case "傍晚", "晚上", "晚间", "夜里", "夜晚", "晚":
		if hour <= 12 {
			hour += 12
		}
		return hour, hour >= 17
	default: // morning
		return hour, hour < 12
	}
}

// date reads a local date in any usual form, or as Excel's serial number, and
// returns it as 2006-01-02.
func (c cell) date(date1904 bool) (string, bool) {
	s := narrow(c.raw)
	if serial, err := strconv.ParseFloat(s, 64); err == nil && !strings.Contains(s, ".") {
		return dateOfSerial(serial, date1904)
	}
	parts := dateForm.FindStringSubmatch(s)
	if parts == nil {
		return "", false
	}
	year, _ := strconv.Atoi(parts[1])
	month, _ := strconv.Atoi(parts[2])
	day, _ := strconv.Atoi(parts[3])
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t.Format(time.DateOnly), t.Month() == time.Month(month) && t.Day() == day
}

// dateOfSerial counts days from 1899-12-30, which makes Excel's numbers right
// from March 1900 on, or from 1904-01-01. Dates outside 2000 to 2099 are no
// dates of a roster.
func dateOfSerial(serial float64, date1904 bool) (string, bool) {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if serial < 0 || serial > 100_000 || serial != math.Trunc(serial) {
		return "", false
	}
	t := epoch.AddDate(0, 0, int(serial))
	return t.Format(time.DateOnly), t.Year() >= 2000 && t.Year() < 2100
}

// weekdays reads one or more days of the week, 1 for Monday to 7 for Sunday.
func (c cell) weekdays() ([]int, bool) {
	var days []int
	for _, word := range split(narrow(c.raw)) {
		if word != "每天" && word != "每日" {
			word = strings.TrimPrefix(strings.TrimPrefix(word, "每"), "逢")
		}
		for _, prefix := range []string{"星期", "周", "礼拜"} {
			word = strings.ReplaceAll(word, prefix, "")
		}
		if word == "每天" || word == "每日" || word == "全" {
			word = "1-7"
		}
		if ends := dayRange.FindStringSubmatch(word); ends != nil {
			from, to := weekday(ends[1]), weekday(ends[2])
			if from > to {
				return nil, false
			}
			for d := from; d <= to; d++ {
				days = append(days, d)
			}
			continue
		}
		d := weekday(word)
		if d == 0 {
			return nil, false
		}
		days = append(days, d)
	}
	return days, len(days) > 0
}

// weekday is 0 for what is no day of the week.
func weekday(s string) int {
	for i, names := range []string{"一1", "二2", "三3", "四4", "五5", "六6", "日天7"} {
		if len([]rune(s)) == 1 && strings.Contains(names, s) {
			return i + 1
		}
	}
	return 0
}

func (c cell) flag() (value, ok bool) {
	switch strings.ToLower(narrow(c.raw)) {
	case "是", "y", "yes", "true", "1", "√", "✓", "对", "有":
		return true, true
	case "", "否", "n", "no", "false", "0", "×", "x", "无":
		return false, true
	}
	return false, false
}

// split cuts a list at any separator people use and drops repeats.
func split(s string) []string {
	var list []string
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("、，,;；/／|", r)
	}) {
		if !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	return list
}

// person closes the gap people leave in two-character names to align a column.
func person(s string) string {
	for _, r := range s {
		if r != ' ' && !unicode.Is(unicode.Han, r) {
			return s
		}
	}
	return strings.ReplaceAll(s, " ", "")
}
