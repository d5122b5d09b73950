package inbound

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mashang/domain/numbers"
)

// This file finds the runs of digits in a text, and tells those that belong to quantities, times, places and
// numbers of other kinds.

// digitRun is a run of digits in a folded text, with the Arabic digits it stands for.
type digitRun struct {
	from, to int
	digits   string
}

const (
	openings  = `[ .:,@*是为"'(\[{<【〔《「『]*`
	houses    = `号楼|号院|号房|号门|号店|号铺|号桌|栋|幢|单元`
	rooms     = `年|月|日|座|室|房|楼|层|户`
	hanDigits = "〇零一二三四五六七八九"
)

var (
	digitRuns = regexp.MustCompile(`[0-9]+|[〇零一二三四五六七八九十百千]{2,}`)
	// halfJoint is what stands between the two halves of a number: a dash, what is mistaken for one, or only
	// blanks. digitGap stands between the digits of one half.
	halfJoint = regexp.MustCompile(`^ ?[-_~/.·=+一:]? ?$`)
	digitGap  = regexp.MustCompile(`^[ _·-]$`)
	// namedBefore precedes what is certainly meant as a number, aboutBefore what may be one, and hintBefore
	// what is one if a submission has that number.
	namedBefore = regexp.MustCompile(`(?:` + numbers.Words + `|(?:^|[^a-z])` + numbers.Letters + `)` + openings + `$`)
	aboutBefore = regexp.MustCompile(`(?:` + numbers.AboutWords + `)` + openings + `$`)
	hintBefore  = regexp.MustCompile(`(?:` + numbers.AboutWords + `|[@(\[{<【〔《「『"'])` + openings + `$`)
	// unitAfter follows the digits of a quantity, a time or a place.
	unitAfter = regexp.MustCompile(`^(?:元|块|角|毛钱|分|万|千|百|亿|%|‰|` + houses + `|` + rooms + `|号线|号公路|人|名|位|次|个|件|米|m|公里|km|平|亩|斤|公斤|kg|克|吨|度|千瓦|点|时|小时|秒|天|周|℃|路|级|期|届|页|条|套|台|辆|字|只|头|棵|盏|张|份|袋|箱|岁|趟|遍)`)
	// placeAfter follows the numbers of places, which may begin with a zero. siteAfter follows those that never
	// begin an answer.
	placeAfter = regexp.MustCompile(`^(?:` + houses + `|` + rooms + `)`)
	siteAfter  = regexp.MustCompile(`^(?:` + houses + `)`)
	// rangeAfter makes a range of two quantities. listPoint follows the first point of a list.
	rangeAfter = regexp.MustCompile(`^[-~至到][0-9]{1,4}`)
	listPoint  = regexp.MustCompile(`^([、.:)])[^0-9].*[^0-9]2[、.:)]`)
	// pointerAfter follows a number at the beginning of a text; gapBefore precedes one at the end.
	pointerAfter = regexp.MustCompile(`^(?:[那这]|[和与及跟][0-9])`)
	gapBefore    = regexp.MustCompile(`[\s,，;；。.(（【\[]$`)
	// valueBefore precedes numbers of other kinds.
	valueBefore = regexp.MustCompile(`(?:[¥$€]|人民币|电话|手机|座机|热线|tel|邮编|车牌|微信|qq|门牌|房号|栋|楼|室|单元|年)[ :.]*$`)
	// otherNumbers match numbers of other kinds, which consist of runs of digits.
	otherNumbers = []*regexp.Regexp{
		regexp.MustCompile(`1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}`),                                      // a mobile phone
		regexp.MustCompile(`0[1-9][0-9]{1,2}[ -][0-9]{3,4}[ -]?[0-9]{4}`),                                // a telephone
		regexp.MustCompile(`[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}`),                                       // a hotline
		regexp.MustCompile(`(?:19|20)[0-9]{2} ?[-/.年] ?[0-9]{1,2}(?: ?[-/.月] ?[0-9]{1,2}[日号]?)?`),        // a date
		regexp.MustCompile(`[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?`),                                          // a time of day
		regexp.MustCompile(`[0-9]+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?`),                       // an amount
		regexp.MustCompile(`(?:[0-9]+(?:[-/][0-9]+){2,})|[0-9]{17}[0-9x]|[0-9]{1,3}(?:\.[0-9]{1,3}){3}`), // chains of digits
	}
)

// digitRunsOf returns the runs of digits of a folded text. Chinese digits count in a run of four or more, as
// numbers are read out; numerals count after a word for a number.
func digitRunsOf(key string) (runs []digitRun) {
	for _, i := range digitRuns.FindAllStringIndex(key, -1) {
		r := digitRun{from: i[0], to: i[1], digits: key[i[0]:i[1]]}
		if r.digits[0] > '9' {
			before, after := key[:r.from], key[r.to:]
			ordinal := strings.HasPrefix(after, "号") || strings.HasPrefix(after, "件")
			said := namedBefore.MatchString(before) || aboutBefore.MatchString(before) && (ordinal || !strings.HasSuffix(before, "第"))
			numeral := strings.ContainsAny(r.digits, "十百千")
			if r.digits = parseHanNumber(r.digits); r.digits == "" || !said && (numeral || len(r.digits) < 4) {
				continue
			}
		}
		runs = append(runs, r)
	}
	return runs
}

// parseHanNumber returns a Chinese number below 10,000 in Arabic digits, "" for none: 零零四七 is 0047, 四十七 is 47.
func parseHanNumber(han string) string {
	var digits strings.Builder
	sum, one, placed := 0, 0, false
	for _, c := range han {
		switch d := strings.Index(hanDigits, string(c)); {
		case d >= 0:
			one = max(0, d/len("零")-1) // both 〇 and 零 are zero
			digits.WriteString(strconv.Itoa(one))
		default:
			if one == 0 {
				one = 1
			}
			sum, one, placed = sum+one*map[rune]int{'十': 10, '百': 100, '千': 1000}[c], 0, true
		}
	}
	if !placed {
		return digits.String()
	}
	if sum += one; sum >= 10000 {
		return ""
	}
	return strconv.Itoa(sum)
}

// withArabicDigits returns a folded text with its runs of Chinese digits in Arabic digits.
func withArabicDigits(key string) string {
	for _, r := range slices.Backward(digitRunsOf(key)) {
		key = key[:r.from] + r.digits + key[r.to:]
	}
	return key
}

// matchOther returns how many of the runs are part of a number of another kind.
func matchOther(key string, runs []digitRun) int {
	from := runs[0].from
	for _, other := range otherNumbers {
		at := other.FindStringIndex(key[from:])
		if at == nil || at[0] != 0 {
			continue
		}
		end := from + at[1]
		n := 0
		for n < len(runs) && runs[n].to <= end {
			n++
		}
		if n > 0 && (n == len(runs) || runs[n].from >= end) {
			return n
		}
	}
	return 0
}
