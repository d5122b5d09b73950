package recurrence

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/domain/fault"
)

// MaxText is how long a rule in words may be, in characters.
const MaxText = 700

// maxDates is how many dates a rule may list: one a week for a year.
const maxDates = 53

var (
	weekdayNames = [...]string{"一", "二", "三", "四", "五", "六", "日"}
	nthNames     = [...]string{"一", "二", "三", "四", "五"}
)

// errForm tells what can be written.
func errForm() error {
	return fault.New(fault.Invalid, "请写成“每周五”“每周一、周四”“每月10日、20日”“每月第二个周三”“每月最后一个周五”，或用顿号分开的日期，如“2026-12-05、2026-12-19”")
}

// Parse reads a rule in Chinese, as String writes it and as people vary it: "每周五", "每星期一、四", "周一至周五",
// "每月10日、20日", "每月第二个周三", "每月最后一个周五", "2026-12-05、2026-12-19". The error is Invalid and tells what can be
// written.
func Parse(text string) (Rule, error) {
	text = strings.NewReplacer(" ", "", "\u3000", "", "星期", "周", "礼拜", "周", "号", "日", "，", "、", ",", "、", "和", "、", "及", "、", "；", "、", ";", "、").
		Replace(text)
	text = strings.ReplaceAll(text, "周天", "周日")
	if text == "" || len(text) > 4*MaxText {
		return Rule{}, errForm()
	}
	month, monthly := strings.CutPrefix(text, "每月")
	var r Rule
	var ok bool
	switch {
	case monthly && strings.Contains(month, "周"):
		r, ok = parseNth(month)
	case monthly:
		r, ok = parseMonthDays(month)
	case strings.Contains(text, "周"):
		r, ok = parseWeekdays(strings.TrimPrefix(text, "每"))
	case text == "每天" || text == "每日":
		r, ok = Rule{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}}, true
	default:
		r, ok = parseDates(text)
	}
	if !ok {
		return Rule{}, errForm()
	}
	return r, nil
}

// parseNth reads "第二个周三" and "最后一个周五".
func parseNth(text string) (Rule, bool) {
	which, day, _ := strings.Cut(text, "周")
	n, ok := Last, true
	switch which = strings.TrimSuffix(which, "个"); which {
	case "最后一", "最后":
	default:
		which, ok = strings.CutPrefix(which, "第")
		if n = slices.Index(nthNames[:], which) + 1; n == 0 {
			number, err := strconv.Atoi(which)
			n, ok = number, ok && err == nil && number >= 1 && number <= len(nthNames)
		}
	}
	w := slices.Index(weekdayNames[:], day) + 1
	return Rule{Weekdays: []int{w}, Nth: n}, ok && w > 0
}

// parseMonthDays reads "10日、20日" and "10、20日".
func parseMonthDays(text string) (Rule, bool) {
	var r Rule
	for part := range strings.SplitSeq(text, "、") {
		n, err := strconv.Atoi(strings.TrimSuffix(part, "日"))
		if err != nil || n < 1 || n > 31 {
			return Rule{}, false
		}
		r.MonthDays = append(r.MonthDays, n)
	}
	r.MonthDays = ordered(r.MonthDays)
	return r, len(r.MonthDays) > 0
}

// parseWeekdays reads "周五", "周一、四" and "周一至周五".
func parseWeekdays(text string) (Rule, bool) {
	day := func(text string) int { return slices.Index(weekdayNames[:], strings.TrimPrefix(text, "周")) + 1 }
	var r Rule
	for part := range strings.SplitSeq(text, "、") {
		part = strings.NewReplacer("到", "至", "—", "至", "~", "至", "-", "至").Replace(part)
		first, last, span := strings.Cut(part, "至")
		a := day(first)
		b := a
		if span {
			b = day(last)
		}
		if a == 0 || b < a {
			return Rule{}, false
		}
		for d := a; d <= b; d++ {
			r.Weekdays = append(r.Weekdays, d)
		}
	}
	r.Weekdays = ordered(r.Weekdays)
	return r, strings.HasPrefix(text, "周")
}

// parseDates reads dates as 2026-12-05, 2026/12/5 and 2026年12月5日.
func parseDates(text string) (Rule, bool) {
	var r Rule
	for part := range strings.SplitSeq(text, "、") {
		part = strings.TrimSuffix(strings.NewReplacer("年", "-", "月", "-", "/", "-", ".", "-").Replace(part), "日")
		at, err := time.Parse("2006-1-2", part)
		if err != nil || at.Year() < 2000 || at.Year() > 2100 {
			return Rule{}, false
		}
		r.Dates = append(r.Dates, at.Format(time.DateOnly))
	}
	r.Dates = ordered(r.Dates)
	return r, len(r.Dates) > 0 && len(r.Dates) <= maxDates
}

func ordered[T int | string](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// String says the rule in Chinese, so that Parse reads the same from it.
func (r Rule) String() string {
	var b strings.Builder
	switch {
	case len(r.Dates) > 0:
		return strings.Join(r.Dates, "、")
	case len(r.MonthDays) > 0:
		b.WriteString("每月")
		for i, d := range r.MonthDays {
			if i > 0 {
				b.WriteString("、")
			}
			b.WriteString(strconv.Itoa(d) + "日")
		}
	case r.Nth == Last:
		b.WriteString("每月最后一个周" + weekdayNames[r.Weekdays[0]-1])
	case r.Nth > 0:
		b.WriteString("每月第" + nthNames[r.Nth-1] + "个周" + weekdayNames[r.Weekdays[0]-1])
	default:
		b.WriteString("每")
		for i, d := range r.Weekdays {
			if i > 0 {
				b.WriteString("、")
			}
			b.WriteString("周" + weekdayNames[d-1])
		}
	}
	return b.String()
}
