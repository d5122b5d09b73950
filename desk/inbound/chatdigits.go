package inbound

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mashang/domain/numbers"
)

// What of a text in the chat are rows of digits, and which of them belong to
// quantities, times, places and numbers of other kinds.

// run is a row of digits in a folded text, and the digits it reads as.
type run struct {
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
	// joints stand between the halves of a number: a dash, what is mistaken for
	// one, or nothing but blanks. split stands between the digits of one half.
	joints = regexp.MustCompile(`^ ?[-_~/.·=+一:]? ?$`)
	split  = regexp.MustCompile(`^[ _·-]$`)
	// named stands in front of what is surely meant as a number, about where it
	// may be, and hinted where it is so if one has that number.
	named = regexp.MustCompile(`(?:` + numbers.Words + `|(?:^|[^a-z])` + numbers.Letters + `)` + openings + `$`)
	about = regexp.MustCompile(`(?:` + numbers.AboutWords + `)` + openings + `$`)
	hints = regexp.MustCompile(`(?:` + numbers.AboutWords + `|[@(\[{<【〔《「『"'])` + openings + `$`)
	// units make a quantity, a time or a place of the digits that they stand at.
	units = regexp.MustCompile(`^(?:元|块|角|毛钱|分|万|千|百|亿|%|‰|` + houses + `|` + rooms + `|号线|号公路|人|名|位|次|个|件|米|m|公里|km|平|亩|斤|公斤|kg|克|吨|度|千瓦|点|时|小时|秒|天|周|℃|路|级|期|届|页|条|套|台|辆|字|只|头|棵|盏|张|份|袋|箱|岁|趟|遍)`)
	// places are those whose numbers may begin with a zero, and sites the ones that
	// no answer begins with.
	places = regexp.MustCompile(`^(?:` + houses + `|` + rooms + `)`)
	sites  = regexp.MustCompile(`^(?:` + houses + `)`)
	// ranges are two quantities, and enumerated the first point of a list.
	ranges     = regexp.MustCompile(`^[-~至到][0-9]{1,4}`)
	enumerated = regexp.MustCompile(`^([、.:)])[^0-9].*[^0-9]2[、.:)]`)
	// pointing is what is said behind a number in front, and trailing stands before
	// one at the end.
	pointing = regexp.MustCompile(`^(?:[那这]|[和与及跟][0-9])`)
	trailing = regexp.MustCompile(`[\s,，;；。.(（【\[]$`)
	// valued are what is written before numbers of other kinds.
	valued = regexp.MustCompile(`(?:[¥$€]|人民币|电话|手机|座机|热线|tel|邮编|车牌|微信|qq|门牌|房号|栋|楼|室|单元|年)[ :.]*$`)
	// others are numbers of other kinds, which hold rows of digits of their own.
	others = []*regexp.Regexp{
		regexp.MustCompile(`1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}`),                                      // a mobile phone
		regexp.MustCompile(`0[1-9][0-9]{1,2}[ -][0-9]{3,4}[ -]?[0-9]{4}`),                                // a telephone
		regexp.MustCompile(`[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}`),                                       // a hotline
		regexp.MustCompile(`(?:19|20)[0-9]{2} ?[-/.年] ?[0-9]{1,2}(?: ?[-/.月] ?[0-9]{1,2}[日号]?)?`),        // a date
		regexp.MustCompile(`[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?`),                                          // a time of day
		regexp.MustCompile(`[0-9]+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?`),                       // an amount
		regexp.MustCompile(`(?:[0-9]+(?:[-/][0-9]+){2,})|[0-9]{17}[0-9x]|[0-9]{1,3}(?:\.[0-9]{1,3}){3}`), // chains of digits
	}
)

// runsOf are the rows of digits of a folded text. Chinese digits count in a row of
// four, as numbers are read out, and numerals where a word says that they are one.
func runsOf(key string) (runs []run) {
	for _, i := range digitRuns.FindAllStringIndex(key, -1) {
		r := run{from: i[0], to: i[1], digits: key[i[0]:i[1]]}
		if r.digits[0] > '9' {
			before, after := key[:r.from], key[r.to:]
			ordinal := strings.HasPrefix(after, "号") || strings.HasPrefix(after, "件")
			said := named.MatchString(before) || about.MatchString(before) && (ordinal || !strings.HasSuffix(before, "第"))
			numeral := strings.ContainsAny(r.digits, "十百千")
			if r.digits = arabic(r.digits); r.digits == "" || !said && (numeral || len(r.digits) < 4) {
				continue
			}
		}
		runs = append(runs, r)
	}
	return runs
}

// arabic is a Chinese number below 10,000 in digits, "" for what is none: 零零四七 is
// 0047, 四十七 is 47.
func arabic(han string) string {
	var digits strings.Builder
	sum, one, placed := 0, 0, false
	for _, c := range han {
		switch d := strings.Index(hanDigits, string(c)); {
		case d >= 0:
			one = max(0, d/len("零")-1) // both 〇 and 零 are none
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

// spelled is a folded text with its rows of Chinese digits written as digits.
func spelled(key string) string {
	for _, r := range slices.Backward(runsOf(key)) {
		key = key[:r.from] + r.digits + key[r.to:]
	}
	return key
}

// matchOther returns how many of the runs are part of a number of another kind.
func matchOther(key string, runs []run) int {
	from := runs[0].from
	for _, other := range others {
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
