package emulator

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fieldType returns the type in a field's key: "thing" for "thing3".
func fieldType(key string) string { return strings.TrimRight(key, "0123456789") }

const (
	clockForm = `([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?`
	dateForm  = `(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})`
	timeForm  = `(` + dateForm + ` ?)?` + clockForm
)

// fieldRules has a rule for the values of each type. An empty value is refused before, for every type.
var fieldRules = map[string]func(string) bool{
	"thing":            atMost(20),
	"number":           matches(`^\d{1,32}(\.\d+)?$`, 32),
	"letter":           matches(`^[A-Za-z]+$`, 32),
	"symbol":           matches(`^[!-/:-@\[-`+"`"+`{-~]+$`, 5),
	"character_string": matches(`^[!-~]+$`, 32),
	"time":             matches(`^(`+timeForm+`(~`+timeForm+`)?|`+dateForm+`)$`, 64),
	"date":             matches(`^`+dateForm+`( ?`+clockForm+`)?(~`+dateForm+`( ?`+clockForm+`)?)?$`, 64),
	"amount":           matches(`^[¥￥$€£]?\d{1,10}(\.\d+)?元?$`, 32),
	"phone_number":     matches(`^[0-9+ ()-]+$`, 17),
	"car_number":       matches(`^[0-9A-Za-z\p{Han}]+$`, 8),
	"name":             isName,
	"phrase":           matches(`^\p{Han}+$`, 5),
	"enum":             atMost(20),
}

// fieldExamples are values that the rules accept.
var fieldExamples = map[string]string{
	"thing": "路灯不亮", "number": "3", "letter": "ABC", "symbol": "+", "character_string": "MS-0001",
	"time": "2026年5月1日 15:01", "date": "2026年5月1日", "amount": "¥100", "phone_number": "13800000000",
	"car_number": "甘A12345", "name": "张三", "phrase": "已受理", "enum": "是",
}

// matches accepts what the pattern accepts in at most n characters.
func matches(pattern string, n int) func(string) bool {
	re := regexp.MustCompile(pattern)
	return func(s string) bool { return utf8.RuneCountInString(s) <= n && re.MatchString(s) }
}

// atMost accepts any text without control characters in at most n characters.
func atMost(n int) func(string) bool {
	return func(s string) bool {
		return utf8.RuneCountInString(s) <= n && !strings.ContainsFunc(s, unicode.IsControl)
	}
}

// isName accepts 10 characters with Chinese among them, or 20 letters and
// symbols; no digits.
func isName(s string) bool {
	maxLen := 20
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		maxLen = 10
	}
	return atMost(maxLen)(s) && !strings.ContainsFunc(s, unicode.IsDigit)
}

// checkFields returns the platform's complaint about the first field of the
// template that is missing, empty or wrong, in the template's order.
func checkFields(t Template, data map[string]Value) *refusal {
	for _, f := range t.Fields {
		v := data[f.Key].Value
		switch {
		case strings.TrimSpace(v) == "":
			return refuse(47003, "argument invalid! data."+f.Key+".value is empty")
		case !fieldRules[fieldType(f.Key)](v):
			return refuse(47003, "argument invalid! data."+f.Key+".value invalid")
		}
	}
	return nil
}
