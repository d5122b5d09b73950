package casework

import (
	"regexp"

	"mashang/fold"
)

// typed is a submission's number as people write and paste it, folded; short is
// the last part of one behind a word or sign that says so.
var (
	typed = regexp.MustCompile(`^(?:[\s\p{P}\p{S}]|诉求|编号|单号|号码|关于|第|no|nr)*(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[ -]?(\d{4,6})(?:[\s\p{P}\p{S}]|号|件)*$`)
	short = regexp.MustCompile(`^[\s\p{P}]*(?:#|编号|单号|第|no\b)[\s\p{P}]*(\d{3,6})(?:[\s\p{P}]|号|件)*$`)
)

// TypedNumber returns the number of a submission that a text is and nothing
// else, "" for any other text: 261123-0047 whatever the width, the dash or none,
// brackets, quotes and the words 编号, No., 关于, 第…号 around it. Of #0047 and
// 编号0047 it is 0047, a number's end.
func TypedNumber(text string) string {
	key := fold.Key(text)
	if m := typed.FindStringSubmatch(key); m != nil {
		return m[1] + "-" + m[2]
	}
	if m := short.FindStringSubmatch(key); m != nil {
		return m[1]
	}
	return ""
}
