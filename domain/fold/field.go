package fold

import (
	"regexp"
	"strings"
	"unicode"
)

// Plain normalizes a value of a field: an id, a number, a date, a heading. It removes invisible characters and
// surrounding blanks, makes every blank a space, and full-width letters, digits and signs and the digits of
// other scripts plain. Case, dashes and dots stay.
func Plain(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r <= '~':
			return r
		case isIgnored(r):
			return -1
		case isBlank(r):
			return ' '
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case unicode.Is(unicode.Nd, r):
			return digit(r)
		}
		return r
	}, text))
}

// Code returns the plain lowercase letters and digits of a typed or pasted code, without other characters.
func Code(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, Key(text))
}

// trunkZero matches a country code and the (0) behind it, in a folded text.
var trunkZero = regexp.MustCompile(`^((?:\+|00)[\d .-]{1,6})\(0\)`)

// Phone returns a number as it is dialled in mainland China. It removes blanks, dashes, dots, brackets, a
// spreadsheet's apostrophe and invisible characters, and makes full-width and other digits plain. It removes
// the country code of China: +86, 0086, and 86 before a mobile number or an area code with its 0. An area code
// without it gets its 0 back. 00 before another country code becomes +. The (0) of +44 (0)20 …, which is dialled
// within that country only, goes.
//
// One dash replaces brackets or a dash, as an extension may follow: 0931-8888888-12. Other characters stay, for
// the caller's check to refuse: Phone does not validate.
func Phone(text string) string {
	var b strings.Builder
	for _, r := range trunkZero.ReplaceAllString(Key(text), "$1") {
		switch r {
		case ' ', '.', middleDot, '\'', '"', '(', '[', '〔', '【':
			continue
		case ')', ']', '〕', '】', '-':
			if s := b.String(); s == "" || strings.HasSuffix(s, "-") {
				continue
			}
			r = '-'
		}
		b.WriteRune(r)
	}
	s := strings.TrimSuffix(strings.TrimPrefix(b.String(), "tel:"), "-")
	if rest, ok := strings.CutPrefix(s, "00"); ok && len(s) > 10 && !strings.HasPrefix(rest, "0") {
		s = "+" + rest
	}
	if rest, ok := strings.CutPrefix(s, "+86"); ok {
		return domestic(strings.TrimPrefix(rest, "-"))
	}
	if rest, ok := strings.CutPrefix(s, "86"); ok {
		rest = strings.TrimPrefix(rest, "-")
		if isMobile(rest) || strings.HasPrefix(rest, "0") && len(rest) >= 10 {
			return rest
		}
	}
	return s
}

// domestic returns the number for domestic dialling of a number after +86.
func domestic(s string) string {
	switch {
	case s == "", s[0] == '0', isMobile(s), strings.HasPrefix(s, "400"), strings.HasPrefix(s, "800"):
		return s
	default:
		return "0" + s
	}
}

// isMobile reports whether the text is a mobile number of mainland China.
func isMobile(s string) bool {
	s = strings.ReplaceAll(s, "-", "")
	return len(s) == 11 && s[0] == '1' && s[1] >= '3' && s[1] <= '9' && strings.Trim(s, "0123456789") == ""
}
