package station

import (
	"regexp"
	"strings"

	"mashang/domain/fold"
)

// The forms of numbers in mainland China: mobile numbers have 11 digits from
// 13 to 19, area codes three or four digits with their 0 (three for 010 and
// 02x). Hotlines (12345, 95xxx, 400 and 800 numbers, 110) serve a station or
// a department, never a person.
var (
	mobile   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^(010|02\d|0[3-9]\d{2})-?([2-9]\d{6,7}|0{7,8}|0\d{6})(?:(?:-|转)(\d{1,6}))?$`)
	hotline  = regexp.MustCompile(`^(1[12]\d|12\d{3}|9[56]\d{3,4}|[48]00-?\d{3}-?\d{4})$`)
)

// Phone returns a number in one form: 13900000000, 0900-0000000, or with its
// extension 0900-0000000-12; ok is false for what is no number. hotlines takes
// those of services as well. Numbers that begin with 0 after the area code are
// given to nobody and are taken because samples and demonstrations need them.
func Phone(s string, hotlines bool) (number string, ok bool) {
	s = fold.Phone(s)
	if digits := strings.ReplaceAll(s, "-", ""); mobile.MatchString(digits) {
		return digits, true
	}
	if parts := landline.FindStringSubmatch(s); parts != nil {
		number := parts[1] + "-" + parts[2]
		if parts[3] != "" {
			number += "-" + parts[3]
		}
		return number, true
	}
	return s, hotlines && hotline.MatchString(s)
}
