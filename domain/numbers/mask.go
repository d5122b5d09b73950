package numbers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/domain/fold"
)

// Patterns of what identifies people or their accounts, for a folded text.
var (
	// digits matches at least seven digits with what people put between them. Chinese digits and the letter o
	// count, as both are used to evade filters.
	digits = regexp.MustCompile(digit + `(?:[ .·\-()\[\]【】〔〕_~*+/'"]{0,4}` + digit + `){6,}x?`)
	// mobiles matches mobile numbers with any signs between the digits.
	mobiles = regexp.MustCompile(`[1一幺壹][3-9三四五六七八九叁肆伍陆柒捌玖]` + digit + `(?:[^0-9a-z\p{Han}]{0,4}` + digit + `){8}`)
	// listed matches groups of digits as in a list. identifiesAsList distinguishes a divided number from a list
	// of numbers.
	listed = regexp.MustCompile(digit + `{2,}(?:[ ]?[,，、:;；][ ]?` + digit + `{2,})+x?`)
	// announced matches the words before a number that identifies somebody.
	announced = regexp.MustCompile(`(?:卡号|账号|帐号|身份证号?码?|证件号?码?|座机|固话|电话|手机|号码|联系方式)[是为:：\s]*$`)
	// accounts matches names of a messenger after a word for it, wxids matches wxids.
	accounts = regexp.MustCompile(`(?:微信|薇信|威信|wechat|weixin|v ?x|v ?信|wx|加 ?[v微薇威]|q ?q|扣扣|企鹅)(?:号码|号|账号|id)?[是为叫\s\p{P}\p{S}]*((?:[a-z][-_a-z0-9]{5,19})|\d{5,12})`)
	wxids    = regexp.MustCompile(`wxid_[a-z0-9]{5,}`)
	mails    = regexp.MustCompile(`[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+`)
	// harmless matches dates, spans of years and submissions' numbers.
	harmless = regexp.MustCompile(`(?:19|20)\d\d(?:-\d{1,2}-\d{1,2}|\.\d{1,2}\.\d{1,2}|/\d{1,2}/\d{1,2}|[-~](?:19|20)\d\d)|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{4,5}`)
	// measured matches the unit after an amount.
	measured = regexp.MustCompile(`^ ?(?:元|块|圆|万|亿|千|百|平|m|米|公里|公分|厘米|吨|t\b|kg|公斤|斤|克|度|立方|亩|户|人|件|次|个|%|秒|分|小时|天|年|月)`)
)

// digit matches a digit, also one of an amount in words.
const digit = `[0-9o〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]`

const (
	// minDigits is the minimum number of real digits of a run that may identify somebody; the letter o
	// counts only beside real ones.
	minDigits = 5
	// maxAmountDigits is the maximum number of digits of an amount; a longer run is a number whatever follows.
	maxAmountDigits = 10
	// From this many digits the groups of a list are one number: the shortest card has 15, and after an
	// announcing word the shortest telephone number 7.
	minListed    = 15
	minAnnounced = 7
)

// Mask hides what identifies people in texts: phone, identity and bank card numbers, messenger names and mail
// addresses, in any width and with any separators and invisible characters. A long number keeps its first three
// and last two digits, a shorter one the last two. Dates, submissions' numbers and amounts with a unit stay.
// Names of people and places stay too, as they cannot be distinguished from other words.
func Mask(text string) string {
	m := fold.Mapped(text)
	hidden := numbersIn(m.Key)
	if len(hidden) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for _, h := range hidden {
		from, to := m.Span(h.from, h.to)
		if to <= done {
			continue // of the same character as the last one
		}
		b.WriteString(text[done:max(from, done)])
		b.WriteString(h.mask)
		done = to + marksAt(text[to:])
	}
	b.WriteString(text[done:])
	return b.String()
}

// marksAt returns the length of the marks and enclosing characters at the beginning.
func marksAt(s string) int {
	return len(s) - len(strings.TrimLeftFunc(s, func(r rune) bool { return unicode.In(r, unicode.M, unicode.Cf) }))
}

// replacement is a part of a folded text with its replacement.
type replacement struct {
	from, to int
	mask     string
}

// numbersIn finds the parts to hide, in order and without overlap.
func numbersIn(key string) []replacement {
	var list []replacement
	for _, at := range accounts.FindAllStringSubmatchIndex(key, -1) {
		list = append(list, replacement{at[2], at[3], "****"})
	}
	for _, form := range []*regexp.Regexp{wxids, mails} {
		for _, at := range form.FindAllStringIndex(key, -1) {
			list = append(list, replacement{at[0], at[1], "****"})
		}
	}
	for _, at := range mobiles.FindAllStringIndex(key, -1) {
		if !digitAt(key, at[1]) && !digitBefore(key, at[0]) {
			list = append(list, replacement{at[0], at[1], maskOf(key[at[0]:at[1]])})
		}
	}
	for _, at := range listed.FindAllStringIndex(key, -1) {
		if identifiesAsList(key[at[0]:at[1]], key[:at[0]], key[at[1]:]) {
			list = append(list, replacement{at[0], at[1], maskOf(key[at[0]:at[1]])})
		}
	}
	rest := 0
	for _, kept := range append(harmlessIn(key), []int{len(key), len(key)}) {
		for _, at := range digits.FindAllStringIndex(key[rest:kept[0]], -1) {
			from, to := rest+at[0], rest+at[1]
			if number := key[from:to]; identifies(number, key[:from], key[to:]) {
				list = append(list, replacement{from, to, maskOf(number)})
			}
		}
		rest = kept[1]
	}
	slices.SortStableFunc(list, func(a, b replacement) int { return a.from - b.from })
	apart := list[:0]
	for _, h := range list {
		if n := len(apart); n > 0 && h.from < apart[n-1].to {
			apart[n-1].to = max(apart[n-1].to, h.to)
			continue
		}
		apart = append(apart, h)
	}
	return apart
}

// harmlessIn finds the dates and submissions' numbers that no further digits touch.
func harmlessIn(key string) [][]int {
	return slices.DeleteFunc(harmless.FindAllStringIndex(key, -1), func(at []int) bool {
		return digitAt(key, at[1]) || digitBefore(key, at[0]) ||
			strings.HasPrefix(key[at[1]:], "-") || strings.HasSuffix(key[:at[0]], "-")
	})
}

// identifies reports whether a run of digits is more than an amount.
func identifies(number, before, after string) bool {
	plain, all := 0, 0
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9' || unicode.Is(unicode.Han, r):
			plain++
			all++
		case r == 'o':
			all++
		}
	}
	if plain < minDigits {
		return false
	}
	amount := measured.MatchString(after) || strings.HasSuffix(before, "¥") || strings.HasSuffix(before, "$")
	return !amount || all > maxAmountDigits || number[0] == '0'
}

// identifiesAsList reports whether groups of digits separated by commas are one number. A list of years, doors
// or prices is not: it ascends or has a unit.
func identifiesAsList(groups, before, after string) bool {
	all, rises, last := 0, true, ""
	for group := range strings.FieldsFuncSeq(groups, func(r rune) bool { return strings.ContainsRune(" ,，、:;；", r) }) {
		all += utf8.RuneCountInString(group)
		rises = rises && (len(group) > len(last) || len(group) == len(last) && group > last)
		last = group
	}
	if announced.MatchString(before) {
		return all >= minAnnounced
	}
	return all >= minListed && !rises && !strings.ContainsAny(groups, ":") && !measured.MatchString(after)
}

func digitAt(s string, i int) bool     { return i < len(s) && s[i] >= '0' && s[i] <= '9' }
func digitBefore(s string, i int) bool { return i > 0 && digitAt(s, i-1) }

// maskOf returns the masked form of a number.
func maskOf(number string) string {
	var shown []rune
	for _, r := range number {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || unicode.Is(unicode.Han, r) {
			shown = append(shown, r)
		}
	}
	n := len(shown)
	if n < 11 {
		return "****" + string(shown[n-2:])
	}
	return string(shown[:3]) + "****" + string(shown[n-2:])
}
