package wechat

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// fit adapts a text to a template field of the given type, so that the platform never refuses a message for its
// form. It removes control characters and characters that the type does not allow, cuts a long text with an
// ellipsis, and replaces an empty one. It fails if there is no truthful value (not a time, an unknown type).
func fit(kind, text string, zone *time.Location) (string, error) {
	text = clean(text)
	switch kind {
	case "thing":
		return orElse(truncate(text, 20), "无"), nil
	case "phrase":
		return orElse(keepAllowed(text, 5, isHan), "无"), nil
	case "name":
		return orElse(fitName(text), "无"), nil
	case "character_string":
		return orElse(keepAllowed(text, 32, isPrintASCII), "-"), nil
	case "number":
		return fitNumber(text)
	case "letter":
		return orElse(keepAllowed(text, 32, isLetter), "N"), nil
	case "symbol":
		return orElse(keepAllowed(text, 5, isSymbol), "-"), nil
	case "phone_number":
		return orElse(keepAllowed(text, 17, isPhone), "-"), nil
	case "car_number":
		return orElse(keepAllowed(text, 8, func(r rune) bool { return isHan(r) || isAlnum(r) }), "无"), nil
	case "time":
		return fitTime(text, "2006-01-02 15:04", zone)
	case "date":
		return fitTime(text, "2006-01-02", zone)
	case "amount":
		return fitAmount(text)
	default:
		return "", fmt.Errorf("field type %q is not supported", kind)
	}
}

// clean replaces each run of white space and control characters by one space and removes what is not text
// (broken UTF-8, joiners, private use).
func clean(s string) string {
	return strings.Join(strings.Fields(cleanLines(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))), " ")
}

// cleanLines removes what is not text but keeps line breaks.
func cleanLines(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r != utf8.RuneError && (unicode.IsGraphic(r) || unicode.IsSpace(r) && !unicode.IsControl(r)) {
			return r
		}
		return -1
	}, s))
}

// truncate returns at most n characters; a shortened text ends with an ellipsis.
func truncate(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// truncateBytes returns at most n bytes; a shortened text ends with an ellipsis.
func truncateBytes(s string, n int) string {
	const dots = "…"
	if len(s) <= n {
		return s
	}
	end := n - len(dots)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + dots
}

// keepAllowed returns the first n characters for which allowed holds.
func keepAllowed(s string, n int, allowed func(rune) bool) string {
	var b strings.Builder
	for _, r := range s {
		if n == 0 {
			break
		}
		if allowed(r) {
			b.WriteRune(r)
			n--
		}
	}
	return strings.TrimSpace(b.String())
}

func orElse(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

func isHan(r rune) bool        { return unicode.Is(unicode.Han, r) }
func isPrintASCII(r rune) bool { return r > ' ' && r < 0x7f }
func isLetter(r rune) bool     { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool      { return r >= '0' && r <= '9' }
func isAlnum(r rune) bool      { return isLetter(r) || isDigit(r) }
func isSymbol(r rune) bool     { return isPrintASCII(r) && !isAlnum(r) }
func isPhone(r rune) bool      { return isDigit(r) || r == '+' || r == '-' }

// fitName applies the two limits of a name: 10 characters with Chinese, 20 letters and symbols without. Neither
// may contain digits.
func fitName(s string) string {
	maxLen := 20
	if strings.ContainsFunc(s, isHan) {
		maxLen = 10
	}
	return keepAllowed(s, maxLen, func(r rune) bool { return !isDigit(r) })
}

var (
	numberShape = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	amountShape = regexp.MustCompile(`^[¥￥$€]?[0-9]{1,10}(\.[0-9]{1,2})?元?$`)
)

func fitNumber(s string) (string, error) {
	if !numberShape.MatchString(s) || len(s) > 32 {
		return "", fmt.Errorf("not a number")
	}
	return s, nil
}

func fitAmount(s string) (string, error) {
	if !amountShape.MatchString(s) {
		return "", fmt.Errorf("not an amount")
	}
	return s, nil
}

// timeForms are the notations of a time that fitTime reads.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04",
	"2006年1月2日 15:04", "2006/1/2 15:04", "2006-01-02", "2006年1月2日",
}

func fitTime(s, form string, zone *time.Location) (string, error) {
	for _, f := range timeForms {
		if t, err := time.ParseInLocation(f, s, zone); err == nil {
			return t.In(zone).Format(form), nil
		}
	}
	return "", fmt.Errorf("not a time")
}
